import type { Plan } from '../core/plan.ts'
import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import { pointerTo } from './attribute-values.ts'

/** The guide's name for the time of the newest purchase; a plan need not say where it comes from. */
const purchaseAttribute = 'last_purchase_at'

/**
 * `derived_fact`: one row per attribute that tells when an event happened last, and profile of which that event was seen in
 * the window: what the attribute says (`stated_at`, null where it is not there or does not read as a time) and the newest
 * event (`newest_at`). Refunds (negative amounts) are no purchases.
 */
export async function buildDerivedFacts(db: Database, plan: Plan): Promise<void> {
  await db.run(
    raw(
      'create table derived_fact (cio_id varchar, attribute varchar, value varchar, stated_at timestamp, newest_at timestamp)',
    ),
  )
  for (const { attribute, events } of derived(plan)) {
    const named =
      events === null
        ? sql`n.intent = 'purchase'`
        : sql`n.type = 'event' and list_contains(${events}::varchar[], n.name)`
    const wanted = sql`${named} and (n.intent is distinct from 'purchase' or coalesce(e.amount, 0) >= 0)`
    await db.run(sql`
      insert into derived_fact
      with newest as (
        select e.person, max(e.happened_at) as newest_at from event e join event_name n using (name, type) where ${wanted} group by e.person
      ), told as (
        select p.cio_id, newest_at from newest join person p using (person)
      )
      select t.cio_id, ${attribute}::varchar, v.value,
        case when abs(try_cast(v.value as double)) < 1e11 then make_timestamp((try_cast(v.value as double) * 1e6)::bigint) end, t.newest_at
      from told t join (select cio_id, trim(json_extract_string(attributes, ${pointerTo(attribute)})) as value from record) v using (cio_id)`)
  }
}

/** `events`: names, or null for whatever has the intent purchase. */
function derived(plan: Plan): { attribute: string; events: readonly string[] | null }[] {
  const own = Object.entries(plan.attributes).flatMap(([attribute, { derivedFrom }]) =>
    derivedFrom === undefined
      ? []
      : [{ attribute, events: [derivedFrom, ...(plan.events[derivedFrom]?.aliases ?? [])] }],
  )
  return own.some(({ attribute }) => attribute === purchaseAttribute)
    ? own
    : [...own, { attribute: purchaseAttribute, events: null }]
}
