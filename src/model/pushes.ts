import type { Database } from '../engine/database.ts'
import { sql } from '../engine/sql.ts'

/** What became of a message, as activities and metrics name it, when somebody got it. */
const arrivals = ['delivered', 'opened', 'clicked', 'converted']

/**
 * `push`: one row per push of the window, by the id of its delivery, from the activities of the App API and from the
 * deliveries and metrics of warehouse files.
 *
 * - `outcome`: the first of `bounced`, `undeliverable`, `dropped` that it met; null where it met none of them, and where
 *   it arrived nevertheless: a person with two phones gets the push on one while it bounces on the other.
 * - `platform`, `app_version`: of the push where the source says it, else of the device that the person used last.
 */
export async function buildPushes(db: Database, since: Date, until: Date): Promise<void> {
  const window = sql`between ${since}::timestamp and ${until}::timestamp`
  await db.run(sql`
    create table push as
    with told as (
      select delivery_id, cio_id, "at", lower(delivery_type) as platform,
        case when data ->> '$.delivered' is not null then 'delivered' else split_part(type, '_', 1) end as metric,
        coalesce(data ->> '$.reason', data ->> '$.failure_message') as reason
      from snap.activity
      where ends_with(type, '_push') and type <> 'drafted_push' and delivery_id is not null and "at" ${window}
      union all
      select d.id, d.cio_id, d.created_at, null, lower(m.metric), m.reason
      from snap.delivery d left join snap.delivery_metric m on m.delivery_id = d.id
      where lower(d.type) in ('push', 'ios', 'android') and d.created_at ${window}
    ), gathered as (
      select delivery_id, min(cio_id) as cio_id, min("at") as "at",
        max(platform) filter (platform in ('ios', 'android')) as platform,
        min(reason) filter (metric in ('bounced', 'undeliverable', 'dropped')) as reason,
        case when bool_or(metric in (select unnest(${arrivals}::varchar[]))) then null
          when bool_or(metric = 'bounced') then 'bounced'
          when bool_or(metric = 'undeliverable') then 'undeliverable'
          when bool_or(metric = 'dropped') then 'dropped' end as outcome
      from told group by delivery_id
    ), newest as (
      select cio_id, platform, arg_max(app_version, (coalesce(last_used, '1970-01-01'::timestamp), token)) as app_version,
        max((coalesce(last_used, '1970-01-01'::timestamp), token)) as used
      from device
      -- equivalent mutants [where true]: of the others nobody asks, they only fill the memory
      where cio_id in (select cio_id from gathered) group by cio_id, platform
    ), last_device as (
      select cio_id, arg_max(platform, used) as platform from newest group by cio_id
    ), placed as (
      select g.delivery_id, g.cio_id, g."at", coalesce(g.platform, l.platform) as platform, g.outcome, g.reason
      from gathered g left join last_device l using (cio_id)
    )
    select p.*, n.app_version from placed p left join newest n on n.cio_id = p.cio_id and n.platform = p.platform`)
}
