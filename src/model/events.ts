import type { Database } from '../engine/database.ts'
import { join, raw, sql, type Query } from '../engine/sql.ts'
import type { HeldEvent } from './event-names.ts'
import { runOverHappenings } from './happenings.ts'
import { columnLeaf, leafColumns, openedColumns, textOf, trimmedText, type Leaf } from './json-record.ts'
import { allNames } from './planned-kinds.ts'
import { isSuspect } from './suspicion.ts'
import { valueNames } from './vocabulary.ts'

/** No cart costs this much; a number without end would turn every sum into infinity. */
const implausible = 1e12

/**
 * `event`: every event of the window, its JSON read once.
 *
 * - `seq`: its row in `happening`, where payload and id are found again. `person`, `cluster`: numbers of `person`.
 * - `key`: the value of the dedupe key.
 * - `amount`, `currency`: what the cart is worth, of events with the intent cart or checkout.
 * - `suspect`: something about the planned properties may be wrong; `property_defect` says what is.
 */
export async function buildEvents(db: Database, held: readonly HeldEvent[]): Promise<void> {
  const names = namesRead(held)
  const leaf = columnLeaf(names)
  await runOverHappenings(
    db,
    sql`
    create table event as
    with opened as (
      -- Nothing is asked of what a screen says, and every fourth happening is one.
      select seq, type, name, who, h."at" as happened_at, ${openedColumns(raw("case when type <> 'screen' then data end"), names)} from happening h
    ), spread as (
      select *, ${leafColumns(names)} from opened
    ), read as (
      select seq, type, name, who, happened_at,
        ${ofEvent(held, (event) => keyOf(event, leaf), 'null::varchar')} as key,
        type = 'screen' or coalesce(lower(${leaf('platform')}) in ('"ios"', '"android"'), false) as mobile,
        ${ofEvent(held, (event) => (isCart(event) ? amountIn(leaf) : null), 'null::double')} as amount,
        ${ofEvent(held, (event) => (isCart(event) ? sql`upper(left(${textOf(leaf('currency'))}, 20))` : null), 'null::varchar')} as currency,
        ${ofEvent(held, (event) => (isHeld(event) ? isSuspect(leaf, event.properties) : null), 'false')} as suspect
      from spread
    )
    select r.seq, r.type, r.name, p.person, p.cluster, r.happened_at, r.key, r.mobile, r.amount, r.currency, r.suspect
    from read r left join caller p using (who)`,
  )
}

/** Events that the plan asks properties of. */
export function isHeld({ properties }: HeldEvent): boolean {
  return Object.keys(properties).length > 0
}

export function isCart({ intent }: HeldEvent): boolean {
  return intent === 'cart' || intent === 'checkout'
}

/** All that is asked of any event, so that each payload is parsed once. */
function namesRead(held: readonly HeldEvent[]): readonly string[] {
  const planned = held.flatMap(({ properties, dedupeKeys }) => [...allNames(properties), ...dedupeKeys])
  const cart = held.some(isCart) ? ['currency', ...valueNames] : []
  return [...new Set(['platform', ...planned, ...cart])]
}

/** One expression for each name of an event; pages and screens can bear such a name and are not held to the plan. */
function ofEvent(
  held: readonly HeldEvent[],
  ask: (event: HeldEvent) => Query | null,
  otherwise: string,
): Query {
  const branches = held.flatMap((event) => {
    const asked = ask(event)
    return asked === null ? [] : [sql`when ${event.name} then ${asked}`]
  })
  if (branches.length === 0) return raw(otherwise)
  return sql`case when type = 'event' then case name ${join(branches, ' ')} else ${raw(otherwise)} end else ${raw(otherwise)} end`
}

/** The dedupe key is the first of its candidates that says something. */
function keyOf({ dedupeKeys }: HeldEvent, leaf: Leaf): Query | null {
  if (dedupeKeys.length === 0) return null
  return sql`coalesce(${join(
    dedupeKeys.map((key) => sql`nullif(${trimmedText(leaf(key))}, '')`),
    ', ',
  )})`
}

/** The first of its values that is a number a cart may have. */
function amountIn(leaf: Leaf): Query {
  const values = valueNames.map((name) => textOf(leaf(name)))
  return sql`list_filter(list_transform([${join(values, ', ')}], lambda v: try_cast(v as double)), lambda v: abs(v) < ${implausible})[1]`
}
