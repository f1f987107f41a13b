import type { Database } from '../../engine/database.ts'
import { raw, sql } from '../../engine/sql.ts'

/** Enough to tell 99 % from 98 %; a share of a million events differs from that of twenty thousand by less than 0.1 %. */
const mostEach = 20_000
const mostInAll = 400_000
const fewestEach = 1000
/** More people than this are drawn from. */
const mostPeople = 50_000
/** Names beyond these are data in the place of a name. */
const mostEvents = 500
/** An object with more keys than this has free keys, which no plan can name. */
const mostKeys = 100
const mostTopKeys = 500
/** `items[].options.size` is three deep. */
const deepest = 3
/** A longer name cannot be a key of a YAML file. */
const longestName = 500

/**
 * What events and people hold, key by key, for a plan that nobody has written yet.
 *
 * - `seen_event`: events by name, most frequent first, with how many were looked into. Number 0 is people.
 * - `container`: the objects that were looked into; `parent` is the path that they stand under (0: the payload itself).
 * - `path`: every key of them; `into`: `object` or `list` where keys were found below it.
 * - `leaf`: the filled values of each path as JSON text.
 *
 * `drawn`: the payloads themselves, for questions that concern two of their keys.
 *
 * Events are drawn by a hash of what they are, so that the order of reading decides nothing.
 */
export async function openLeaves(db: Database): Promise<void> {
  await countEvents(db)
  await db.run(
    raw(`create temp table container (
      event integer, parent integer, json json, known boolean, app_user boolean, customer boolean)`),
  )
  await drawPeople(db)
  await drawEvents(db)
  await db.run(
    raw(
      `create temp table path (path integer, event integer, parent integer, key varchar, depth integer, "into" varchar)`,
    ),
  )
  await db.run(
    raw(
      'create temp table leaf (path integer, leaf varchar, known boolean, app_user boolean, customer boolean)',
    ),
  )
  await db.run(
    raw(
      'create temp table opened_count (event integer, parent integer, containers bigint, known bigint, app_user bigint, customer bigint)',
    ),
  )
  await db.run(raw('create temp table drawn as select event, json as data from container where event > 0'))
  for (let depth = 1; depth <= deepest; depth += 1) await openLayer(db, depth)
}

async function countEvents(db: Database): Promise<void> {
  await db.run(sql`
    create temp table seen_event as
    select (row_number() over (order by events desc, name))::integer as event, name, events, first_at, last_at, intent, critical, trigger
    from event_name where type = 'event' and length(name) <= ${longestName}
    order by events desc, name limit ${mostEvents}`)
  await db.run(sql`
    alter table seen_event add column every bigint`)
  await db.run(sql`
    update seen_event set every = ceil(events / least(${mostEach}, greatest(${fewestEach}, ${mostInAll} // (select count(*) from seen_event))))::bigint`)
}

async function drawPeople(db: Database): Promise<void> {
  const people = Number(await db.scalar(raw('select count(*) from profile')))
  await db.run(sql`
    insert into container
    select 0, 0, r.attributes, not p.anonymous, a.app_user, a.customer
    from record r join profile p using (cio_id) join audience a using (cio_id)
    where hash(r.cio_id) % ${Math.max(1, Math.ceil(people / mostPeople))}::ubigint = 0`)
}

async function drawEvents(db: Database): Promise<void> {
  await db.run(
    raw(`
    insert into container
    select e.event, 0, h.data, null, null, null
    from happening h join seen_event e on e.name = h.name
    where h.type = 'event' and hash(h.id, h.who, h."at") % e.every::ubigint = 0`),
  )
}

/** Opens all objects of one depth: their keys become paths, the objects among their values the next layer. */
async function openLayer(db: Database, depth: number): Promise<void> {
  await db.run(
    raw(`
    create temp table opened as
    select event, parent, known, app_user, customer, unnest(map_entries(entries)) as entry
    from (select *, from_json(json, '"MAP(VARCHAR, JSON)"') as entries from container)`),
  )
  await db.run(
    raw(`
    insert into opened_count
    select event, parent, count(*), count(*) filter (known), count(*) filter (app_user), count(*) filter (customer)
    from container where json_type(json) = 'OBJECT' group by all`),
  )
  await db.run(sql`
    insert into path
    with counted as (
      select event, parent, entry.key as key, count(*) as times from opened
      where entry.key <> '' and length(entry.key) <= ${longestName} and entry.value is not null group by all
    ), ranked as (
      select *, row_number() over (partition by event, parent order by times desc, key) as place,
        count(*) over (partition by event, parent) as keys from counted
    )
    select (coalesce((select max(path) from path), 0) + row_number() over (order by event, parent, place))::integer, event, parent, key, ${depth}::integer, null
    from ranked where case when parent = 0 then place <= ${mostTopKeys} else keys <= ${mostKeys} end`)
  await db.run(
    raw(`
    insert into leaf
    select p.path, o.entry.value::varchar, o.known, o.app_user, o.customer
    from opened o join path p on p.event = o.event and p.parent = o.parent and p.key = o.entry.key
    where o.entry.value is not null`),
  )
  await db.run(raw('drop table opened'))
  await db.run(raw('delete from container'))
  await db.run(sql`
    insert into container
    select p.event, p.path, l.leaf, null, null, null from leaf l join path p using (path)
    where p.depth = ${depth} and p.event > 0
      -- equivalent mutants [and true]: what is no object holds no keys; it would be opened in vain
      and starts_with(l.leaf, '{')
    union all
    select event, path, element, null, null, null from (
      select p.event, p.path, unnest(from_json(l.leaf, '["JSON"]')) as element from leaf l join path p using (path)
      where p.depth = ${depth} and p.event > 0
        -- equivalent mutants [and true]: as above
        and starts_with(l.leaf, '[')
    -- equivalent mutants [where true]: as above
    ) where starts_with(element::varchar, '{')`)
}
