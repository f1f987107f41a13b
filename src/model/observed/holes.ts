import type { Database } from '../../engine/database.ts'
import { join, raw, sql } from '../../engine/sql.ts'
import { pointerTo } from '../attribute-values.ts'
import type { ValueFacts } from './facts.ts'
import { isClosedSet, isOrigin } from './words.ts'

/** A property that is absent for a reason: where `by` says one of `values`, nobody has it. */
export interface Hole {
  readonly by: string
  readonly values: readonly string[]
}

/** Beyond these a few properties are required that a reader may loosen. */
const mostAsked = 100
/** Of what is absent so much must have the one reason. */
const explained = 0.9
const mostValues = 10

/**
 * Web orders have no version of the app, whatever share of the orders they are: what nearly all have is required only
 * where its absence has no such reason. By the name of the property: an event that only apps have sent so far may come
 * from the web tomorrow.
 */
export async function findHoles(
  db: Database,
  facts: readonly ValueFacts[],
): Promise<ReadonlyMap<string, Hole>> {
  const holes = new Map<string, Hole>()
  const top = facts.filter(({ parent, event }) => parent === 0 && event > 0)
  const sets = Map.groupBy(
    top.filter(({ key, distinct }) => (isClosedSet(key) || isOrigin(key)) && distinct <= mostValues),
    ({ event }) => event,
  )
  for (const fact of top.filter(isAsked).slice(0, mostAsked)) {
    const reasons = (sets.get(fact.event) ?? []).filter(({ key }) => key !== fact.key)
    if (reasons.length === 0 || holes.has(fact.key)) continue
    const hole = await holeOf(
      db,
      fact,
      reasons.map(({ key }) => key),
    )
    if (hole !== null) holes.set(fact.key, hole)
  }
  return holes
}

/** What is there half of the time and more, and not always. */
const isAsked = ({ of, filled }: ValueFacts): boolean => filled < of && filled >= 0.5 * of

async function holeOf(
  db: Database,
  { event, key }: ValueFacts,
  reasons: readonly string[],
): Promise<Hole | null> {
  const columns = reasons.map(
    (reason, at) => sql`json_extract_string(data, ${pointerTo(reason)}) as ${raw(`by${at}`)}`,
  )
  const asked = reasons.map(
    (reason, at) => sql`select ${reason}::varchar as "by", ${raw(`by${at}`)} as value, filled from read`,
  )
  const rows = await db.rows(sql`
    with read as materialized (
      select coalesce(trim(json_extract_string(data, ${pointerTo(key)})), '') <> '' as filled, ${join(columns, ', ')}
      from drawn where event = ${event}
    ), asked as (${join(asked, ' union all ')}), counted as (
      select "by", value, count(*) as events, count(*) filter (filled) as filled from asked where value is not null group by all
    )
    select "by", list(value order by value) filter (filled = 0) as never from counted group by "by"
    having sum(events - filled) filter (filled = 0) >= ${explained} * (select count(*) filter (not filled) from read)
    order by "by" limit 1`)
  const [row] = rows
  return row === undefined ? null : { by: String(row['by']), values: row['never'] as readonly string[] }
}
