import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const script = join(import.meta.dirname, '../../.ci/summary.mjs')

test.each([
  [
    'all is well',
    { numPassedTests: 12, numFailedTests: 0, numFailedTestSuites: 0 },
    0,
    0,
    '13 passed, 0 failed',
    0,
  ],
  [
    'tests fail',
    { numPassedTests: 10, numFailedTests: 2, numFailedTestSuites: 1 },
    1,
    0,
    '11 passed, 2 failed',
    1,
  ],
  [
    'a file cannot be loaded',
    { numPassedTests: 10, numFailedTests: 0, numFailedTestSuites: 1 },
    1,
    0,
    '11 passed, 1 failed',
    1,
  ],
  [
    'verify fails',
    { numPassedTests: 12, numFailedTests: 0, numFailedTestSuites: 0 },
    0,
    1,
    '12 passed, 1 failed',
    1,
  ],
  ['the tests broke off', null, 1, 0, '1 passed, 1 failed', 1],
  [
    'no test ran',
    { numPassedTests: 0, numFailedTests: 0, numFailedTestSuites: 0 },
    0,
    0,
    '1 passed, 0 failed',
    1,
  ],
])('%s', async (_, report, tests, verify, line, code) => {
  const folder = await mkdtemp(join(tmpdir(), 'cio-audit-ci-'))
  const file = join(folder, 'report.json')
  if (report !== null) await writeFile(file, JSON.stringify(report))
  const run = spawnSync(process.execPath, [script, file, String(tests), String(verify)], { encoding: 'utf8' })
  await rm(folder, { recursive: true })
  expect(run.stdout).toBe(`${line}\n`)
  expect(run.status).toBe(code)
})
