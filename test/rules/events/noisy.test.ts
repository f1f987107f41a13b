import { expect, test } from 'vitest'
import rule from '../../../rules/events/noisy.ts'
import { settings } from '../../support/workspace.ts'
import { judge, messages } from '../support.ts'

type Counts = Readonly<Record<string, number>>

const sent = (counts: Counts, cio_id = 'a1') =>
  Object.entries(counts).flatMap(([name, count]) =>
    Array.from({ length: count }, (_, n) => ({
      cio_id,
      name,
      at: new Date(Date.parse('2026-11-01T00:00:00Z') + n * 3_600_000).toISOString(),
    })),
  )
const plan = { open: { intent: 'noise' }, view: { intent: 'product' }, other: {} } as const
const named = async (counts: Counts, own = plan) =>
  (await judge(rule, { plan: own, events: sent(counts) })).findings.map(({ subject }) => subject.key)

test('noise over the limit is named event by event, with the people who send it', async () => {
  const { findings, evidence, population } = await judge(rule, {
    plan,
    profiles: [{ cio_id: 'a1', id: 'u-1', email: 'ana@shop.test' }],
    events: [...sent({ open: 4, strange: 3, view: 3 }), ...sent({ open: 1, view: 1 }, 'a2')],
  })
  expect(findings).toEqual([
    {
      subject: { key: 'open', label: 'open' },
      message: 'open (5 events) is 42 % of all events; noise is 67 % of them, allowed 60 %',
      affected: 2,
      unit: 'people',
      firstSeen: '2026-11-01T00:00:00Z',
      lastSeen: '2026-11-01T03:00:00Z',
      events: ['open'],
    },
    {
      subject: { key: 'strange', label: 'strange' },
      message: 'strange (3 events) is 25 % of all events; noise is 67 % of them, allowed 60 %',
      affected: 1,
      unit: 'people',
      firstSeen: '2026-11-01T00:00:00Z',
      lastSeen: '2026-11-01T02:00:00Z',
      events: ['strange'],
    },
  ])
  expect(evidence.map((row) => [row['subject'], row['cio_id'], row['id'], row['events']])).toEqual([
    ['open', 'a1', 'u-1', 4],
    ['open', 'a2', null, 1],
    ['strange', 'a1', 'u-1', 3],
  ])
  expect(population).toBe(2)
})

test('more than six in ten, not six in ten', async () => {
  expect(await named({ open: 6, view: 4 })).toEqual([])
  expect(await named({ open: 61, view: 39, other: 1 })).toEqual(['open'])
  expect(await named({ open: 3, strange: 3, view: 4 })).toEqual([])
  expect(await named({ view: 4, other: 40 })).toEqual([])
})

test('the built-in plan calls nothing noise that it does not know', async () => {
  const events = sent({ strange: 9, purchase: 1 })
  expect(messages(await judge(rule, { events }))).toEqual([])
})

test('screens and pages are no part of the volume', async () => {
  const screens = Array.from({ length: 20 }, (_, n) => `screen ${n}`)
  expect(messages(await judge(rule, { plan, events: sent({ open: 2, view: 2 }) }, { screens }))).toEqual([])
})

/** So many events a day on so many days. */
const daily = (days: number, perDay: (day: number) => number, cio_id = 'a1') =>
  Array.from({ length: days }, (_, day) =>
    Array.from({ length: perDay(day) }, (__, n) => ({
      cio_id,
      name: 'view',
      at: new Date(Date.parse('2026-10-25T00:00:00Z') + day * 86_400_000 + n * 600_000).toISOString(),
    })),
  ).flat()

test.each([
  ['101 on each of ten days', daily(10, () => 101), 'view (1010 events) comes 101 times'],
  ['101 on each of five days of two people', [...daily(5, () => 101), ...daily(5, () => 101, 'a2')], 'view'],
  ['100 on each of ten days', daily(10, () => 100), null],
  ['101 on each of nine days', daily(9, () => 101), null],
  ['the two busiest of twenty days', daily(20, (day) => (day < 2 ? 101 : 3)), 'view'],
  ['the busiest of twenty days', daily(20, (day) => (day < 1 ? 101 : 3)), null],
  ['no day of one person', [...daily(10, () => 60), ...daily(10, () => 60, 'a2')], null],
])('%s', async (_, events, told) => {
  const { findings } = await judge(rule, { plan, events })
  expect(findings.map(({ message }) => message)).toEqual(told === null ? [] : [expect.stringContaining(told)])
})

test('both ways to be noisy are told together', async () => {
  const events = daily(10, () => 101).map((event) => ({ ...event, name: 'open' }))
  expect(messages(await judge(rule, { plan, events }))).toEqual([
    'open (1010 events) comes 101 times and more on one day in twenty of a person, allowed 100, and is 100 % of all events; noise is 100 % of them, allowed 60 %',
  ])
})

test('an event that names nobody makes noise, and nobody more', async () => {
  const calls = [{ kind: 'event', name: 'open', at: '2026-11-20T10:00:00Z' }] as const
  const { findings, evidence } = await judge(rule, { plan, calls, events: sent({ open: 3, view: 1 }) })
  expect(findings.map(({ message, affected }) => [message, affected])).toEqual([
    ['open (4 events) is 80 % of all events; noise is 80 % of them, allowed 60 %', 1],
  ])
  expect(evidence.map((row) => [row['cio_id'], row['events']])).toEqual([['a1', 3]])
})

test('whatever a day is allowed, more of it is told', async () => {
  const allowed = async (perDay: number) => {
    const rules = { 'events/noisy': { options: { perDay } } }
    const other = { settings: { ...settings, rules: rules as never } }
    return messages(await judge(rule, { plan, events: daily(20, () => 3) }, other))
  }
  expect(await allowed(2)).toEqual([
    'view (60 events) comes 3 times and more on one day in twenty of a person, allowed 2',
  ])
  expect(await allowed(3)).toEqual([])
})

test.each([{ perDay: 10_000_000_000 }, { minPersonDays: 10_000_000_000 }])(
  'a limit that nothing reaches: %s',
  async (options) => {
    const rules = { 'events/noisy': { options } }
    const other = { settings: { ...settings, rules: rules as never } }
    expect(messages(await judge(rule, { plan, events: daily(10, () => 101) }, other))).toEqual([])
  },
)
