import { describe, expect, test } from 'vitest'
import { builtInPlan } from '../../src/config/index.ts'
import { intents } from '../../src/core/plan.ts'

const pattern = (intent: string) => {
  const found = builtInPlan.byIntent.find((one) => one.intent === intent)
  if (found === undefined) throw new Error(`no pattern for ${intent}`)
  return found
}
const requiredOf = (intent: string) =>
  Object.entries(pattern(intent).properties)
    .filter(([, property]) => property.required)
    .map(([name]) => name)
const recommendedOf = (intent: string) =>
  Object.entries(pattern(intent).properties)
    .filter(([, property]) => property.recommended)
    .map(([name]) => name)

test('has one pattern for each intent, in their order, and no events of its own', () => {
  expect(builtInPlan.byIntent.map(({ intent }) => intent)).toEqual(intents)
  expect(Object.keys(builtInPlan.events)).toEqual([])
  expect(builtInPlan.origin).toBe('built-in')
})

test('names no event twice', () => {
  const names = builtInPlan.byIntent.flatMap((one) => one.names)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

describe('knows the names that teams use', () => {
  test.each([
    [
      'product',
      ['product_viewed', 'Product Viewed', 'productViewed', 'view_item', 'ViewContent', 'Viewed Product'],
    ],
    [
      'cart',
      [
        'cart_updated',
        'add_to_cart',
        'Product Added',
        'Cart Viewed',
        'product_added_to_cart',
        'AddToCart',
        'addToCart',
        'added_to_cart',
        'carts/update',
        'remove_from_cart',
      ],
    ],
    [
      'checkout',
      [
        'checkout_started',
        'Checkout Started',
        'begin_checkout',
        'InitiateCheckout',
        'checkouts/create',
        'Started Checkout',
        'checkoutStarted',
      ],
    ],
    [
      'purchase',
      [
        'purchase',
        'Purchase',
        'Order Completed',
        'checkout_completed',
        'orders/create',
        'order_placed',
        'Placed Order',
        'orderCompleted',
      ],
    ],
    [
      'engagement',
      [
        'search',
        'Products Searched',
        'search_submitted',
        'Product Added to Wishlist',
        'add_to_wishlist',
        'Product List Viewed',
      ],
    ],
    ['lifecycle', ['login', 'signup', 'sign_up', 'Signed Up', 'logout', 'Account Created']],
    [
      'noise',
      [
        'screen_view',
        'scroll',
        'app_opened',
        'session_started',
        'Application Opened',
        'Application Backgrounded',
        'session_start',
        'page_viewed',
        'app_open',
      ],
    ],
  ])('%s', (intent, names) => {
    expect(pattern(intent).names).toEqual(expect.arrayContaining(names))
  })
})

test('prefers an event with the whole cart to the steps that lead to it', () => {
  const { names } = pattern('cart')
  const place = (name: string) => names.indexOf(name)
  expect(names[0]).toBe('cart_updated')
  for (const step of ['add_to_cart', 'Product Added', 'product_added_to_cart', 'remove_from_cart']) {
    for (const whole of ['cart_updated', 'Cart Updated', 'carts/update', 'Cart Viewed', 'cart_viewed']) {
      expect(place(whole), `${whole} before ${step}`).toBeLessThan(place(step))
    }
  }
  expect(place('add_to_cart')).toBeLessThan(place('remove_from_cart'))
})

test.each([
  ['product', ['product_id', 'price'], ['sku', 'name', 'category']],
  ['cart', ['items', 'cart_value', 'currency'], ['cart_id']],
  ['checkout', ['items', 'cart_value', 'currency'], ['cart_id']],
  ['purchase', ['order_id', 'revenue', 'items'], ['discount', 'shipping']],
  ['engagement', [], []],
  ['lifecycle', [], []],
  ['noise', [], []],
])('%s requires %j and recommends %j', (intent, required, recommended) => {
  expect(requiredOf(intent)).toEqual(required)
  expect(recommendedOf(intent)).toEqual(recommended)
})

test('is critical where a journey loses its trigger', () => {
  expect(builtInPlan.byIntent.filter(({ critical }) => critical).map(({ intent }) => intent)).toEqual([
    'cart',
    'checkout',
    'purchase',
  ])
})

test('a property and its alternatives do not overlap with another required one', () => {
  for (const { properties } of builtInPlan.byIntent) {
    const required = Object.entries(properties).filter(([, property]) => property.required)
    const names = required.flatMap(([name, property]) => [name, ...(property.alternatives ?? [])])
    expect(new Set(names).size).toBe(names.length)
  }
})

test('takes an id as a number or as text: both are ids, and no team was told which to send', () => {
  expect(pattern('product').properties['product_id']?.type).toBe('json')
  expect(pattern('purchase').properties['order_id']?.type).toBe('json')
  expect(pattern('purchase').properties['revenue']?.type).toBe('number')
})

test('takes no order id for a dedupe key', () => {
  for (const { dedupeKeys } of builtInPlan.byIntent) {
    expect(dedupeKeys[0]).toBe('event_id')
    expect(dedupeKeys.filter((key) => key.includes('order'))).toEqual([])
  }
})

test('recommends the durable attributes and requires none', () => {
  expect(Object.keys(builtInPlan.attributes).toSorted()).toEqual([
    'app_version',
    'country',
    'customer_id',
    'customer_tier',
    'last_purchase_at',
    'locale',
    'push_opt_in',
  ])
  for (const attribute of Object.values(builtInPlan.attributes)) {
    expect(attribute.required).toBe(false)
    expect(attribute.recommended).toBe(true)
  }
  expect(builtInPlan.attributes['last_purchase_at']?.type).toBe('timestamp')
  expect(builtInPlan.attributes['push_opt_in']?.type).toBe('boolean')
})

test('finds nothing under names that nobody wrote', () => {
  expect(builtInPlan.attributes['constructor']).toBeUndefined()
  expect(builtInPlan.events['__proto__']).toBeUndefined()
  expect(pattern('cart').properties['toString']).toBeUndefined()
})
