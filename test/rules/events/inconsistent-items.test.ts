import { expect, test } from 'vitest'
import rule from '../../../rules/events/inconsistent-items.ts'
import { judge } from '../support.ts'

const line = { sku: 'A', price: 10 }
const cart = (n: number, items: unknown, name = 'cart_updated') => ({
  id: `e${n}`,
  cio_id: 'a1',
  name,
  at: new Date(Date.UTC(2026, 10, 1, 0, n)).toISOString(),
  data: { cart_value: 10, currency: 'EUR', items },
})
const many = (count: number, items: unknown = [line], first = 0) =>
  Array.from({ length: count }, (_, n) => cart(first + n, items))
const foundIn = async (events: ReturnType<typeof cart>[]) =>
  (await judge(rule, { events })).evidence.map((row) => row['found'])

test('what is told', async () => {
  const judged = await judge(rule, {
    events: [
      ...many(39),
      cart(50, [{ ...line, price: '10' }]),
      // Neither says anything of lists.
      cart(55, []),
      cart(56, undefined),
      cart(57, undefined, 'checkout_started'),
      cart(58, ' '),
    ],
  })
  expect(judged.findings).toEqual([
    {
      subject: { key: 'cart_updated.items', label: 'cart_updated.items' },
      message: 'items looks different in 1 of 40 cart_updated events: price is text',
      affected: 1,
      unit: 'events',
      population: 40,
      firstSeen: '2026-11-01T00:50:00Z',
      lastSeen: '2026-11-01T00:50:00Z',
      events: ['cart_updated'],
    },
  ])
  expect(judged.population).toBe(40)
  expect(judged.parts).toEqual([{ label: 'cart_updated', population: 40, event: 'cart_updated' }])
  expect(judged.evidence).toEqual([
    {
      subject: 'cart_updated.items',
      event: 'cart_updated',
      property: 'items',
      cio_id: 'a1',
      id: null,
      email: null,
      activity_id: 'e50',
      happened_at: '2026-11-01T00:50:00Z',
      found: 'price is text',
    },
  ])
})

test.each([
  ['a list in a text', '[{"sku":"A"}]', ['JSON text']],
  ['an object in a text', ' {"0":1}', ['JSON text']],
  ['a text', 'A, B', ['text']],
  ['a number', 2, ['number']],
  ['an object', { 0: line }, ['object']],
  ['the truth', true, ['boolean']],
  ['texts', ['A', 'B'], ['a list of other things than objects']],
  ['texts and objects', ['A', line], ['a list of other things than objects']],
  ['lists', [[line]], ['a list of other things than objects']],
  ['two types', [line, { ...line, price: 'x' }], ['price is number and text']],
  ['another type', [{ ...line, sku: 1 }], ['sku is number']],
  ['an object for a price', [{ ...line, price: { amount: 1 } }], ['price is object']],
  ['a list for a name', [{ ...line, sku: ['A'] }], ['sku is array']],
  ['the truth for a price', [{ ...line, price: true }], ['price is boolean']],
  ['a key that is missing', [line, { price: 1 }], ['sku is missing']],
  ['a null in its place', [{ ...line, sku: null }], ['sku is missing']],
  ['two faults', [{ sku: 1 }], ['price is missing, sku is number']],
  ['a decimal price', [{ ...line, price: 9.5 }], []],
  ['a key more', [{ ...line, gift: true }], []],
  ['an empty list', [], []],
  ['nothing', null, []],
  ['an empty text', ' ', []],
])('%s', async (_, items, found) => {
  expect(await foundIn([...many(40), cart(90, items)])).toEqual(found)
})

test('an object without keys is an object', async () => {
  const plain = { ...line, properties: {} }
  const engraved = { ...line, properties: { engraving: 'To Ana' } }
  expect(await foundIn([...many(40, [plain]), cart(90, [engraved]), cart(91, [plain, engraved])])).toEqual([])
  expect(
    await foundIn([...many(40, [engraved]), cart(90, [plain]), cart(91, [{ ...line, properties: 1 }])]),
  ).toEqual(['properties is number'])
  expect(await foundIn([...many(40), cart(90, [line, {}])])).toEqual(['price is missing, sku is missing'])
})

test('texts are no lists that others could look like', async () => {
  const events = [...many(38), ...many(2, [{ price: 10 }], 60), cart(90, 'A')]
  expect(await foundIn(events)).toEqual(['sku is missing', 'sku is missing', 'text'])
})

test('a key that some elements of each list have may be missing, and has no usual type where it has two', async () => {
  const gift = (kind: unknown) => [line, { ...line, gift: kind }]
  expect(await foundIn([...many(20, gift('card')), ...many(4, gift(1), 60)])).toEqual([])
})

test('what 95 % look like is usual', async () => {
  const odd = [{ sku: 1, price: 10 }]
  expect(await foundIn([...many(38), ...many(2, odd, 60)])).toEqual(['sku is number', 'sku is number'])
  expect(await foundIn([...many(37), ...many(2, odd, 60)])).toEqual([])
  const short = [{ price: 10 }]
  expect(await foundIn([...many(38), ...many(2, short, 60)])).toHaveLength(2)
  expect(await foundIn([...many(37), ...many(2, short, 60)])).toEqual([])
})

test('under twenty lists nothing is usual, but two types in one list are wrong', async () => {
  expect(await foundIn([...many(18), cart(50, [{ price: 1 }])])).toEqual([])
  expect(await foundIn([...many(19), cart(50, [{ price: 1 }])])).toEqual(['sku is missing'])
  expect(await foundIn([cart(50, [line, { ...line, sku: 1 }])])).toEqual(['sku is number and text'])
})

test('a key that the plan names may be missing here, and has its type all the same', async () => {
  const sku = { type: 'string', required: true, recommended: false } as const
  const list = { type: 'array', required: true, recommended: false } as const
  const items = { ...list, items: { sku } }
  // What is in another list is none of these keys.
  const gifts = { ...list, items: { price: sku } }
  const plan = { cart_updated: { intent: 'cart' as const, properties: { items, gifts } } }
  const events = [
    ...many(40),
    cart(90, [{ price: 1 }]),
    cart(91, [{ ...line, sku: 2 }]),
    cart(92, [{ sku: 'A' }]),
  ]
  const { evidence } = await judge(rule, { plan, events })
  expect(evidence.map((row) => row['found'])).toEqual(['sku is number', 'price is missing'])
})

test('each event has looks of its own, under whatever name the list stands', async () => {
  const orders = many(30, [{ id: 7 }]).map((event) => ({ ...event, name: 'purchase' }))
  expect(await foundIn([...many(30), ...orders])).toEqual([])
  const named = many(30).map((event) => ({ ...event, data: { cart_value: 1, products: event.data.items } }))
  const { findings } = await judge(rule, {
    events: [...named, { ...cart(99, null), data: { cart_value: 1, products: 'A' } }],
  })
  expect(findings.map(({ subject }) => subject.key)).toEqual(['cart_updated.products'])
})

test('an event that is no cart is not looked at', async () => {
  const others = [cart(1, 'A', 'quiz'), cart(2, 'A', 'product_viewed')]
  for (const carts of [[], many(1)]) {
    const { evidence, population } = await judge(rule, { events: [...others, ...carts] })
    expect([evidence, population]).toEqual([[], carts.length])
  }
})
