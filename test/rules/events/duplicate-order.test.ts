import { expect, test } from 'vitest'
import rule from '../../../rules/events/duplicate-order.ts'
import { judge, messages } from '../support.ts'

const order = (n: number, order_id: unknown, rest: Record<string, unknown> = {}) => {
  const { name = 'purchase', cio_id = 'a1', at = n, ...data } = rest
  return {
    id: `e${n}`,
    cio_id: String(cio_id),
    name: String(name),
    at: new Date(Date.UTC(2026, 10, 20, 10, Number(at))).toISOString(),
    data: { order_id, revenue: 5, currency: 'EUR', items: [{ price: 5 }], ...data },
  }
}
const copiesOf = async (...events: (Omit<ReturnType<typeof order>, 'data'> & { data: object })[]) =>
  (await judge(rule, { events: events.map((e) => ({ ...e, data: { ...e.data } })) })).evidence.map((row) => [
    row['activity_id'],
    row['first_activity_id'],
  ])

test('a name that is left empty does not hide the next one', async () => {
  expect(
    await copiesOf(
      order(1, '', { order_number: 'A-1' }),
      order(2, 'a-1', { order_number: 'A-9' }),
      order(3, '', { order_number: '' }),
      order(4, ''),
      order(5, '  '),
      order(6, ' '),
    ),
  ).toEqual([['e2', 'e1']])
})

test('what is told: the surplus, the orders, and whose profile it is on', async () => {
  const judged = await judge(rule, {
    profiles: [
      { cio_id: 'a1', email: 'ana@shop.test' },
      { cio_id: 'a2', email: 'bo@shop.test' },
    ],
    events: [
      order(3, 'A-1'),
      order(1, 'A-1'),
      order(2, 'A-1', { cio_id: 'a2' }),
      order(4, 'A-2'),
      order(5, 'A-2'),
      order(6, 'A-3'),
      order(7, undefined),
      order(8, null, { name: 'order_completed' }),
    ],
  })
  expect(judged.findings).toEqual([
    {
      subject: { key: 'purchase', label: 'purchase' },
      message: '2 of 3 orders arrived in more than one purchase: 3 too many, 1 of them on another person',
      affected: 3,
      unit: 'events',
      population: 3,
      firstSeen: '2026-11-20T10:02:00Z',
      lastSeen: '2026-11-20T10:05:00Z',
      events: ['purchase'],
    },
  ])
  expect(judged.population).toBe(3)
  expect(judged.evidence[0]).toEqual({
    subject: 'purchase',
    event: 'purchase',
    order: 'A-1',
    cio_id: 'a1',
    id: null,
    email: 'ana@shop.test',
    activity_id: 'e3',
    happened_at: '2026-11-20T10:03:00Z',
    first_activity_id: 'e1',
  })
})

test('on the same person nothing is said of others, even on two profiles', async () => {
  const profiles = [
    { cio_id: 'a1', email: 'ana@shop.test' },
    { cio_id: 'a2', email: 'ana@shop.test' },
  ]
  const judged = await judge(rule, { profiles, events: [order(1, 'A'), order(2, 'A', { cio_id: 'a2' })] })
  expect(messages(judged)).toEqual(['1 of 1 orders arrived in more than one purchase: 1 too many'])
})

test.each([
  ['case', 'ord-1', 'ORD-1'],
  ['spaces', ' ORD-1 ', 'ORD-1'],
  ['a number and the same as text', 1001, '1001'],
  ['letters beyond ASCII', 'ÄB-1', 'äb-1'],
])('%s: one order', async (_, one, other) => {
  expect(await copiesOf(order(1, one), order(2, other))).toEqual([['e2', 'e1']])
})

test('other names of the number, and other currencies of writing', async () => {
  const named = (n: number, data: object) => ({ ...order(n, undefined), data: { revenue: 5, ...data } })
  expect(await copiesOf(named(1, { orderId: 'A' }), named(2, { order_number: 'a' }))).toEqual([['e2', 'e1']])
  expect(await copiesOf(order(1, 'A', { currency: 'eur ' }), order(2, 'A'))).toEqual([['e2', 'e1']])
})

test.each([
  ['another order', [order(1, 'A-1'), order(2, 'A-2')]],
  ['another currency: another shop of the firm', [order(1, 'A'), order(2, 'A', { currency: 'USD' })]],
  ['money back', [order(1, 'A'), order(2, 'A', { revenue: -0.01 })]],
  ['perhaps money back', [order(1, 'A'), order(2, 'A', { revenue: '5 €' })]],
  ['no revenue', [order(1, 'A'), order(2, 'A', { revenue: null })]],
  ['no number', [order(1, null), order(2, null), order(3, ''), order(4, ' ')]],
  ['words for nothing', [order(1, 'undefined'), order(2, 'Undefined'), order(3, 0), order(4, 0)]],
  ['no text and no number', [order(1, ['A']), order(2, ['A']), order(3, { id: 'A' }), order(4, { id: 'A' })]],
  ['truth', [order(1, true), order(2, true)]],
  ['another event', [order(1, 'A'), order(2, 'A', { name: 'order_shipped' })]],
  ['a cart', [1, 2].map((n) => order(n, 'A', { name: 'cart_updated', cart_value: 5 }))],
])('%s: fine', async (_, events) => {
  expect(await copiesOf(...events)).toEqual([])
})

test('what names no order is none', async () => {
  const events = [order(1, 'A'), order(2, ''), order(3, null)]
  expect((await judge(rule, { events })).population).toBe(1)
})

test('free orders count', async () => {
  expect(await copiesOf(order(1, 'A', { revenue: 0 }), order(2, 'A', { revenue: 0 }))).toEqual([['e2', 'e1']])
})

test('names of purchases are compared each with itself', async () => {
  const events = [order(1, 'A'), order(2, 'A', { name: 'order_completed' })]
  expect((await judge(rule, { events })).population).toBe(2)
  expect(await copiesOf(...events)).toEqual([])
})

test('events without an id are told apart', async () => {
  const events = [order(1, 'A'), order(2, 'A')].map((event) => ({ ...event, id: null }))
  const { findings, evidence } = await judge(rule, { events })
  expect(findings[0]?.affected).toBe(1)
  expect(evidence).toHaveLength(1)
})
