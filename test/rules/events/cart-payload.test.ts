import { expect, test } from 'vitest'
import rule from '../../../rules/events/cart-payload.ts'
import { judge, messages } from '../support.ts'

type Data = Readonly<Record<string, unknown>>
const items = [{ price: 10, quantity: 2 }]
const cart = (n: number, data: Data, name = 'cart_updated') => ({
  id: `e${n}`,
  cio_id: 'a1',
  name,
  at: new Date(Date.UTC(2026, 10, 1, 0, n)).toISOString(),
  data: { currency: 'EUR', items, cart_value: 20, ...data },
})
const usual = (count: number, name?: string) => Array.from({ length: count }, (_, n) => cart(n, {}, name))
const wrongOf = async (events: ReturnType<typeof cart>[]) =>
  (await judge(rule, { events })).evidence.map((row) => [row['activity_id'], row['property']])

test('what is told', async () => {
  const judged = await judge(rule, {
    events: [
      ...usual(20),
      cart(40, { items: [] }),
      cart(41, { cart_value: 30 }),
      cart(42, { cart_value: null }),
    ],
  })
  expect(judged.findings).toEqual([
    {
      subject: { key: 'cart_updated.cart_value', label: 'cart_updated.cart_value' },
      message: 'cart_value is not price x quantity in 1 of 22 cart_updated events, as it is in the others',
      affected: 1,
      unit: 'events',
      population: 22,
      firstSeen: '2026-11-01T00:41:00Z',
      lastSeen: '2026-11-01T00:41:00Z',
      events: ['cart_updated'],
    },
    {
      subject: { key: 'cart_updated.items', label: 'cart_updated.items' },
      message: 'items is empty although the cart has a value in 1 of 22 cart_updated events',
      affected: 1,
      unit: 'events',
      population: 22,
      firstSeen: '2026-11-01T00:40:00Z',
      lastSeen: '2026-11-01T00:40:00Z',
      events: ['cart_updated'],
    },
  ])
  expect(judged.population).toBe(22)
  expect(judged.evidence.map((row) => [row['stated'], row['expected']])).toEqual([
    ['30.0', '20.0'],
    ['20.0', null],
  ])
})

test.each([
  ['emptied', { items: [], cart_value: 0 }, []],
  ['emptied, a value as text', { items: [], cart_value: '0' }, []],
  ['emptied without a value', { items: [], cart_value: null }, []],
  ['a cent for nothing', { items: [], cart_value: 0.01 }, ['items']],
  ['a value as text for nothing', { items: [], cart_value: '9.90' }, ['items']],
  ['less than nothing', { items: [], cart_value: -1 }, []],
  ['other names', { items: undefined, products: [], cart_value: undefined, total: 7 }, ['products']],
  ['no list', { items: undefined, cart_value: 99 }, []],
  ['a value under another name', { cart_value: undefined, total: 99 }, ['total']],
  ['a negative value', { cart_value: -20 }, ['cart_value']],
  ['full, at no value', { cart_value: 0 }, ['cart_value']],
  ['rounded', { cart_value: 20.01 }, []],
  ['twice the lines', { items: [...items, ...items] }, ['cart_value']],
  ['a price of another kind', { items: [{ price: true }], cart_value: 99 }, []],
])('%s', async (_, data, paths) => {
  expect(await wrongOf([...usual(20), cart(40, data)])).toEqual(paths.map((path) => ['e40', path]))
})

test('an empty cart that costs something needs nothing learned; a checkout is a cart', async () => {
  expect(await wrongOf([cart(1, { items: [] }, 'checkout_started')])).toEqual([['e1', 'items']])
  expect(
    await wrongOf([...usual(20, 'checkout_started'), cart(30, { cart_value: 1 }, 'checkout_started')]),
  ).toEqual([['e30', 'cart_value']])
})

test('a purchase is not judged here, and teaches nothing', async () => {
  const orders = Array.from({ length: 30 }, (_, n) => cart(n, { revenue: 20 }, 'purchase'))
  const judged = await judge(rule, {
    events: [
      ...orders,
      cart(60, { revenue: 99 }, 'purchase'),
      cart(61, { items: [], revenue: 3 }, 'purchase'),
    ],
  })
  expect([judged.findings, judged.evidence, judged.doubts]).toEqual([[], [], []])
  expect([judged.population, judged.parts]).toEqual([0, []])
})

test('where no way fits, it says so', async () => {
  const odd = Array.from({ length: 10 }, (_, n) => cart(50 + n, { cart_value: 33 + n }))
  // One without a value is none of them.
  const judged = await judge(rule, { events: [...usual(20), ...odd, cart(70, { cart_value: null })] })
  expect(messages(judged)).toEqual([])
  expect(judged.doubts).toEqual(['no way to come to the value fits 90 % of the 30 cart_updated events'])
})

test('orders of which no way of adding up is known raise no doubt about carts', async () => {
  const odd = Array.from({ length: 30 }, (_, n) =>
    cart(n, { cart_value: undefined, revenue: 33 + n }, 'purchase'),
  )
  expect((await judge(rule, { events: odd })).doubts).toEqual([])
})

test('carts without a list or without a value are not asked, and too few carts raise no doubt', async () => {
  const judged = await judge(rule, {
    events: [
      ...usual(3),
      cart(40, { cart_value: 33 }),
      cart(41, { items: undefined }),
      cart(42, { cart_value: null }),
      cart(43, { items: [] }),
      cart(44, {}, 'checkout_started'),
    ],
  })
  expect(judged.findings.map(({ message }) => message)).toEqual([
    'items is empty although the cart has a value in 1 of 5 cart_updated events',
  ])
  expect([judged.population, judged.doubts]).toEqual([6, []])
  expect(judged.parts).toEqual([
    { label: 'cart_updated', population: 5, event: 'cart_updated' },
    { label: 'checkout_started', population: 1, event: 'checkout_started' },
  ])
})

test('a way that does not fit the carts of one sender is not told of those of another', async () => {
  const from = (platform: string, value: (n: number) => number) =>
    Array.from({ length: 100 }, (_, n) => cart(n, { platform, cart_value: value(n) }))
  const inCents = from('web', (n) => (n % 2 === 0 ? 2000 : 33 + n))
  const judged = await judge(rule, {
    events: [...from('ios', () => 20), ...inCents, cart(200, { platform: 'ios', cart_value: 30 })],
  })
  expect(messages(judged)).toEqual([
    'cart_value is not price x quantity in 1 of 201 cart_updated events, as it is in the others',
  ])
  expect(judged.doubts).toEqual(['no way to come to the value fits 90 % of the 100 cart_updated events'])
})
