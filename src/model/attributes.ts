import type { Plan, PlannedAttribute } from '../core/plan.ts'
import type { Database } from '../engine/database.ts'
import { join, raw, sql, type Query } from '../engine/sql.ts'
import { pointerTo } from './attribute-values.ts'
import { looksLike, misreadsAsText, misreadsType, notAllowed } from './values.ts'

/**
 * `attribute_plan`: the planned attributes with the number of profiles that each applies to, and of values seen.
 * `attribute_defect`: one row per profile and attribute that is missing, or that does not read as planned.
 *
 * Over the API every attribute is text (API page, "attributes: all values are strings"), so a type is judged by what
 * the text means, whatever the source.
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
  const planned = Object.entries(plan.attributes).map(([name, attribute], index): Asked => ({
    name,
    attribute,
    value: raw(`nullif(trim(found[${index + 1}]), '')`),
    isOptIn: name === optInAttribute,
  }))
  // equivalent mutants [if (false)]: nothing is asked, so nothing is found; all people would be read in vain
  if (planned.length === 0) return
  const paths = planned.map(({ name }) => pointerTo(name))
  await db.run(sql`
    create temp table attribute_value as
    select r.cio_id, json_extract_string(r.attributes, ${paths}::varchar[]) as found,
      u.app_user, u.customer, not f.anonymous as known, exists (from device d where d.cio_id = r.cio_id and d.push_enabled is not null) as asked
    from record r join profile f using (cio_id) join audience u using (cio_id)`)
  await db.run(sql`
    insert into attribute_defect
    with judged as (
      select cio_id, unnest([${join(planned.map(defectOf), ', ')}]) as d from attribute_value
    )
    select cio_id, d.attribute, d.defect, left(d.value, 200),
      case when d.typed then ${notAllowed} when d.value is not null then ${looksLike(raw('d.value'))} end, d.required
    from judged where d is not null`)
  await db.run(sql`
    insert into attribute_plan
    select p.attribute, p.type, p.required, p.recommended, p.applies_to, p.applies, p.held
    from (select unnest([${join(planned.map(countOf), ', ')}]) as p from attribute_value)`)
  await db.run(raw('drop table attribute_value'))
}

interface Asked {
  readonly name: string
  readonly attribute: PlannedAttribute
  /** Its text; null where it is absent or empty. */
  readonly value: Query
  readonly isOptIn: boolean
}

const audience: Record<PlannedAttribute['appliesTo'], Query> = {
  all: raw('true'),
  known: raw('known'),
  'app-users': raw('app_user'),
  customers: raw('customer'),
}

/** What is wrong with one attribute of one profile, or null. */
function defectOf({ name, attribute, value, isOptIn }: Asked): Query {
  const { required, recommended, appliesTo } = attribute
  // A device that says whether push is allowed answers the same question as the opt-in attribute (contracts, section 4).
  const missing = isOptIn ? sql`${value} is null and not asked` : sql`${value} is null`
  const struct = (defect: string, shown: Query, typed: Query): Query =>
    sql`{'attribute': ${name}::varchar, 'defect': ${defect}::varchar, 'value': ${shown}, 'typed': ${typed}, 'required': ${required}::boolean}`
  return sql`case
    ${required || recommended ? sql`when ${audience[appliesTo]} and ${missing} then ${struct('missing', raw('null::varchar'), raw('false'))}` : raw('')}
    when ${value} is not null and ${misreadsAsText(value, attribute)} then ${struct('wrong-type', value, sql`not ${misreadsType(value, attribute.type)}`)} end`
}

/** How many profiles an attribute applies to, and how many values of it there are. */
function countOf({ name, attribute, value }: Asked): Query {
  const { type, required, recommended, appliesTo } = attribute
  return sql`{'attribute': ${name}::varchar, 'type': ${type}::varchar, 'required': ${required}::boolean, 'recommended': ${recommended}::boolean,
    'applies_to': ${appliesTo}::varchar, 'applies': count(*) filter (${audience[appliesTo]}), 'held': count(${value})}`
}
