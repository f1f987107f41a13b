import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, snapshotRows } from '../support/workspace.ts'

const plan = {
  order: { dedupeKey: 'key' },
  look: { dedupeKey: 'key' },
}
let count = 0
const at = (seconds: number): string => new Date(Date.UTC(2026, 10, 10, 10) + seconds * 1000).toISOString()
const event = (seconds: number, data: Record<string, unknown>, cio_id = 'a', name = 'order') => ({
  id: `e${String((count += 1)).padStart(3, '0')}`,
  cio_id,
  name,
  at: at(seconds),
  data,
})
type Event = ReturnType<typeof event>

/** A row of the snapshot that no example holds. */
const other = (seconds: number, type: string, cio_id: string | null) => [
  `o${seconds}`,
  type,
  'order',
  cio_id,
  null,
  null,
  new Date(at(seconds)),
  null,
  null,
  '{}',
]

async function advice(
  events: readonly Event[],
  others: readonly ReturnType<typeof other>[] = [],
): Promise<Record<string, string>> {
  const profiles = ['a', 'a2'].map((cio_id) => ({ cio_id, email: 'ana@shop.test' }))
  const rows = snapshotRows({ profiles, events })
  const db = await modelOver({ ...rows, activity: [...(rows.activity ?? []), ...others] }, planOf({ plan }))
  const told = await db.rows(raw('select name, advice from guard_advice order by name'))
  db.close()
  return Object.fromEntries(told.map((row) => [String(row['name']), String(row['advice'])]))
}

const hour = 3600
/** One key twice, so many seconds apart. */
const retry = (after: number) => [event(0, { key: 'k' }), event(after, { key: 'k' })]

test.each([
  [10, '10 s'],
  [11, '1 min'],
  [60, '1 min'],
  [61, '5 min'],
  [300, '5 min'],
  [301, '15 min'],
  [901, '1 h'],
  [hour + 1, '6 h'],
  [6 * hour + 1, '12 h'],
  [12 * hour + 1, '24 h'],
  [24 * hour, '24 h'],
])('a copy %i s later is stopped by %s', async (after, label) => {
  const { order } = await advice(retry(after))
  expect(order).toMatch(
    `Guard the journey with "has not received this message in the last ${label}": it stops 100 %`,
  )
})

test('a copy a day and a second later is stopped by none', async () => {
  expect(await advice(retry(24 * hour + 1))).toEqual({
    order:
      'No guard of up to 24 h stops 99 % of the copies: "has not received this message in the last 24 h" stops 0 % of them and there are no true repeats to swallow (12 h: 0 %).',
  })
})

test('copies and true repeats are told apart, and what is before an event is whatever came before it', async () => {
  const events = [
    // A retry after 40 s; between them a true repeat after 20 s, which is what the guard sees.
    event(0, { key: 'k1', n: 1 }),
    event(20, { key: 'k2', n: 2 }),
    event(40, { key: 'k1', n: 1 }),
    // A true repeat two hours later, and its copy at the same moment.
    event(2 * hour, { key: 'k3', n: 3 }),
    event(2 * hour, { key: 'k4', n: 3 }),
    // Two taps: neither copy nor repeat.
    event(2 * hour + 5, { key: 'k5', n: 3 }),
    // Another event has no copies, and is none of theirs.
    event(30, { key: 'k6' }, 'a', 'look'),
    event(90, { key: 'k7' }, 'a', 'look'),
  ]
  const told = {
    order:
      'Guard the journey with "has not received this message in the last 1 min": it stops 100 % of the copies and swallows 50 % of the true repeats (10 s: 50 % and 0 %; 5 min: 100 % and 50 %; 24 h: 100 % and 100 %).',
  }
  expect(await advice(events)).toEqual(told)
  expect(await advice(events.toReversed())).toEqual(told)
  // Screens of that name are seen by no guard.
  const screens = [39, 35, 15].map((seconds) => other(seconds, 'screen', 'a'))
  expect(await advice(events, screens)).toEqual(told)
  // Nor is what nobody sent.
  const strays = [100, 103].map((seconds) => other(seconds, 'event', null))
  expect(await advice(events, strays)).toEqual(told)
})

test('a guard sees one profile only', async () => {
  expect(await advice([event(0, { key: 'k' }), event(5, { key: 'k' }, 'a2')])).toEqual({
    order: expect.stringContaining('stops 0 % of them') as string,
  })
})

test('two taps need no guard', async () => {
  const taps = [event(0, { key: 'k1' }), event(5, { key: 'k2' })]
  expect(await advice(taps)).toEqual({})
  expect(await advice([...taps, event(hour, { key: 'k3', n: 1 })])).toEqual({})
})
