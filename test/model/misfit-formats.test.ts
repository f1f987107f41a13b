import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, settings, snapshotRows, type Rows } from '../support/workspace.ts'

interface Holder {
  readonly id: string
  readonly on?: string | null
  readonly platforms?: readonly ('ios' | 'android')[]
}

const numbers = (count: number, platforms: Holder['platforms'] = []): Holder[] =>
  Array.from({ length: count }, (_, index) => ({ id: String(1000 + index), platforms }))

async function over(holders: readonly Holder[], canonicalId = 'auto') {
  const profiles = holders.map(({ id, platforms = [] }, index) => ({
    cio_id: String(index).padStart(4, '0'),
    id,
    devices: platforms.map((platform, device) => ({ token: `${index}-${device}`, platform })),
  }))
  const rows: Rows = snapshotRows({ profiles })
  const profile = (rows.profile ?? []).map((row, index) => {
    const on = holders[index]?.on
    return on === undefined ? row : [...row.slice(0, 4), on === null ? null : new Date(on), ...row.slice(5)]
  })
  const changed = { ...settings, identity: { ...settings.identity, canonicalId } }
  const db = await modelOver({ ...rows, profile }, planOf({}), changed)
  try {
    return await db.rows(raw('from misfit_format order by format'))
  } finally {
    db.close()
  }
}

test('a format with its share, examples and times', async () => {
  const rows = await over([
    ...numbers(20),
    { id: 'card 4', on: '2026-02-03T10:00:00Z' },
    { id: 'card 2', on: '2026-02-03T23:59:59Z' },
    { id: 'card 3', on: '2026-02-04T00:00:00Z' },
    { id: 'card 1', on: null },
    { id: 'ana@shop.test', on: '2026-05-01T00:00:00Z' },
  ])
  expect(rows).toEqual([
    {
      format: 'e-mail',
      ids: 1,
      all_ids: 25,
      canonical: 'integer',
      given: false,
      examples: 'ana@shop.test',
      first_seen: '2026-05-01T00:00:00Z',
      last_seen: '2026-05-01T00:00:00Z',
      day: '2026-05-01',
      day_ids: 1,
      platform: null,
    },
    {
      format: 'other',
      ids: 4,
      all_ids: 25,
      canonical: 'integer',
      given: false,
      examples: 'card 1, card 2, card 3',
      first_seen: '2026-02-03T10:00:00Z',
      last_seen: '2026-02-04T00:00:00Z',
      day: '2026-02-03',
      day_ids: 2,
      platform: null,
    },
  ])
})

test('nothing is said where no format is canonical, and the earliest of equal days is named', async () => {
  expect(await over([...numbers(3), { id: 'x' }])).toEqual([])
  const rows = await over(
    [
      { id: 'x', on: '2026-02-04T00:00:00Z' },
      { id: 'y', on: '2026-02-03T00:00:00Z' },
      { id: 'z', on: null },
    ],
    'uuid',
  )
  expect(rows).toMatchObject([{ canonical: 'uuid', given: true, ids: 3, day: '2026-02-03', day_ids: 1 }])
  expect(await over([{ id: 'x', on: null }], 'uuid')).toMatchObject([
    { day: null, day_ids: 0, first_seen: null },
  ])
})

const cards = (...platforms: (readonly ('ios' | 'android')[])[]): Holder[] =>
  platforms.map((own, index) => ({ id: `card ${index}`, platforms: own }))
const android = ['android'] as const
const ios = ['ios'] as const

test.each([
  [
    'all on one, the others on the other',
    [...numbers(40, ios), ...cards(android, android, android)],
    'android',
  ],
  [
    'several devices of one platform',
    [...numbers(40, ios), ...cards(android, android, ['android', 'android'])],
    'android',
  ],
  ['only two have a device', [...numbers(40, ios), ...cards(android, android, [])], null],
  ['one of four is on the other', [...numbers(40, ios), ...cards(android, android, android, ios)], null],
  [
    'both platforms on one person say nothing',
    [...numbers(40, ios), ...cards(android, android, ['android', 'ios'])],
    null,
  ],
  ['everybody is on that platform', [...numbers(40, android), ...cards(android, android, android)], null],
  [
    'three of four of all are',
    [...numbers(21, android), ...numbers(8, ios), ...cards(android, android, android)],
    null,
  ],
  [
    'a few less are',
    [...numbers(20, android), ...numbers(8, ios), ...cards(android, android, android)],
    'android',
  ],
])('the platform: %s', async (_, holders, platform) => {
  // The same number twice is one format still.
  expect(await over(holders)).toMatchObject([{ format: 'other', platform }])
})

test('nine of ten on one platform are enough', async () => {
  const nine = Array.from({ length: 9 }, () => android)
  expect(await over([...numbers(90, ios), ...cards(...nine, ios)])).toMatchObject([{ platform: 'android' }])
})

test('the platform is told of those who have a device; others say nothing about it', async () => {
  const card = (n: number, ...platforms: readonly ('ios' | 'android')[]): Holder => ({
    id: `card ${n}`,
    platforms,
  })
  const rows = await over([
    ...numbers(12, ['android']),
    ...numbers(12).map(({ id }) => ({ id: `1${id}` })),
    ...[1, 2, 3].map((n) => card(n, 'ios')),
    card(4),
    card(5, 'ios', 'android'),
  ])
  expect(rows).toMatchObject([{ format: 'other', ids: 5, platform: 'ios' }])
})

test('where no format is the canonical one, none is beside it', async () => {
  expect(await over([...numbers(3), { id: 'ana@shop.test' }, { id: 'bo@shop.test' }])).toEqual([])
})
