import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import { count, inParts } from './roster/parts.ts'

/**
 * An event that came over the API and in Pipelines files is one event: matched on person, name, second and payload, as
 * often as it stands on both sides (the two sides share no id). The files' copy stays, since it
 * says more. `superseded`: the API's copies; `double_source`: how many came both ways, and how many only one.
 */
export async function matchSources(db: Database): Promise<void> {
  const api = Number(await db.scalar(raw(`select count(*) from happened where source = 'app-api'`)))
  if (api === 0) return
  await db.run(raw('create temp table moment (seq bigint, is_api boolean, spot ubigint)'))
  await db.run(
    raw(`insert into moment
      select seq, source = 'app-api', hash(person, type, name, date_trunc('second', "at")) from happened join caller using (who)`),
  )
  await db.run(raw('create temp table met (seq bigint, is_api boolean, spot ubigint)'))
  await inParts(
    db,
    await count(db, 'moment'),
    'spot',
    (part) => sql`
    insert into met
    select seq, is_api, spot from moment
    -- equivalent mutants [where true; and true; having true]: the others meet nothing below, and fill the memory until then
    where ${part} and spot in (select spot from moment where ${part} group by spot having bool_or(is_api) and not bool_and(is_api))`,
  )
  await inParts(
    db,
    await count(db, 'met'),
    'spot',
    (part) => sql`
    insert into superseded
    with own as (
      select seq, is_api, spot from met where ${part}
    ), property as (
      select a.rowid as seq, unnest(json_keys(a.data)) as name, unnest(json_extract(a.data, '$.*'))::varchar as value
      -- equivalent mutants [where true]: the others are left out below, after all payloads have been read
      from snap.activity a where a.rowid in (select seq from own)
    ), payload as (
      -- 104 and 104.0 are one number, whichever way it was written, and keys have no order; within lists and objects too,
      -- of which the parts are compared: two writers of JSON wrote the two sides.
      select seq, md5(string_agg(name || '=' || case when regexp_full_match(value, '-?[0-9][0-9.eE+-]*')
          then (value::double)::varchar
        when value[1] in ('[', '{') then array_to_string(list_sort(list_transform(string_split_regex(value, '[\\[\\]{},]+'),
          lambda part: regexp_replace(part, '((?:^|:)-?[0-9]+)[.]0+$', '\\1'))), chr(30))
        else value end, chr(31) order by name)) as payload
      from property group by seq
    ), ranked as (
      select o.*, p.payload, row_number() over (partition by o.is_api, o.spot, p.payload order by o.seq) as place
      from own o left join payload p using (seq)
    )
    select a.seq from ranked a join ranked f on f.spot = a.spot and f.payload is not distinct from a.payload and f.place = a.place
    where a.is_api and not f.is_api`,
  )
  await db.run(
    raw(`insert into double_source
      select s.n, a.n - s.n, f.n - s.n
      from (select count(*) as n from superseded) s, (select count(*) as n from happened where source = 'app-api') a,
        (select count(*) as n from happened where source = 'pipelines') f`),
  )
  await db.run(raw('drop table moment'))
  await db.run(raw('drop table met'))
}
