import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { errorCodes, type ErrorCode } from '../../src/core/error-codes.ts'

const root = join(import.meta.dirname, '..', '..')
const sources = globSync('src/**/*.ts', { cwd: root })
  .filter((path) => !path.endsWith('error-codes.ts'))
  .map((path) => readFileSync(join(root, path), 'utf8'))

test.each(Object.keys(errorCodes) as ErrorCode[])(
  '%s is thrown somewhere, and told in whole sentences',
  (code) => {
    expect(sources.some((text) => text.includes(`'${code}'`))).toBe(true)
    const { what, next } = errorCodes[code]
    for (const sentence of [what, next]) expect(sentence).toMatch(/^[`A-Z].*\.$/s)
  },
)

const endings = { UsageError: 'usage', RefusedError: 'refused', SourceError: 'source', ReportError: 'report' }

test('the page gives the exit code that the class of the failure gives', () => {
  const thrown = sources.flatMap((text) =>
    [...text.matchAll(/new (UsageError|RefusedError|SourceError|ReportError)\(\s*'([A-Z_]+)'/g)].map(
      ([, name, code]) => ({ code: code as ErrorCode, exit: endings[name as keyof typeof endings] }),
    ),
  )
  expect(thrown.length).toBeGreaterThan(30)
  for (const { code, exit } of thrown) expect({ code, exit: errorCodes[code].exit }).toEqual({ code, exit })
})
