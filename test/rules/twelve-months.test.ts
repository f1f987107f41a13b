import { expect, test } from 'vitest'
import renamed from '../../rules/events/renamed.ts'
import volumeShift from '../../rules/events/volume-shift.ts'
import deadTrigger from '../../rules/journeys/dead-trigger.ts'
import { contextOf } from '../../src/audit/run-rule.ts'
import { builtInPlan } from '../../src/config/built-in-plan.ts'
import { derivedSeed, Random } from '../../src/simulator/random.ts'
import { asOf, modelOver, planOf, rowsOf, settings, snapshotRows } from '../support/workspace.ts'

const dayMs = 86_400_000
const windowDays = 30
const seed = Number(process.env['YEAR_SEED'] ?? 1)
const metricDays = 90
const people = Array.from({ length: 60 }, (_, n) => `c${n}`)

interface Habit {
  readonly name: string
  /** Events on a day, before chance. */
  readonly perDay: (day: Date) => number
  readonly properties: readonly string[]
  /** A campaign's journey is stopped some days after its last day. */
  readonly runs?: (day: Date) => boolean
}

/** Quiet on Sundays and at Christmas, busy before it and on Black Friday, slow in summer. */
function season(day: Date): number {
  const week = [0.6, 1, 1.1, 1.1, 1, 1.2, 0.8][day.getUTCDay()] ?? 1
  const [month, date] = [day.getUTCMonth() + 1, day.getUTCDate()]
  if (month === 12 && date >= 25 && date <= 26) return 0.15 * week
  if (month === 1 && date === 1) return 0.1 * week
  if (month === 11 && date >= 24 && date <= 30) return 3 * week
  if (month === 12 && date < 24) return 2 * week
  if (month === 7 || month === 8) return 0.55 * week
  return week
}

const always = (name: string, perDay: number, ...properties: string[]): Habit => ({
  name,
  perDay: (day) => perDay * season(day),
  properties,
})
/** On some days of the week, of which 0 is Sunday. */
const onDays = (name: string, perDay: number, days: readonly number[], ...properties: string[]): Habit => ({
  name,
  perDay: (day) => (days.includes(day.getUTCDay()) ? perDay : 0),
  properties,
})
/** From one day of the year to another (`MM-DD`), both included; it may go over the turn of the year. */
const during = (name: string, perDay: number, from: string, to: string, ...properties: string[]): Habit => {
  const isOn = (day: Date): boolean => {
    const date = day.toISOString().slice(5, 10)
    return from <= to ? date >= from && date <= to : date >= from || date <= to
  }
  const isStopped = (day: Date): boolean =>
    ![0, 3, 7].some((late) => isOn(new Date(day.getTime() - late * dayMs)))
  return {
    name,
    perDay: (day) => (isOn(day) ? perDay * season(day) : 0),
    properties,
    runs: (day) => !isStopped(day),
  }
}
const yearFrom = Date.UTC(2025, 10, 23)
/** Grows or declines by so much in a year. */
const drifting = (name: string, perDay: number, factor: number, ...properties: string[]): Habit => ({
  name,
  perDay: (day) => perDay * season(day) * factor ** ((day.getTime() - yearFrom) / (365 * dayMs)),
  properties,
})

const offer = ['offer_id', 'percent']
const habits: readonly Habit[] = [
  always('app_opened', 30, 'source'),
  always('product_viewed', 24, 'product_id', 'price', 'category'),
  always('search_performed', 10, 'query', 'results'),
  always('add_to_cart', 8, 'product_id', 'price', 'quantity'),
  always('cart_updated', 8, 'items', 'cart_value', 'currency'),
  always('checkout_started', 5, 'items', 'cart_value', 'currency'),
  always('purchase', 3, 'order_id', 'revenue', 'items'),
  always('login', 6, 'method'),
  always('wishlist_added', 3, 'product_id', 'list_id'),
  always('review_submitted', 1, 'stars', 'text'),
  // Office hours, weekends, a newsletter on Tuesdays, points on the first of the month.
  onDays('quote_requested', 4, [1, 2, 3, 4, 5], 'company', 'seats'),
  onDays('store_visited', 6, [6], 'store_id'),
  onDays('brunch_booked', 4, [0, 6], 'table', 'guests'),
  onDays('newsletter_clicked', 14, [2], 'issue', 'link'),
  { name: 'points_posted', perDay: (day) => (day.getUTCDate() === 1 ? 12 : 0), properties: ['points'] },
  { name: 'bill_opened', perDay: (day) => (day.getUTCDate() === 15 ? 10 : 0), properties: ['amount'] },
  // Rare, with pauses of weeks.
  always('gift_card_redeemed', 0.25, 'amount', 'code'),
  always('address_changed', 0.2, 'country', 'zip'),
  always('warranty_claimed', 0.12, 'reason', 'serial'),
  always('size_swapped', 0.08, 'from', 'to'),
  // Features on the rise, and on the way out.
  drifting('live_chat_opened', 1.5, 5, 'topic'),
  drifting('video_watched', 2, 3, 'video_id', 'seconds'),
  drifting('barcode_scanned', 4, 0.3, 'code', 'shelf'),
  drifting('catalogue_ordered', 3, 0.25, 'edition'),
  // Offers that follow each other, all with the same properties.
  during('spring_offer_viewed', 6, '03-01', '05-31', ...offer),
  during('summer_offer_viewed', 6, '06-01', '08-31', ...offer),
  during('autumn_offer_viewed', 6, '09-01', '11-30', ...offer),
  during('winter_offer_viewed', 6, '12-01', '02-28', ...offer),
  // Campaigns of a few weeks, some of which begin when another ends.
  during('black_friday_viewed', 9, '11-20', '11-30', 'deal_id'),
  during('advent_door_opened', 8, '12-01', '12-24', 'door', 'prize'),
  during('gift_finder_used', 5, '11-15', '12-23', 'age', 'budget'),
  during('return_announced', 5, '12-24', '01-20', 'order_id', 'reason'),
  during('ski_days_viewed', 5, '01-05', '02-20', 'resort'),
  during('valentine_card_sent', 5, '02-01', '02-14', 'text'),
  during('easter_egg_found', 6, '03-25', '04-06', 'egg', 'page'),
  during('garden_planner_used', 5, '04-07', '06-15', 'plants', 'square_metres'),
  during('swim_quiz_answered', 5, '06-16', '08-14', 'style', 'size'),
  during('school_list_made', 5, '08-15', '09-15', 'grade', 'pieces'),
  during('harvest_recipe_saved', 5, '09-16', '10-09', 'recipe'),
  during('halloween_quiz_answered', 5, '10-10', '10-31', 'costume'),
]

/** The same for a day and a name, from wherever one looks. */
function countOf({ name, perDay }: Habit, day: Date): number {
  const mean = perDay(day)
  if (mean <= 0) return 0
  const random = new Random(derivedSeed(Math.floor(day.getTime() / dayMs), `${seed} ${name}`))
  // In parts, as the simulator's chance is made for one shopper and never gives more than a hundred.
  const parts = Math.ceil(mean / 40)
  return Array.from({ length: parts }, () => random.poisson(mean / parts)).reduce((a, b) => a + b, 0)
}
const placeOf = (name: string): number =>
  Array.from(name).reduce((sum, letter) => sum + letter.charCodeAt(0), 0)

/** What both rules say of the thirty days up to noon of a day, as if it were today. */
async function findings(all: readonly Habit[], today: Date): Promise<string[]> {
  const shift = asOf.getTime() - today.getTime() - dayMs / 2
  const dayOf = (back: number): Date => new Date(today.getTime() - back * dayMs)
  const activity = all.flatMap((habit) =>
    Array.from({ length: windowDays }, (_, back) => {
      const count = countOf(habit, dayOf(back))
      return Array.from({ length: count }, (_event, n) => ({
        id: `${habit.name} ${back} ${n}`,
        type: 'event',
        name: habit.name,
        cio_id: people[(n * 7 + back * 11 + placeOf(habit.name)) % people.length] ?? 'c0',
        at: new Date(dayOf(back).getTime() + shift + (n * dayMs) / 2 / (count + 1)),
        data: JSON.stringify(Object.fromEntries(habit.properties.map((property) => [property, n]))),
        source: 'app-api',
      }))
    }).flat(),
  )
  const journeys = all.map((habit, n) => ({ habit, id: BigInt(n) }))
  const db = await modelOver(
    {
      ...rowsOf('activity', activity),
      ...rowsOf(
        'campaign',
        journeys.map(({ habit: { name, runs }, id }) => ({
          id,
          name: `Journey on ${name}`,
          state: runs?.(today) === false ? 'stopped' : 'running',
          event_name: name,
          trigger_segments: '[]',
          filter_segments: '[]',
        })),
      ),
      ...rowsOf(
        'journey_metric',
        journeys.map(({ habit, id }) => ({
          campaign_id: id,
          metrics: JSON.stringify({
            journey_metric: {
              started: Array.from({ length: metricDays }, (_, n) =>
                countOf(habit, dayOf(metricDays - 1 - n)),
              ),
            },
          }),
        })),
      ),
    },
    builtInPlan,
  )
  try {
    const told = await Promise.all(
      [renamed, deadTrigger].map(async (rule) => {
        const context = contextOf(rule, settings, asOf)
        const rows = await db.rows(rule.query(context))
        return rows.map((row) => rule.finding(rule.row.parse(row), context).message)
      }),
    )
    return told.flat()
  } finally {
    db.close()
  }
}

/** The last days of fourteen months, and the holidays, when it is quietest. */
const looks = [
  ...Array.from({ length: 13 }, (_, month) => new Date(Date.UTC(2025, 11 + month, 0))),
  new Date(Date.UTC(2025, 11, 26)),
  new Date(Date.UTC(2026, 0, 2)),
]

test('twelve months with weeks, seasons and holidays', { timeout: 120_000 }, async () => {
  const told: string[] = []
  for (const today of looks) {
    for (const message of await findings(habits, today))
      told.push(`${today.toISOString().slice(0, 10)} ${message}`)
  }
  expect(told).toEqual([])
})

test('an event that dies in summer, and one that is renamed in autumn', { timeout: 60_000 }, async () => {
  const until = (habit: Habit, last: string): Habit => ({
    ...habit,
    perDay: (day) => (day <= new Date(last) ? habit.perDay(day) : 0),
  })
  const since = (habit: Habit, name: string, first: string): Habit => ({
    ...habit,
    name,
    perDay: (day) => (day >= new Date(first) ? habit.perDay(day) : 0),
  })
  const changed = habits.flatMap((habit) =>
    habit.name === 'wishlist_added'
      ? [until(habit, '2026-07-10')]
      : habit.name === 'checkout_started'
        ? [until(habit, '2026-10-14'), since(habit, 'Checkout Begun', '2026-10-15')]
        : [habit],
  )
  const dead = await findings(
    changed.filter(({ name }) => name !== 'Checkout Begun'),
    new Date('2026-07-31'),
  )
  expect(dead).toEqual([
    expect.stringContaining(
      'Journey on wishlist_added waits for wishlist_added, which came last 21 days ago',
    ),
  ])
  const both = await findings(changed, new Date('2026-10-31'))
  expect(both.filter((message) => message.startsWith('checkout_started seems'))).toEqual([
    expect.stringContaining('checkout_started seems to be called Checkout Begun now: it stopped on'),
  ])
  // Of the event that died in summer nothing is left in the ninety days of the metrics.
  expect(both.filter((message) => message.startsWith('Journey on'))).toEqual([
    expect.stringContaining('waits for checkout_started, which came last 17 days ago'),
    expect.stringContaining('waits for wishlist_added, which was never seen'),
  ])
})

const steady = habits.filter(({ runs }) => runs === undefined)
const firstCounted = Date.UTC(2025, 9, 1)
const countedDays = Array.from({ length: 418 }, (_, n) => new Date(firstCounted + n * dayMs))

/** A shop of many people: what is rare among sixty is not rare here. */
const grown = (habit: Habit, factor: number): Habit => ({
  ...habit,
  perDay: (day) => habit.perDay(day) * factor,
})

/** What `events/volume-shift` says on each morning (of a year without other days), of habits that the plan calls critical. */
async function mornings(
  all: readonly Habit[],
  critical: readonly Habit[],
  days = countedDays.slice(61),
): Promise<string[]> {
  const names = new Set(critical.map(({ name }) => name))
  const workspace = {
    plan: Object.fromEntries([...names].map((name) => [name, { critical: true }])),
    events: all.map(({ name }) => ({ cio_id: 'c0', name, at: '2026-11-20T10:00:00Z' })),
    dailyCounts: {
      days: countedDays.map(dayText),
      counts: countedDays.flatMap((day) =>
        all.map((habit) => ({ day: dayText(day), name: habit.name, events: countOf(habit, day) })),
      ),
    },
  }
  const db = await modelOver(snapshotRows(workspace), planOf(workspace), settings, 2, [], workspace)
  const told: string[] = []
  try {
    for (const day of days) {
      const context = contextOf(volumeShift, settings, new Date(day.getTime() + dayMs / 2))
      for (const row of await db.rows(volumeShift.query(context)))
        told.push(`${dayText(day)} ${volumeShift.finding(volumeShift.row.parse(row), context).message}`)
    }
  } finally {
    db.close()
  }
  return told
}
const dayText = (day: Date): string => day.toISOString().slice(0, 10)

test(
  'volumes: a year of mornings without a false alarm, in shops small and large',
  { timeout: 240_000 },
  async () => {
    for (const factor of [1, 20]) {
      const all = habits.map((habit) => grown(habit, factor))
      const critical = all.filter(({ name }) => steady.some((habit) => habit.name === name))
      expect(await mornings(all, critical)).toEqual([])
    }
  },
)

/** From one day on, another share of what would have come. */
const shifted = (habit: Habit, from: string, share: number): Habit => ({
  ...habit,
  perDay: (day) => habit.perDay(day) * (dayText(day) >= from ? share : 1),
})

/** In spring, in summer, before Christmas, in the week of Black Friday, and between the years. */
const onsets = ['2026-03-11', '2026-07-20', '2026-10-07', '2026-11-12', '2025-12-10', '2025-12-29']
const common = [
  'app_opened',
  'product_viewed',
  'search_performed',
  'add_to_cart',
  'checkout_started',
  'login',
]

test('volumes: each planted drop and spike is told within days', { timeout: 240_000 }, async () => {
  const missed: string[] = []
  const wrong: string[] = []
  let planted = 0
  for (const [at, from] of onsets.entries()) {
    const hit = common[at % common.length] ?? ''
    for (const share of [0.1, 0.3, 4]) {
      planted += 1
      const all = habits
        .map((habit) => grown(habit, 4))
        .map((habit) => (habit.name === hit ? shifted(habit, from, share) : habit))
      const critical = all.filter(({ name }) => steady.some((habit) => habit.name === name))
      const around = countedDays.filter((day) => Math.abs(day.getTime() - Date.parse(from)) <= 10 * dayMs)
      const told = await mornings(all, critical, around)
      const own = told.filter((line) => line.slice(11).startsWith(`${hit} ${share < 1 ? 'fell' : 'rose'}`))
      const soon = own.filter((line) => Date.parse(line.slice(0, 10)) - Date.parse(from) <= 4 * dayMs)
      if (soon.length === 0) missed.push(`${hit} ${share} ${from}`)
      wrong.push(...told.filter((line) => !own.includes(line)))
    }
  }
  expect({ planted, missed, wrong }).toEqual({ planted: 18, missed: [], wrong: [] })
})
