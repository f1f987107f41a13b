import type { Database } from '../engine/database.ts'
import { sql, type Query } from '../engine/sql.ts'

/** Keys under which a refusal says why; the shape is not documented (reference, section 4.4). */
const reasonKeys = [
  'reason',
  'error',
  'errors',
  'message',
  'error_message',
  'detail',
  'details',
  'description',
]
/** Keys of an error that is an object. */
const innerKeys = ['message', 'reason', 'detail', 'description']

/** What stands in place of whatever differs from one refusal to the next. */
const gap = '…'

/**
 * `rejection`: what Customer.io accepted and then could not apply, one row per activity. `reason` is what it says without
 * its reference for support, and with the values of the one record taken out, so that equal reasons are equal texts.
 * `event`: the name of a refused event.
 * `activity_volume`: how many activities the App API showed in the window, by person, so that those of some people can be
 * counted.
 */
export async function buildRejections(db: Database, since: Date, until: Date): Promise<void> {
  const inWindow = sql`source = 'app-api' and "at" between ${since}::timestamp and ${until}::timestamp`
  await db.run(sql`
    create table activity_volume as select cio_id, count(*) as activities from snap.activity where ${inWindow} group by cio_id`)
  await db.run(sql`
    create table rejection as
    with refused as (
      select id, cio_id, type, "at" as happened_at, data, name from snap.activity
      where type in ('failed_event', 'failed_attribute_change', 'failed_batch_update') and ${inWindow}
    )
    select id, cio_id, type, happened_at,
      case when type = 'failed_event' then coalesce(name, data ->> '$.name', data ->> '$.event_name') end as event,
      coalesce(nullif(${withoutValues(said(sql`data`, reasonKeys))}, ''), 'no reason given') as reason
    from refused`)
}

/** The first text under one of the keys: itself, in an object, or in the first element of a list. */
function said(json: Query, keys: readonly string[]): Query {
  const paths = keys.flatMap((key) => [
    `$.${key}`,
    ...[`$.${key}`, `$.${key}[0]`].flatMap((path) => innerKeys.map((inner) => `${path}.${inner}`)),
    `$.${key}[0]`,
  ])
  return sql`list_filter(
    list_transform(
      list_zip(json_type(${json}, ${paths}::varchar[]), json_extract_string(${json}, ${paths}::varchar[])),
      lambda found: case when found[1] = 'VARCHAR' then nullif(trim(found[2]), '') end),
    lambda text: text is not null)[1]`
}

const token = String.raw`(?:[\w-]*\d[\w-]*|[0-9A-Fa-f-]{6,})`
const changes: readonly (readonly [pattern: string, put: string])[] = [
  // What support asks for: "(reference a1b2c3)", "request id: 77".
  [
    String.raw`(?i)[\s(\[,;-]*\b(?:(?:support|request|trace|error|incident)[ _-]?(?:id|reference|ref|number)|reference|ref)\b(?: (?:id|number|no))?[\s:#=.]*${token}[)\]]?`,
    '',
  ],
  // A value in quotes, an address, a word with a digit in it.
  [String.raw`"[^"]*"|'[^'\s]+'|${'`[^`]*`'}|<[^>]*>`, gap],
  [String.raw`[^\s@,;]+@[^\s@,;]+`, gap],
  [String.raw`[\w.+:/-]*\d[\w.+:/-]*`, gap],
  [String.raw`${gap}(?:[\s,]+${gap})+`, gap],
  [String.raw`\s+`, ' '],
]

function withoutValues(text: Query): Query {
  const changed = changes.reduce(
    (inner, [from, to]) => sql`regexp_replace(${inner}, ${from}, ${to}, 'g')`,
    text,
  )
  return sql`left(lower(trim(${changed}, ' .!:;')), 200)`
}
