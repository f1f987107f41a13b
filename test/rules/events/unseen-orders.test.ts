import { expect, test } from 'vitest'
import rule from '../../../rules/events/unseen-orders.ts'
import type { ExampleWorkspace } from '../../../src/audit/rule.ts'
import { inOrder, judge, messages } from '../support.ts'

type Order = NonNullable<ExampleWorkspace['orders']>[number]
type Event = NonNullable<ExampleWorkspace['events']>[number]

const order = (number: string, rest: Partial<Order> = {}): Order => ({
  number,
  at: '2026-11-20T10:00:00Z',
  ...rest,
})
const purchase = (order_id: unknown, rest: Partial<Event> = {}, data: object = {}): Event => ({
  cio_id: 'a1',
  name: 'purchase',
  at: '2026-11-20T10:00:00Z',
  ...rest,
  data: { order_id, revenue: 5, currency: 'EUR', items: [{ price: 5 }], ...data },
})
/** The file begins and ends far from the rest, and both ends are seen. */
const ends = {
  orders: [order('FIRST', { at: '2026-11-01T00:00:00Z' }), order('LAST', { at: '2026-11-23T10:00:00Z' })],
  events: [
    purchase('FIRST', { at: '2026-11-01T00:00:00Z' }),
    purchase('LAST', { at: '2026-11-23T10:00:00Z' }),
  ],
}
const within = (orders: readonly Order[], events: readonly Event[], rest: ExampleWorkspace = {}) =>
  judge(rule, { ...rest, orders: [...ends.orders, ...orders], events: [...ends.events, ...events] })
const unseenOf = async (orders: readonly Order[], events: readonly Event[]): Promise<unknown[]> =>
  (await within(orders, events)).evidence.map((row) => row['order'])

test.each([
  ['the same', '1001', '1001'],
  ['a sign before it', '#1001', '1001'],
  ['a sign in the event', '1001', '#1001'],
  ['spaces', ' # 1001', ' 1001 '],
  ['case', 'ord-ä1', 'ORD-Ä1'],
  ['a number', '1001', 1001],
])('%s: seen', async (_, number, id) => {
  expect(await unseenOf([order(number.trim())], [purchase(id)])).toEqual([])
})

test.each([
  ['another number', purchase('1002')],
  ['a longer number', purchase('10010')],
  ['leading zeros', purchase('01001')],
  ['no number', purchase(null)],
  ['a sign alone', purchase('#')],
  ['a list', purchase(['1001'])],
  ['a cart', purchase('1001', { name: 'cart_updated' })],
  ['an event that is no purchase', purchase('1001', { name: 'order_shipped' })],
  ['before the window', purchase('1001', { at: '2026-10-24T11:59:59Z' })],
])('%s: unseen', async (_, event) => {
  expect(await unseenOf([order('1001')], [event])).toContain('1001')
})

test.each([
  ['under another name of the number', purchase(undefined, {}, { transaction_id: '1001' })],
  ['another purchase name', purchase('1001', { name: 'order_completed' })],
  ['long after', purchase('1001', { at: '2026-11-23T11:59:00Z' })],
  ['before it', purchase('1001', { at: '2026-11-18T10:00:00Z' })],
  ['money back', purchase('1001', {}, { revenue: -5 })],
  ['no readable revenue', purchase('1001', {}, { revenue: 'five' })],
  ['another currency', purchase('1001', {}, { currency: 'USD' })],
])('%s: seen', async (_, event) => {
  expect(await unseenOf([order('1001')], [event])).toEqual([])
})

test('the window and its last hour', async () => {
  const at = async (time: string) => {
    const { evidence, population, remark } = await within([order('A', { at: time })], [])
    return [evidence.length, population, remark]
  }
  const outside = '1 order of the file lies outside of the window or in its last hour'
  expect(await at('2026-10-24T11:59:59Z')).toEqual([0, 2, outside])
  expect(await at('2026-10-24T12:00:00Z')).toEqual([1, 3, null])
  expect(await at('2026-11-23T11:00:00Z')).toEqual([1, 3, null])
  expect(await at('2026-11-23T11:00:01Z')).toEqual([0, 2, outside])
})

test('whether the customer exists: by id, else by address', async () => {
  const profiles = [
    { cio_id: 'a2', id: ' U-1', email: 'other@shop.test' },
    { cio_id: 'a3', id: 'u-3', email: 'Ana@Shop.test ' },
    { cio_id: 'a1', email: 'ana@shop.test' },
    { cio_id: 'a0', id: ' ', email: 'blank@shop.test' },
  ]
  const orders = [
    order('A', { customer: 'u-1 ', email: 'ana@shop.test' }),
    order('B', { customer: 'u-9', email: ' ANA@shop.test' }),
    order('C', { customer: 'u-9', email: 'bo@shop.test' }),
    order('D', { email: 'no address' }),
    order('E'),
    order('F', { customer: 'u-8' }),
    order('G', { customer: ' ' }),
  ]
  const { findings, evidence } = await within(orders, [], { profiles })
  expect(inOrder(evidence.map((row) => [row['order'], row['cio_id'], row['subject']]))).toEqual([
    ['A', 'a2', '2026-11-20 no platform known'],
    ['B', 'a1', '2026-11-20 no platform known'],
    ['C', null, '2026-11-20 no platform unknown'],
    ['D', null, '2026-11-20 no platform unknown'],
    ['E', null, '2026-11-20 no platform unnamed'],
    ['F', null, '2026-11-20 no platform unknown'],
    ['G', null, '2026-11-20 no platform unknown'],
  ])
  expect(findings.map(({ message }) => message)).toEqual([
    '2 orders of 2026-11-20 (no platform) have no purchase event, by customers who are in the workspace',
    '4 orders of 2026-11-20 (no platform) have no purchase event, by customers who are not in the workspace',
    '1 order of 2026-11-20 (no platform) has no purchase event, by customers whom the file does not name',
  ])
})

test('groups by day and platform, and what a finding and its evidence say', async () => {
  const { findings, evidence, population, doubts } = await within(
    [
      order('A', { platform: 'iOS' }),
      order('B', { platform: 'ios', at: '2026-11-20T23:59:59Z' }),
      order('C', { platform: 'web' }),
      order('D', { platform: 'ios', at: '2026-11-21T00:00:00Z', customer: 'u-1' }),
    ],
    [],
  )
  expect(findings.map(({ subject }) => subject.key)).toEqual([
    '2026-11-20 ios unnamed',
    '2026-11-20 web unnamed',
    '2026-11-21 ios unknown',
  ])
  expect(findings[0]).toEqual({
    subject: { key: '2026-11-20 ios unnamed', label: '2026-11-20 ios unnamed' },
    message: '2 orders of 2026-11-20 (ios) have no purchase event, by customers whom the file does not name',
    affected: 2,
    unit: 'orders',
    firstSeen: '2026-11-20T10:00:00Z',
    lastSeen: '2026-11-20T23:59:59Z',
    events: ['purchase'],
  })
  expect(evidence[3]).toEqual({
    subject: '2026-11-21 ios unknown',
    order: 'D',
    at: '2026-11-21T00:00:00Z',
    cio_id: null,
    id: 'u-1',
    email: null,
    total: 5,
    currency: 'EUR',
    platform: 'ios',
    activity_id: null,
  })
  expect([population, doubts]).toEqual([6, []])
})

test('an order that stands there twice counts once, as it stands there first', async () => {
  const { evidence, population } = await within(
    [order('#A', { platform: 'web' }), order('a', { platform: 'ios' }), order('#a', { platform: 'ios' })],
    [],
  )
  expect(evidence.map((row) => [row['order'], row['platform']])).toEqual([['#A', 'web']])
  expect(population).toBe(3)
})

test('a line whose money went back is no order, and hides none', async () => {
  const { evidence, population, remark } = await within(
    [
      order('C-1', { total: -5 }),
      order('A', { total: -5, platform: 'ios' }),
      order('A', { platform: 'web' }),
      order('FREE', { total: 0 }),
      order('C-2', { total: -5, at: '2026-10-01T00:00:00Z' }),
    ],
    [purchase('C-1', { id: 'e1' })],
  )
  expect(inOrder(evidence.map((row) => [row['order'], row['platform']]))).toEqual([
    ['A', 'web'],
    ['FREE', ''],
  ])
  expect([population, remark]).toEqual([4, null])
})

test('purchases of the time of the file that it does not hold', async () => {
  const profiles = [{ cio_id: 'a1', id: 'u-1', email: 'ana@shop.test' }]
  const { findings, evidence, population } = await within(
    [order('OLD', { at: '2026-10-01T00:00:00Z' })],
    [
      purchase('X', { id: 'e1' }, { platform: 'iOS' }),
      purchase('#y', { id: 'e2' }, { platform: 'ios', revenue: 0 }),
      purchase('Z', { id: 'e3', at: '2026-11-23T10:00:01Z' }),
      purchase('old', { id: 'e4' }),
      purchase('R', { id: 'e5' }, { revenue: -1 }),
      purchase('Q', { id: 'e6' }, { revenue: null }),
      purchase(null, { id: 'e7' }),
      purchase('W', { id: 'e8', at: '2026-11-23T10:00:00Z' }),
    ],
    { profiles },
  )
  expect(findings.map(({ subject, message }) => [subject.key, message])).toEqual([
    [
      '2026-11-20 ios not in the file',
      '2 purchase events of 2026-11-20 (ios) name orders that the file does not hold',
    ],
    [
      '2026-11-23 no platform not in the file',
      '1 purchase event of 2026-11-23 (no platform) names an order that the file does not hold',
    ],
  ])
  expect(findings[0]).toMatchObject({
    affected: 2,
    unit: 'events',
    informative: 'info',
    events: ['purchase'],
  })
  expect(findings[0]?.remediation).toMatch(/leaves out a channel/)
  expect(
    inOrder(evidence.map((row) => [row['activity_id'], row['order'], row['id'], row['email'], row['total']])),
  ).toEqual([
    ['e1', 'X', 'u-1', 'ana@shop.test', 5],
    ['e2', '#Y', 'u-1', 'ana@shop.test', 0],
    ['e8', 'W', 'u-1', 'ana@shop.test', 5],
  ])
  expect(population).toBe(2)
})

test('before the first order of the file nothing is missed', async () => {
  const at = (time: string) =>
    judge(rule, {
      orders: [order('A'), order('B')],
      events: [purchase('A'), purchase('B'), purchase('X', { at: time })],
    })
  expect((await at('2026-11-20T10:00:00Z')).findings).toHaveLength(1)
  expect((await at('2026-11-20T09:59:59Z')).findings).toEqual([])
})

test('purchases without a number are said', async () => {
  const events = [
    purchase(null),
    purchase('null'),
    purchase('#'),
    purchase('LAST'),
    purchase(null, { name: 'cart_updated' }),
    purchase(null, { at: '2026-10-31T10:00:00Z' }),
  ]
  const remark = '3 purchase events of that time carry no order number'
  expect((await within([], events)).remark).toBe(remark)
  // A screen of that name buys nothing.
  const screened = await judge(
    rule,
    { orders: ends.orders, events: [...ends.events, ...events] },
    { screens: ['purchase'] },
  )
  expect(screened.remark).toBe(remark)
})

test('orders whose number is a sign alone', async () => {
  const signs = [
    order('#'),
    order('#', { at: '2026-10-01T00:00:00Z' }),
    order('##', { at: '2026-10-02T00:00:00Z' }),
  ]
  const { evidence, remark } = await within(signs.slice(0, 1), [purchase(null), purchase('X', { id: 'e1' })])
  expect(inOrder(evidence.map((row) => [row['order'], row['activity_id']]))).toEqual([
    ['#', null],
    ['X', 'e1'],
  ])
  expect(remark).toBe('1 purchase event of that time carries no order number')
  expect((await within(signs.slice(1), [])).remark).toBe(
    '2 orders of the file lie outside of the window or in its last hour',
  )
  // Where the file holds nothing else, a cart is no purchase without an order either.
  const carts = [purchase(null, { name: 'cart_updated' }, { cart_value: 5 })]
  const { findings } = await judge(rule, { orders: signs.slice(0, 1), events: carts })
  expect(findings.map(({ subject }) => subject.key)).toEqual(['2026-11-20 no platform unnamed'])
})

test('numbers of two kinds: inconclusive, and nothing is listed', async () => {
  const alien = {
    orders: [order('1001'), order('1002', { at: '2026-11-20T12:00:00Z' })],
    events: [purchase('gid-7'), purchase(null, { at: '2026-11-20T11:00:00Z' })],
  }
  const { findings, evidence, doubts } = await judge(rule, alien)
  expect([findings, evidence]).toEqual([[], []])
  expect(doubts).toEqual([
    'no order number of the file stands in any of 2 purchase events, 1 of which carry none: they may count in different numbers',
  ])
  const one = await judge(rule, { ...alien, events: [...alien.events, purchase('1001')] })
  expect([one.doubts, one.evidence.length]).toEqual([[], 2])
})

test('no purchase event at all is no question of numbers', async () => {
  const { doubts } = await judge(rule, { orders: [order('1')], events: [] })
  expect(doubts).toEqual([])
  expect(messages(await judge(rule, { orders: [order('1')] }))).toHaveLength(1)
})

test('a file of another time proves nothing, which is no question of numbers', async () => {
  const orders = [order('1', { at: '2025-11-20T10:00:00Z' }), order('2', { at: '2026-11-23T11:30:00Z' })]
  const { doubts, population } = await judge(rule, { orders, events: [purchase('X')] })
  expect([doubts, population]).toEqual([['none of the 2 orders of the file can be judged'], 0])
  expect((await within(orders, [])).doubts).toEqual([])
})

test('purchases of files: the platform is that of the call', async () => {
  const { findings } = await judge(rule, {
    orders: [order('A'), order('B')],
    calls: [
      {
        kind: 'event',
        at: '2026-11-20T10:00:00Z',
        user_id: 'u-1',
        name: 'purchase',
        platform: 'android',
        data: { order_id: 'A', revenue: 5 },
      },
      {
        kind: 'event',
        at: '2026-11-20T10:00:00Z',
        user_id: 'u-1',
        name: 'purchase',
        platform: 'android',
        data: { order_id: 'X', revenue: 5 },
      },
    ],
  })
  expect(findings.map(({ subject }) => subject.key)).toEqual([
    '2026-11-20 android not in the file',
    '2026-11-20 no platform unnamed',
  ])
})

test('without a file nothing is judged', async () => {
  const { findings, population, doubts } = await judge(rule, { events: [purchase('A')] })
  expect([findings, population, doubts]).toEqual([[], 0, []])
})

test('a finding is about the purchases of the shop, whatever else was sent', async () => {
  const { findings } = await within([order('1001')], [purchase('C-1', { name: 'cart_updated' })])
  expect(findings.map(({ events }) => events)).toEqual([['purchase']])
})
