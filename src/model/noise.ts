import type { Settings } from '../core/settings.ts'
import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import { spellingOf } from './event-spelling.ts'
import { openNames } from './vocabulary.ts'

/**
 * - `busy_event`: events that people send often in one day: of how many person-days, and how many events the busiest
 *   twentieth of them have at least. Names with few events a day are left out.
 * - `loud_event(max_share, per_day, min_person_days)`: events that are noise by plan or name, or that the team's own plan does not
 *   know, where these are more than that share of all events (`drowns`), and events that come too often (`busiest`).
 * - `opening`: names of events that only say that the app woke up.
 * - `opens_only`: profiles of whom nothing else was seen in the window, no screen and no page either.
 */
export async function buildNoise(db: Database, settings: Settings): Promise<void> {
  // The busiest twentieth can only have a hundred events each where all person-days have five in the mean, and as much for other
  // limits. A fifth is left off: counting person-days roughly is cheap and off by a few in a hundred, counting them all is not.
  const least = leastPerDay(settings) / 25
  await db.run(
    sql`
    create table busy_event as
    with brisk as (
      select name from event where type = 'event' and person is not null group by name
      having count(*) >= ${least} * approx_count_distinct(hash(person, happened_at::date))
    ), person_day as (
      select name, count(*) as events from event
      where type = 'event' and person is not null and name in (from brisk) group by name, person, happened_at::date
    )
    select name, count(*) as person_days, quantile_disc(events, 0.95)::bigint as busiest from person_day group by name`,
  )
  await db.run(
    raw(`
    create macro loud_event(max_share, per_day, min_person_days) as table
    with named as (
      select name, events, unplanned, intent is not distinct from 'noise' or unplanned as noise from event_name where type = 'event'
    ), judged as (
      select *, sum(events) over () as total, coalesce(sum(events) filter (noise) over (), 0) as noisy from named
    )
    select j.name, j.events, j.unplanned, (j.events / j.total)::double as share, (noisy / total)::double as noisy_share,
      noise and noisy > max_share * total as drowns,
      case when b.person_days >= min_person_days and b.busiest > per_day then b.busiest end as busiest
    from judged j left join busy_event b using (name)`),
  )
  const rows = await db.rows(raw("select name from event_name where type = 'event' order by name"))
  const names = rows.map(({ name }) => String(name))
  const openings = names.filter((name) => openNames.includes(spellingOf(name).folded as never))
  await db.run(raw('create table opening (name varchar)'))
  await db.append(
    'opening',
    openings.map((name) => [name]),
  )
  await db.run(sql`
    create table opens_only as
    with alone as (
      select person, count(*) as opens, min(happened_at) as first_at, max(happened_at) as last_at from event group by person
      having bool_and(type = 'event' and list_contains(${openings}::varchar[], name))
    )
    select p.cio_id, p.id, p.email, opens, first_at, last_at
    from alone join person using (person) join profile p using (cio_id)`)
}

/** The smallest number a day that any rule was told to take for too many. */
function leastPerDay({ rules }: Settings): number {
  const told = Object.values(rules).flatMap(({ options }) => {
    const perDay = (options as { readonly perDay?: unknown } | undefined)?.perDay
    return typeof perDay === 'number' ? [perDay] : []
  })
  return Math.min(100, ...told)
}
