import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Bench } from '../../scripts/mutants/bench.ts'
import type { Mutant } from '../../scripts/mutants/mutant.ts'

const root = join(import.meta.dirname, '..', '..')
const file = 'rules/attributes/brittle.ts'
const untouched = readFileSync(join(root, file), 'utf8')
let bench: Bench

beforeAll(async () => {
  bench = await Bench.open(root)
})
afterAll(() => bench.close())

/** What becomes of the file with this text in the place of the first of another one. */
async function fateWith(from: string, to: string) {
  const source = untouched.replace(from, to)
  expect(source).not.toBe(untouched)
  const mutant: Mutant = { file, source, line: 1, start: 0, end: 0, text: to, what: to, equivalent: null }
  return (await bench.fateOf(mutant, 60)).fate
}

test(
  'each mutant is judged by itself, whatever became of the ones before',
  { timeout: 300_000 },
  async () => {
    expect(await fateWith('import', '// nothing\nimport')).toBe('survived')
    expect(await fateWith(' where ', ' where not ')).toBe('killed')
    expect(await fateWith(' where ', ' where nowhere and ')).toBe('invalid')
    expect(await fateWith('export default', 'process.exit(1)\nexport default')).toBe('killed')
    expect(await fateWith('import', '// nothing\nimport')).toBe('survived')
  },
)
