import type { Database } from '../engine/database.ts'
import { join, raw, sql, type Query } from '../engine/sql.ts'
import { keepRecords } from './event-records.ts'
import { runOverHappenings } from './happenings.ts'
import { columnLeaf, leafColumns, openedColumns, textOf, trimmedText } from './json-record.ts'

const cartIds = ['cart_id', 'cartId', 'cart_token', 'cartToken', 'basket_id', 'basketId'] as const
/** Numbers that go up with each change of a cart. */
const counters = [
  'cart_version',
  'cartVersion',
  'version',
  'revision',
  'sequence',
  'sequence_number',
  'sequenceNumber',
  'seq',
] as const
/** Moments at which the cart changed. */
const clocks = [
  'cart_updated_at',
  'cartUpdatedAt',
  'updated_at',
  'updatedAt',
  'modified_at',
  'modifiedAt',
  'last_modified',
  'lastModified',
  'last_updated',
  'lastUpdated',
] as const
const names = [...cartIds, ...counters, ...clocks]

/** What comes later than that was no matter of order: phones are out of reach for a night and a day. */
const latestHours = 72

/**
 * - `placed_cart`: cart events of files whose payload says where they stand in the life of their cart. `mark`: the property that says it,
 *   `place`: its value, of a moment in seconds; `counts`: it is a counter. Those that came more than three days late are left out.
 * - `overtaken_cart`: those that were received after one that stands later in the life of the same cart, by the same property,
 *   from the same person and device; `overtaken_by` is the place of that one. A counter tells nothing where the times of
 *   the calls say the opposite: then it began anew.
 */
export async function buildCartOrder(db: Database): Promise<void> {
  await db.run(
    raw(
      'create table placed_cart (seq bigint, name varchar, who varchar, line ubigint, mark varchar, place double, counts boolean, happened_at timestamp, received_at timestamp)',
    ),
  )
  // equivalent mutants [where true; > for >=; if (true)]: only files tell when something was received; without one nothing is opened
  if ((await db.scalar(raw("select count(*) > 0 from snap.activity where source = 'pipelines'"))) === true)
    await placeCarts(db)
  await keepRecords(
    db,
    'overtaken_cart',
    raw(`
    with told as (
      select *, max({'place': place, 'at': happened_at}) over (
        partition by line, mark order by received_at range between unbounded preceding and current row exclude group) as latest
      from placed_cart
    )
    select t.seq, c.person, t.name, t.mark, t.place, t.counts, t.latest.place as overtaken_by, t.happened_at, t.received_at
    from told t left join caller c using (who)
    where t.latest.place > t.place and (not t.counts or t.happened_at <= t.latest."at")`),
  )
}

async function placeCarts(db: Database): Promise<void> {
  const leaf = columnLeaf(names)
  const marks = [
    ...counters.map((name) => markOf(name, counterIn(name), 'true')),
    ...clocks.map((name) => markOf(name, secondsIn(name), 'false')),
  ]
  // As columns: the text of a leaf is asked for in each way of writing a time.
  const texts = [...counters, ...clocks].map((name) => sql`${textOf(leaf(name))} as ${raw(`"${name}"`)}`)
  const cart = join(
    cartIds.map((name) => trimmedText(leaf(name))),
    ', ',
  )
  await runOverHappenings(
    db,
    sql`
    insert into placed_cart
    with opened as (
      select seq, name, who, token, platform, h."at", received_at, ${openedColumns(raw('data'), names)} from happening h
      where type = 'event' and received_at - h."at" <= to_hours(${latestHours})
        -- equivalent mutants [and true]: nothing else has a time at which it was received; these are read and no others
        and source = 'pipelines'
        and name in (select name from event_name where intent = 'cart')
    ), spread as (
      select seq, name, who, token, platform, "at", received_at, ${leafColumns(names)} from opened
    ), read as (
      -- Under other names: a counter may be called seq.
      select seq as position, name as event, who, "at", received_at, hash(name, who, token, platform, coalesce(${cart}, '')) as line, ${join(texts, ', ')}
      from spread
    ), marked as (
      select position, event, who, "at", received_at, line,
        list_filter([${join(marks, ', ')}], lambda m: m.place is not null)[1] as said
      from read
    )
    select position as seq, event as name, who, line, said.mark as mark, said.place as place, said.counts as counts, "at" as happened_at, received_at
    from marked where said is not null`,
  )
}

const markOf = (name: string, place: Query, counts: 'true' | 'false'): Query =>
  sql`{'mark': ${name}::varchar, 'place': ${place}, 'counts': ${raw(counts)}}`

/** A whole number, in whatever way it is written. */
const counterIn = (name: string): Query =>
  raw(`case when regexp_full_match("${name}", '[0-9]{1,9}') then "${name}"::double end`)

/** Unix seconds or milliseconds, or a time in the way of ISO 8601, which is UTC (as the engine's zone is) where it does not say. */
const secondsIn = (name: string): Query =>
  raw(`case when regexp_full_match("${name}", '[0-9]{9,11}(?:[.][0-9]+)?') then "${name}"::double
    when regexp_full_match("${name}", '[0-9]{12,14}') then "${name}"::double / 1000
    when regexp_full_match("${name}", '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ].*') then epoch(try_cast("${name}" as timestamptz)) end`)
