import type { Plan } from '../core/plan.ts'
import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import { pointerTo } from './attribute-values.ts'
import { count } from './roster/parts.ts'

/** How long after its creation a profile may go without an attribute that everybody must have. */
const graceSeconds = 3600

/**
 * `slow_attribute`: new profiles (`new_profile`) on which an attribute that the plan requires of everybody was still absent an
 * hour after they were created. `filled_at`: when it came, null where it never did.
 *
 * Warehouse files and Pipelines files tell each time an attribute was set. The App API tells the last time only, so there
 * an attribute that is filled now counts as filled in time.
 *
 * `slow_attribute_base`: the attributes that are asked for, and how many new profiles are old enough to be asked.
 */
export async function buildSlowAttributes(db: Database, plan: Plan, asOf: Date): Promise<void> {
  const required = Object.entries(plan.attributes)
    .filter(([, { required: isRequired, appliesTo }]) => isRequired && /^(?:all|known)$/.test(appliesTo))
    .map(([name]) => name)
  await db.run(
    raw(`create table slow_attribute (
      cio_id varchar, attribute varchar, created_at timestamp, filled_at timestamp)`),
  )
  await db.run(sql`
    create temp table asked as
    select cio_id, created_at from new_profile where created_at + to_seconds(${graceSeconds}) <= ${asOf}::timestamp`)
  await db.run(sql`
    create table slow_attribute_base as
    select unnest(${required}::varchar[]) as attribute, (select count(*) from asked) as profiles`)
  // equivalent mutants [if (true); > for >=]: nothing is asked for, and looking for it takes time
  if (required.length > 0) await findSlow(db, required)
  await db.run(raw('drop table asked'))
}

async function findSlow(db: Database, required: readonly string[]): Promise<void> {
  await buildFillings(db, required)
  await db.run(sql`
    insert into slow_attribute
    select a.cio_id, b.attribute, a.created_at, f.filled_at
    from asked a cross join slow_attribute_base b left join (
      select cio_id, attribute, min("at") as filled_at from filling group by cio_id, attribute
    ) f on f.cio_id = a.cio_id and f.attribute = b.attribute
    where f.filled_at > a.created_at + to_seconds(${graceSeconds}) or (f.filled_at is null
      and (a.cio_id, b.attribute) in (select cio_id, attribute from attribute_defect where defect = 'missing'))`)
  await db.run(raw('drop table filling'))
}

/** `filling`: when one of the attributes was set to something on a new profile, as files tell it. */
async function buildFillings(db: Database, required: readonly string[]): Promise<void> {
  await db.run(sql`
    create temp table filling as
    select cio_id, name as attribute, "at" from snap.attribute_change
    where trim(value) <> ''
      -- equivalent mutants [and true]: what nobody asks for is left out below, and fills the memory until then
      and list_contains(${required}::varchar[], name) and cio_id in (select cio_id from asked)`)
  // Only files bring calls, and only with files there are the keys of their users.
  if ((await count(db, 'snap.call')) === 0) return
  const pointers = required.map(pointerTo)
  await db.run(sql`
    insert into filling
    with told as (
      select user_id, "at", json_extract_string(data, ${pointers}::varchar[]) as told from snap.call
      where kind = 'identify'
        -- equivalent mutants [and true; where true]: few people are new, so the payloads are read of few calls
        and user_id in (select user_id from user_key where key in (select cio_id from asked))
    ), spread as (
      select user_id, "at", unnest(${required}::varchar[]) as attribute, unnest(told) as value from told
    )
    select u.key, s.attribute, s."at" from spread s join user_key u using (user_id) where trim(s.value) <> ''`)
}
