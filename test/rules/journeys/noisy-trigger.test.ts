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
