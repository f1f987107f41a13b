import type { Database } from '../engine/database.ts'
import { join, raw, sql } from '../engine/sql.ts'
import { looksOf } from './baskets.ts'
import type { HeldEvent } from './event-names.ts'
import { setApart } from './happenings.ts'
import { columnLeaf, leafColumns, openedColumns } from './json-record.ts'
import { faultsOf, type Shape } from './item-faults.ts'
import { orderWords } from './order-words.ts'

/** Shapes without end are data; what is seldom beyond these is not judged. */
const mostShapes = 5000

const names = orderWords.items
const leaf = columnLeaf(names)
const list = sql`coalesce(${join(names.map(leaf), ', ')})`

/**
 * What a list of items looks like: the different structures of its elements, one a line; for anything else its type.
 * Null where there is nothing, and where the list is empty.
 */
const shape = looksOf(list, (structures) => sql`list_sort(list_distinct(${structures}))`)

/**
 * `item_fault`: carts and orders whose list of items is none, or does not look like those of the others: `found` says in
 * what. Lists look alike in a shop, so each look is judged once. Baskets have told their lists apart already, by the
 * structures of their elements one after another; which of those make one set is asked of one list of each.
 */
export async function buildItemShapes(db: Database, held: readonly HeldEvent[]): Promise<void> {
  await db.run(
    raw(
      'create table item_fault (id varchar, cio_id varchar, name varchar, path varchar, happened_at timestamp, found varchar)',
    ),
  )
  await db.run(
    raw(`
    create temp table row_look as
    select name, look, count(*) as events, min(seq) as seq from basket
    -- equivalent mutants [where true]: what has no look is like nothing else, also not to a join
    where look is not null group by name, look`),
  )
  await setApart(db, 'seen_look', 'select seq from row_look')
  await db.run(sql`
    create temp table look as
    with opened as (
      select seq, ${openedColumns(raw('data'), names)} from seen_look
    ), spread as (
      select seq, ${leafColumns(names)} from opened
    )
    select r.name, r.look, r.events, r.seq, s.shape, hash(s.shape) as hashed
    from row_look r join (select seq, ${shape} as shape from spread) s using (seq)`)
  const looks = await db.rows(sql`
    select name, min(seq)::varchar as seq, sum(events) as events, any_value(shape) as shape from look
    group by name, hashed order by sum(events) desc, name, hashed limit ${mostShapes}`)
  const shapes = looks.map((row): Shape => ({
    name: String(row['name']),
    seq: String(row['seq']),
    events: Number(row['events']),
    text: String(row['shape']),
  }))
  const faults = held.flatMap((event) =>
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
    with odd_shape as (
      select l.name, l.hashed, o.found from odd_look o join look l using (seq)
    )
    select b.seq, o.found from basket b join look l using (name, look) join odd_shape o using (name, hashed)`),
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
    from odd o join spread s using (seq)
    -- equivalent mutants [where true]: the others are joined with nothing, they only fill the memory
    join (from event where seq in (select seq from odd)) e using (seq) left join person p using (person)`)
  for (const table of ['row_look', 'seen_look', 'look', 'odd_look', 'odd', 'odd_event'])
    await db.run(raw(`drop table ${table}`))
}

/** Keys of an element that the plan names: whether they are missing is asked of each event elsewhere. */
function plannedKeys({ properties }: HeldEvent): ReadonlySet<string> {
  return new Set(names.flatMap((name) => Object.keys(properties[name]?.items ?? {})))
}
