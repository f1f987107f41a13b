import type { Database } from '../engine/database.ts'
import { join, raw, sql, type Query } from '../engine/sql.ts'
import type { HeldEvent } from './event-names.ts'
import { isCart, isHeld } from './events.ts'
import { Judgement, type Fault } from './faults.ts'
import { columnLeaf, leafColumns, openedColumns, textOf, type Leaf } from './json-record.ts'
import { allNames } from './planned-kinds.ts'
import { looksLike } from './values.ts'
import { valueNames } from './vocabulary.ts'

/** So many suspects at most are looked up one by one; of the names that have more, every event is judged. */
// equivalent mutants [200_000 + 1]: judging what is in order finds nothing
const fewSuspects = 200_000

/**
 * `property_defect`: one row per event and path that does not fit the plan, with the value that stands there (of a list
 * the whole list). Only suspects are visited again, their payloads before anything is joined to them: a join that
 * carries payloads is slow.
 */
export async function buildPropertyDefects(db: Database, held: readonly HeldEvent[]): Promise<void> {
  await db.run(
    raw(
      'create table property_defect (id varchar, cio_id varchar, name varchar, happened_at timestamp, path varchar, defect varchar, value varchar, found varchar)',
    ),
  )
  await db.run(raw('create temp table fault (fault integer, name varchar, path varchar, defect varchar)'))
  const rarest = await db.rows(
    raw(
      "select name, count(*) as events from event where suspect and type = 'event' group by name order by 2, 1",
    ),
  )
  const few = new Set<string>()
  let suspects = 0
  for (const { name, events } of rarest) {
    suspects += Number(events)
    // equivalent mutants [if (true); if (false); < for <=]: either way finds the same
    if (suspects <= fewSuspects) few.add(String(name))
  }
  const suspected = new Set(rarest.map(({ name }) => String(name)))
  const asked = held.filter((event) => isHeld(event) && suspected.has(event.name))
  const faults: Fault[] = []
  await judge(
    db,
    asked.filter(({ name }) => few.has(name)),
    raw('seq in (select seq from event where suspect)'),
    faults,
  )
  await judge(
    db,
    asked.filter(({ name }) => !few.has(name)),
    raw('true'),
    faults,
  )
  await db.run(raw('drop table fault'))
}

async function judge(
  db: Database,
  events: readonly HeldEvent[],
  which: Query,
  faults: Fault[],
): Promise<void> {
  if (events.length === 0) return
  const known = faults.length
  const names = namesRead(events)
  const leaf = columnLeaf(names)
  const branches = events.map((event) => {
    const judgement = new Judgement(event.name, isCart(event) ? costs(leaf) : raw('true'), faults)
    return sql`when ${event.name} then ${judgement.of(leaf, event.properties)}`
  })
  await db.append(
    'fault',
    faults.slice(known).map(({ name, path, defect }, index) => [known + index, name, path, defect]),
  )
  await db.run(
    sql`
    insert into property_defect
    with opened as (
      select id, who, name, h."at" as happened_at, ${openedColumns(raw('data'), names)}
      from happening h where type = 'event' and name = any(${events.map(({ name }) => name)}::varchar[]) and ${which}
    ), spread as (
      select *, ${leafColumns(names)} from opened
    ), judged as (
      select id, who, name, happened_at, unnest(case name ${join(branches, ' ')} end) as f from spread
    ), told as (
      select j.*, d.path, d.defect, j.f.found as kind, case when d.defect <> 'missing' then j.f.value end as value
      from judged j join fault d on d.fault = j.f.fault
    )
    select id, c.cio_id, name, happened_at, path, defect, value,
      case
        when kind = 'text' then ${looksLike(raw('value'))}
        when kind = 'value' and regexp_full_match(value, '-?[0-9]{12,14}') then 'milliseconds'
        when kind = 'value' then 'a value that is not allowed'
        else kind
      end as found
    from told left join caller c using (who)`,
  )
}

function namesRead(events: readonly HeldEvent[]): readonly string[] {
  const planned = events.flatMap(({ properties }) => allNames(properties))
  return [...new Set([...planned, ...(events.some(isCart) ? valueNames : [])])]
}

/** `items: []` is missed but in a cart event with nothing to pay, or without a value at all (catalogue, section 0). */
function costs(leaf: Leaf): Query {
  const values = valueNames.map((name) => sql`try_cast(${textOf(leaf(name))} as double)`)
  return sql`list_max([${join(values, ', ')}]) <> 0`
}
