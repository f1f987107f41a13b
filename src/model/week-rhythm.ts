import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'

/** Weeks that are looked back at, and how many of them must be known. */
const weeksBack = 8
const weeksNeeded = 6
/** Other events whose common ebb and flow is the season. */
const others = 3
/** No season takes this much from everything at once; then nothing arrives, or nearly. */
const silence = 0.05

/**
 * `week_rhythm(days, min_events, until)`: each critical or trigger event that comes as regularly as the week, in its last full `days`
 * before `until` (a date) and in the same days of the weeks before.
 *
 * - `events`: what came in those days; `low`, `high`, `usual` (the median): what came in the `weeks` before, of which six are known.
 *   Of `min_events` and more as a rule, and never none.
 * - `season`: the median of what the other events made of those days, each measured by its own usual count, where there are three.
 * - `level`: `events` without the season; `lowest`, `highest`: the same of the weeks before. `expected`: their middle, in this season.
 * - `first_day`, `last_day`: the days that are judged.
 */
export async function createWeekRhythm(db: Database): Promise<void> {
  await db.run(
    raw(`
    create macro week_rhythm(days, min_events, until) as table
    with last as (
      select max(day) as day from known_day where day < until
    ), slot as (
      select week, last.day - (7 * week + back)::integer as day from range(0, ${weeksBack + 1}) w(week), range(0, days) b(back), last
    ), known_week as (
      select week from slot join known_day using (day) group by week having count(*) = days
    ), counted as (
      select d.name, s.week, sum(d.events) as events from day_count d join slot s using (day) join known_week using (week) group by all
    ), filled as (
      select n.name, w.week, coalesce(c.events, 0)::double as events
      from (select distinct name from counted) n cross join known_week w left join counted c on c.name = n.name and c.week = w.week
    ), regular as (
      select name, median(events) filter (week > 0) as usual, min(events) filter (week > 0) as low, max(events) filter (week > 0) as high,
        any_value(events) filter (week = 0) as events
      from filled group by name
      having count(*) filter (week > 0) >= ${weeksNeeded} and count(*) filter (week = 0) = 1
        and median(events) filter (week > 0) >= min_events and min(events) filter (week > 0) > 0
    ), season as (
      select r.name, f.week, median(f.events / o.usual) as season
      from regular r join regular o on o.name <> r.name join filled f on f.name = o.name
      group by r.name, f.week having count(*) >= ${others}
    ), levelled as (
      select f.name, f.week, case when s.season >= ${silence} then f.events / s.season when f.week = 0 then f.events end as level,
        case when s.season >= ${silence} then s.season else 1 end as divisor, s.season
      from filled f join season s on s.name = f.name and s.week = f.week
    ), levels as (
      select name, min(level) filter (week > 0) as lowest, max(level) filter (week > 0) as highest, median(level) filter (week > 0) as middle,
        any_value(level) filter (week = 0) as level, any_value(divisor) filter (week = 0) as divisor, any_value(season) filter (week = 0) as season
      from levelled group by name
    )
    select r.name, r.events, r.low, r.high, r.usual, l.season, l.level, l.lowest, l.highest, l.middle * l.divisor as expected,
      (select count(*) from known_week where week > 0) as weeks, last.day as last_day, last.day - (days - 1)::integer as first_day
    from regular r join levels l using (name) join event_name n on n.name = r.name and (n.critical or n.trigger), last`),
  )
}
