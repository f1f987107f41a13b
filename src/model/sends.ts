import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'

/**
 * - `send`: messages of journeys that were sent in the window, one row per delivery. Only warehouse files say which journey
 *   and step sent a message: over the App API the activity of a message bears nothing but the id of its delivery. A delivery
 *   counts unless all that its metrics say is that it never left (drafted, dropped, undeliverable, failed).
 * - `double_send`: sends of one step and channel to one person (cluster) within 24 hours of the one before. `cause`: that the two
 *   went to two profiles of the person; that an event which came twice started them; else not known.
 */
export async function buildSends(db: Database, since: Date, until: Date): Promise<void> {
  await db.run(sql`
    create table send as
    with outcome as (
      select delivery_id, bool_or(lower(metric) in ('sent', 'delivered', 'opened', 'clicked', 'converted', 'bounced')) as left_house
      from snap.delivery_metric group by delivery_id
    ), told as (
      select id, any_value(cio_id) as cio_id, lower(any_value(type)) as channel, any_value(campaign_id) as journey, any_value(action_id) as action,
        any_value(event_id) as event_id, min(created_at) as "at"
      from snap.delivery
      where campaign_id is not null and action_id is not null and cio_id is not null and created_at between ${since}::timestamp and ${until}::timestamp
      group by id
    )
    select t.id, t.cio_id, p."cluster", t.channel, t.journey, t.action, t.event_id, t."at"
    from told t left join outcome o on o.delivery_id = t.id left join person p on p.cio_id = t.cio_id
    where coalesce(o.left_house, true) and t.channel in ('push', 'ios', 'android', 'email')`)
  await db.run(
    raw(`
    create table double_send as
    with lined as (
      select s.*, lag(id) over line as previous_id, lag("at") over line as previous_at, lag(cio_id) over line as previous_cio_id, lag(event_id) over line as previous_event
      from send s window line as (partition by coalesce("cluster"::varchar, cio_id), journey, action order by "at", id)
    )
    select *, case when previous_cio_id <> cio_id then 'profile'
        when event_id in (select id from key_copy) or event_id in (select id from burst_copy) or event_id = previous_event then 'event' else 'unknown' end as cause
    from lined where "at" - previous_at <= interval 24 hours`),
  )
}
