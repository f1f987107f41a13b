import { join, raw, sql, type Query } from '../engine/sql.ts'
import { firstOf, isKind, trimmedText, type Leaf } from './json-record.ts'
import { orderWords } from './order-words.ts'
import { placeholderValues } from './vocabulary.ts'

/** What is read of a payload to tell which order it is about. */
export const orderNames = [...new Set([...orderWords.order, ...orderWords.currency])]

// Two columns one after the other, so that the text of the one does not stand in the other ten times: with little data
// planning takes longer than asking.

/**
 * Columns `order_leaf` and `currency_leaf`. The order is the first of its names that is not left empty: forms send `order_id: ""`
 * beside the `order_number` that was given.
 */
export function orderLeaves(leaf: Leaf): Query {
  const numbers = orderWords.order.map((name) => sql`nullif(${leaf(name)}, '""')`)
  return sql`coalesce(${join(numbers, ', ')}) as order_leaf, ${firstOf(leaf, orderWords.currency)} as currency_leaf`
}

/** Column `order_word`, of `order_leaf`: trimmed and in capitals. */
export const orderWord = sql`case when ${isKind(raw('order_leaf'), 'text')} or ${isKind(raw('order_leaf'), 'number')}
  then upper(${trimmedText(raw('order_leaf'))}) end as order_word`

/** Of `order_word`; null where it names no order. */
export const orderNumber = sql`case when order_word <> ''
  and not list_contains(${placeholderValues.map((word) => word.toUpperCase())}::varchar[], order_word) then order_word end`

/** The number of the order with its currency; null where it names no order. */
export const orderText = sql`${orderNumber} || ' ' || coalesce(upper(${trimmedText(raw('currency_leaf'))}), '')`

/** Shops write `#1001` on the invoice and send `1001`. The column holds what `orderNumber` gives. */
export function orderKey(column: string): Query {
  // The hash of null is a number like any other.
  return raw(`case when ltrim(${column}, '# ') <> '' then hash(ltrim(${column}, '# ')) end`)
}
