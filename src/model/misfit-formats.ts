import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'

/** A platform is told as an origin where nearly all devices behind a format have it, and far from all others do. */
const origin = { holders: 3, own: 0.9, all: 0.75 } as const
/** How many ids are shown. */
const shown = 3

/**
 * `misfit_format`: the formats beside the canonical one, and where their ids come from.
 *
 * - `ids` of `all_ids` have the format; `examples`: the first of them in their order, comma-separated.
 * - `day`, `day_ids`: the day (UTC) on which most of their profiles were created, the earliest of equal ones.
 * - `platform`: of the devices on these profiles, where it is out of line; null where it says nothing.
 */
export async function buildMisfitFormats(db: Database): Promise<void> {
  await db.run(
    raw(`
    create temp table platform_holder as
    select cio_id, min(platform) as platform from device group by cio_id having count(distinct platform) = 1`),
  )
  await db.run(sql`
    create table misfit_format as
    with misfit as (
      select m.format, p.id, p.cio_id, p.created_at, strftime(p.created_at, '%Y-%m-%d') as day, h.platform
      from id_misfit m join profile p using (cio_id) left join platform_holder h using (cio_id) where m.told
    ), born as (
      select format, day, count(*) as day_ids from misfit where day is not null group by format, day
      qualify row_number() over (partition by format order by day_ids desc, day) = 1
    ), every as (
      select platform, count(*) / sum(count(*)) over () as share from platform_holder group by platform
    ), held as (
      select format, platform, count(*) as holders, count(*) / sum(count(*)) over (partition by format) as share
      from misfit where platform is not null group by format, platform
    ), traced as (
      select h.format, h.platform from held h join every e using (platform)
      where h.holders >= ${origin.holders} and h.share >= ${origin.own} and e.share < ${origin.all}
    )
    select m.format, count(*) as ids, c.ids as all_ids, c.name as canonical, c.given,
      array_to_string(list_slice(list(m.id order by m.id, m.cio_id), 1, ${shown}), ', ') as examples,
      min(m.created_at) as first_seen, max(m.created_at) as last_seen, b.day, coalesce(b.day_ids, 0) as day_ids, t.platform
    from misfit m left join born b using (format) left join traced t using (format), canonical_id c
    group by m.format, c.ids, c.name, c.given, b.day, b.day_ids, t.platform`)
  await db.run(raw('drop table platform_holder'))
}
