import { expect, test } from 'vitest'
import rule from '../../../rules/events/unplanned.ts'
import { judge } from '../support.ts'

const value = { type: 'string', required: false, recommended: false } as const
const plan = {
  order: {
    dedupeKey: 'key',
    aliases: ['sale'],
    properties: { total: value, items: { ...value, type: 'array' } },
  },
  look: {},
} as const
const event = (name: string, data: unknown, cio_id = 'a1', day = 10) => ({
  cio_id,
  name,
  at: `2026-11-${day}T10:00:00Z`,
  data: data as Readonly<Record<string, unknown>>,
})
const of = async (...events: ReturnType<typeof event>[]) =>
  (await judge(rule, { plan, events })).findings.map(({ subject, affected }) => [subject.key, affected])

test('events and properties, with the people who send them', async () => {
  const { findings, evidence, population } = await judge(rule, {
    plan,
    profiles: [{ cio_id: 'a1', id: 'u-1', email: 'ana@shop.test' }],
    events: [
      event('order', { total: 5, coupon: 'X' }),
      event('order', { total: 5, coupon: null }, 'a1', 11),
      event('order', { total: 5, coupon: 1 }, 'a2', 12),
      event('order', { total: 5 }, 'a2', 13),
      event('spin', {}, 'a1', 15),
      event('spin', { prize: 1 }, 'a1', 14),
    ],
  })
  expect(findings).toEqual([
    {
      subject: { key: 'order.coupon', label: 'order.coupon' },
      message: 'coupon of order is not in the plan (3 of 4 events, 2 people)',
      affected: 3,
      unit: 'events',
      firstSeen: '2026-11-10T10:00:00Z',
      lastSeen: '2026-11-12T10:00:00Z',
      events: ['order'],
    },
    {
      subject: { key: 'spin', label: 'spin' },
      message: 'spin is not in the plan (2 events of 1 person)',
      affected: 2,
      unit: 'events',
      firstSeen: '2026-11-14T10:00:00Z',
      lastSeen: '2026-11-15T10:00:00Z',
      events: ['spin'],
    },
  ])
  expect(evidence.map((row) => Object.values(row))).toEqual([
    ['order.coupon', 'order', 'coupon', 'a1', 'u-1', 'ana@shop.test', 2],
    ['order.coupon', 'order', 'coupon', 'a2', null, null, 1],
    ['spin', 'spin', null, 'a1', 'u-1', 'ana@shop.test', 2],
  ])
  expect(population).toBe(6)
})

test.each([
  ['what the plan names', event('order', { total: 1, items: [] })],
  ['the dedupe key', event('order', { key: 'k' })],
  ['a key inside of a list', event('order', { items: [{ colour: 'red' }] })],
  ['an alias', event('sale', { total: 1 })],
  ['an event of which the plan names no property', event('look', { at: 'home' })],
  ['no payload at all', event('order', null)],
  ['a payload that is a list', event('order', [1])],
])('%s: fine', async (_, own) => {
  expect(await of(own)).toEqual([])
})

test.each(['Total', 'to_tal', 'TOTAL', 'total ', 'order.total', 'constructor'])(
  '%s is not total',
  async (name) => {
    expect(await of(event('order', { [name]: 1 }), event('sale', { [name]: 1 }))).toEqual([
      [`order.${name}`, 1],
      [`sale.${name}`, 1],
    ])
  },
)

test('without a plan of the team nothing is judged', async () => {
  const { findings, evidence, population } = await judge(rule, { events: [event('spin', { prize: 1 })] })
  expect([findings, evidence, population]).toEqual([[], [], 0])
  // "There are no …" is the reason why the rule is skipped; events there are.
  expect(rule.meta.unit).toBe('events held against a plan of your own')
})

test('screens are no events', async () => {
  const { findings } = await judge(rule, { plan }, { screens: ['home', 'order'] })
  expect(findings).toEqual([])
})
