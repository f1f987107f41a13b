import type { Plan, PlannedAttribute } from '../core/plan.ts'
import type { Database } from '../engine/database.ts'
import { join, raw, sql, type Query } from '../engine/sql.ts'
import { looksLike, misreadsAsText } from './values.ts'

/**
 * `attribute_plan`: the planned attributes with the number of profiles that each applies to, and of values seen.
 * `attribute_defect`: one row per profile and attribute that is missing, or that does not read as planned.
 *
 * Over the API every attribute is text (API page, "attributes: all values are strings"), so a type is judged by what
 * the text means.
 */
export async function buildAttributes(db: Database, plan: Plan, optInAttribute: string): Promise<void> {
  await db.run(
    raw(
      'create table attribute_plan (attribute varchar, type varchar, required boolean, recommended boolean, applies_to varchar, applies bigint, held bigint)',
    ),
  )
  await db.run(
    raw(
      'create table attribute_defect (cio_id varchar, attribute varchar, defect varchar, value varchar, found varchar, required boolean)',
    ),
  )
  const planned = Object.entries(plan.attributes)
  const paths = planned.map(([name]) => `$."${name.replaceAll('"', '')}"`)
  await db.run(sql`
    create temp table attribute_value as
    with read as (
      select p.cio_id, json_extract_string(p.attributes, ${paths}::varchar[]) as found
      from record p
    )
    select r.*, u.permission, u.app_user, u.customer, not f.anonymous as known,
      exists (from device d where d.cio_id = r.cio_id and d.push_enabled is not null) as asked
    from read r join profile f using (cio_id) join audience u using (cio_id)`)
  for (const [index, [name, attribute]] of planned.entries()) {
    await judge(db, name, attribute, raw(`nullif(trim(found[${index + 1}]), '')`), name === optInAttribute)
  }
  await db.run(raw('drop table attribute_value'))
}

const audience: Record<PlannedAttribute['appliesTo'], Query> = {
  all: raw('true'),
  known: raw('known'),
  'app-users': raw('app_user'),
  customers: raw('customer'),
}

async function judge(
  db: Database,
  name: string,
  planned: PlannedAttribute,
  value: Query,
  isOptIn: boolean,
): Promise<void> {
  // A device that says whether push is allowed answers the same question as the opt-in attribute (contracts, section 4).
  const missing = isOptIn ? sql`${value} is null and not asked` : sql`${value} is null`
  const asked = planned.required || planned.recommended
  const parts = [
    ...(asked
      ? [
          sql`
      select cio_id, ${name}, 'missing', null, null, ${planned.required} from attribute_value where ${audience[planned.appliesTo]} and ${missing}`,
        ]
      : []),
    sql`
      select cio_id, ${name}, 'wrong-type', left(${value}, 200), ${looksLike(value)}, ${planned.required}
      from attribute_value where ${value} is not null and ${misreadsAsText(value, planned)}`,
  ]
  await db.run(sql`insert into attribute_defect ${join(parts, ' union all ')}`)
  await db.run(sql`
    insert into attribute_plan
    select ${name}, ${planned.type}, ${planned.required}, ${planned.recommended}, ${planned.appliesTo},
      count(*) filter (${audience[planned.appliesTo]}), count(*) filter (${value} is not null)
    from attribute_value`)
}
