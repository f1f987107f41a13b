import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fc } from '../support/properties.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { RunHistory } from '../../src/cli/run-history.ts'
import { builtInPlan } from '../../src/config/index.ts'
import { raw } from '../../src/engine/sql.ts'
import { historyPath, withHistory } from '../../src/history/index.ts'
import { asking, chunk, finishedRun, keep, named, outlookOf } from '../support/kept-runs.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cio-audit-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

const baseline = {
  asOf: '2026-11-01T00:00:00Z',
  workspaceId: 101,
  vantage: { sources: ['app-api' as const], days: 30, sampled: false },
  rules: {},
}

/** All that a run asks of its history, and what it is told on stderr. */
async function used(): Promise<{ readonly warned: readonly string[]; readonly runs: number }> {
  const warned: string[] = []
  const history = new RunHistory(folder, { warn: (text) => warned.push(text) })
  const past = history.past(builtInPlan)
  await past.comparePlan(asking('f', 20))
  await past.mended(asking('f', 20), baseline)
  await past.dailyCounts(asking('f', 20))
  const { length } = await history.trend(asking('f', 20), outlookOf(finishedRun('f', 20)))
  await history.keep(finishedRun('f', 20), 90)
  return { warned, runs: length }
}

test('without a file there is no past, and the run begins one', async () => {
  expect(await used()).toEqual({ warned: [], runs: 0 })
  expect(await used()).toEqual({ warned: [], runs: 0 })
  await keep(folder, finishedRun('e', 19))
  expect(await used()).toEqual({ warned: [], runs: 1 })
})

const spoilt: Readonly<Record<string, readonly [() => Promise<void>, RegExp]>> = {
  'no database': [() => writeFile(historyPath(folder), 'no database'), /it is damaged; move it away/],
  'cut in the middle': [() => truncate(historyPath(folder), 5000), /left out: /],
  'of another version': [
    () => withHistory(folder, 'write', async (db) => db?.run(raw('update meta set version = 99'))),
    /it was written by another version/,
  ],
}

test.each(Object.entries(spoilt))('%s: one sentence, and nothing else', async (_, [spoil, says]) => {
  await keep(folder, finishedRun('e', 19))
  await spoil()
  const { warned, runs } = await used()
  expect([warned.length, runs]).toEqual([1, 0])
  expect(warned[0]).toMatch(says)
  expect(warned[0]).toMatch(/^The history .*history\.duckdb is left out: [^\n]*\.$/)
})

test(
  'damage at random places never throws, and is told once or does no harm',
  { timeout: 120_000 },
  async () => {
    await keep(
      folder,
      finishedRun('e', 19, {
        findings: () => chunk(Array.from({ length: 3000 }, (_, n) => named(String(n)))),
      }),
    )
    const whole = await readFile(historyPath(folder))
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 64 }), async (at, length) => {
        await rm(`${historyPath(folder)}.wal`, { force: true })
        await writeFile(
          historyPath(folder),
          Buffer.concat([whole.subarray(0, at), Buffer.alloc(length, 0xa5), whole.subarray(at + length)]),
        )
        expect((await used()).warned.length).toBeLessThanOrEqual(1)
      }),
      { numRuns: 25 },
    )
  },
)

test('a file that another process has open is told', async () => {
  await keep(folder, finishedRun('e', 19))
  const holder = spawn(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { DuckDBInstance } from '@duckdb/node-api'
     const db = await DuckDBInstance.create(${JSON.stringify(historyPath(folder))})
     await db.connect()
     console.log('open')
     setInterval(() => {}, 1000)`,
  ])
  try {
    await once(holder.stdout, 'data')
    const { warned, runs } = await used()
    expect(runs).toBe(0)
    expect(warned).toEqual([expect.stringMatching(/is left out: another program has it open\.$/)])
  } finally {
    holder.kill('SIGKILL')
    await once(holder, 'exit')
  }
  expect(await used()).toEqual({ warned: [], runs: 1 })
})
