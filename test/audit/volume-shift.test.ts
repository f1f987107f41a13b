import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { audit, type AuditOptions } from '../../src/audit/index.ts'
import { RunHistory } from '../../src/cli/run-history.ts'
import { snapshotVersion } from '../../src/core/tables.ts'
import {
  asOf,
  completeStreams,
  planOf,
  rowsOf,
  settings,
  writeSnapshot,
  type Stream,
} from '../support/workspace.ts'

const id = 'events/volume-shift'
const dayMs = 86_400_000
const perDay: Readonly<Record<string, number>> = { purchase: 20, viewed: 60, opened: 50, searched: 30 }
const plan = planOf({ plan: { purchase: { critical: true } } })

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cio-audit-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** So many events a day, spread over it; the purchases of the last two days and a half are mostly missing. */
async function shop(streams: readonly Stream[] = completeStreams): Promise<void> {
  const activity = Array.from({ length: 75 }, (_, back) =>
    Object.entries(perDay).flatMap(([name, count]) =>
      Array.from({ length: name === 'purchase' && back <= 3 ? 2 : count }, (_event, n) => ({
        id: `${name} ${back} ${n}`,
        type: 'event',
        name,
        cio_id: `a${n % 7}`,
        at: new Date(asOf.getTime() - back * dayMs - (n * dayMs) / count / 2),
        data: '{}',
        source: 'app-api',
      })),
    ),
  ).flat()
  await rm(join(folder, 'snapshot.duckdb'), { force: true })
  // It says nothing of a pull: the runs below are of other days, and the first one of more of them than the API keeps.
  const meta = [
    ['version', String(snapshotVersion)],
    ['hash', 'sha256:test'],
  ]
  await writeSnapshot(join(folder, 'snapshot.duckdb'), { ...rowsOf('activity', activity), meta }, streams)
}

/** A run as the command makes one: it hears of those before it, and is kept. */
async function run(backDays: number, other: Partial<AuditOptions> = {}) {
  const warned: string[] = []
  const history = new RunHistory(folder, { warn: (text) => warned.push(text) })
  const outcome = await audit({
    snapshotPath: join(folder, 'snapshot.duckdb'),
    stateDir: folder,
    settings,
    plan,
    waivers: [],
    baseline: null,
    rules,
    only: [id],
    skip: [],
    toolVersion: '0.0.0',
    asOf: new Date(asOf.getTime() - backDays * dayMs),
    past: history.past(plan),
    ...other,
  })
  await history.keep({ ...outcome, plan, leftOut: [], baselineAsOf: null }, 90)
  await outcome.close()
  expect(warned).toEqual([])
  const { status, reason, findings } = outcome.report.rules.find(({ rule }) => rule === id) ?? {}
  return { status, reason, told: findings?.listed.map(({ message }) => message) }
}
const told = [
  expect.stringMatching(/^purchase fell to \d+ from 2026-11-20 to 2026-11-22; .* of the \d weeks before/),
]

test('seven weeks of files show a rhythm by themselves', async () => {
  await shop()
  expect(await run(0, { since: new Date(asOf.getTime() - 70 * dayMs) })).toMatchObject({
    status: 'fail',
    told,
  })
})

test('runs of thirty days add up to it', async () => {
  await shop()
  const none = {
    status: 'skipped',
    reason: 'needs six weeks of history: keep the state folder from run to run',
  }
  expect(await run(28)).toMatchObject(none)
  expect(await run(0, { past: undefined as never })).toMatchObject(none)
  const now = await run(0)
  expect(now).toMatchObject({ status: 'fail', told })
  // The run that is made again hears nothing of itself, and a run of an older moment nothing of a younger one.
  expect(await run(0)).toEqual(now)
  expect(await run(28)).toMatchObject(none)
})

test('days of a run that was cut off are not taken for quiet ones', async () => {
  await shop(
    completeStreams.map((s) => (s.name === 'activities/*' ? { ...s, complete: false, ended: 'bound' } : s)),
  )
  await run(28)
  await shop()
  expect(await run(0)).toMatchObject({ status: 'skipped' })
})
