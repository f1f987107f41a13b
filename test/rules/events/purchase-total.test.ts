import { expect, test } from 'vitest'
import rule from '../../../rules/events/purchase-total.ts'
import { judge, messages } from '../support.ts'

type Data = Readonly<Record<string, unknown>>
const order = (n: number, data: Data, name = 'purchase') => ({
  id: `e${n}`,
  cio_id: 'a1',
  name,
  at: new Date(Date.UTC(2026, 10, 1, 0, n)).toISOString(),
  data: { order_id: `o-${n}`, currency: 'EUR', ...data },
})
const many = (count: number, data: Data, first = 0) =>
  Array.from({ length: count }, (_, n) => order(first + n, data))
const items = [
  { price: 10, quantity: 2 },
  { price: 5, quantity: 1 },
]
const plain = { revenue: 25, items }
const wrongOf = async (events: ReturnType<typeof order>[]) =>
  (await judge(rule, { events })).evidence.map((row) => row['activity_id'])

test.each([
  ['price x quantity', { revenue: 25 }],
  ['price x quantity - discount', { revenue: 22, discount: 3 }],
  ['price x quantity + discount', { revenue: 22, discount: -3 }],
  ['price x quantity + shipping', { revenue: 29.5, shipping: 4.5 }],
  ['price x quantity + tax', { revenue: 27, tax: 2 }],
  ['price x quantity + shipping + tax', { revenue: 31.5, shipping: 4.5, tax: 2 }],
  ['price x quantity - discount + tax', { revenue: 24, discount: 3, tax: 2 }],
  ['price x quantity - discount + shipping', { revenue: 26.5, discount: 3, shipping: 4.5 }],
  ['price x quantity - discount + shipping + tax', { revenue: 28.5, discount: 3, shipping: 4.5, tax: 2 }],
  ['price x quantity, in hundredths of it', { revenue: 2500 }],
  ['price x quantity, in hundreds of it', { revenue: 0.25 }],
  ['price x quantity, in hundredths of it', { revenue: 2500, discount: 3, shipping: 4.5 }],
])('%s is learned', async (words, data) => {
  const judged = await judge(rule, {
    events: [...many(20, { items, ...data }), order(50, { items, ...data, revenue: 7777 })],
  })
  expect(messages(judged)).toEqual([
    `revenue is not ${words} in 1 of 21 purchase events, as it is in the others`,
  ])
  expect(judged.doubts).toEqual([])
})

test('what is told', async () => {
  const judged = await judge(rule, { events: [...many(20, plain), order(30, { ...plain, revenue: 26.5 })] })
  expect(judged.findings).toEqual([
    {
      subject: { key: 'purchase.revenue', label: 'purchase.revenue' },
      message: 'revenue is not price x quantity in 1 of 21 purchase events, as it is in the others',
      affected: 1,
      unit: 'events',
      population: 21,
      firstSeen: '2026-11-01T00:30:00Z',
      lastSeen: '2026-11-01T00:30:00Z',
      events: ['purchase'],
    },
  ])
  expect(judged.evidence).toEqual([
    {
      subject: 'purchase.revenue',
      event: 'purchase',
      property: 'revenue',
      cio_id: 'a1',
      id: null,
      email: null,
      activity_id: 'e30',
      happened_at: '2026-11-01T00:30:00Z',
      stated: '26.5',
      expected: '25.0',
    },
  ])
})

test.each([
  ['five cents', plain, { revenue: 25.05 }, 0],
  ['six cents', plain, { revenue: 25.06 }, 1],
  ['five cents less', plain, { revenue: 24.95 }, 0],
  ['six cents less', plain, { revenue: 24.94 }, 1],
  ['a thousandth of a large order', plain, { revenue: 1001, items: [{ price: 1000 }] }, 0],
  ['more than a thousandth', plain, { revenue: 1001.1, items: [{ price: 1000 }] }, 1],
  ['a refund', plain, { revenue: -3 }, 0],
  ['nothing paid', plain, { revenue: 0 }, 1],
  ['nothing paid for nothing', plain, { revenue: 0, items: [{ price: 0 }] }, 0],
  ['no lines', plain, { revenue: 99, items: [] }, 0],
  ['no list', plain, { revenue: 99, items: null }, 0],
  ['a list in a text', plain, { revenue: 99, items: '[{"price":1}]' }, 0],
  ['a line without a price', plain, { revenue: 99, items: [{ price: 1 }, { quantity: 1 }] }, 0],
  ['a price that is no number', plain, { revenue: 99, items: [{ price: '12,90' }] }, 0],
  ['a price as text', plain, { revenue: 12.9, items: [{ price: '12.90' }] }, 0],
  ['a wrong sum of prices as text', plain, { revenue: 99, items: [{ price: '12.90' }] }, 1],
  ['a quantity that is no number', plain, { revenue: 99, items: [{ price: 1, quantity: 'two' }] }, 0],
  ['one piece where nothing is said', plain, { revenue: 10, items: [{ price: 10 }] }, 0],
  ['other names of the parts', plain, { revenue: 20, items: [{ unit_price: 10, qty: 2 }] }, 0],
  ['no revenue', plain, { revenue: null }, 0],
  ['a revenue that is no number', plain, { revenue: '99 €' }, 0],
  ['lines that are no objects', plain, { revenue: 99, items: ['P1', 'P2'] }, 0],
  ['a discount that is no number', plain, { revenue: 99, discount: '10%' }, 0],
  ['shipping that is no number', plain, { revenue: 99, shipping: 'free' }, 0],
  ['a tax that is no number', plain, { revenue: 99, tax: {} }, 0],
])('%s', async (_, usual, data, count) => {
  expect(await wrongOf([...many(30, usual), order(50, { ...usual, ...data })])).toHaveLength(count)
})

test('of two ways that fit as often the simpler is meant', async () => {
  const judged = await judge(rule, {
    events: [
      ...many(20, { ...plain, discount: 0, shipping: 0, tax: 0 }),
      order(50, { ...plain, revenue: 9 }),
    ],
  })
  expect(messages(judged)[0]).toContain('is not price x quantity in')
})

test('under twenty purchases nothing is learned', async () => {
  const few = await judge(rule, { events: [...many(18, plain), order(50, { ...plain, revenue: 99 })] })
  expect([few.findings, few.doubts]).toEqual([[], []])
  expect(await wrongOf([...many(19, plain), order(50, { ...plain, revenue: 99 })])).toEqual(['e50'])
  // Only the currencies were looked at.
  expect(few.population).toBe(19)
})

test('orders that cannot be added up are none of the others', async () => {
  const unreadable: readonly Data[] = [
    { revenue: null },
    { items: null },
    { items: [] },
    { discount: '10%' },
    { shipping: 'free' },
    { tax: {} },
  ]
  const events = unreadable.map((data, n) => order(60 + n, { ...plain, ...data }))
  const judged = await judge(rule, {
    events: [...many(20, plain), order(50, { ...plain, revenue: 9 }), ...events],
  })
  expect(messages(judged)).toEqual([
    'revenue is not price x quantity in 1 of 21 purchase events, as it is in the others',
  ])
})

test('twenty orders are enough to raise a doubt', async () => {
  const odd = Array.from({ length: 20 }, (_, n) => order(n, { ...plain, revenue: 33 + n }))
  const { doubts } = await judge(rule, { events: odd })
  expect(doubts).toEqual(['no way to come to the total fits 90 % of the 20 purchase events'])
  expect((await judge(rule, { events: odd.slice(1) })).doubts).toEqual([])
})

test('nine in ten are believed, fewer are not', async () => {
  const wrong = { ...plain, revenue: 99 }
  expect(await wrongOf([...many(27, plain), ...many(3, wrong, 50)])).toHaveLength(3)
  const doubtful = await judge(rule, { events: [...many(26, plain), ...many(3, wrong, 50)] })
  expect(doubtful.findings).toEqual([])
  expect(doubtful.doubts).toEqual(['no way to come to the total fits 90 % of the 29 purchase events'])
})

test('a platform with a hundred purchases has a way of its own', async () => {
  const till = (count: number, data: Data) => many(count, { ...data, platform: 'POS' }, 200)
  const withTax = { items, revenue: 27, tax: 2 }
  expect(await wrongOf([...many(1000, { ...plain, tax: 2 }), ...till(100, withTax)])).toEqual([])
  const few = await judge(rule, { events: [...many(1000, { ...plain, tax: 2 }), ...till(99, withTax)] })
  expect(few.findings[0]?.affected).toBe(99)
  // Twenty of these are enough to learn from, because all of them are.
  const lone = [...till(99, withTax), order(400, { ...withTax, platform: 'web', revenue: 3 })]
  expect(await wrongOf(lone)).toEqual(['e400'])
})

test('carts do not teach what an order costs', async () => {
  const carts = (value: (n: number) => number) =>
    Array.from({ length: 50 }, (_, n) => order(n, { cart_value: value(n), items }, 'cart_updated'))
  const wrong = order(90, { cart_value: 9, items: [] }, 'cart_updated')
  for (const value of [() => 25, (n: number) => 33 + n]) {
    const judged = await judge(rule, { events: [...carts(value), wrong, ...many(10, plain, 60)] })
    expect([judged.findings, judged.evidence, judged.doubts]).toEqual([[], [], []])
    expect(judged.population).toBe(10)
    expect(judged.parts).toEqual([{ label: 'purchase', population: 10, event: 'purchase' }])
  }
})

test('too few orders raise no doubt, and those without a currency are not asked for one', async () => {
  const judged = await judge(rule, {
    events: [...many(5, { ...plain, currency: '' }), order(9, { revenue: 3 })],
  })
  expect([judged.findings, judged.doubts, judged.population]).toEqual([[], [], 1])
  expect(judged.parts).toEqual([{ label: 'purchase', population: 1, event: 'purchase' }])
})

test('a way that does not fit the orders of one sender is not told of those of another', async () => {
  const from = (platform: string, revenue: (n: number) => number) =>
    Array.from({ length: 100 }, (_, n) => order(n, { platform, items, revenue: revenue(n) }))
  const inCents = from('web', (n) => (n % 2 === 0 ? 2500 : 33 + n))
  const judged = await judge(rule, {
    events: [...from('ios', () => 25), ...inCents, order(200, { platform: 'ios', items, revenue: 30 })],
  })
  expect(messages(judged)).toEqual([
    'revenue is not price x quantity in 1 of 101 purchase events, as it is in the others',
  ])
})

test.each([
  ['Euro', 'EURO'],
  ['€', '€'],
  ['XX1', 'XX1'],
  [978, '978'],
])('%s is no currency', async (currency, stated) => {
  const judged = await judge(rule, {
    events: [
      ...many(3, { revenue: 1 }),
      order(8, { currency: '', revenue: 1 }),
      order(9, { currency, revenue: 1 }),
    ],
  })
  expect(messages(judged)).toEqual([`currency is no code of ISO 4217 in 1 of 4 purchase events: ${stated}`])
})

test.each(['eur', ' USD ', 'jpy', '', ' ', null])('%j is fine, or missing', async (currency) => {
  expect(await wrongOf([order(9, { currency, revenue: 1 })])).toEqual([])
})

test('a cart in no currency is not ours, and a refund in one is', async () => {
  expect(await wrongOf([order(9, { currency: 'Euro', cart_value: 1 }, 'cart_updated')])).toEqual([])
  expect(await wrongOf([order(9, { currency: 'Euro', revenue: -1 })])).toEqual(['e9'])
})
