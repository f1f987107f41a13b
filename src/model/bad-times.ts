import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'

/** Phones are out of reach for a night and a day; what comes three days later was held up by something else. */
const lateHours = 72
/** So many events of one name, late by the same whole hours, are no chance. */
const clusterSize = 20

/**
 * `bad_time`: events with a time that cannot be right. `kind`: `future` and `past` (before 2010) wherever they lie,
 * `milliseconds` (so far ahead that seconds were meant); of files also `shifted` (received a whole number of `hours`
 * after or before it happened, and so are many of that name: local time that was sent as UTC), and `late` (a trigger event, or a
 * critical one where no journeys are known, received more than three days after it happened).
 *
 * Late events of more than seven days that arrive in one hour are a backfill, and fine.
 */
export async function buildBadTimes(db: Database, asOf: Date): Promise<void> {
  const kind = sql`case when a."at" >= make_timestamp(100000000000000000) then 'milliseconds'
    when a."at" > ${asOf}::timestamp + interval 5 minutes then 'future'
    when a."at" < timestamp '2010-01-01' then 'past' end`
  await db.run(sql`
    create table bad_time as
    select a.id, c.cio_id, a.name, a."at" as happened_at, a.received_at, ${kind}::varchar as kind, null::integer as hours
    from snap.activity a left join caller c
      on c.who = case when a.source = 'pipelines' then coalesce('u ' || a.customer_id, 'a ' || a.anonymous_id) else a.cio_id end
    where a.type = 'event' and a.name is not null and (${kind}) is not null`)
  await db.run(
    raw(`
    create temp table delayed as
    select id, who, name, "at", received_at, epoch(received_at - "at") as seconds from happening h
    where type = 'event' and source = 'pipelines'
      -- equivalent mutants [> for >=]: half an hour is near no whole one
      and (received_at - "at" > interval 30 minutes or "at" - received_at > interval 30 minutes)`),
  )
  // Of innocent delays one in ten lies so close to a whole hour: as many as all the others together is no chance.
  await db.run(
    sql`
    create temp table shifted as
    with measured as (
      select name, round((seconds - 120) / 3600)::integer as hours, seconds from delayed
    )
    select name, hours from measured where hours between -14 and 14 group by name, hours
    having count(*) filter (abs(seconds - 120 - hours * 3600) <= 180) >= ${clusterSize}
      and count(*) filter (abs(seconds - 120 - hours * 3600) <= 180) * 2 >= count(*)`,
  )
  await db.run(sql`
    insert into bad_time
    with backfill as (
      select date_trunc('hour', received_at) as hour from delayed where seconds > ${lateHours * 3600}
      group by 1 having max("at") - min("at") > interval 7 days
    ), awaited as (
      select name from event_name where trigger or critical and not exists (from snap.campaign)
    ), judged as (
      select d.*, s.hours, case
          when abs(d.seconds - 120 - s.hours * 3600) <= 180 then 'shifted'
          when d.seconds > ${lateHours * 3600} and w.name is not null and b.hour is null then 'late' end as kind
      from delayed d left join shifted s on s.name = d.name and s.hours = round((d.seconds - 120) / 3600)::integer
      left join awaited w on w.name = d.name left join backfill b on b.hour = date_trunc('hour', d.received_at)
    )
    select j.id, c.cio_id, j.name, j."at", j.received_at, j.kind, j.hours
    from judged j left join caller c using (who) where j.kind is not null`)
  await db.run(raw('drop table shifted'))
  await db.run(raw('drop table delayed'))
}
