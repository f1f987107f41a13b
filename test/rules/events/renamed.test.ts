import { expect, test } from 'vitest'
import rule from '../../../rules/events/renamed.ts'
import type { ExampleWorkspace } from '../../../src/audit/rule.ts'
import { contextOf } from '../../../src/audit/run-rule.ts'
import { asOf, settings } from '../../support/workspace.ts'
import { judge, type Variation } from '../support.ts'

const hourMs = 3_600_000
const startMs = Date.parse('2026-10-25T00:00:00Z')
const day = (n: number): number => startMs + n * 24 * hourMs

interface Habit {
  readonly name: string
  /** Days after the first of the data, both included. */
  readonly from: number
  readonly to: number
  readonly perDay?: number
  readonly people?: readonly string[]
  readonly data?: Readonly<Record<string, unknown>>
}

const people = ['a1', 'a2', 'a3']

/** Three who send both names and seven others. */
const ten = (others: string): string[] =>
  Array.from({ length: 10 }, (_, n) => (n < 3 ? `a${n}` : `${others}${n}`))
const seven = Object.fromEntries('a b c d e f g'.split(' ').map((name) => [name, 1]))

/** Evenly spread, the first and the last of them at the ends, the people in turn. */
function sent({ name, from, to, perDay = 4, people: own = people, data = { cart: 1, pieces: 2 } }: Habit) {
  const count = Math.round((to - from) * perDay) + 1
  return Array.from({ length: count }, (_, n) => ({
    cio_id: own[n % own.length] ?? 'a1',
    name,
    at: new Date(day(from + ((to - from) * n) / (count - 1))).toISOString(),
    data,
  }))
}

/** The data go from day 0 to day 28, whatever happens to the others. */
const always = sent({ name: 'search', from: 0, to: 28, people: ['z1'], data: { query: 'x' } })
const old: Habit = { name: 'cart_saved', from: 0, to: 14 }
const next: Habit = { name: 'basket_kept', from: 14, to: 28 }

async function pairs(
  habits: readonly Habit[],
  plan?: ExampleWorkspace['plan'],
  other?: Variation,
): Promise<string[]> {
  const events = [...always, ...habits.flatMap(sent)]
  const { findings } = await judge(rule, { ...(plan ? { plan } : {}), events }, other)
  return findings.map(({ subject }) => subject.key)
}
const isFound = async (one: Partial<Habit>, other: Partial<Habit> = {}): Promise<boolean> => {
  const found = await pairs([
    { ...old, ...one },
    { ...next, ...other },
  ])
  return found.length > 0
}

test('a finding names both, the volumes, and the people who send the new name', async () => {
  const { findings, evidence, population } = await judge(
    rule,
    {
      profiles: [{ cio_id: 'a1', id: 'u-1', email: 'ana@shop.test' }],
      events: [
        ...always,
        ...sent(old),
        ...sent({ ...next, perDay: 11, people: ['a1', 'a2'] }),
        ...sent({ ...old, perDay: 4 }),
      ],
    },
    { triggers: ['cart_saved'] },
  )
  expect(findings).toEqual([
    {
      subject: { key: 'cart_saved>basket_kept', label: 'cart_saved, basket_kept' },
      message:
        'cart_saved seems to be called basket_kept now: it stopped on 2026-11-08 (8.1 events a day before), the other began on 2026-11-08 (11 a day since), from the same people with the same properties',
      affected: 2,
      unit: 'people',
      firstSeen: '2026-11-08T00:00:00Z',
      lastSeen: '2026-11-22T00:00:00Z',
      events: ['cart_saved'],
    },
  ])
  expect(
    evidence.map((row) => [
      row['subject'],
      row['old_event'],
      row['event'],
      row['cio_id'],
      row['id'],
      row['events'],
    ]),
  ).toEqual([
    ['cart_saved>basket_kept', 'cart_saved', 'basket_kept', 'a1', 'u-1', 78],
    ['cart_saved>basket_kept', 'cart_saved', 'basket_kept', 'a2', null, 77],
  ])
  expect(population).toBe(4)
})

test.each<[string, Partial<Habit>, Partial<Habit>, boolean]>([
  ['two days later', {}, { from: 16 }, true],
  ['more than two days later', {}, { from: 16.1 }, false],
  ['three days before', {}, { from: 11 }, true],
  ['more than three days before', {}, { from: 10.9 }, false],
  ['three days after the first data', { from: 3 }, {}, true],
  ['more than three days after the first data', { from: 3.1 }, {}, false],
  ['three days before the last data', {}, { to: 25 }, true],
  ['more than three days before the last data', {}, { to: 24.9 }, false],
  ['exactly 1.7 times the volume', { perDay: 237 / 14 }, { perDay: 139 / 14 }, true],
  ['1.7 times the volume', { perDay: 4 }, { perDay: 6.7 }, true],
  ['more than 1.7 times the volume', { perDay: 4 }, { perDay: 7 }, false],
  ['less than 1.7 times the volume', { perDay: 6.7 }, { perDay: 4 }, true],
  ['much less volume', { perDay: 7 }, { perDay: 4 }, false],
  ['a name that never stopped', { to: 28 }, {}, false],
  ['a name that stopped a day ago', { to: 27 }, { from: 27 }, false],
  ['a name that was there before', {}, { from: 0 }, false],
  ['too few to be sure of the silence before', { to: 14, perDay: 1.3 }, { perDay: 1.3 }, false],
  ['too few under the old name', { perDay: 1.3 }, { perDay: 1.5 }, false],
  ['too few under the new name', { perDay: 1.5 }, { perDay: 1.3 }, false],
  ['twenty events in the days of silence', { perDay: 19 / 14 }, { perDay: 1.5 }, true],
  ['twenty events in the days before', { perDay: 1.5 }, { perDay: 19 / 14 }, true],
  ['enough to be sure', { to: 14, perDay: 1.5 }, { perDay: 1.5 }, true],
  ['other people', {}, { people: ['b1', 'b2', 'b3'] }, false],
  ['one of three', { people: ['a1', 'b2', 'b3'] }, {}, true],
  ['one of four', { people: ['a1', 'b2', 'b3', 'b4'] }, { people: ['a1', 'c2', 'c3', 'c4'] }, false],
  ['one of two who are few among many', { people: ['a1', 'b2', 'b3', 'b4'] }, { people: ['a1', 'c2'] }, true],
  ['one of two, among many later', { people: ['a1', 'b2'] }, { people: ['a1', 'c2', 'c3', 'c4'] }, true],
  ['three of ten', { people: ten('b') }, { people: ten('c') }, true],
  ['other properties', {}, { data: { level: 1, zoom: 2 } }, false],
  ['half of the properties', {}, { data: { cart: 1, zoom: 2 } }, false],
  ['three of four properties', { data: { a: 1, b: 1, c: 1 } }, { data: { a: 1, b: 1, c: 1, d: 1 } }, true],
  ['seven of ten properties', { data: { ...seven, h: 1, i: 1, j: 1 } }, { data: seven }, true],
  ['two of three properties', { data: { a: 1, b: 1 } }, { data: { a: 1, b: 1, c: 1 } }, false],
  ['only what all events have', { data: { query: 'x' } }, { data: { query: 'x' } }, false],
  ['no properties', { data: {} }, { data: {} }, false],
  ['no properties and a word', { name: 'cart_saved', data: {} }, { name: 'cart_kept', data: {} }, true],
  [
    'no properties and a word for everything',
    { name: 'cart_viewed', data: {} },
    { name: 'view_map', data: {} },
    false,
  ],
  ['a season', { name: 'autumn_offer' }, { name: 'winter_offer' }, false],
  ['a season and another word', { name: 'autumn_offer' }, { name: 'offer_seen' }, false],
  ['a year', { name: 'offer_2025' }, { name: 'offer_2026' }, false],
  ['a season that stays', { name: 'summer_offer_seen' }, { name: 'summer_deal_seen' }, true],
  ['a test', { name: 'cart_saved' }, { name: 'cart_saved_variant' }, false],
  ['the end of a test', { name: 'cart_saved_b' }, { name: 'cart_saved' }, false],
  ['a version', { name: 'cart_saved' }, { name: 'cart_saved_v2' }, true],
])('%s', async (_, one, other, found) => {
  expect(await isFound(one, other)).toBe(found)
})

test('one name that became two is a test, be the halves equal or not', async () => {
  const arm = { ...next, perDay: 2.8 }
  expect(await pairs([old, { ...arm, name: 'pack_x' }, { ...arm, name: 'pack_y' }])).toEqual([])
  expect(await pairs([old, { ...arm, name: 'pack_x' }, { ...arm, name: 'pack_y', perDay: 1.6 }])).toEqual([])
  expect(await pairs([old, { ...old, name: 'cart_stored' }, next])).toEqual([])
})

test('a name that came more than ten times less often is no rival', async () => {
  // 560 events of both in fourteen days each.
  const both = [old, next].map((habit) => ({ ...habit, perDay: 559 / 14 }))
  const withRival = async (count: number) =>
    await pairs([...both, { ...next, name: 'other', perDay: (count - 1) / 14 }])
  expect(await withRival(55)).toEqual(['cart_saved>basket_kept'])
  expect(await withRival(56)).toEqual([])
})
test('where all names change at once their words tell which is which', async () => {
  const moves = [
    ['cart_saved', 'Cart Kept'],
    ['list_saved', 'List Kept'],
  ].flatMap(([from = '', to = '']) => [
    { ...old, name: from },
    { ...next, name: to },
  ])
  expect(await pairs(moves)).toEqual(['cart_saved>Cart Kept', 'list_saved>List Kept'])
  // Most other names have none of their properties, so that all four pairs are alike in them.
  const quiet = ['look', 'find', 'peek', 'turn'].map((name) => ({ name, from: 0, to: 28, data: { page: 1 } }))
  expect(await pairs([...moves, ...quiet])).toEqual(['cart_saved>Cart Kept', 'list_saved>List Kept'])
})

test('a change that the plan knows is no surprise', async () => {
  const plan = { basket_kept: { aliases: ['cart_saved'] }, other: {} }
  expect(await pairs([old, next], plan)).toEqual([])
  expect(await pairs([old, next], { basket_kept: {}, other: { aliases: ['cart_saved'] } })).toEqual([
    'cart_saved>basket_kept',
  ])
  const twice = { now: { aliases: ['cart_saved', 'basket_kept'] } }
  expect(await pairs([old, next], twice)).toEqual([])
})

test('noise is told only', async () => {
  const habits = [
    { ...old, name: 'app_opened' },
    { ...next, name: 'application_started' },
  ]
  const { findings } = await judge(rule, { events: [...always, ...habits.flatMap(sent)] })
  expect(findings.map(({ informative }) => informative)).toEqual(['info'])
  const other = await judge(rule, { events: [...always, ...[old, next].flatMap(sent)] })
  expect(other.findings.map(({ informative }) => informative)).toEqual([undefined])
  const plan = { basket_kept: { intent: 'noise' as const } }
  const half = await judge(rule, { plan, events: [...always, ...[old, next].flatMap(sent)] })
  expect(half.findings.map(({ informative }) => informative)).toEqual(['info'])
})

test.each([
  ['rarely', 5, true],
  ['always', 1, false],
])('properties that events of one name have %s', async (_, every, found) => {
  const events = sent({ ...old, data: {} }).map((event, n) => ({
    ...event,
    data: n % every === 0 ? { cart: 1, pieces: 2, x: 1, y: 1 } : { cart: 1, pieces: 2 },
  }))
  const { findings } = await judge(rule, { events: [...always, ...events, ...sent(next)] })
  expect(findings.length > 0).toBe(found)
})

test('four of five events that have a property are enough, and less are not', async () => {
  const rich = { cart: 1, pieces: 2, x: 1, y: 1 }
  const found = async (poor: number) => {
    const events = sent({ ...old, perDay: 3.5, data: rich }).map((event, n) =>
      n < poor ? { ...event, data: next.data ?? { cart: 1, pieces: 2 } } : event,
    )
    expect(events).toHaveLength(50)
    const { findings } = await judge(rule, { events: [...always, ...events, ...sent(next)] })
    return findings.length > 0
  }
  expect(await found(10)).toBe(false)
  expect(await found(11)).toBe(true)
})

test('a property that half of the other names have, too, is their own still', async () => {
  const data = { query: 'x' }
  const habits = [
    { ...old, data },
    { ...next, data },
  ]
  const other = { name: 'look', from: 10, to: 12, data: { page: 1 } }
  expect(await pairs(habits)).toEqual([])
  expect(await pairs([...habits, other])).toEqual(['cart_saved>basket_kept'])
  expect(await pairs([...habits, other, { ...other, name: 'seek', data }])).toEqual([])
})

test('the data begin with the first event, and not with a screen', async () => {
  const events = [{ ...old, from: 4 }, next].flatMap(sent)
  const screen = { kind: 'screen', name: 'home', user_id: 'u-1', at: new Date(day(0)).toISOString() } as const
  const event = { ...screen, kind: 'event' } as const
  expect((await judge(rule, { events, calls: [screen] })).findings).toHaveLength(1)
  expect((await judge(rule, { events, calls: [event] })).findings).toEqual([])
})

test('who looks at a screen of that name, or is not known, is none of the people who send it', async () => {
  const others = { ...next, people: ['b1', 'b2', 'b3'] }
  const viewed = { screens: [next.name], viewer: 'a1' }
  expect(await pairs([old, others], undefined, viewed)).toEqual([])
  const unknown = [old, next].map(({ name, from, data = { cart: 1, pieces: 2 } }) => ({
    kind: 'event' as const,
    name,
    at: new Date(day(from + 1)).toISOString(),
    data,
  }))
  const oneOfThree = [
    { ...old, people: ['a1', 'b2', 'b3'] },
    { ...next, people: ['a1', 'c2', 'c3'] },
  ].flatMap(sent)
  const { findings } = await judge(rule, { events: [...always, ...oneOfThree], calls: unknown })
  expect(findings).toHaveLength(1)
})

test('screens of the same name and of commoner ones say nothing of events', async () => {
  const screens = Array.from({ length: 100 }, () => old.name)
  expect(await pairs([old, next], undefined, { screens })).toEqual(['cart_saved>basket_kept'])
  const data = { query: 'x' }
  const many = Array.from({ length: 1200 }, (_, n) => `screen ${n % 600}`)
  const events = [...always.slice(0, 1), ...[old, next].flatMap((habit) => sent({ ...habit, data }))]
  const { findings } = await judge(rule, { events }, { screens: many })
  expect(findings).toEqual([])
})

test('a name is looked into, however many are commoner', async () => {
  const common = Array.from({ length: 501 * 30 }, (_, n) => ({
    cio_id: 'z1',
    name: `other ${n % 501}`,
    at: '2026-11-10T10:00:00Z',
  }))
  const rare = [old, next].flatMap((habit) => sent({ ...habit, perDay: 1.5 }))
  const { findings } = await judge(rule, { events: [...always, ...common, ...rare] })
  expect(findings).toHaveLength(1)
})

test('no events at all', async () => {
  expect((await judge(rule, {})).findings).toEqual([])
})

test('from ten a day on they are told in whole numbers', () => {
  const row = { old_name: 'a', new_name: 'b', noise: false, people: 1, last_seen: '2026-11-20T10:00:00Z' }
  const moments = { died_at: '2026-11-09T10:00:00Z', born_at: '2026-11-10T10:00:00Z' }
  const { message } = rule.finding(
    { ...row, ...moments, before: 9.9, after: 10 },
    contextOf(rule, settings, asOf),
  )
  expect(message).toContain('(9.9 events a day before), the other began on 2026-11-10 (10 a day since)')
})
