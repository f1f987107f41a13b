import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, rowsOf } from '../support/workspace.ts'

type Sent = readonly [
  name: string,
  type: 'event' | 'screen',
  person: string | null,
  day: number,
  count: number,
]

const activities = (sent: readonly Sent[]) =>
  rowsOf(
    'activity',
    sent.flatMap(([name, type, person, day, count]) =>
      Array.from({ length: count }, (_, n) => ({
        id: [name, type, person, day, n].join('-'),
        type,
        name,
        cio_id: person,
        at: new Date(Date.UTC(2026, 10, day, 10, n)),
        data: '{}',
        source: 'app-api',
      })),
    ),
  )

/** One on each of five days. */
const daily = (name: string, type: 'event' | 'screen', person: string | null): Sent[] =>
  [1, 2, 3, 4, 5].map((day) => [name, type, person, day, 1])

test('names that people send often in one day; screens, and events of nobody, do not count', async () => {
  const rows = activities([
    ['three', 'event', 'a', 9, 3],
    ['four', 'event', 'a', 9, 4],
    ['of-nobody-too', 'event', 'a', 9, 4],
    ...daily('of-nobody-too', 'event', null),
    ['screen-too', 'event', 'a', 9, 4],
    ...daily('screen-too', 'screen', 'b'),
    ['two-people', 'event', 'a', 9, 9],
    ['two-people', 'event', 'b', 9, 2],
    ['two-people', 'event', 'b', 10, 4],
  ])
  const db = await modelOver(rows, planOf({}))
  const busy = await db.rows(raw('select name, person_days, busiest from busy_event order by name'))
  db.close()
  expect(busy).toEqual([
    { name: 'four', person_days: 1, busiest: 4 },
    { name: 'of-nobody-too', person_days: 1, busiest: 4 },
    { name: 'screen-too', person_days: 1, busiest: 4 },
    { name: 'two-people', person_days: 3, busiest: 9 },
  ])
})
