import type { Timeline, TimelineEvent } from '../core/timeline.ts'
import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'

/** More lines than this nobody compares. */
const mostEvents = 12
/** A longer window is told in weeks, or in more of them, so that a year stays a picture. */
const mostSteps = 92
const dayMs = 86_400_000

/** The events that the plan or a judged journey knows, over the window: out of the model, which has counted them by name. */
export async function timeline(
  session: Database,
  { since, until }: { readonly since: Date; readonly until: Date },
): Promise<Timeline> {
  const first = Math.floor(since.getTime() / dayMs)
  const days = Math.floor((until.getTime() - 1) / dayMs) - first + 1
  const stepDays = days > mostSteps ? 7 * Math.ceil(days / (7 * mostSteps)) : 1
  const steps = Math.ceil(days / stepDays)
  const known = await session.rows(
    raw(`
    select name, "trigger" from event_name where type = 'event' and (planned or "trigger") order by events desc, name`),
  )
  const listed = known.slice(0, mostEvents)
  const counts = await session.rows(sql`
    select name, ((epoch(date_trunc('day', happened_at)) / 86400)::bigint - ${first}) // ${stepDays} as step, count(*) as events
    from event where type = 'event' and name = any(${listed.map(({ name }) => String(name))}::varchar[])
    group by name, step`)
  const byName = Map.groupBy(counts, ({ name }) => String(name))
  const events = listed.map((row): TimelineEvent => {
    const line = Array.from({ length: steps }, () => 0)
    for (const { step, events: count } of byName.get(String(row['name'])) ?? []) {
      const at = Number(step)
      if (at >= 0 && at < steps) line[at] = Number(count)
    }
    return { name: String(row['name']), trigger: row['trigger'] === true, counts: line }
  })
  return {
    starts: Array.from({ length: steps }, (_, step) => dayOf((first + step * stepDays) * dayMs)),
    stepDays,
    events,
    unlisted: known.length - listed.length,
  }
}

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10)
