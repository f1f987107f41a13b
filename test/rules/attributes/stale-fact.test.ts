import { expect, test } from 'vitest'
import rule from '../../../rules/attributes/stale-fact.ts'
import type { Plan } from '../../../src/core/plan.ts'
import { builtInPlan } from '../../../src/config/built-in-plan.ts'
import { planOf, settings } from '../../support/workspace.ts'
import { judge } from '../support.ts'

const seconds = (iso: string): string => String(Date.parse(iso) / 1000)
const bought = (cio_id: string, at: string, data: Record<string, unknown> = { revenue: 5 }) => ({
  cio_id,
  name: 'purchase',
  at,
  data,
})
const holder = (cio_id: string, last_purchase_at: string) => ({ cio_id, attributes: { last_purchase_at } })

test('the newest purchase counts, and people without the attribute or without a purchase are not asked', async () => {
  const { findings, evidence, population } = await judge(rule, {
    profiles: [
      holder('a1', seconds('2026-11-01T10:00:00Z')),
      holder('a2', seconds('2026-11-15T10:00:00Z')),
      holder('a3', seconds('2026-11-20T10:00:00Z')),
      holder('a4', seconds('2026-01-01T00:00:00Z')),
      holder('a5', '1795140000000'),
      { cio_id: 'a6' },
      // From here on a number is taken for milliseconds.
      holder('a7', '100000000000'),
    ],
    events: [
      bought('a1', '2026-11-10T10:00:00Z'),
      bought('a1', '2026-11-05T10:00:00Z'),
      bought('a2', '2026-11-20T10:00:00Z'),
      bought('a3', '2026-11-20T10:00:00Z'),
      bought('a5', '2026-11-20T10:00:00Z'),
      bought('a6', '2026-11-20T10:00:00Z'),
      bought('a7', '2026-11-20T10:00:00Z'),
    ],
  })
  expect(findings).toEqual([
    {
      subject: { key: 'last_purchase_at', label: 'last_purchase_at' },
      message:
        'last_purchase_at is older than the newest such event on 2 of 3 profiles, half of them by 7 days and more',
      affected: 2,
      unit: 'profiles',
      population: 3,
      attributes: ['last_purchase_at'],
    },
  ])
  expect(evidence).toEqual([
    {
      subject: 'last_purchase_at',
      attribute: 'last_purchase_at',
      cio_id: 'a1',
      id: null,
      email: null,
      stated_at: '2026-11-01T10:00:00Z',
      newest_at: '2026-11-10T10:00:00Z',
    },
    expect.objectContaining({ cio_id: 'a2', newest_at: '2026-11-20T10:00:00Z' }),
  ])
  expect(population).toBe(3)
})

const at = '2026-11-20T10:00:00Z'
test.each([
  ['a day behind to the second', seconds('2026-11-19T10:00:00Z'), bought('a1', at), 0],
  ['a second more', seconds('2026-11-19T09:59:59Z'), bought('a1', at), 1],
  ['newer than every event', seconds('2026-11-22T10:00:00Z'), bought('a1', at), 0],
  ['a refund is no purchase', seconds('2026-11-01T10:00:00Z'), bought('a1', at, { revenue: -5 }), 0],
  ['an order of nothing is one', seconds('2026-11-01T10:00:00Z'), bought('a1', at, { revenue: 0 }), 1],
  ['without an amount', seconds('2026-11-01T10:00:00Z'), bought('a1', at, {}), 1],
  ['of somebody else', seconds('2026-11-01T10:00:00Z'), bought('a2', at), 0],
  [
    'a cart is no purchase',
    seconds('2026-11-01T10:00:00Z'),
    { ...bought('a1', at), name: 'cart_updated' },
    0,
  ],
  ['as an ISO date it is no fact', '2026-11-01', bought('a1', at), 0],
  ['with space around it', ` ${seconds('2026-11-01T10:00:00Z')} `, bought('a1', at), 1],
])('%s', async (_, value, event, expected) => {
  const { findings } = await judge(rule, {
    profiles: [holder('a1', value), { cio_id: 'a2' }],
    events: [event],
  })
  expect(findings.reduce((sum, { affected }) => sum + affected, 0)).toBe(expected)
})

test('the grace is an option', async () => {
  const changed = {
    ...settings,
    rules: { 'attributes/stale-fact': { enabled: true, options: { grace: '1h' } } },
  }
  const workspace = {
    profiles: [holder('a1', seconds('2026-11-20T08:00:00Z'))],
    events: [bought('a1', at)],
  }
  expect((await judge(rule, workspace)).findings).toEqual([])
  expect((await judge(rule, workspace, { settings: changed })).findings).toHaveLength(1)
})

test('the plan says what else follows from an event, under its former names too', async () => {
  const value = { type: 'timestamp', required: false, recommended: false, appliesTo: 'all' } as const
  const own = planOf({
    plan: { wish_added: { aliases: ['wishlist_add'] }, purchase: { intent: 'purchase' } },
  })
  const attributes = {
    'last/wish': { ...value, derivedFrom: 'wish_added' },
    last_purchase_at: { ...value, derivedFrom: 'order_paid' },
  }
  const plan: Plan = { ...own, attributes }
  const profiles = [
    { cio_id: 'a1', attributes: { 'last/wish': '1700000000', last_purchase_at: '1700000000' } },
    { cio_id: 'a2', attributes: { 'last/wish': '1700000000', last_purchase_at: '1700000000' } },
  ]
  const events = [
    { cio_id: 'a1', name: 'wish_added', at },
    { cio_id: 'a2', name: 'wishlist_add', at },
    { cio_id: 'a2', name: 'other', at },
    bought('a1', at),
  ]
  const { findings } = await judge(rule, { profiles, events }, { plan })
  // Whoever says where last_purchase_at comes from is taken at their word: `purchase` does not count then.
  expect(findings.map(({ subject, affected }) => [subject.key, affected])).toEqual([['last/wish', 2]])
  // Where nobody says so, any purchase counts.
  const silent = { ...plan, attributes: { 'last/wish': attributes['last/wish'] } }
  const { findings: both } = await judge(rule, { profiles, events }, { plan: silent })
  expect(both.map(({ subject, affected }) => [subject.key, affected])).toEqual([
    ['last/wish', 2],
    ['last_purchase_at', 1],
  ])
  const { findings: builtIn } = await judge(rule, { profiles, events }, { plan: builtInPlan })
  expect(builtIn.map(({ subject, affected }) => [subject.key, affected])).toEqual([['last_purchase_at', 1]])
})

test('a refund is no purchase where the plan names the event, either', async () => {
  const plan = {
    purchase: { intent: 'purchase' },
    rated: { intent: 'engagement' },
  } as const
  const follows = (derivedFrom: string) =>
    ({ type: 'timestamp', required: false, recommended: false, appliesTo: 'all', derivedFrom }) as const
  const { findings } = await judge(rule, {
    plan,
    plannedAttributes: { last_purchase_at: follows('purchase'), last_rated_at: follows('rated') },
    profiles: [{ cio_id: 'a1', attributes: { last_purchase_at: '1700000000', last_rated_at: '1700000000' } }],
    events: [
      bought('a1', at, { revenue: -5 }),
      // Below zero here means something else.
      { cio_id: 'a1', name: 'rated', at, data: { revenue: -5 } },
    ],
  })
  expect(findings.map(({ subject }) => subject.key)).toEqual(['last_rated_at'])
})
