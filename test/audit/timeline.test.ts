import { join } from 'node:path'
import { beforeEach, afterEach, expect, test } from 'vitest'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { audit } from '../../src/audit/index.ts'
import type { ExampleWorkspace } from '../../src/audit/rule.ts'
import { asOf, completeStreams, planOf, settings, snapshotRows, writeSnapshot } from '../support/workspace.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cio-audit-timeline-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function timelineOf(workspace: ExampleWorkspace, since?: Date) {
  const snapshotPath = join(folder, 'snapshot.duckdb')
  await writeSnapshot(snapshotPath, snapshotRows(workspace), completeStreams)
  const outcome = await audit({
    snapshotPath,
    stateDir: folder,
    settings,
    plan: planOf(workspace),
    waivers: [],
    baseline: null,
    rules: [],
    only: [],
    skip: [],
    asOf,
    ...(since === undefined ? {} : { since }),
    toolVersion: '0.0.0',
  })
  await outcome.close()
  return outcome.timeline
}

const at = (name: string, ...times: readonly string[]) =>
  times.map((time) => ({ cio_id: 'a1', name, at: time }))
const profiles = [{ cio_id: 'a1', id: 'u-1', email: 'ana@shop.test' }]

test('events that the plan knows are counted by UTC day over the window, the most frequent first', async () => {
  const { starts, stepDays, events, unlisted } = await timelineOf({
    profiles,
    events: [
      ...at('purchase', '2026-10-24T11:59:59Z', '2026-10-24T12:00:00Z', '2026-11-22T23:59:59Z'),
      ...at('cart_updated', '2026-11-22T23:59:59Z', '2026-11-23T00:00:00Z', '2026-11-23T11:59:59Z'),
      ...at('something_else', '2026-11-22T12:00:00Z'),
    ],
  })
  expect([starts.length, starts[0], starts.at(-1), stepDays, unlisted]).toEqual([
    31,
    '2026-10-24',
    '2026-11-23',
    1,
    0,
  ])
  expect(events.map(({ name, trigger }) => [name, trigger])).toEqual([
    ['cart_updated', false],
    ['purchase', false],
  ])
  const [carts, purchases] = events.map(({ counts }) => counts)
  expect(carts?.slice(-2)).toEqual([1, 2])
  // What came before the window began is no part of it.
  expect([purchases?.[0], purchases?.at(-2), purchases?.reduce((sum, count) => sum + count, 0)]).toEqual([
    1, 1, 2,
  ])
})

test('a year is told in weeks, and of many names the most frequent are listed', async () => {
  const plan = Object.fromEntries(Array.from({ length: 15 }, (_, n) => [`event_${n}`, {}]))
  const many = Array.from({ length: 15 }, (_, n) =>
    at(
      `event_${n}`,
      ...Array.from({ length: n + 1 }, (_unused, second) => `2026-11-01T00:00:${10 + second}Z`),
    ),
  ).flat()
  const { starts, stepDays, events, unlisted } = await timelineOf(
    { profiles, events: many, plan },
    new Date('2025-11-23T12:00:00Z'),
  )
  expect([starts.length, starts[0], stepDays, events.length, unlisted]).toEqual([53, '2025-11-23', 7, 12, 3])
  expect(events[0]).toMatchObject({ name: 'event_14' })
  const week = starts.findLastIndex((start) => start <= '2026-11-01')
  expect(events[0]?.counts[week]).toBe(15)
})
