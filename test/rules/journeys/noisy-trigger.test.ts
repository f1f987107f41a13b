import { expect, test } from 'vitest'
import rule from '../../../rules/journeys/noisy-trigger.ts'
import { judge } from '../support.ts'

const events = (...names: string[]) =>
  names.map((name, n) => ({ cio_id: 'a1', name, at: `2026-11-20T10:0${n}:00Z` }))

test.each(['app_opened', 'Application Opened', 'sessionStart', 'screen-view', 'Heartbeat'])(
  '%s starts a journey',
  async (name) => {
    const { findings } = await judge(rule, {
      journeys: [{ id: 1, name: 'Hello', event: name }],
      events: events(name, name),
    })
    expect(findings).toEqual([
      {
        subject: { key: '1', label: 'Hello' },
        message: `Hello starts from ${name}, which is noise by the plan or its name (2 events)`,
        affected: 1,
        unit: 'journeys',
        events: [name],
      },
    ])
  },
)

test.each([
  ['an event that means something', 'cart_updated', events('cart_updated', 'app_opened')],
  ['noise that did not come', 'app_opened', events('cart_updated')],
  ['a name that holds a word of noise', 'app_opened_gift', events('app_opened_gift')],
])('%s is no finding', async (_, event, sent) => {
  const { findings, population } = await judge(rule, { journeys: [{ id: 1, event }], events: sent })
  expect(findings).toEqual([])
  expect(population).toBe(1)
})

test('screens are noise, but an event of that name is none', async () => {
  const workspace = { journeys: [{ id: 1, event: 'Cart' }], events: events('Cart') }
  expect((await judge(rule, workspace, { screens: ['Cart'] })).findings).toEqual([])
  expect((await judge(rule, { journeys: workspace.journeys }, { screens: ['Cart'] })).findings).toEqual([])
})

test('the plan decides, and only for journeys that run or were named', async () => {
  const workspace = {
    plan: { ping: { intent: 'noise' as const }, app_opened: { intent: 'lifecycle' as const } },
    journeys: [
      { id: 1, event: 'ping' },
      { id: 2, event: 'app_opened' },
      { id: 3, event: 'ping', state: 'draft' as const },
      { id: 4, event: 'ping', state: 'stopped' as const },
      { id: 5, triggerSegments: [1] },
    ],
    events: events('ping', 'app_opened'),
  }
  const keys = async (named: readonly number[]) =>
    (await judge(rule, workspace, { named })).findings.map(({ subject }) => subject.key)
  expect(await keys([])).toEqual(['1'])
  expect(await keys([3])).toEqual(['1', '3'])
  expect((await judge(rule, workspace)).population).toBe(2)
})

/** `days` days of one person, `busy` of them with so many events each, the others with one. */
const daily = (name: string, times: number, days: number, busy = days) =>
  [...Array(days).keys()]
    .map((day) =>
      Array.from({ length: day < busy ? times : 1 }, (_, n) => ({
        cio_id: 'a1',
        name,
        at: new Date(Date.UTC(2026, 9, 26 + day, 8) + n * 60_000).toISOString(),
      })),
    )
    .flat()
const journeys = [{ id: 1, name: 'Hello', event: 'step_counted' }]

test.each([
  ['more than a hundred times a day', daily('step_counted', 101, 10), ['1']],
  ['a hundred times a day', daily('step_counted', 100, 10), []],
  ['on nine days', daily('step_counted', 101, 9), []],
])('an event that comes %s', async (_, sent, found) => {
  const { findings, evidence } = await judge(rule, { journeys, events: sent })
  expect(findings.map(({ subject }) => subject.key)).toEqual(found)
  if (found.length === 0) return
  const why = 'noise by its volume: it comes 101 times and more on one day in twenty of a person'
  expect(findings[0]?.message).toBe(`Hello starts from step_counted, which is ${why} (1010 events)`)
  expect(findings[0]?.informative).toBeUndefined()
  expect(evidence).toEqual([{ subject: '1', journey: 'Hello', event: 'step_counted', events: 1010, why }])
})

test('an event that is no trigger may come as often as it likes', async () => {
  const sent = [...daily('other', 101, 10), ...events('step_counted')]
  expect((await judge(rule, { journeys, events: sent })).findings).toEqual([])
})

test.each([
  ['more than 60 % of all', 7, 4, ['warn']],
  ['60 % of all', 6, 4, []],
])('events that the plan does not know, and noise, are %s', async (_, strange, planned, levels) => {
  const plan = { purchase: {} }
  const sent = [
    ...events(...Array.from({ length: strange - 1 }, () => 'app_opened')),
    ...events('step_counted'),
    ...events(...Array.from({ length: planned }, () => 'purchase')),
  ]
  const { findings } = await judge(rule, { plan, journeys, events: sent })
  expect(findings.map(({ informative }) => informative)).toEqual(levels)
  if (levels.length > 0)
    expect(findings[0]?.message).toContain('not in the plan, among so many events that are not either')
  // Without a plan of one's own nothing is unplanned.
  expect((await judge(rule, { journeys, events: sent })).findings).toEqual([])
})

test('noise by intent fails, however much of it there is', async () => {
  const sent = events('app_opened', 'cart_updated', 'cart_updated')
  const { findings } = await judge(rule, { journeys: [{ id: 1, event: 'app_opened' }], events: sent })
  expect(findings.map(({ informative }) => informative)).toEqual([undefined])
})
