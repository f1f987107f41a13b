import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'

/**
 * `reach`: the people whom the named journeys would reach, with all profiles of their clusters: those who sent the trigger
 * event in the window, or hold a value of the date attribute. Who is in a segment no source tells, so a journey that
 * starts from one may reach everybody. Filters are not looked at: they can only make it fewer.
 */
export async function buildReach(db: Database): Promise<void> {
  await db.run(
    raw(`
    create table reach as
    with direct as (
      select p.cio_id from person p where p.person in (
        select e.person from event e where e.type = 'event' and e.name in (select event_name from journey where named))
      union
      select r.cio_id from record r join journey j on j.named and j.event_name is null
        and trim(json_extract_string(r.attributes, '/' || replace(replace(j.date_attribute, '~', '~0'), '/', '~1'))) <> ''
      union
      select r.cio_id from record r
      where exists (from journey where named and event_name is null and date_attribute is null)
    )
    select cio_id from person where "cluster" in (select p."cluster" from direct d join person p using (cio_id))`),
  )
}
