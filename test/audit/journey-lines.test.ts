import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { audit } from '../../src/audit/index.ts'
import type { ExampleWorkspace } from '../../src/audit/rule.ts'
import { tempDir } from '../support/temp-dir.ts'
import {
  completeStreams,
  planOf,
  settings,
  snapshotRows,
  writeSnapshot,
  type Stream,
} from '../support/workspace.ts'

const people = Array.from({ length: 100 }, (_, n) => n)
const value = { type: 'number', required: true, recommended: false } as const

/** Two journeys: the event of the first lacks its value for `first` of a hundred people, that of the second for `second`. */
function shop(first: number, second: number): ExampleWorkspace {
  const sent = (name: string, bad: number) =>
    people.map((n) => ({
      cio_id: `p${n}`,
      name,
      at: '2026-11-20T10:00:00Z',
      data: n < bad ? {} : { value: n },
    }))
  const journey = (id: number, name: string, event: string) => ({
    id,
    name,
    state: 'running' as const,
    event,
    filterSegments: [1],
    actions: [{ id: id * 10, type: 'email' as const, body: 'Hello' }],
  })
  return {
    profiles: people.map((n) => ({ cio_id: `p${n}`, id: `u-${n}`, email: `person-${n}@shop.test` })),
    events: [...sent('first', first), ...sent('second', second)],
    plan: {
      first: { critical: true, properties: { value } },
      second: { critical: true, properties: { value } },
    },
    journeys: [journey(1, 'First', 'first'), journey(2, 'Second', 'second')],
    segments: [{ id: 1, people: 100 }],
  }
}

async function linesOf(
  workspace: ExampleWorkspace,
  {
    streams = completeStreams,
    journeys = [],
    skip = [],
  }: {
    readonly streams?: readonly Stream[]
    readonly journeys?: readonly string[]
    readonly skip?: readonly string[]
  } = {},
) {
  const stateDir = await tempDir()
  const snapshotPath = join(stateDir, 'snapshot.duckdb')
  await writeSnapshot(snapshotPath, snapshotRows(workspace), streams)
  const outcome = await audit({
    snapshotPath,
    stateDir,
    settings,
    plan: planOf(workspace),
    waivers: [],
    baseline: null,
    rules,
    only: ['events/missing-property', 'journeys/empty-segment', 'attributes/missing'],
    skip,
    toolVersion: '0.0.0',
    journeys,
  })
  await outcome.close()
  return outcome.report.journeys.map(({ name, decision }) => [name, decision])
}

const cut = (name: string): Stream[] =>
  completeStreams.map((stream) =>
    stream.name === name ? { ...stream, complete: false, ended: 'forbidden (403)' } : stream,
  )

test('a journey is no GO while its segments could not be read', async () => {
  expect(await linesOf(shop(0, 0))).toEqual([
    ['First', 'go'],
    ['Second', 'go'],
  ])
  expect(await linesOf(shop(0, 0), { streams: cut('segments') })).toEqual([
    ['First', 'inconclusive'],
    ['Second', 'inconclusive'],
  ])
})

test('a journey is judged by its own events, whatever else makes a rule fail', async () => {
  expect(await linesOf(shop(1, 50))).toEqual([
    ['First', 'go'],
    ['Second', 'no-go'],
  ])
})

test('a journey is no GO where no rule was asked about its events', async () => {
  expect(await linesOf(shop(50, 50), { skip: ['events/*'] })).toEqual([
    ['First', 'inconclusive'],
    ['Second', 'inconclusive'],
  ])
})

test('with --journey the other journeys are judged by what they use, too', async () => {
  const lines = [
    ['First', 'go'],
    ['Second', 'no-go'],
  ]
  expect(await linesOf(shop(0, 50))).toEqual(lines)
  expect(await linesOf(shop(0, 50), { journeys: ['Second'] })).toEqual(lines)
  expect((await linesOf(shop(0, 50), { journeys: ['First'] }))[1]).toEqual(['Second', 'no-go'])
})
