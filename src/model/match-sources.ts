import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import { count, inParts } from './roster/parts.ts'

/** A key with its value where that is no list and no object, or whatever else stands by itself. */
const leaf = String.raw`"(?:[^"\\]|\\.)*"(?::(?:"(?:[^"\\]|\\.)*"|-?[0-9][-+.0-9eE]*|true|false|null))?|-?[0-9][-+.0-9eE]*|true|false|null`
/** 104 and 104.0 are one number, and 0.5 and 0.50, whichever way they were written. */
const plainNumbers = (text: string): string =>
  String.raw`regexp_replace(regexp_replace(${text}, '([0-9])\.0+([,}\]])', '\1\2', 'g'), '(\.[0-9]*[1-9])0+([,}\]])', '\1\2', 'g')`

/** What a double may be written with fewer digits, or with a power of ten. */
const rounded = '[0-9]{16}|[0-9][eE][-+]?[0-9]'
const ending = '-?[0-9][-+.0-9eE]*$'
// equivalent mutants [when true]: a leaf without a number is then written twice, on both sides
const asDouble = `lambda leaf: case when regexp_matches(leaf, '${ending}')
  -- equivalent mutants [no fallback in coalesce]: whatever JSON takes for a number the engine casts, to infinity if need be
  then regexp_replace(leaf, '${ending}', '') || coalesce(try_cast(regexp_extract(leaf, '${ending}') as double)::varchar, leaf) else leaf end`

/**
 * Payloads in one spelling: their leaves in the order of the alphabet, because the two ways write objects, and objects in
 * lists, in an order of their own; without those that are null, which columns of Parquet give to every row. Which element of
 * a list a value stands in is not compared: of one person, one name and one second the values alone tell events apart.
 *
 * @param payloads - columns `seq` and `data`.
 */
const inOneSpelling = (payloads: string): string => `
  -- equivalent mutants [when true]: numbers of fewer digits are different doubles where they are different; it takes longer
  select seq, md5(array_to_string(list_sort(case when regexp_matches(plain, '${rounded}') then list_transform(leaves, ${asDouble}) else leaves end), chr(31))) as payload
  from (
    select *, list_filter(regexp_extract_all(plain, '${leaf}'), lambda leaf: not ends_with(leaf, ':null')) as leaves
    from (select seq, ${plainNumbers(`json_extract(data, '$')::varchar`)} as plain from (${payloads}) payload)
  )`

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
    ), payload as (
      -- equivalent mutants [where true]: the others are left out below, after all payloads have been read
      ${raw(inOneSpelling('select rowid as seq, data from snap.activity where rowid in (select seq from own)'))}
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
