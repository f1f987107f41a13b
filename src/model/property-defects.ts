import type { Database } from '../engine/database.ts'
import { join, raw, sql, type Query } from '../engine/sql.ts'
import { byName } from './by-name.ts'
import type { HeldEvent } from './event-names.ts'
import { isCart, isHeld } from './events.ts'
import { Faults, foundOf, Judgement } from './faults.ts'
import { setApart } from './happenings.ts'
import { columnLeaf, leafColumns, openedColumns, textOf, type Leaf } from './json-record.ts'
import { allNames } from './planned-kinds.ts'
import { looksLike, notAllowed } from './values.ts'
import { valueNames } from './vocabulary.ts'

/**
 * `property_defect`: one row per event and path that does not fit the plan, with the value that stands there (of a list
 * the whole list), and who sent it. An event is told by its `seq`, because not every file gives it an id. Only suspects are visited again,
 * their payloads before anything is joined to them: a join that carries payloads is slow.
 */
export async function buildPropertyDefects(db: Database, held: readonly HeldEvent[]): Promise<void> {
  await db.run(
    raw(
      'create table property_defect (seq bigint, id varchar, cio_id varchar, name varchar, happened_at timestamp, path varchar, defect varchar, value varchar, found varchar, platform varchar, app_version varchar, sdk_version varchar)',
    ),
  )
  // equivalent mutants [where true]: events that are not set apart would be judged in vain
  const suspected = await db.rows(raw('select distinct name from event where suspect'))
  const names = new Set(suspected.map(({ name }) => String(name)))
  // equivalent mutants [no filter; && for ||]: as above
  const events = held.filter((event) => isHeld(event) && names.has(event.name))
  // equivalent mutants [if (true); > for >=]: without one payloads would be opened in vain
  if (events.length > 0) await judge(db, events)
}

async function judge(db: Database, events: readonly HeldEvent[]): Promise<void> {
  const faults = new Faults()
  const names = namesRead(events)
  const leaf = columnLeaf(names)
  const judged = byName(
    events,
    (event) => new Judgement(raw(isCart(event) ? 'costs' : 'true'), faults).of(leaf, event.properties),
    'null',
  )
  await db.run(raw('create temp table fault (fault integer, path varchar, defect varchar)'))
  await db.append(
    'fault',
    faults.all.map(({ path, defect }, index) => [index, path, defect]),
  )
  await setApart(db, 'doubtful', 'select seq from event where suspect')
  await db.run(sql`
    insert into property_defect
    with opened as (
      select seq, id, name, ${openedColumns(raw('data'), names)} from doubtful
    ), spread as (
      select *, ${leafColumns(names)} from opened
    ), priced as (
      select *, ${events.some(isCart) ? costs(leaf) : raw('true')} as costs from spread
    ), judged as (
      select seq, id, name, unnest(${judged}) as f from priced
    ), told as (
      select seq, id, name, path, defect, ${foundOf('f')} as kind,
        case when defect <> 'missing' then left(${textOf(raw('f.value'))}, 200) end as value
      from judged join fault d on d.fault = f.fault
    )
    select t.seq, t.id, p.cio_id, t.name, e.happened_at, path, defect, value,
      case
        when kind = 'text' then ${looksLike(raw('value'))}
        when kind = 'value' and regexp_full_match(value, '-?[0-9]{12,14}') then 'milliseconds'
        when kind = 'value' then ${notAllowed}
        else kind
      end as found, e.platform, e.app_version, e.sdk_version
    -- equivalent mutants [where true]: only suspects were set apart, and all events would be held for the join
    from told t join (from event where suspect) e using (seq) left join person p using (person)`)
  await db.run(raw('drop table doubtful'))
  await db.run(raw('drop table fault'))
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
