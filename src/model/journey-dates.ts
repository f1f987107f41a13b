import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'

/** A day written as one number: as seconds it would be the summer of 1970. */
const dayNumber = '(19|20)\\d\\d(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])'

/**
 * - `journey_date`: journeys that a date starts, with how many profiles hold a value of its attribute.
 * - `unusable_date`: the values that are no Unix seconds; `found` is what they look like instead. Customer.io takes such
 *   a value for text, and the journey never starts (reference, section 12.3).
 */
export async function buildJourneyDates(db: Database): Promise<void> {
  await db.run(
    raw(`
    create temp table dated as
    select j.id as journey, j.date_attribute as attribute, r.cio_id,
      trim(json_extract_string(r.attributes, '/' || replace(replace(j.date_attribute, '~', '~0'), '/', '~1'))) as value
    -- equivalent mutants [and true]: without an attribute there is no value, but as many rows as people
    from journey j, record r where j.judged and j.date_attribute is not null`),
  )
  await db.run(
    raw(`
    create table journey_date as
    select j.id as journey, j.date_attribute as attribute, j.named, count(d.value) filter (d.value <> '') as held
    from journey j left join dated d on d.journey = j.id where j.judged and j.date_attribute is not null group by all`),
  )
  await db.run(
    raw(`
    create table unusable_date as
    with looked as (
      select *, case when regexp_full_match(value, '-?\\d{12,14}(\\.\\d+)?') then 'milliseconds'
          when regexp_full_match(value, '${dayNumber}') then 'a day as one number'
          when regexp_full_match(value, '-?\\d{1,11}(\\.\\d+)?') then null
          when regexp_matches(value, '^\\d{4}-\\d\\d') then 'ISO date'
          when regexp_matches(value, '^\\d{1,2}[./-]\\d{1,2}[./-]\\d{2,4}') then 'local date'
          else 'text' end as found
      from dated where value <> ''
    )
    select journey, attribute, cio_id, left(value, 200) as value, found from looked where found is not null`),
  )
  await db.run(raw('drop table dated'))
}
