import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import { trimmed } from './addresses.ts'

/** From how many profiles on a day can stand out, and by how many times what the other days have on average. */
export const surge = { profiles: 10, times: 5 } as const

/**
 * What profiles lack, by the day (UTC) on which they were created; `unknown` where no source says when.
 *
 * - `shortcoming`: one row per profile and `lack`: `id` (somebody who has an e-mail or a phone and no id) or `contact`
 *   (no valid e-mail address, no phone and no device; placeholders are none).
 * - `creation_day`: per `lack` and day, how many lack it (`affected`), how many profiles were created (`created`, without
 *   anonymous ones for `id`), what the other days have on average (`usual`), and whether the day is a `surge`.
 */
export async function buildCreationDays(db: Database): Promise<void> {
  const dayOf = raw(`coalesce(strftime(created_at, '%Y-%m-%d'), 'unknown')`)
  await db.run(sql`
    create table shortcoming as
    select cio_id, 'id' as lack, ${dayOf} as day, created_at from profile where not anonymous and coalesce(id_norm, '') = ''
    union all
    select cio_id, 'contact', ${dayOf}, created_at from profile
    where coalesce(email_norm in (from placeholder), true)
      and coalesce(${trimmed('phone')}, '') in (select '' union all from placeholder)
      and cio_id not in (select cio_id from device)`)
  await db.run(sql`
    create table creation_day as
    with day as (
      select ${dayOf} as day, count(*) as created, count(*) filter (not anonymous) as known from profile group by day
    ), lacking as (
      select lack, day, count(*) as affected, min(created_at) as first_seen, max(created_at) as last_seen
      from shortcoming group by lack, day
    ), compared as (
      select l.*, case lack when 'id' then known else created end as created,
        (sum(affected) over (partition by lack) - affected) / nullif((select count(*) from day) - 1, 0) as usual
      from lacking l join day using (day)
    )
    select *, coalesce(day <> 'unknown' and affected >= ${surge.profiles} and affected > ${surge.times} * usual, false) as surge
    from compared`)
}
