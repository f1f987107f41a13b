import { expect, test } from 'vitest'
import type { DailyCounts } from '../../src/core/past.ts'
import type { Plan } from '../../src/core/plan.ts'
import { raw } from '../../src/engine/sql.ts'
import { fillDayCounts, ownDailyCounts } from '../../src/model/day-counts.ts'
import { modelOver, planOf, snapshotRows } from '../support/workspace.ts'

const bought = (day: string, times = 1, name = 'purchase') =>
  Array.from({ length: times }, () => ({ cio_id: 'a1', name, at: `2026-11-${day}T10:00:00Z` }))
const counts = (name: string, day: string, events: number) => ({ name, day: `2026-11-${day}`, events })

interface Given {
  readonly plan?: Plan
  readonly unmet?: readonly string[]
  /** These are no events, whatever they are called. */
  readonly screens?: ReturnType<typeof bought>
  /** What starts a journey. */
  readonly trigger?: string
}

/** A window from noon to noon: the days that it cuts, the 18th and the 22nd, are nobody's to count. */
async function told(
  events: ReturnType<typeof bought>,
  past: DailyCounts,
  { plan = planOf({}), unmet = [], screens = [], trigger }: Given = {},
) {
  const rows = snapshotRows({
    profiles: [{ cio_id: 'a1' }],
    events: [...events, ...screens],
    journeys: trigger === undefined ? [] : [{ id: 1, event: trigger }],
  })
  const activity = rows.activity?.map((row, n) => (n < events.length ? row : row.with(1, 'screen'))) ?? []
  const db = await modelOver({ ...rows, activity }, plan)
  try {
    // Made as far as it is asked for: the counts are taken of the events.
    await db.rows(raw('select 1 from event limit 1'))
    await db.append(
      'unmet_need',
      unmet.map((need) => [need, 'not read to its end']),
    )
    await fillDayCounts(
      db,
      { since: new Date('2026-11-18T12:00:00Z'), until: new Date('2026-11-22T12:00:00Z') },
      past,
    )
    return {
      all: await db.rows(
        raw('select name, day::varchar as day, events::integer as events from day_count order by all'),
      ),
      days: (await db.rows(raw('select day::varchar as day from known_day order by day'))).map(
        ({ day }) => day,
      ),
      own: await ownDailyCounts(db),
    }
  } finally {
    db.close()
  }
}

test('a day that this run saw itself is as it saw it, whatever an earlier run said of it', async () => {
  const past = {
    days: ['2026-11-17', '2026-11-19', '2026-11-20'],
    counts: [
      counts('purchase', '17', 8),
      counts('purchase', '19', 2),
      // Deleted since: on a day of this run's own without such an event there was none.
      counts('purchase', '20', 5),
    ],
  }
  const { all, days } = await told([...bought('19', 3), ...bought('21')], past, { screens: bought('20') })
  expect(all).toEqual([counts('purchase', '17', 8), counts('purchase', '19', 3), counts('purchase', '21', 1)])
  expect(days).toEqual(['17', '19', '20', '21'].map((day) => `2026-11-${day}`))
})

test('a later run hears of the days that this one saw from midnight to midnight, and of no other', async () => {
  const past = { days: ['2026-11-17'], counts: [counts('purchase', '17', 8)] }
  const { all, own } = await told([...bought('18'), ...bought('19', 2), ...bought('22')], past)
  expect(all).toEqual([counts('purchase', '17', 8), counts('purchase', '19', 2)])
  expect(own).toEqual({
    days: ['2026-11-19', '2026-11-20', '2026-11-21'],
    counts: [counts('purchase', '19', 2)],
  })
})

test('where the activities were not read to their end, no day is known, whatever else is missing', async () => {
  const events = bought('19', 2)
  const past = { days: ['2026-11-19'], counts: [counts('purchase', '19', 8)] }
  const cut = await told(events, past, { unmet: ['attributes', 'activities'] })
  expect(cut).toMatchObject({ all: [counts('purchase', '19', 8)], own: { days: [], counts: [] } })
  const { own } = await told(events, past, { unmet: ['attributes'] })
  expect(own.counts).toEqual([counts('purchase', '19', 2)])
})

test('of a workspace that makes names out of ids, a later run hears of those that matter and of the frequent ones', async () => {
  const names = Array.from({ length: 505 }, (_, n) => `visited_${String(n).padStart(3, '0')}`)
  const { own } = await told(
    [
      ...names.flatMap((name) => bought('19', 2, name)),
      ...bought('19', 1, 'rare'),
      ...bought('19', 1, 'order_paid'),
      ...bought('19', 1, 'wish_added'),
    ],
    { days: [], counts: [] },
    {
      plan: planOf({ plan: { order_paid: { critical: true } } }),
      screens: [...bought('19', 1, 'rare'), ...bought('19', 1, 'order_paid')],
      trigger: 'wish_added',
    },
  )
  const heard = own.counts.map(({ name }) => name)
  expect(heard).toHaveLength(500)
  expect(heard).toContain('order_paid')
  expect(heard).toContain('wish_added')
  expect(heard).not.toContain('rare')
})
