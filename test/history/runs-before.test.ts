import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { builtInPlan } from '../../src/config/index.ts'
import type { AuditReport } from '../../src/core/report.ts'
import { trendPoint } from '../../src/core/trend.ts'
import type { Database } from '../../src/engine/database.ts'
import {
  dailyCountsBefore,
  mendedBefore,
  planBefore,
  trendBefore,
  withHistory,
  type Outlook,
} from '../../src/history/index.ts'
import { asking, finishedRun, keep, outlookOf } from '../support/kept-runs.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cio-audit-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

const reading = <T>(work: (db: Database) => Promise<T>): Promise<T | null> =>
  withHistory(folder, 'read', async (db) => (db === null ? null : await work(db)))
const planned = (version: string, workspaceId = 101) => ({ plan: { ...builtInPlan, version }, workspaceId })

test('which run is the one before', async () => {
  const versionBefore = async (id: string, day: number, workspace = 101) =>
    (await reading((db) => planBefore(db, asking(id, day, workspace))))?.version ?? null
  expect(await versionBefore('f', 23)).toBe(null)
  await keep(folder, finishedRun('a', 20, planned('1')))
  await keep(folder, finishedRun('b', 22, planned('2')))
  await keep(folder, finishedRun('c', 22, planned('3')))
  await keep(folder, finishedRun('d', 22, planned('of another workspace', 7)))
  // Made again, it keeps its place: else `c` would have had another run before it.
  await keep(folder, finishedRun('b', 22, planned('2')))
  expect(await versionBefore('f', 23)).toBe('3')
  expect(await versionBefore('f', 22)).toBe('3')
  expect(await versionBefore('c', 22)).toBe('2')
  expect(await versionBefore('b', 22)).toBe('1')
  expect(await versionBefore('f', 21)).toBe('1')
  expect(await versionBefore('a', 20)).toBe(null)
  expect(await versionBefore('f', 19)).toBe(null)
  expect(await versionBefore('f', 23, 7)).toBe('of another workspace')
  expect(await versionBefore('f', 23, 8)).toBe(null)
})

test('the trend is what those runs said, oldest first', async () => {
  const [first, second] = [finishedRun('b', 21), finishedRun('a', 20)]
  await keep(folder, first)
  await keep(folder, second)
  await keep(folder, finishedRun('c', 22, { workspaceId: null }))
  const outlook = outlookOf(first)
  expect(await reading((db) => trendBefore(db, asking('f', 23), outlook))).toEqual([
    trendPoint(second.report),
    trendPoint(first.report),
  ])
  expect(await reading((db) => trendBefore(db, asking('b', 21), outlook))).toEqual([
    trendPoint(second.report),
  ])
})

test('a run that looked at other things is none of the trend', async () => {
  const whole = finishedRun('a', 20)
  const { report } = whole
  const rules = report.rules.map(({ rule }) => rule)
  const [first = '', second = ''] = rules
  const other = (change: Partial<AuditReport>) => ({ report: { ...finishedRun('b', 21).report, ...change } })
  const days = (since: string) => ({ ...report.run, window: { ...report.run.window, since } })
  await keep(folder, whole)
  const before = async (look: Partial<Outlook> = {}) =>
    (await reading((db) => trendBefore(db, asking('f', 23), outlookOf(whole, look))))?.map(
      ({ runId }) => runId[0],
    )
  expect(await before()).toEqual(['a'])
  for (const look of [
    { leftOut: [first] },
    { journeys: [5] },
    { vantage: { ...outlookOf(whole).vantage, sampled: true } },
    { vantage: { ...outlookOf(whole).vantage, sources: ['pipelines' as const] } },
    { vantage: { ...outlookOf(whole).vantage, days: 7 } },
  ])
    expect(await before(look)).toEqual([])
  await keep(folder, finishedRun('b', 21, { leftOut: [first] }))
  await keep(
    folder,
    finishedRun('c', 21, other({ scope: { journeys: [5] }, run: { ...report.run, id: 'c'.repeat(32) } })),
  )
  await keep(
    folder,
    finishedRun('d', 21, other({ run: { ...days('2026-11-20T12:00:00Z'), id: 'd'.repeat(32) } })),
  )
  expect(await before()).toEqual(['a'])
  expect(await before({ leftOut: [first] })).toEqual(['b'])
  // A rule that the run before did not know yet is no other selection.
  expect(await before({ rules: [...rules, 'custom/new'], leftOut: [first, 'custom/new'] })).toEqual(['b'])
  expect(await before({ leftOut: [second] })).toEqual([])
})

test('a finding that was mended after its baseline, and before this run', async () => {
  const [x, y] = ['1'.repeat(32), '2'.repeat(32)]
  const gone = (...prints: string[]) => ({
    mended: prints.map((fingerprint) => ({ rule: 'events/renamed', fingerprint })),
    baselineAsOf: '2026-11-01T00:00:00Z',
  })
  const mended = async (day: number, asOf = '2026-11-01T00:00:00Z') => {
    const baseline = { asOf, workspaceId: 101, vantage: { sources: [], days: 30, sampled: false }, rules: {} }
    const found = await reading((db) => mendedBefore(db, asking('f', day), baseline))
    return [...(found ?? [])].toSorted()
  }
  await keep(folder, finishedRun('a', 10, gone(x)))
  await keep(folder, finishedRun('b', 12, gone(x, y)))
  expect(await mended(9)).toEqual([])
  // A run does not hear of itself, nor of one of the same moment.
  expect(await mended(10)).toEqual([])
  expect(await mended(11)).toEqual([x])
  expect(await mended(13)).toEqual([x, y])
  // Accepted anew on the eleventh: what was mended before that no longer counts, even if an older run said so since.
  expect(await mended(13, '2026-11-11T00:00:00Z')).toEqual([y])
  await keep(folder, finishedRun('c', 14, { ...gone(x), baselineAsOf: '2026-11-11T00:00:00Z' }))
  expect(await mended(15, '2026-11-11T00:00:00Z')).toEqual([x, y])
  expect(await mended(15, '2026-11-14T12:00:00Z')).toEqual([])
})

test('the newest word of each day, from runs before', async () => {
  const counts = (days: readonly number[], events: number, name = 'purchase') => ({
    dailyCounts: {
      days: days.map((day) => `2026-11-0${day}`),
      counts: events === 0 ? [] : days.map((day) => ({ day: `2026-11-0${day}`, name, events })),
    },
  })
  await keep(folder, finishedRun('a', 10, counts([1, 2], 5)))
  await keep(folder, finishedRun('b', 11, counts([2, 3], 6)))
  await keep(folder, finishedRun('c', 12, counts([3, 4], 0)))
  await keep(folder, finishedRun('d', 12, { ...counts([5], 9), workspaceId: null }))
  const before = (day: number) => reading((db) => dailyCountsBefore(db, asking('f', day)))
  expect(await before(10)).toEqual({ days: [], counts: [] })
  expect(await before(11)).toEqual({
    days: ['2026-11-01', '2026-11-02'],
    counts: [
      { day: '2026-11-01', name: 'purchase', events: 5 },
      { day: '2026-11-02', name: 'purchase', events: 5 },
    ],
  })
  expect((await before(12))?.counts.map(({ events }) => events)).toEqual([5, 6, 6])
  expect(await before(13)).toEqual({
    days: ['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04'],
    counts: [
      { day: '2026-11-01', name: 'purchase', events: 5 },
      { day: '2026-11-02', name: 'purchase', events: 6 },
    ],
  })
})
