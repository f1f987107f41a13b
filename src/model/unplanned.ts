import type { Plan } from '../core/plan.ts'
import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import type { HeldEvent } from './event-names.ts'
import { isHeld } from './events.ts'
import { runOverHappenings } from './happenings.ts'

/** Of an event that was sent more often a share is opened, chosen by person and time: which keys it has is known long before. */
const mostOpened = 100_000

/**
 * What the team's own plan does not know; all of it is empty with the built-in plan, which is nobody's contract.
 *
 * - `looked_at`: how many events of each name were looked at: all, and of the properties those that were opened.
 * - `unplanned_use`: by event, property (null: the event itself) and person, how many events have it. Only properties of
 *   events that the plan asks any of; keys inside of objects and lists are not looked at.
 */
export async function buildUnplanned(db: Database, plan: Plan, held: readonly HeldEvent[]): Promise<void> {
  await db.run(raw('create table looked_at (name varchar, events bigint)'))
  await db.run(
    raw(
      'create table unplanned_use (name varchar, property varchar, person integer, events bigint, first_at timestamp, last_at timestamp)',
    ),
  )
  if (Object.keys(plan.events).length === 0) return
  await db.run(raw('create temp table contract (name varchar, known varchar[])'))
  for (const event of held.filter(isHeld)) {
    const known = [...Object.keys(event.properties), ...event.dedupeKeys]
    await db.run(sql`insert into contract values (${event.name}, ${known}::varchar[])`)
  }
  await db.run(sql`
    create temp table opening_list as
    select e.seq, e.name, e.person, e.happened_at from event e join event_name n using (name, type)
    where e.type = 'event'
      -- equivalent mutants [and true]: what the plan asks nothing of, or all of a busy event, would be opened; that takes long
      and e.name in (select name from contract) and hash(e.person, e.happened_at) % ceil(n.events / ${mostOpened})::ubigint = 0`)
  await db.run(
    raw(`
    insert into looked_at
    select name, count(*) from opening_list group by name
    union all
    select name, events from event_name where type = 'event' and name not in (select name from opening_list)`),
  )
  await runOverHappenings(
    db,
    raw(`
    create temp table strange as
    with opened as (
      select s.seq, list_filter(json_keys(s.data), lambda key: not list_contains(c.known, key)) as keys
      -- equivalent mutants [where true]: the others are left out below, after all payloads have been read
      from (from stored where seq in (select seq from opening_list)) s join contract c using (name)
    )
    select seq, unnest(keys) as property from opened`),
  )
  await db.run(
    raw(`
    insert into unplanned_use
    select o.name, s.property, o.person, count(*), min(o.happened_at), max(o.happened_at)
    from strange s join opening_list o using (seq) group by o.name, s.property, o.person
    union all
    select e.name, null, e.person, count(*), min(e.happened_at), max(e.happened_at)
    from event e where e.type = 'event' and e.name in (select name from event_name where unplanned) group by e.name, e.person`),
  )
  for (const table of ['strange', 'opening_list', 'contract']) await db.run(raw(`drop table ${table}`))
}
