import type { DailyCounts } from '../core/past.ts'
import type { AskingRun } from '../core/plan-history.ts'
import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import type { FinishedRun } from './keep-run.ts'

/** A year and a bit: last Christmas can still be looked at, and the file stays small. */
const keptDays = 400

/** Adds what is told of each day for the first time, or otherwise than before (a person was deleted, an event came late). */
export async function keepDailyCounts(
  db: Database,
  { report, workspaceId, dailyCounts }: Pick<FinishedRun, 'report' | 'workspaceId' | 'dailyCounts'>,
): Promise<void> {
  const { days, counts } = dailyCounts
  const { asOf } = report.run
  await db.run(raw('create or replace temp table told_day (day varchar)'))
  await db.run(raw('create or replace temp table told_count (day varchar, name varchar, events bigint)'))
  await db.append(
    'told_day',
    days.map((day) => [day]),
  )
  await db.append(
    'told_count',
    counts.map(({ day, name, events }) => [day, name, BigInt(events)]),
  )
  await db.run(sql`
    create or replace temp table told_before as
    ${newest(workspaceId, sql`as_of <= ${asOf}::timestamp`)}`)
  await db.run(sql`
    insert into day_count
    select ${workspaceId}::bigint, coalesce(t.day, b.day)::date, coalesce(t.name, b.name), coalesce(t.events, 0), ${asOf}::timestamp
    from told_count t full join (select * from told_before where day in (select day from told_day)) b on b.day = t.day and b.name = t.name
    where coalesce(t.events, 0) <> coalesce(b.events, 0)`)
  await db.run(sql`
    insert into known_day
    select ${workspaceId}::bigint, day::date, ${asOf}::timestamp from told_day where day::date not in (
      select day from known_day where workspace is not distinct from ${workspaceId}::bigint and as_of <= ${asOf}::timestamp)`)
  for (const table of ['told_day', 'told_count', 'told_before']) await db.run(raw(`drop table ${table}`))
  for (const table of ['known_day', 'day_count'])
    await db.run(sql`
      delete from ${raw(table)} where workspace is not distinct from ${workspaceId}::bigint
        and day < (select max(day) from known_day where workspace is not distinct from ${workspaceId}::bigint) - ${keptDays}::integer`)
}

/** What runs with an earlier "now" told of each day, the newest word of each. */
export async function dailyCountsBefore(
  db: Database,
  { asOf, workspaceId }: AskingRun,
): Promise<DailyCounts> {
  const days = await db.rows(sql`
    select distinct day::varchar as day from known_day
    where workspace is not distinct from ${workspaceId}::bigint and as_of < ${asOf} order by day`)
  const counts = await db.rows(
    sql`select * from (${newest(workspaceId, sql`as_of < ${asOf}`)}) where events > 0 order by day, name`,
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

const newest = (workspaceId: number | null, when: ReturnType<typeof sql>) => sql`
  select day::varchar as day, name, arg_max(events, as_of) as events from day_count
  where workspace is not distinct from ${workspaceId}::bigint and ${when} group by day, name`
