import { expect, test } from 'vitest'
import rule from '../../../rules/events/naming-convention.ts'
import { judge } from '../support.ts'

const sent = (...names: string[]) =>
  names.map((name, n) => ({ cio_id: 'a1', name, at: `2026-11-20T10:0${n % 10}:00Z` }))
const of = async (...names: string[]) =>
  (await judge(rule, { events: sent(...names) })).findings.map(({ subject }) => subject.key)
const snakes = ['cart_updated', 'product_viewed', 'order_paid']

test('one finding for each other style, its commonest names first', async () => {
  const { findings, evidence, population } = await judge(rule, {
    events: sent(...snakes, 'Sale Won', 'Sale Lost', 'Sale Lost', 'logged-in', 'purchase'),
  })
  expect(findings).toEqual([
    {
      subject: { key: 'Title Case', label: 'Title Case' },
      message: '2 events are named in Title Case (Sale Lost, Sale Won), while 3 are in snake_case',
      affected: 2,
      unit: 'event names',
      firstSeen: '2026-11-20T10:03:00Z',
      lastSeen: '2026-11-20T10:05:00Z',
      events: ['Sale Lost', 'Sale Won'],
    },
    {
      subject: { key: 'kebab-case', label: 'kebab-case' },
      message: 'One event is named in kebab-case (logged-in), while 3 are in snake_case',
      affected: 1,
      unit: 'event names',
      firstSeen: '2026-11-20T10:06:00Z',
      lastSeen: '2026-11-20T10:06:00Z',
      events: ['logged-in'],
    },
  ])
  expect(evidence.map(({ subject, event, events }) => [subject, event, events])).toEqual([
    ['Title Case', 'Sale Lost', 2],
    ['Title Case', 'Sale Won', 1],
    ['kebab-case', 'logged-in', 1],
  ])
  expect(population).toBe(7)
})

test.each([
  ['added-to-cart', 'kebab-case'],
  ['cart.updated', 'dot.case'],
  ['cart updated', 'lower case'],
  ['cartUpdated', 'camelCase'],
  ['cartURLOpened', 'camelCase'],
  ['CART_UPDATED', 'UPPER CASE'],
  ['CART-UPDATED', 'UPPER CASE'],
  ['CART UPDATED', 'UPPER CASE'],
  ['CART', 'UPPER CASE'],
  ['CartUpdated', 'PascalCase'],
  ['Cart Updated', 'Title Case'],
  ['Added to Cart', 'Title Case'],
  ['Step 2', 'Title Case'],
  ['Purchase', 'Title Case'],
  ['Überweisung Erhalten', 'Title Case'],
  ['Cart updated', 'Sentence case'],
  ['Cart_Updated', 'Title_Snake'],
  ['cart_Updated', 'no style'],
  ['cart__updated', 'no style'],
  ['cart - updated', 'no style'],
  ['  ', 'no style'],
])('%s is %s', async (name, style) => {
  expect(await of(...snakes, name)).toEqual([style])
})

test.each([
  'purchase',
  'step2',
  'überweisung_erhalten',
  'orders/create',
  'orders/partially_paid',
  'Application Installed',
  'Push Notification Tapped',
  'Deep Link Opened',
])('%s: fine beside snake_case', async (name) => {
  expect(await of(...snakes, name)).toEqual([])
})

test.each([
  ['Title Case', ['Cart Updated', 'Product Viewed', 'Order Paid']],
  ['PascalCase', ['CartUpdated', 'ProductViewed', 'OrderPaid']],
  ['Sentence case', ['Cart updated', 'Product viewed', 'Order paid']],
  ['Title_Snake', ['Cart_Updated', 'Product_Viewed', 'Order_Paid']],
])('one capitalised word is %s too', async (_, names) => {
  expect(await of(...names, 'Purchase', 'login')).toEqual([])
})

test('a convention needs three names, and more than any other style', async () => {
  expect(await of('a_b', 'c_d', 'aB')).toEqual([])
  expect(await of('a_b', 'c_d', 'e_f', 'aB', 'cD', 'eF')).toEqual([])
  expect(await of('a_b', 'c_d', 'e_f', 'aB', 'cD')).toEqual(['camelCase'])
  // Names without a style are no convention, however many.
  expect(await of('a_b', 'c_d', 'e_f', 'a__b', 'c__d', 'e__f', 'g__h')).toEqual(['no style'])
  expect(await of('Pay', 'Buy', 'Sell', 'a_b', 'c_d', 'e_f', 'any', 'one', 'two', 'six')).toEqual([
    'Title Case',
  ])
})

test('of many names the first five are told', async () => {
  const names = ['aB', 'aC', 'aD', 'aE', 'aF', 'aG']
  const more = ['g_h', 'i_j', 'k_l', 'm_n']
  const of5 = await judge(rule, { events: sent(...snakes, ...more, ...names.slice(1)) })
  expect(of5.findings[0]?.message).toContain('(aC, aD, aE, aF, aG)')
  const of6 = await judge(rule, { events: sent(...snakes, ...more, ...names) })
  expect(of6.findings[0]?.message).toContain('(aB, aC, aD, aE, aF and 1 more)')
})

test('screens are no events', async () => {
  const { findings, population } = await judge(
    rule,
    { events: sent(...snakes) },
    { screens: ['Home Screen'] },
  )
  expect([findings, population]).toEqual([[], 3])
})
