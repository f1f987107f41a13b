import type { Database } from '../engine/database.ts'
import { raw, sql, type Query } from '../engine/sql.ts'
import { byName } from './by-name.ts'
import type { HeldEvent } from './event-names.ts'
import { amountOf, isCart } from './events.ts'
import { runOverHappenings } from './happenings.ts'
import {
  columnLeaf,
  firstOf,
  isBlank,
  isKind,
  kindOf,
  leafColumns,
  leavesOf,
  openedColumns,
  openRecords,
  textOf,
  trimmedText,
} from './json-record.ts'
import { orderKey, orderLeaves, orderNumber, orderText, orderWord } from './order-number.ts'
import { lineWords, orderWords } from './order-words.ts'
import { currencyCodes, revenueNames, valueNames } from './vocabulary.ts'

const orders = 'purchase'

/**
 * `basket`: every cart, checkout and purchase of the window with its sums. These are a tenth of all events, so their
 * lists are opened once and never again.
 *
 * - `sender`: where it came from, as far as the event says so (`platform`); the same shop sends carts in other ways.
 * - `order_hash`: of the number of an order that was bought; null where there is none, where it is a word that means
 *   nothing, and where money went back or may have: nobody can tell without a readable sum. A number counts together with its currency: two shops of one firm count both
 *   from 1.
 * - `order_key`: of the number alone, of every purchase that carries one, as the shop's own books are looked up by it.
 * - `has_items`: something stands where the list should be, and it is not an empty one; null where nothing does.
 * - `look`: the structures of the list's elements, one after another, as a hash; null where nothing stands there and where
 *   the list is empty. Two looks can be one to a reader (see `item-shapes`), but no look is two.
 * - `lines`: null where there is no list. `goods`: the sum of price times quantity, null where one line has no readable price.
 * - `amount`: what the event says it is worth. `discount`, `shipping`, `tax`: 0 where absent, null where they are no number.
 * - `currency`: what stands there, trimmed and in capitals, of purchases alone; `unknown_currency`: it is no code of ISO 4217; null where nothing
 *   stands there.
 */
export async function buildBaskets(db: Database, held: readonly HeldEvent[]): Promise<void> {
  await db.run(
    raw(`create table basket (seq bigint, name varchar, intent varchar, source varchar, sender varchar, order_hash ubigint, order_key ubigint, has_items boolean,
      look ubigint, lines integer, goods double, amount double, discount double, shipping double, tax double, currency varchar, unknown_currency boolean)`),
  )
  const events = held.filter(isBasket)
  // equivalent mutants [if (false)]: of no events nothing is read; the statement would say so after reading all
  if (events.length === 0) return
  const leaf = columnLeaf(basketNames)
  const lines = raw('goods_list')
  const items = raw('items_leaf')
  await runOverHappenings(
    db,
    sql`
    insert into basket
    with opened as (
      select seq, name, source, ${openedColumns(raw('data'), basketNames)} from happening h
      where type = 'event' and name in (select unnest(${events.map(({ name }) => name)}::varchar[]))
    ), spread as (
      select *, ${leafColumns(basketNames)} from opened
    ), named as (
      select *, ${orderLeaves(leaf)}, ${firstOf(leaf, orderWords.items)} as items_leaf, ${firstOf(leaf, orderWords.discount)} as discount_leaf,
        ${firstOf(leaf, orderWords.shipping)} as shipping_leaf, ${firstOf(leaf, orderWords.tax)} as tax_leaf
      from spread
    ), worded as (
      select *, ${orderWord} from named
    ), summed as (
      select *, ${byName(events, ({ intent }) => sql`${intent}::varchar`, 'null')} as intent, ${byName(events, (event) => amountOf(event, leaf), 'null')} as amount,
        ${lineSums(items)} as ${lines}, ${looksOf(items, (structures) => structures)} as looks,
        ${orderText} as order_text, ${orderNumber} as order_number,
        items_leaf <> '[]' and not ${isBlank(items)} as has_items
      from worded
    )
    select seq, name, intent, source, coalesce(lower(left(${textOf(leaf('platform'))}, 20)), '') as sender,
      case when intent = ${orders} and amount >= 0 and order_text is not null then hash(order_text) end as order_hash,
      case when intent = ${orders} then ${orderKey('order_number')} end as order_key,
      has_items, case when looks is not null then hash(looks) end as look, len(${lines}) as lines,
      case when list_count(${lines}) = len(${lines}) then list_sum(${lines}) end as goods, amount,
      ${part(raw('discount_leaf'))} as discount, ${part(raw('shipping_leaf'))} as shipping,
      ${part(raw('tax_leaf'))} as tax,
      case when intent = ${orders} then upper(left(${trimmedText(raw('currency_leaf'))}, 20)) end as currency,
      -- An empty one is missing, and that is another rule's.
      intent = ${orders} and trim(${textOf(raw('currency_leaf'))}) <> ''
        and not list_contains(${currencyCodes}::varchar[], upper(${trimmedText(raw('currency_leaf'))})) as unknown_currency
    from summed`,
  )
}

/** Events that have a basket. */
export function isBasket(event: HeldEvent): boolean {
  return isCart(event) || event.intent === orders
}

const basketNames = [
  ...new Set(['platform', ...Object.values(orderWords).flat(), ...valueNames, ...revenueNames]),
]

/** Price times quantity of each line; null where one of them is no number. One piece where nothing is said. */
function lineSums(list: Query): Query {
  const names = [...lineWords.price, ...lineWords.quantity]
  const line = leavesOf('line', names)
  // See `looksOf`.
  const only = sql`case when ${isKind(list, 'array')} then ${list} end`
  return sql`list_transform(
      list_transform(${openRecords(only, names, 'list')}, lambda line: [${firstOf(line, lineWords.price)}, coalesce(${firstOf(line, lineWords.quantity)}, '1')]),
      lambda pair: ${numberIn(raw('pair[1]'))} * ${numberIn(raw('pair[2]'))})`
}

/** The structures of a list's elements, put together by `gather`, one a line; of anything else its type. */
export function looksOf(list: Query, gather: (structures: Query) => Query): Query {
  // What is no list is taken out of the lists, and not the work put under a condition: it would take three times as long.
  const only = sql`case when ${isKind(list, 'array')} then ${list} end`
  const structures = sql`list_transform(from_json(${only}, '["JSON"]'), lambda e: json_structure(e)::varchar)`
  return sql`coalesce(nullif(array_to_string(${gather(structures)}, chr(10)), ''), case
    when ${list} is null or ${isKind(list, 'array')} then null
    when ${isKind(list, 'text')} then case when ${isBlank(list)} then null when regexp_matches(${list}, '^"\\s*[{\\[]') then 'JSON text' else 'text' end
    else ${kindOf(list)} end)`
}

function numberIn(leaf: Query): Query {
  return sql`try_cast(${textOf(leaf)} as double)`
}

function part(leaf: Query): Query {
  return sql`case when ${leaf} is null then 0 else ${numberIn(leaf)} end`
}
