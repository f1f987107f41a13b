import { expect, test } from 'vitest'
import rule from '../../../rules/journeys/micro-event-trigger.ts'
import { judge } from '../support.ts'

const cart = { intent: 'cart' as const }
const event = (name: string, data: object = {}, minute = 0) => ({
  cio_id: 'a1',
  name,
  at: `2026-11-20T10:${String(minute).padStart(2, '0')}:00Z`,
  data: { ...data },
})
const names = [
  'add_to_cart',
  'Product Added',
  'cartItemRemoved',
  'remove-from-cart',
  'ADD_CART',
  'item.added',
] as const

test.each(names)('%s is a step beside the cart', async (name) => {
  const { findings, evidence } = await judge(rule, {
    plan: { [name]: cart, basket: cart },
    journeys: [{ id: 1, name: 'Cart', event: name }],
    events: [event(name), event('basket', { cart_value: 5 }, 1), event('basket', { cart_value: 6 }, 2)],
  })
  expect(findings).toEqual([
    {
      subject: { key: '1', label: 'Cart' },
      message: `Cart starts from ${name}, a single step, while basket carries the cart (2 events)`,
      affected: 1,
      unit: 'journeys',
      events: [name],
    },
  ])
  expect(evidence).toEqual([{ subject: '1', journey: 'Cart', event: name, full_event: 'basket' }])
})

const step = { id: 1, event: 'add_to_cart' }
test.each([
  [
    'the cart is the trigger',
    { id: 1, event: 'basket' },
    { basket: cart, add_to_cart: cart },
    { cart_value: 5 },
  ],
  ['the cart has no value', step, { basket: cart, add_to_cart: cart }, {}],
  [
    'the other event is no cart event',
    step,
    { basket: { intent: 'checkout' as const }, add_to_cart: cart },
    { cart_value: 5 },
  ],
  ['the step is no cart event', step, { basket: cart, add_to_cart: {} }, { cart_value: 5 }],
  [
    'the journey is a draft',
    { ...step, state: 'draft' as const },
    { basket: cart, add_to_cart: cart },
    { cart_value: 5 },
  ],
  [
    'the word only begins so',
    { id: 1, event: 'address_cart' },
    { basket: cart, address_cart: cart },
    { cart_value: 5 },
  ],
])('no finding where %s', async (_, journey, plan, data) => {
  const { findings } = await judge(rule, {
    plan,
    journeys: [journey],
    events: [event('add_to_cart'), event('address_cart'), event('basket', data, 1)],
  })
  expect(findings).toEqual([])
})

test('another step that carries a value is no full cart; of two carts the commoner is named', async () => {
  const plan = { add_to_cart: cart, remove_item: cart, basket: cart, bag: cart }
  const journeys = [{ id: 1, event: 'add_to_cart' }]
  const steps = [event('add_to_cart'), event('remove_item', { value: 5 }, 1)]
  expect((await judge(rule, { plan, journeys, events: steps })).findings).toEqual([])
  const carts = [
    event('basket', { value: 1 }, 2),
    event('bag', { value: 1 }, 3),
    event('bag', { value: 2 }, 4),
  ]
  const { findings, population } = await judge(rule, { plan, journeys, events: [...steps, ...carts] })
  expect(findings.map(({ message }) => message)).toEqual([
    'Journey 1 starts from add_to_cart, a single step, while bag carries the cart (2 events)',
  ])
  expect(population).toBe(1)
})

test('a screen is no cart, and no step either', async () => {
  const plan = { add_to_cart: cart, basket: cart }
  const journeys = [{ id: 1, event: 'add_to_cart' }]
  const full = event('basket', { value: 5 })
  expect(
    (await judge(rule, { plan, journeys, events: [full] }, { screens: ['add_to_cart'] })).findings,
  ).toEqual([])
  const added = event('add_to_cart')
  expect((await judge(rule, { plan, journeys, events: [added] }, { screens: ['basket'] })).findings).toEqual(
    [],
  )
  expect((await judge(rule, { plan, journeys, events: [added, full] })).findings).toHaveLength(1)
})

test('all journeys that run and that an event starts are asked', async () => {
  const { population } = await judge(rule, {
    journeys: [
      { id: 1, event: 'basket' },
      { id: 2, event: 'basket', state: 'draft' },
      { id: 3, event: 'other', state: 'stopped' },
      { id: 4, triggerSegments: [1] },
      { id: 5, dateAttribute: 'due' },
    ],
  })
  expect(population).toBe(1)
})
