import type { PlannedProperty } from '../core/plan.ts'
import type { Database } from '../engine/database.ts'
import { join, raw, sql, type Query } from '../engine/sql.ts'
import { isBasket } from './baskets.ts'
import type { HeldEvent } from './event-names.ts'
import { runOverHappenings, setApart } from './happenings.ts'
import { columnLeaf, isBlank, isKind, kindOf, leafColumns, openedColumns } from './json-record.ts'
import { faultsOf, type Shape } from './item-faults.ts'
import { orderWords } from './order-words.ts'
import { namesOf } from './planned-kinds.ts'

/** Shapes without end are data; what is seldom beyond these is not judged. */
const mostShapes = 5000

const names = orderWords.items
const leaf = columnLeaf(names)
const list = sql`coalesce(${join(names.map(leaf), ', ')})`

/**
 * What a list of items looks like: the different structures of its elements, one a line; for anything else its type.
 * Null where there is nothing, and where the list is empty.
 */
const shape: Query = sql`case when ${list} is null then null
  when ${isKind(list, 'array')} then nullif(array_to_string(list_sort(list_distinct(list_transform(from_json(${list}, '["JSON"]'), lambda e: json_structure(e)::varchar))), chr(10)), '')
  when ${isKind(list, 'text')} then case when ${isBlank(list)} then null when regexp_matches(${list}, '^"\\s*[{\\[]') then 'JSON text' else 'text' end
  else ${kindOf(list)} end`

/**
 * `item_fault`: carts and orders whose list of items is none, or does not look like those of the others: `found` says in
 * what. Lists look alike in a shop, so each look is judged once.
 */
export async function buildItemShapes(db: Database, held: readonly HeldEvent[]): Promise<void> {
  await db.run(
    raw(
      'create table item_fault (id varchar, cio_id varchar, name varchar, path varchar, happened_at timestamp, found varchar)',
    ),
  )
  const events = held.filter(isBasket)
  if (events.length === 0) return
  await runOverHappenings(
    db,
    sql`
    create temp table shaped as
    with opened as (
      select seq, name, ${openedColumns(raw('data'), names)} from happening h
      where type = 'event' and name in (select unnest(${events.map(({ name }) => name)}::varchar[]))
    ), spread as (
      select seq, name, ${leafColumns(names)} from opened
    )
    select seq, name, hash(shape) as shape from (select seq, name, ${shape} as shape from spread) where shape is not null`,
  )
  await db.run(sql`
    create temp table look as
    select name, shape, count(*) as events, min(seq) as seq from shaped group by name, shape order by events desc, name, shape limit ${mostShapes}`)
  await setApart(db, 'seen_look', 'select seq from look')
  const looks = await db.rows(sql`
    with opened as (
      select seq, ${openedColumns(raw('data'), names)} from seen_look
    ), spread as (
      select seq, ${leafColumns(names)} from opened
    )
    select l.name, l.seq::varchar as seq, l.events, ${shape} as shape from look l join spread using (seq)`)
  const shapes = looks.map((row): Shape => ({
    name: String(row['name']),
    seq: String(row['seq']),
    events: Number(row['events']),
    text: String(row['shape']),
  }))
  const faults = events.flatMap((event) =>
    faultsOf(
      shapes.filter(({ name }) => name === event.name),
      plannedKeys(event),
    ),
  )
  await db.run(raw('create temp table odd_look (seq bigint, found varchar)'))
  await db.append(
    'odd_look',
    faults.map(({ seq, found }) => [BigInt(seq), found]),
  )
  await db.run(
    raw(`
    create temp table odd as
    select s.seq, o.found from shaped s join look l on l.name = s.name and l.shape = s.shape join odd_look o on o.seq = l.seq`),
  )
  await setApart(db, 'odd_event', 'select seq from odd')
  await db.run(sql`
    insert into item_fault
    with opened as (
      select seq, id, ${openedColumns(raw('data'), names)} from odd_event
    ), spread as (
      select seq, id, ${leafColumns(names)} from opened
    )
    select s.id, p.cio_id, e.name, case ${join(
      names.map((name) => sql`when ${leaf(name)} is not null then ${name}::varchar`),
      ' ',
    )} end, e.happened_at, o.found
    from odd o join spread s using (seq) join (from event where seq in (select seq from odd)) e using (seq) left join person p using (person)`)
  for (const table of ['shaped', 'look', 'seen_look', 'odd_look', 'odd', 'odd_event'])
    await db.run(raw(`drop table ${table}`))
}

/** Keys of an element that the plan names: whether they are missing is asked of each event elsewhere. */
function plannedKeys({ properties }: HeldEvent): ReadonlySet<string> {
  const lists = Object.entries(properties).filter(([name, planned]) =>
    namesOf(name, planned).some((known) => (names as readonly string[]).includes(known)),
  )
  return new Set(lists.flatMap(([, { items = {} }]) => Object.entries(items).flatMap(namesOfEntry)))
}

const namesOfEntry = ([name, planned]: [string, PlannedProperty]): readonly string[] => namesOf(name, planned)
