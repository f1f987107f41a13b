import type { PropertyType } from '../../core/plan.ts'
import { revenueNames, valueNames } from '../vocabulary.ts'

/** What the name of a value says about it. A type that only the values suggest could be chance. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}

const typeWords: Partial<Record<PropertyType, readonly string[]>> = {
  currency: ['currency'],
  country: ['country'],
  locale: ['locale', 'language', 'lang'],
  phone: ['phone', 'mobile', 'msisdn', 'cell', 'tel', 'telephone'],
  timestamp: ['at', 'time', 'timestamp', 'date', 'on', 'until', 'since'],
}

export function suggests(name: string, type: PropertyType): boolean {
  const words = wordsOf(name)
  return typeWords[type]?.some((word) => words.includes(word)) ?? false
}

const money = new Set([
  'price',
  'value',
  'amount',
  'total',
  'subtotal',
  'revenue',
  'discount',
  'tax',
  'shipping',
  'cost',
  'fee',
  'sum',
  'rate',
  'score',
  'weight',
  'rating',
  'latitude',
  'longitude',
])

/** Ten prices without cents are still prices. */
export const isMeasured = (name: string): boolean => wordsOf(name).some((word) => money.has(word))

const neverBelowZero = new Set<string>([
  ...valueNames,
  'price',
  'quantity',
  'discount',
  'shipping',
  'tax',
  'unit_price',
  'count',
])
/** What was paid may be paid back. */
const payable = new Set<string>(revenueNames)

/** Amounts that no shop sends below zero, unless it is a refund. */
export function isNeverNegative(name: string, isPurchase: boolean): boolean {
  const folded = wordsOf(name).join('_')
  const isOne = neverBelowZero.has(name) || neverBelowZero.has(folded)
  return isOne && !(isPurchase && (payable.has(name) || payable.has(folded)))
}

const closed = new Set([
  'status',
  'type',
  'kind',
  'method',
  'tier',
  'level',
  'plan',
  'gender',
  'mode',
  'frequency',
])

/** Names of what takes a few values that a team has chosen; a brand or a category gains one every week. */
export const isClosedSet = (name: string): boolean => closed.has(wordsOf(name).at(-1) ?? '')

/** Where events come from: few values too, but a shop that opens a web shop has made no mistake. */
const origins = new Set(['platform', 'os', 'channel', 'surface', 'source'])
export const isOrigin = (name: string): boolean => origins.has(wordsOf(name).at(-1) ?? '')

/** Names of keys that are made once for an event and sent again with its copies, best first. */
const eventKeys = [
  'event_id',
  'message_id',
  'idempotency_key',
  'dedupe_id',
  'dedupe_key',
  'unique_id',
  'uuid',
]
const orderKeys = ['order_id', 'transaction_id', 'order_number', 'order_no', 'payment_id']

/** How good a dedupe key a property would be by its name: the smaller the better, null for none. */
export function keyRank(name: string, isPurchase: boolean): number | null {
  const rank = [...eventKeys, ...(isPurchase ? orderKeys : [])].indexOf(wordsOf(name).join('_'))
  return rank < 0 ? null : rank
}

const numbered = new Set(['order', 'cart', 'transaction', 'invoice', 'payment', 'booking', 'ticket'])

/** Numbers that one counter gives out; ids of products come from wherever the products do. */
export function isNumbered(name: string): boolean {
  const words = wordsOf(name)
  return numbered.has(words[0] ?? '') && ['id', 'number', 'no'].includes(words.at(-1) ?? '')
}
