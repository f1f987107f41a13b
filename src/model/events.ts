import type { Database } from '../engine/database.ts'
import { join, raw, sql, type Query } from '../engine/sql.ts'
import { byName, keyOfQuery } from './by-name.ts'
import type { HeldEvent } from './event-names.ts'
import { runOverHappenings } from './happenings.ts'
import { columnLeaf, leafColumns, openedColumns, textOf, trimmedText, type Leaf } from './json-record.ts'
import { allNames } from './planned-kinds.ts'
import { isSuspect } from './suspicion.ts'
import { placeholderValues, revenueNames, valueNames } from './vocabulary.ts'

/** No cart costs this much; a number without end would turn every sum into infinity. */
const implausible = 1e12

/** Names repeat a million times: written out in full they would be a third of the table. */
const columns = `seq bigint, type varchar using compression dict_fsst, name varchar using compression dict_fsst, person integer,
  "cluster" integer, happened_at timestamp, key_hash ubigint, mobile boolean, amount double,
  currency varchar using compression dict_fsst, platform varchar using compression dict_fsst, app_version varchar using compression dict_fsst,
  sdk_version varchar using compression dict_fsst, suspect boolean`

/**
 * `event`: every event of the window, its JSON read once.
 *
 * - `seq`: its row in `happening`, where payload and id are found again. `person`, `cluster`: numbers of `person`.
 * - `key_hash`: of the value of the dedupe key, null where there is none or it says nothing, such as `undefined`. The keys
 *   themselves would be a quarter of the table, and only those that repeat are ever read.
 * - `amount`, `currency`: what the cart is worth, of events with the intent cart or checkout; what was paid, of those with
 *   the intent purchase (negative: a refund).
 * - `platform`: of carts, checkouts, purchases and events that the plan asks something of, in lower case; what the event says,
 *   else what the files' context says. `app_version` likewise, of events that the plan asks something of; `sdk_version` only files tell.
 * - `suspect`: something about the planned properties may be wrong; `property_defect` says what is.
 */
export async function buildEvents(db: Database, held: readonly HeldEvent[]): Promise<void> {
  const names = namesRead(held)
  const leaf = columnLeaf(names)
  const within = new Columns('within')
  const suspect = ofEvent(
    held,
    (event) => (isHeld(event) ? isSuspect(leaf, event.properties, within.of) : null),
    'false',
  )
  await db.run(raw(`create table event (${columns})`))
  await runOverHappenings(
    db,
    sql`
    insert into event
    with opened as (
      -- equivalent mutants [when true]: nothing is asked of what a screen says, and every fourth happening is one
      select seq, type, name, who, h."at" as happened_at, h.platform as context, h.app_version as context_version, h.sdk_version as context_sdk, ${openedColumns(raw("case when type <> 'screen' then data end"), names)} from happening h
    ), spread as (
      select *, ${leafColumns(names)} from opened
    ), looked_within as (
      select * ${within.all()} from spread
    ), read as (
      select seq, type, name, who, happened_at,
        ${keyOf(held, leaf)} as key,
        type = 'screen' or coalesce(lower(${leaf('platform')}) in ('"ios"', '"android"'), false) as mobile,
        ${ofEvent(held, (event) => amountOf(event, leaf), 'null::double')} as amount,
        ${ofEvent(held, (event) => (amountNames(event) ? sql`upper(left(${trimmedText(leaf('currency'))}, 20))` : null), 'null::varchar')} as currency,
        ${ofEvent(held, (event) => (amountNames(event) || isHeld(event) ? sql`lower(coalesce(nullif(left(${trimmedText(leaf('platform'))}, 20), ''), context))` : null), 'null::varchar')} as platform,
        ${ofEvent(held, (event) => (isHeld(event) ? sql`coalesce(nullif(left(${trimmedText(leaf('app_version'))}, 40), ''), context_version)` : null), 'null::varchar')} as app_version,
        ${ofEvent(held, (event) => (isHeld(event) ? raw('context_sdk') : null), 'null::varchar')} as sdk_version,
        ${suspect} as suspect
      from looked_within
    )
    select r.seq, r.type, r.name, p.person, p.cluster, r.happened_at, ${keyHash}, r.mobile, r.amount, r.currency, r.platform, r.app_version, r.sdk_version, r.suspect
    from read r left join caller p using (who)`,
  )
}

/** Half a shop may send "undefined": that is no key, and the events that carry it are no copies of each other. */
const longest = Math.max(...placeholderValues.map((word) => word.length))
// Of a key that is not there the condition is null.
const keyHash = sql`case when not (strlen(r.key) <= ${longest}
  and list_contains(${placeholderValues.map((word) => word.toUpperCase())}::varchar[], upper(r.key))) then hash(r.key) end`

/** Events that the plan asks properties of. */
export function isHeld({ properties }: HeldEvent): boolean {
  return Object.keys(properties).length > 0
}

export function isCart({ intent }: HeldEvent): boolean {
  return intent === 'cart' || intent === 'checkout'
}

/** Properties that say what an event is worth, the likeliest first; null where it is worth nothing. */
function amountNames(event: HeldEvent): readonly string[] | null {
  if (isCart(event)) return valueNames
  return event.intent === 'purchase' ? revenueNames : null
}

/** All that is asked of any event, so that each payload is parsed once. */
function namesRead(held: readonly HeldEvent[]): readonly string[] {
  const planned = held.flatMap(({ properties, dedupeKeys }) => [...allNames(properties), ...dedupeKeys])
  const worth = held.flatMap((event) => amountNames(event) ?? [])
  return [
    // equivalent mutants [> for >=]: a currency that is read and not asked for costs time
    ...new Set(['platform', 'app_version', ...planned, ...(worth.length > 0 ? ['currency', ...worth] : [])]),
  ]
}

/**
 * What the lists and objects of an event are asked, each question in a column of its own. Asked under the name of an event
 * it would be asked of a few rows at a time, once for each name, and took four times as long.
 */
class Columns {
  readonly #prefix: string
  readonly #questions = new Map<string, Query>()

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  readonly of = (question: Query): Query => {
    const key = keyOfQuery(question)
    this.#questions.set(key, question)
    return raw(`${this.#prefix}${[...this.#questions.keys()].indexOf(key) + 1}`)
  }

  all(): Query {
    const questions = [...this.#questions.values()].map(
      (question, index) => sql`, ${question} as ${raw(`${this.#prefix}${index + 1}`)}`,
    )
    return join(questions, '')
  }
}

/** Pages and screens can bear such a name and are not held to the plan. */
function ofEvent(
  held: readonly HeldEvent[],
  ask: (event: HeldEvent) => Query | null,
  otherwise: string,
): Query {
  return sql`case when type = 'event' then ${byName(held, ask, otherwise)} else ${raw(otherwise)} end`
}

/** The value of the dedupe key, by the name of the event. */
export function keyOf(held: readonly HeldEvent[], leaf: Leaf): Query {
  return ofEvent(held, (event) => ownKey(event, leaf), 'null::varchar')
}

/** The dedupe key is the first of its candidates that says something. */
function ownKey({ dedupeKeys }: HeldEvent, leaf: Leaf): Query | null {
  if (dedupeKeys.length === 0) return null
  return sql`coalesce(${join(
    dedupeKeys.map((key) => sql`nullif(${trimmedText(leaf(key))}, '')`),
    ', ',
  )})`
}

/** The first of its values that is a number a cart may have. */
export function amountOf(event: HeldEvent, leaf: Leaf): Query | null {
  const names = amountNames(event)
  if (names === null) return null
  const values = names.map((name) => textOf(leaf(name)))
  return sql`list_filter(list_transform([${join(values, ', ')}], lambda v: try_cast(v as double)), lambda v: abs(v) < ${implausible})[1]`
}
