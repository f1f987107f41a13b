import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import type { HeldEvent } from './event-names.ts'
import { payloadDefects } from './payload.ts'
import { looksLike } from './values.ts'
import { valueNames } from './vocabulary.ts'

/** Past this many forms of one event (a map with free keys) each of its payloads is judged on its own. */
// equivalent mutants [5000 + 1]: either way of judging finds the same
const maxForms = 5000

/**
 * `property_defect`: one row per event and path that does not fit the plan. Each form of payload is judged once, in
 * memory; what is wrong is then visited again, together, for the values (of a list as a whole).
 */
export async function buildPropertyDefects(db: Database, held: readonly HeldEvent[]): Promise<void> {
  await db.run(
    raw(
      'create temp table form_defect (name varchar, signature ubigint, path varchar, defect varchar, found varchar)',
    ),
  )
  await db.run(
    raw('create temp table event_defect (id varchar, path varchar, defect varchar, found varchar)'),
  )
  for (const event of held) await judgeForms(db, event)
  await db.run(
    raw(`
    create temp table found_defect as
    select e.id, e.cio_id, e.name, e.happened_at, f.path, f.defect, f.found
    from event e join form_defect f on f.name = e.name and f.signature = e.signature where e.type = 'event'
    union all
    select e.id, e.cio_id, e.name, e.happened_at, d.path, d.defect, d.found from event e join event_defect d on d.id = e.id
    union all
    select e.id, e.cio_id, e.name, e.happened_at, c.path, 'wrong-value', 'value'
    from (select *, unnest(bad_values) as position from event) e
    join value_check c on c.name = e.name and c.position = e.position`),
  )
  // The payloads of these alone, before anything is joined to them: a join that carries all payloads took minutes.
  await db.run(
    raw(`
    create temp table defect_payload as
    select a.id, a.data from snap.activity a
    -- equivalent mutants [where true]: more payloads than are looked at
    where a.id in (select id from found_defect where defect <> 'missing' or found = 'empty list')`),
  )
  await db.run(sql`
    create table property_defect as
    -- A quote cannot be written in the engine's JSON path, so the value behind such a name is not shown.
    with valued as (
      select d.*, case when d.defect <> 'missing' and not contains(d.path, '"') then
        left(json_extract_string(p.data, '$."' || replace(split_part(d.path, '[]', 1), '.', '"."') || '"'), 200) end as value
      from found_defect d left join defect_payload p on p.id = d.id
      where d.found <> 'empty list' or ${isMissed}
    )
    select id, cio_id, name, happened_at, path, defect, value,
      case
        when found = 'text' then ${looksLike(raw('value'))}
        when found = 'value' and regexp_full_match(value, '-?[0-9]{12,14}') then 'milliseconds'
        when found = 'value' then 'a value that is not allowed'
        else found
      end as found
    from valued`)
  for (const table of ['form_defect', 'event_defect', 'found_defect', 'defect_payload']) {
    await db.run(raw(`drop table ${table}`))
  }
}

/** `items: []` is missed but in a cart event with nothing to pay, or without a value at all (catalogue, section 0). */
const isMissed = sql`
  d.name not in (select name from event_name where intent in ('cart', 'checkout'))
  or list_max(list_transform(json_extract_string(p.data, ${valueNames.map((name) => `$."${name}"`)}::varchar[]), lambda x: try_cast(x as double))) <> 0`

async function judgeForms(db: Database, event: HeldEvent): Promise<void> {
  const forms = Number(
    await db.scalar(
      // equivalent mutants [where true; = for <>]: either way of judging finds the same
      sql`select count(distinct signature) from event where name = ${event.name}`,
    ),
  )
  // equivalent mutants [if (true); if (false); > for >=]: either way of judging finds the same
  if (forms > maxForms) {
    const all = sql`select id, data from snap.activity where type = 'event' and name = ${event.name}`
    for await (const rows of db.stream(all)) {
      await db.append(
        'event_defect',
        rows.flatMap((row) =>
          payloadDefects(JSON.parse(String(row['data'])), event.properties).map((d) => [
            String(row['id']),
            d.path,
            d.defect,
            d.found,
          ]),
        ),
      )
    }
    return
  }
  const rows = await db.rows(sql`
    with form as (select signature, min(id) as id from event where name = ${event.name} group by signature)
    select f.signature::varchar as signature, a.data from form f join snap.activity a on a.id = f.id`)
  await db.append(
    'form_defect',
    rows.flatMap((row) =>
      payloadDefects(JSON.parse(String(row['data'])), event.properties).map((d) => [
        event.name,
        BigInt(String(row['signature'])),
        d.path,
        d.defect,
        d.found,
      ]),
    ),
  )
}
