import type { DailyCounts } from '../core/past.ts'
import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'

/**
 * Filled by the audit, which is told of the runs before.
 *
 * - `known_day`: days (UTC) of which every event is known, in this run's window or in that of an earlier one. `own`: in this
 *   one's. Days that a window cuts are none, nor is any where the activities were not read to their end.
 * - `day_count`: how many events of a name there were on such a day; without a row there were none.
 */
export async function createDayCounts(db: Database): Promise<void> {
  await db.run(raw('create table known_day (day date, own boolean)'))
  await db.run(raw('create table day_count (name varchar, day date, events bigint)'))
}

export async function fillDayCounts(
  db: Database,
  { since, until }: { readonly since: Date; readonly until: Date },
  past: DailyCounts,
): Promise<void> {
  await db.run(sql`
    insert into known_day
    select day::date, true from generate_series(date_trunc('day', ${since}::timestamp - interval 1 microsecond) + interval 1 day,
      date_trunc('day', ${until}::timestamp) - interval 1 day, interval 1 day) days(day)
    where not exists (from unmet_need where need = 'activities')`)
  await db.run(
    raw(`
    insert into day_count
    select name, happened_at::date as day, count(*) from event
    where type = 'event' and happened_at::date in (select day from known_day) group by all`),
  )
  const own = new Set((await db.rows(raw('select day::varchar as day from known_day'))).map(({ day }) => day))
  const before = past.days.filter((day) => !own.has(day))
  // Text, because an appended value must be of the column's own type.
  await db.run(raw('create temp table told_day (day varchar)'))
  await db.append(
    'told_day',
    before.map((day) => [day]),
  )
  await db.run(raw('create temp table told_count (name varchar, day varchar, events bigint)'))
  await db.append(
    'told_count',
    past.counts.filter(({ day }) => !own.has(day)).map((c) => [c.name, c.day, BigInt(c.events)]),
  )
  await db.run(raw('insert into known_day select day::date, false from told_day'))
  await db.run(raw('insert into day_count select name, day::date, events from told_count'))
  await db.run(raw('drop table told_day'))
  await db.run(raw('drop table told_count'))
}

/** More names than any shop plans; a workspace that makes names out of ids must not fill the history. */
const mostNames = 500

/** What a later run will hear of this one's days. */
export async function ownDailyCounts(db: Database): Promise<DailyCounts> {
  const days = await db.rows(raw('select day::varchar as day from known_day where own order by day'))
  const counts = await db.rows(
    raw(`
    select name, day::varchar as day, events from day_count
    where day in (select day from known_day where own) and name in (
      select d.name from day_count d join event_name n on n.name = d.name and n.type = 'event'
      group by d.name order by any_value(n.critical or n.trigger) desc, sum(d.events) desc, d.name limit ${mostNames})
    order by day, name`),
  )
  return {
    days: days.map(({ day }) => String(day)),
    counts: counts.map((row) => ({
      day: String(row['day']),
      name: String(row['name']),
      events: Number(row['events']),
    })),
  }
}
