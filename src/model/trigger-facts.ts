import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'

/** Journey metrics reach back so far from the start of the pull, a value a day (reference, section 6.2). */
const metricDays = 90

/**
 * `trigger_rhythm`: for each judged journey that an event starts, the days on which that event is known to have come:
 * from journey metrics, and from all that was read, older than the window too. `days`: how many. `usual_gap`: the 99th
 * percentile of the days between them, `mean_gap`: their mean. `span`: days from the first to
 * the last, both included. `silent`: days since the last. An event of a renamed journey is another event.
 */
export async function buildTriggerRhythms(db: Database, until: Date, asOf: Date): Promise<void> {
  await db.run(sql`
    create table trigger_rhythm as
    with trigger as (
      select id as journey, event_name from journey where judged and event_name is not null
    ), pulled as (
      select coalesce(max(try_cast(value as timestamp)), ${asOf}::timestamp) as "at" from snap.meta where key = 'pull_started_at'
    ), started as (
      select campaign_id as journey, from_json(coalesce(json_extract(metrics, '$.journey_metric.started'), json_extract(metrics, '$.started')), '["BIGINT"]') as counts
      from snap.journey_metric where json_valid(metrics)
    ), placed as (
      select journey, unnest(counts) as count, len(counts) - unnest(range(len(counts))) as days_back from started
    ), active as (
      select t.journey, cast(p."at" as date) - cast(m.days_back - 1 as integer) as day
      from trigger t join placed m using (journey), pulled p where m.count > 0 and m.days_back <= ${metricDays}
      union
      select t.journey, cast(a."at" as date)
      from (select distinct name, cast("at" as date) as "at" from snap.activity
        -- equivalent mutants [and true]: the join leaves out the others too, but takes longer over them
        where type = 'event' and name in (select event_name from trigger)
          and "at" <= ${until}::timestamp) a
      join trigger t on t.event_name = a.name
    ), spaced as (
      select journey, day, day - lag(day) over (partition by journey order by day) as gap from active
    ), summed as (
      select journey, count(*) as days, quantile_disc(gap, 0.99) as usual_gap, avg(gap) as mean_gap, max(day) - min(day) + 1 as span, max(day) as last_day from spaced group by journey
    )
    select t.journey, t.event_name, coalesce(s.days, 0) as days, s.usual_gap, s.mean_gap, s.span, s.last_day,
      date_diff('day', s.last_day, cast(${asOf}::timestamp as date)) as silent
    from trigger t left join summed s using (journey)`)
}

/**
 * `trigger_guard`: events that start judged journeys and are no noise: `keyless` have no dedupe key (the message id of files is one),
 * `copies` are surplus: a key that was there already, or the same payload at the same moment.
 */
export async function buildTriggerGuards(db: Database): Promise<void> {
  await db.run(
    raw(`
    create table trigger_guard as
    with trigger as (
      select distinct n.name, n.planned, n.events from event_name n where n.trigger and n.intent is distinct from 'noise'
    ), keyed as (
      select e.name, count(*) filter (e.key_hash is null) as keyless
      -- equivalent mutants [and true]: as above
      from event e where e.type = 'event' and e.name in (select name from trigger) group by e.name
    ), filed as (
      select h.name, count(*) as filed from happening h
      where h.type = 'event' and h.source = 'pipelines' and h.id is not null
        -- Those with a key of their own are no answer for others that came over the API without one.
        and h.seq in (select e.seq from event e where e.type = 'event' and e.key_hash is null)
        -- equivalent mutants [and true]: as above
        and h.name in (select name from trigger) group by h.name
    ), copied as (
      select name, count(distinct id) as copies from (
        select name, coalesce(id, cio_id || happened_at::varchar) as id from key_copy where number > 1
        union all
        select name, coalesce(id, cio_id || happened_at::varchar) from burst_copy where certain
      ) group by name
    )
    select t.name, t.planned, t.events, k.keyless - coalesce(f.filed, 0) as keyless, coalesce(c.copies, 0) as copies
    from trigger t join keyed k using (name) left join filed f using (name) left join copied c using (name)`),
  )
}
