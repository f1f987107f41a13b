import { expect, test } from 'vitest'
import type { ValueFacts } from '../../../src/model/observed/facts.ts'
import {
  closedSets,
  inferAttribute,
  inferProperty,
  percentOf,
} from '../../../src/model/observed/infer-value.ts'

type Kinds = ValueFacts['kinds']
type Reads = ValueFacts['reads']
const noKinds: Kinds = { text: 0, number: 0, boolean: 0, array: 0, object: 0 }
const noReads: Reads = {
  boolean: 0,
  integer: 0,
  number: 0,
  timestamp: 0,
  date: 0,
  email: 0,
  phone: 0,
  url: 0,
  country: 0,
  locale: 0,
  currency: 0,
  array: 0,
  object: 0,
}
interface Given extends Partial<Omit<ValueFacts, 'kinds' | 'reads'>> {
  readonly kinds?: Partial<Kinds>
  readonly reads?: Partial<Reads>
}
/** A text of a hundred different values, where nothing else is said. */
function facts({ kinds, reads, ...given }: Given = {}): ValueFacts {
  const filled = given.filled ?? 100
  return {
    path: 1,
    event: 1,
    parent: 0,
    key: 'thing',
    of: filled,
    filled,
    emptyLists: 0,
    audiences: {
      known: { of: filled, filled },
      'app-users': { of: 0, filled: 0 },
      customers: { of: 0, filled: 0 },
    },
    kinds: { ...noKinds, ...(kinds ?? { text: filled }) },
    reads: { ...noReads, ...reads },
    low: null,
    high: null,
    distinct: 100,
    top: [],
    prefix: null,
    ...given,
  }
}
const numbers = (given: Given = {}): ValueFacts => facts({ kinds: { number: given.filled ?? 100 }, ...given })
const property = (
  given: ValueFacts,
  isPurchase = false,
  sets: ReadonlyMap<string, readonly string[]> = new Map(),
) => inferProperty(given, { isPurchase, sets })
/** Values of a set, each as often as it says. */
const top = (...times: readonly number[]) => times.map((n, at) => ({ value: `v${at}`, times: n }))
const inSet = (given: Given = {}): ValueFacts =>
  facts({ key: 'status', distinct: 2, top: top(60, 40), ...given })

test('nine in ten of one kind make a type, and what is otherwise is said', () => {
  expect(property(facts({ kinds: { text: 90, number: 10 } }))).toEqual({
    value: { type: 'string' },
    seen: 'text, 100 different; otherwise 10 % number, which the plan makes a defect',
  })
  expect(property(facts({ kinds: { text: 89, number: 6, boolean: 5 } }))).toEqual({
    value: { type: 'json' },
    seen: 'no type: 89 % text, 6 % number, 5 % boolean',
  })
  // All of one kind leave nothing over, and kinds that never came are not named.
  expect(property(facts()).seen).toBe('text, 100 different')
})

test.each([
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'an object'],
] as const)('JSON tells %s', (kind, seen) => {
  expect(property(facts({ kinds: { [kind]: 100 } }))).toEqual({ value: { type: kind }, seen })
})

test('numbers', () => {
  const whole = { integer: 100, number: 100 }
  expect(property(numbers({ low: 1, high: 9, reads: whole }))).toEqual({
    value: { type: 'integer' },
    seen: 'whole numbers from 1 to 9',
  })
  expect(property(numbers({ reads: whole })).seen).toBe('whole numbers')
  expect(property(numbers({ low: 1, reads: whole })).seen).toBe('whole numbers')
  expect(property(numbers({ high: 1, reads: whole })).seen).toBe('whole numbers')
  // Of ninety-nine nobody knows, of 98 in 100 it is not so, and a price may have cents tomorrow.
  expect(property(numbers({ filled: 99, reads: { integer: 99 } })).value.type).toBe('number')
  expect(property(numbers({ reads: { integer: 99 } })).value.type).toBe('integer')
  expect(property(numbers({ reads: { integer: 98 } })).value.type).toBe('number')
  expect(property(numbers({ key: 'price', reads: whole })).value.type).toBe('number')
  expect(property(numbers({ low: 0.5, high: 2 })).seen).toBe('numbers from 0.5 to 2')
})

test('a floor of zero', () => {
  const floorOf = (given: Given, isPurchase = false) =>
    property(numbers({ low: 0, high: 9, ...given }), isPurchase).value.min
  expect(floorOf({ key: 'price' })).toBe(0)
  expect(floorOf({ key: 'quantity', reads: { integer: 100 } })).toBe(0)
  expect(floorOf({ key: 'price', filled: 99 })).toBe(undefined)
  expect(floorOf({ key: 'price', low: -1 })).toBe(undefined)
  expect(floorOf({ key: 'price', low: null })).toBe(undefined)
  expect(floorOf({ key: 'degrees' })).toBe(undefined)
  expect(floorOf({ key: 'total' })).toBe(0)
  expect(floorOf({ key: 'total' }, true)).toBe(undefined)
})

test('Unix seconds need a name, a size, and nine in ten', () => {
  const typeOf = (given: Given) =>
    property(numbers({ key: 'seen_at', low: 1e9, high: 1e9, reads: { timestamp: 90 }, ...given })).value.type
  expect(typeOf({})).toBe('timestamp')
  expect(typeOf({ key: 'seen' })).toBe('number')
  expect(typeOf({ high: 1e9 - 1 })).toBe('number')
  expect(typeOf({ high: null })).toBe('number')
  expect(typeOf({ reads: { timestamp: 89 } })).toBe('number')
  expect(property(numbers({ key: 'seen_at', high: 2e9, reads: { timestamp: 100 } })).seen).toBe(
    'Unix seconds',
  )
})

test('texts by their form, and by their form and name', () => {
  const typeOf = (key: string, reads: Partial<Reads>) => property(facts({ key, reads })).value.type
  expect(typeOf('x', { email: 99 })).toBe('email')
  expect(typeOf('x', { email: 98 })).toBe('string')
  expect(typeOf('x', { url: 100 })).toBe('url')
  expect(typeOf('x', { date: 100 })).toBe('date')
  expect(typeOf('currency', { currency: 95 })).toBe('currency')
  expect(typeOf('currency', { currency: 94 })).toBe('string')
  expect(typeOf('currency', {})).toBe('string')
  expect(typeOf('x', { currency: 100 })).toBe('string')
  expect(property(facts({ reads: { email: 100 } })).seen).toBe('reads as email')
  // Of the texts; what is no text is told for itself.
  const mixed = facts({ filled: 200, kinds: { text: 199, number: 1 }, reads: { email: 198 } })
  expect(property(mixed).seen).toBe(
    'reads as email; 0.5 % otherwise, which the plan makes a defect; otherwise 0.5 % number, which the plan makes a defect',
  )
})

test('a closed set', () => {
  expect(property(inSet())).toEqual({
    value: { type: 'string', enum: ['v0', 'v1'] },
    seen: 'text, always one of 2: "v0" 60 %, "v1" 40 %',
  })
  const enumOf = (given: Given) => property(inSet(given)).value.enum
  expect(enumOf({ key: 'brand' })).toBe(undefined)
  expect(enumOf({ filled: 99 })).toBe(undefined)
  expect(enumOf({ distinct: 11 })).toBe(undefined)
  expect(enumOf({ distinct: 0, top: [] })).toBe(undefined)
  expect(enumOf({ distinct: 10, top: top(55, 5, 5, 5, 5, 5, 5, 5, 5, 5) })).toHaveLength(10)
  expect(enumOf({ top: top(96, 4) })).toBe(undefined)
  expect(enumOf({ top: top(95, 5) })).toEqual(['v0', 'v1'])
  expect(enumOf({ top: [{ value: 'Gold, really!', times: 100 }] })).toBe(undefined)
  expect(enumOf({ top: [{ value: 'a'.repeat(40), times: 100 }] })).toHaveLength(1)
  expect(enumOf({ top: [{ value: 'a'.repeat(41), times: 100 }] })).toBe(undefined)
})

test('a set that other events have too is that of all of them', () => {
  const sets = closedSets([
    inSet({ top: top(60, 40) }),
    inSet({
      event: 2,
      top: [
        { value: 'v0', times: 90 },
        { value: 'other', times: 10 },
      ],
    }),
    inSet({ event: 3, key: 'brand' }),
    // Attributes are no properties, and what is mostly no text has no words.
    inSet({ event: 0, key: 'tier' }),
    inSet({ event: 4, key: 'level', kinds: { text: 89, number: 11 } }),
    inSet({ event: 5, key: 'plan', kinds: { text: 90, number: 10 } }),
  ])
  expect([...sets]).toEqual([
    ['status', ['other', 'v0', 'v1']],
    ['plan', ['v0', 'v1']],
  ])
  expect(property(inSet(), false, sets).value.enum).toEqual(['other', 'v0', 'v1'])
})

test('numbers that a counter gives out', () => {
  const numbered = (given: Given = {}) => property(facts({ key: 'order_id', prefix: 'A#', ...given }))
  expect(numbered()).toEqual({
    value: { type: 'string', pattern: 'A#[0-9]+' },
    seen: 'text, always A# and digits',
  })
  expect(numbered({ prefix: null }).value.pattern).toBe(undefined)
  expect(numbered({ key: 'product_id' }).value.pattern).toBe(undefined)
  expect(numbered({ filled: 99 }).value.pattern).toBe(undefined)
  expect(numbered({ distinct: 99 }).value.pattern).toBe(undefined)
})

test('attributes are text over the API: what all of them read as', () => {
  const read = (reads: Partial<Reads>, given: Given = {}) => inferAttribute(facts({ reads, ...given }))
  expect(read({ integer: 100, number: 100 })).toEqual({ value: { type: 'integer' }, seen: 'whole numbers' })
  expect(read({ integer: 98, number: 99 })).toEqual({
    value: { type: 'number' },
    seen: 'numbers; 1 % otherwise, which the plan makes a defect',
  })
  expect(read({ integer: 98, number: 98 }).value.type).toBe('string')
  expect(read({ integer: 100, number: 100 }, { key: 'cart_value' }).value.type).toBe('number')
  // A code of digits may begin with a letter tomorrow, and of ninety-nine nobody knows.
  for (const key of ['customer_id', 'zip', 'store_number', 'tax_no', 'code', 'loyaltyId'])
    expect(read({ integer: 100 }, { key })).toEqual({ value: { type: 'string' }, seen: 'text of digits' })
  expect(read({ integer: 99 }, { filled: 99 }).value.type).toBe('string')
  expect(read({ array: 99 })).toEqual({
    value: { type: 'json' },
    seen: 'JSON text (array); 1 % otherwise, which the plan makes a defect',
  })
  expect(read({ object: 100 })).toEqual({ value: { type: 'json' }, seen: 'JSON text (object)' })
  expect(read({ object: 98 }).value.type).toBe('string')
  expect(read({ email: 100, number: 100 })).toEqual({ value: { type: 'email' }, seen: 'reads as email' })
  expect(read({ email: 99 }).seen).toBe('reads as email; 1 % otherwise, which the plan makes a defect')
  expect(read({})).toEqual({ value: { type: 'string' }, seen: 'text, 100 different' })
})

test('attributes that are moments', () => {
  const typeOf = (given: Given) =>
    inferAttribute(
      facts({ key: 'last_seen_at', high: 1e9, reads: { timestamp: 90, integer: 100 }, ...given }),
    ).value.type
  expect(typeOf({})).toBe('timestamp')
  expect(typeOf({ key: 'last_seen' })).toBe('integer')
  expect(typeOf({ high: 1e9 - 1 })).toBe('integer')
  expect(typeOf({ high: null })).toBe('integer')
  expect(typeOf({ reads: { timestamp: 89, integer: 100 } })).toBe('integer')
})

test('attributes that are flags', () => {
  const flag = (given: Given) =>
    inferAttribute(
      facts({
        distinct: 2,
        top: [
          { value: 'true', times: 60 },
          { value: '0', times: 40 },
        ],
        reads: { boolean: 95 },
        ...given,
      }),
    )
  expect(flag({})).toEqual({
    value: { type: 'boolean' },
    seen: 'true or false; 5 % otherwise, which the plan makes a defect',
  })
  expect(flag({ reads: { boolean: 100 } }).seen).toBe('true or false')
  expect(flag({ distinct: 4 }).value.type).toBe('boolean')
  expect(flag({ distinct: 5 }).value.type).toBe('string')
  expect(flag({ reads: { boolean: 94 } }).value.type).toBe('string')
  const bits = [
    { value: '1', times: 60 },
    { value: '0', times: 40 },
  ]
  expect(flag({ top: bits, reads: { boolean: 100, integer: 100 } }).value.type).toBe('integer')
})

test.each([
  [0, 0, '0 %'],
  [0, 10, '0 %'],
  [10, 10, '100 %'],
  [9999, 10_000, '> 99.9 %'],
  [999, 1000, '99.9 %'],
  [9989, 10_000, '99.9 %'],
  [1, 1001, '< 0.1 %'],
  [1, 1000, '0.1 %'],
  [1, 3, '33.3 %'],
])('%d of %d are %s', (part, whole, told) => {
  expect(percentOf(part, whole)).toBe(told)
})
