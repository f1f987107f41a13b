import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import { pointerTo } from './attribute-values.ts'
import { setApart } from './happenings.ts'
import { reservedAttributes } from './vocabulary.ts'

/**
 * What messages print without a default, and who would read a hole there.
 *
 * - `liquid_render`: judged journeys with such variables, and for whom they would be printed: once for each trigger event of
 *   a profile in the window, or for each profile with a value of the date attribute.
 * - `liquid_gap`: one row per such time (`render`) and variable that is absent, null or empty text. What lies in an empty
 *   list is no gap: an emptied cart is fine. `trigger.…` may be filled from elsewhere, so it counts only where some of the
 *   payloads have it. Identifiers are left out: to whom there is no address there is no message.
 */
export async function buildLiquidGaps(db: Database): Promise<void> {
  await db.run(sql`
    create temp table printed as
    select distinct v.journey, j.event_name, j.date_attribute, v.root, v.name, v.label, v.pointer
    from journey_variable v join journey j on j.id = v.journey
    where v.bare and coalesce(j.event_name, j.date_attribute) is not null
      and case when v.root = 'customer' then v.name <> all(${[...reservedAttributes]}::varchar[]) else j.event_name is not null end`)
  await db.run(
    raw(`
    create temp table rendered as
    select e.seq, e.name, e.happened_at, p.cio_id from event e join person p using (person) join profile f on f.cio_id = p.cio_id
    -- equivalent mutants [and true]: other names are never asked for, but there are more of them
    where e.type = 'event' and e.name in (select event_name from printed)`),
  )
  await db.run(
    raw('create temp table absent (event_name varchar, seq bigint, activity_id varchar, pointer varchar)'),
  )
  await db.run(
    raw(
      'create table liquid_gap (journey bigint, render varchar, cio_id varchar, activity_id varchar, happened_at timestamp, label varchar)',
    ),
  )
  await readPayloads(db)
  await readPeople(db)
  await db.run(
    raw(`
    create table liquid_render as
    select distinct p.journey, case when p.event_name is not null then (select count(*) from rendered r where r.name = p.event_name)
      else (select d.held from journey_date d where d.journey = p.journey) end as renders
    from printed p`),
  )
  await db.run(
    raw(`
    delete from liquid_gap g using liquid_render r
    where r.journey = g.journey and starts_with(g.label, 'trigger.')
      and r.renders = (select count(*) from liquid_gap same where same.journey = g.journey and same.label = g.label)`),
  )
  for (const table of ['printed', 'rendered', 'absent']) await db.run(raw(`drop table ${table}`))
}

/** Each payload is parsed once for all variables of all messages. */
async function readPayloads(db: Database): Promise<void> {
  const asked = await db.rows(
    raw(`
    select event_name, list(distinct pointer order by pointer) as pointers from printed
    -- equivalent mutants [where true]: what payloads lack of people is dropped below, but would be looked for in each of them
    where root <> 'customer' group by event_name order by event_name`),
  )
  // equivalent mutants [if (false)]: no payload is read then, but all of them are passed by
  if (asked.length === 0) return
  await setApart(
    db,
    'payload',
    // equivalent mutants [where true]: only payloads of names that are asked for are looked into; the others take time
    "select seq from rendered where name in (select event_name from printed where root <> 'customer')",
  )
  for (const { event_name, pointers } of asked) {
    const wanted = pointers as readonly string[]
    const lists = wanted.map(listOf)
    await db.run(sql`
      insert into absent
      select name, seq, id, unnest(list_transform(list_filter(
        list_zip(${[...wanted]}::varchar[], json_extract_string(data, ${[...wanted]}::varchar[]), json_extract_string(data, ${lists}::varchar[])),
        lambda v: coalesce(trim(v[2]), '') = '' and coalesce(v[3], '') <> '[]'), lambda v: v[1]))
      from payload where name = ${String(event_name)}`)
  }
  await db.run(raw('drop table payload'))
  await db.run(
    raw(`
    insert into liquid_gap
    select p.journey, a.seq::varchar, r.cio_id, a.activity_id, r.happened_at, p.label
    from absent a join printed p on p.event_name = a.event_name and p.pointer = a.pointer and p.root <> 'customer' join rendered r using (seq)`),
  )
}

/** What has to be a list for a value to lie in one: what stands before the first number, else the property itself. */
function listOf(pointer: string): string {
  const [, counted] = /^(.+?)\/\d+(?:\/|$)/.exec(pointer) ?? []
  return counted ?? pointer.slice(0, `${pointer}/`.indexOf('/', 1))
}

/** Attributes are text, so of `customer.address.city` only the attribute itself is asked for. */
async function readPeople(db: Database): Promise<void> {
  const asked = await db.rows(
    raw(`
    select journey, any_value(event_name) as event_name, any_value(date_attribute) as date_attribute, list(distinct name order by name) as names
    from printed
    -- equivalent mutants [where true]: what is no attribute is dropped below, but would be looked for in all people
    where root = 'customer' group by journey order by journey`),
  )
  for (const { journey, event_name, date_attribute, names } of asked) {
    const wanted = names as readonly string[]
    const pointers = wanted.map(pointerTo)
    const readers =
      event_name === null
        ? sql`select cio_id as render, cio_id, null::timestamp as happened_at from record
            where trim(json_extract_string(attributes, ${pointerTo(String(date_attribute))})) <> ''`
        : sql`select seq::varchar as render, cio_id, happened_at from rendered where name = ${String(event_name)}`
    await db.run(sql`
      insert into liquid_gap
      with reader as (${readers}), lacking as (
        select cio_id, unnest(list_transform(list_filter(
          list_zip(${[...wanted]}::varchar[], json_extract_string(attributes, ${pointers}::varchar[])),
          lambda v: coalesce(trim(v[2]), '') = ''), lambda v: v[1])) as name
        -- equivalent mutants [where true]: nobody else is joined below, but would be looked into
        from record where cio_id in (select cio_id from reader)
      )
      select ${BigInt(Number(journey))}, r.render, r.cio_id, null, r.happened_at, p.label
      from reader r join lacking l using (cio_id)
      join printed p on p.journey = ${BigInt(Number(journey))} and p.root = 'customer' and p.name = l.name`)
  }
}
