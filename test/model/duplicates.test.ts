import { beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, snapshotRows } from '../support/workspace.ts'

const plan = {
  order: { intent: 'purchase' as const, critical: true, dedupeKey: 'key' },
  look: { intent: 'product' as const, dedupeKey: 'key' },
  ping: { intent: 'noise' as const, dedupeKey: 'key' },
}
const profiles = [
  { cio_id: 'a', email: 'ana@shop.test' },
  { cio_id: 'a-copy', email: 'ana@shop.test' },
  { cio_id: 'b', email: 'bo@shop.test' },
]
const event = (id: string, seconds: number, data: Record<string, unknown>, cio_id = 'a', name = 'order') => ({
  id,
  cio_id,
  name,
  data,
  at: new Date(Date.UTC(2026, 10, 10, 10, 0, 0) + seconds * 1000).toISOString(),
})
const events = [
  event('key-1', 0, { key: 'k1', n: 1 }),
  event('key-2', 3600, { key: 'k1', n: 1 }),
  event('key-3', 7200, { key: 'k1', n: 2 }, 'a-copy'),
  event('key-stranger', 7300, { key: 'k1' }, 'b'),
  event('key-other-name', 7400, { key: 'k1' }, 'a', 'look'),
  // What stands for nothing is no key, and these are two orders.
  event('word-1', 8000, { key: 'undefined', n: 30 }),
  event('word-2', 9000, { key: 'undefined', n: 31 }),
  event('burst-1', 10_000, { n: 5, key: 'b1', x: { y: 1 } }),
  event('burst-2', 10_000, { x: { y: 1 }, key: 'b2', n: 5 }),
  event('burst-copy', 10_000, { n: 5, x: { y: 1 }, sent_at: 'later' }, 'a-copy'),
  event('burst-other', 10_000, { n: 6, x: { y: 1 } }),
  event('burst-stranger', 10_000, { n: 5, x: { y: 1 } }, 'b'),
  event('burst-name', 10_000, { n: 5, x: { y: 1 } }, 'a', 'look'),
  event('tap-1', 20_005, { n: 7 }),
  event('tap-2', 20_015, { n: 7 }),
  event('tap-3', 20_026, { n: 7 }),
  event('tap-between', 20_010, { n: 8 }),
  // Ten seconds to the millisecond, with nothing beside them.
  event('limit-1', 25_000, { n: 10 }),
  event('limit-2', 25_010, { n: 10 }),
  event('edge-1', 30_019, { n: 9 }),
  event('edge-2', 30_021, { n: 9 }),
  event('noise-1', 40_000, {}, 'a', 'ping'),
  event('noise-2', 40_000, {}, 'a', 'ping'),
  event('tomorrow-1', 86_400, { n: 7 }),
  event('tomorrow-2', 86_400, { n: 7 }),
  event('free-1', 50_000, {}, 'a', 'unplanned'),
  event('free-2', 50_000, {}, 'a', 'unplanned'),
  event('own-1', 60_000, { n: 1 }, 'a', 'unplanned'),
  event('own-2', 60_000, { n: 2 }, 'a', 'unplanned'),
  // A key only of events whose plan says so.
  event('no-key-1', 70_000, { key: 'k1' }, 'a', 'unplanned'),
  event('no-key-2', 70_000, { key: 'k2' }, 'a', 'unplanned'),
]

let db: Database
beforeAll(async () => {
  db = await modelOver(snapshotRows({ profiles, events: events.toReversed() }), planOf({ plan }))
  return () => db.close()
})

test('copies of a key, over all profiles of a person', async () => {
  const rows = await db.rows(raw('select id, number, first_id from key_copy order by id'))
  expect(rows).toEqual([
    { id: 'key-1', number: 1, first_id: 'key-1' },
    { id: 'key-2', number: 2, first_id: 'key-1' },
    { id: 'key-3', number: 3, first_id: 'key-1' },
  ])
})

test('copies in a burst: certain at one moment, likely within ten seconds', async () => {
  const rows = await db.rows(raw('select id, certain, previous_id from burst_copy order by id'))
  expect(rows).toEqual([
    { id: 'burst-2', certain: true, previous_id: 'burst-1' },
    { id: 'burst-copy', certain: true, previous_id: 'burst-2' },
    { id: 'edge-2', certain: false, previous_id: 'edge-1' },
    { id: 'free-2', certain: true, previous_id: 'free-1' },
    { id: 'limit-2', certain: false, previous_id: 'limit-1' },
    { id: 'tap-2', certain: false, previous_id: 'tap-1' },
    { id: 'tomorrow-2', certain: true, previous_id: 'tomorrow-1' },
  ])
})
