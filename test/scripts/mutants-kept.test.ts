import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Kept } from '../../scripts/mutants/kept.ts'
import type { Mutant } from '../../scripts/mutants/mutant.ts'

let root: string
let path: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cio-audit-kept-'))
  path = join(root, 'kept.jsonl')
  await mkdir(join(root, 'test'))
  await Promise.all(['a', 'b'].map((name) => writeTest(name, 'as it was')))
})
afterEach(() => rm(root, { recursive: true }))

const writeTest = (name: string, text: string): Promise<void> =>
  writeFile(join(root, `test/${name}.test.ts`), text)

const mutant = (source: string): Mutant => ({
  file: 'rules/a/b.ts',
  source,
  line: 1,
  start: 0,
  end: 0,
  text: '',
  what: '',
  equivalent: null,
})

test('what became of a mutant is known to the next run', () => {
  const kept = new Kept(root, path)
  expect(kept.fateOf(mutant('killed'))).toBeNull()
  kept.add(mutant('killed'), { fate: 'killed', by: 'test/a.test.ts' })
  kept.add(mutant('survived'), { fate: 'survived', by: null })
  kept.add(mutant('invalid'), { fate: 'invalid', by: 'test/b.test.ts' })
  const next = new Kept(root, path)
  expect(['killed', 'survived', 'invalid', 'another'].map((source) => next.fateOf(mutant(source)))).toEqual([
    'killed',
    'survived',
    'invalid',
    null,
  ])
})

test('a kill holds as long as the test that noticed is the same, a survivor only beside the same tests', async () => {
  const kept = new Kept(root, path)
  kept.add(mutant('by a'), { fate: 'killed', by: 'test/a.test.ts' })
  kept.add(mutant('by b'), { fate: 'killed', by: 'test/b.test.ts' })
  kept.add(mutant('survived'), { fate: 'survived', by: null })
  await writeTest('b', 'another')
  const next = new Kept(root, path)
  expect(['by a', 'by b', 'survived'].map((source) => next.fateOf(mutant(source)))).toEqual([
    'killed',
    null,
    null,
  ])
  await rm(join(root, 'test/a.test.ts'))
  expect(new Kept(root, path).fateOf(mutant('by a'))).toBeNull()
})

test('what hung or crashed is judged again, and the last word counts', () => {
  const kept = new Kept(root, path)
  kept.add(mutant('hung'), { fate: 'killed', by: null })
  kept.add(mutant('twice'), { fate: 'survived', by: null })
  kept.add(mutant('twice'), { fate: 'killed', by: 'test/a.test.ts' })
  const next = new Kept(root, path)
  expect(next.fateOf(mutant('hung'))).toBeNull()
  expect(next.fateOf(mutant('twice'))).toBe('killed')
})

test('a line that was cut off by the end of a process is left out', async () => {
  new Kept(root, path).add(mutant('whole'), { fate: 'survived', by: null })
  await writeFile(path, '{"mutant":"', { flag: 'a' })
  new Kept(root, path).add(mutant('next'), { fate: 'survived', by: null })
  const next = new Kept(root, path)
  expect(['whole', 'next'].map((source) => next.fateOf(mutant(source)))).toEqual(['survived', 'survived'])
})

test('put in order, it holds what is known of the mutants that there are, once and in their order', async () => {
  const kept = new Kept(root, path)
  kept.add(mutant('gone'), { fate: 'killed', by: 'test/a.test.ts' })
  kept.add(mutant('second'), { fate: 'survived', by: null })
  kept.add(mutant('first'), { fate: 'killed', by: 'test/a.test.ts' })
  kept.add(mutant('second'), { fate: 'killed', by: 'test/b.test.ts' })
  kept.tidy(['first', 'unknown', 'second'].map(mutant))
  const lines = (await readFile(path, 'utf8')).trim().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ file: 'rules/a/b.ts', fate: 'killed', by: 'test/a.test.ts' }),
    expect.objectContaining({ file: 'rules/a/b.ts', fate: 'killed', by: 'test/b.test.ts' }),
  ])
  expect(new Kept(root, path).fateOf(mutant('gone'))).toBeNull()
  expect(new Kept(root, path).fateOf(mutant('second'))).toBe('killed')
})
