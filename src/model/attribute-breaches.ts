import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import { filled, inBatches, mostNames } from './attribute-values.ts'
import { reservedAttributes } from './vocabulary.ts'

/** Limits of a person: bytes of an attribute's name and value, and attributes in all (API page, section 3.7). */
const mostNameBytes = 150
const mostValueBytes = 1000
const mostAttributes = 300

/**
 * `attribute_breach`: one row per profile and attribute that passes a limit of Customer.io. `breach`: `too-many` (named
 * `*`, since no single attribute is to blame), `long-name`, `long-value`, or `reserved`: a name that begins with `_`, which
 * no segment can use, or a built-in attribute that does not hold what Customer.io takes it for. `size`: how many, or bytes.
 */
export async function buildAttributeBreaches(db: Database): Promise<void> {
  await db.run(
    raw('create table attribute_breach (cio_id varchar, attribute varchar, breach varchar, size bigint)'),
  )
  await db.run(sql`
    insert into attribute_breach
    select cio_id, '*', 'too-many', filled
    from (
      select cio_id, len(list_filter(json_extract_string(attributes, '$.*'), lambda value: value <> '')) as filled
      -- equivalent mutants [where true; > for >=]: no more are filled than there are; nearly nobody has to be opened
      from record where len(json_keys(attributes)) > ${mostAttributes}
    ) where filled > ${mostAttributes}`)
  await inBatches(
    db,
    sql`select name from attribute_name
      where strlen(name) > ${mostNameBytes} or (starts_with(name, '_') and not list_contains(${reservedAttributes}::varchar[], name))
      order by profiles desc, name limit ${mostNames}`,
    (names) => sql`
      insert into attribute_breach
      select cio_id, name, case when strlen(name) > ${mostNameBytes} then 'long-name' else 'reserved' end, strlen(name) from (${filled(names)})`,
  )
  // No value is longer than all of them together: nearly nobody has to be opened.
  await db.run(sql`
    insert into attribute_breach
    with long as (
      -- equivalent mutants [where true; > for >=]: as said above
      select cio_id, attributes from record where strlen(attributes::varchar) > ${mostValueBytes}
    ), spread as (
      select cio_id, unnest(json_keys(attributes)) as key, unnest(json_extract_string(attributes, '$.*')) as value from long
    )
    select cio_id, key, 'long-value', strlen(value) from spread where strlen(value) > ${mostValueBytes}`)
  await db.run(
    raw(`
    insert into attribute_breach
    with built_in as (
      select cio_id, trim(attributes ->> '$.created_at') as created_at, trim(attributes ->> '$.unsubscribed') as unsubscribed from record
    )
    select cio_id, 'created_at', 'reserved', strlen(created_at) from built_in
    -- Files may write the time as ISO 8601; text of the API cannot be told from theirs.
    where created_at <> '' and not regexp_full_match(created_at, '[0-9]{1,11}([.][0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}.*')
    union all
    select cio_id, 'unsubscribed', 'reserved', strlen(unsubscribed) from built_in
    where unsubscribed <> '' and not regexp_full_match(unsubscribed, '(?i:true|false|1|0)')`),
  )
}
