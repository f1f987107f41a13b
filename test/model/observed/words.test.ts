import { expect, test } from 'vitest'
import {
  isClosedSet,
  isMeasured,
  isNeverNegative,
  isNumbered,
  isOrigin,
  keyRank,
  suggests,
  wordsOf,
} from '../../../src/model/observed/words.ts'

test.each([
  ['cartValue', ['cart', 'value']],
  ['Cart Value', ['cart', 'value']],
  ['__cart--value2', ['cart', 'value2']],
  ['größe_cm', ['größe', 'cm']],
  ['', []],
])('the words of %j', (name, words) => {
  expect(wordsOf(name)).toEqual(words)
})

test('a name suggests a type by one of its words', () => {
  expect(suggests('last_seen_at', 'timestamp')).toBe(true)
  expect(suggests('mobile_number', 'phone')).toBe(true)
  expect(suggests('attic', 'timestamp')).toBe(false)
  // No name suggests these: their form tells them.
  expect(suggests('email', 'email')).toBe(false)
})

test('what is measured may have decimals', () => {
  expect([isMeasured('cart_value'), isMeasured('valueOf'), isMeasured('seats')]).toEqual([true, true, false])
})

test('amounts that are never below zero, unless money goes back', () => {
  const both = (name: string) => [isNeverNegative(name, false), isNeverNegative(name, true)]
  expect(both('price')).toEqual([true, true])
  expect(both('unitPrice')).toEqual([true, true])
  expect(both('cartValue')).toEqual([true, true])
  expect(both('total')).toEqual([true, false])
  expect(both('Total')).toEqual([true, false])
  expect(both('balance')).toEqual([false, false])
})

test('sets and origins by the last word', () => {
  expect(['order_status', 'status_text', 'Type', ''].map(isClosedSet)).toEqual([true, false, true, false])
  expect(['app_platform', 'platform_name', 'OS', ''].map(isOrigin)).toEqual([true, false, true, false])
})

test('keys by their name, the best first; those of orders in purchases alone', () => {
  expect(['event_id', 'eventId', 'uuid', 'order_id'].map((name) => keyRank(name, true))).toEqual([0, 0, 6, 7])
  expect([keyRank('order_id', false), keyRank('thing', true)]).toEqual([null, null])
})

test('what a counter gives out', () => {
  const names = ['order_id', 'cartNumber', 'invoice no', 'product_id', 'order_total', 'order', '']
  expect(names.map(isNumbered)).toEqual([true, true, true, false, false, false, false])
})
