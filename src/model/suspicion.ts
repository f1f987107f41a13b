import type { PlannedProperty } from '../core/plan.ts'
import { join, raw, sql, type Query } from '../engine/sql.ts'
import { isBlank, isKind, leavesOf, openRecords, trimmedText, type Leaf } from './json-record.ts'
import { allNames, expectedKind, namesOf, type Properties } from './planned-kinds.ts'
import { looksAllowed, misreadsAsValue } from './values.ts'

/**
 * True where something about a record may not fit its plan, else false. Every event is asked this, so it is kept cheap,
 * and what is in doubt is judged anew (`faults.ts`); it must never be false of a record that has a fault.
 *
 * As a condition of `case` the parts are asked one after another, each only of what the ones before have left over;
 * as a value the engine would work out all of them for every row.
 */
export function isSuspect(leaf: Leaf, properties: Properties, depth = 0): Query {
  return sql`case when ${surelyFits(leaf, properties, depth)} then false else true end`
}

/** False and null alike mean doubt. */
function surelyFits(leaf: Leaf, properties: Properties, depth: number): Query {
  const asked = Object.entries(properties).map(([name, planned]) => {
    const [own, ...others] = namesOf(name, planned).map(leaf)
    if (!own) return raw('true')
    const fitting = fits(own, planned, depth, true)
    if (others.length === 0) return planned.required ? fitting : sql`(${own} is null or ${fitting})`
    // Values are asked of under the plan's own name alone.
    const branches = others.map(
      (other) => sql`when ${other} is not null then ${fits(other, planned, depth, false)}`,
    )
    return sql`case when ${own} is not null then ${fitting} ${join(branches, ' ')} else ${raw(String(!planned.required))} end`
  })
  return asked.length === 0 ? raw('true') : join(asked, ' and ')
}

function fits(value: Query, planned: PlannedProperty, depth: number, withValues: boolean): Query {
  const kind = expectedKind[planned.type]
  // An optional text may be empty, unless another name then stands in for it.
  const mayBeEmpty = !planned.required && !planned.alternatives?.length
  const asksText = kind === 'text' && !mayBeEmpty
  const misreads = withValues
    ? misreadsAsValue(kind === null || kind === 'text' ? trimmedText(value) : value, planned)
    : null
  const looks = looksAllowed(value, planned)
  const parts = [
    ...(kind === null || asksText ? [] : [isKind(value, kind)]),
    ...(asksText ? [saysSomething(value)] : []),
    ...(kind === null && !mayBeEmpty ? [sql`(${value} >= '#' or ${saysSomething(value)})`] : []),
    ...((kind === 'array' || kind === null) && planned.required ? [sql`${value} <> '[]'`] : []),
    ...(misreads === null
      ? []
      : [looks === null ? sql`not ${misreads}` : sql`(${looks} or not ${misreads})`]),
    ...nested(value, planned, depth),
  ]
  return parts.length === 0 ? raw('true') : sql`(${join(parts, ' and ')})`
}

function nested(value: Query, planned: PlannedProperty, depth: number): Query[] {
  const as = raw(`s${depth}`)
  const inner = planned.items ?? planned.properties ?? {}
  const names = allNames(inner)
  if (names.length === 0) return []
  const records = openRecords(value, names, planned.items ? 'list' : 'object')
  const doubt = isSuspect(leavesOf(as.text, names), inner, depth + 1)
  return [sql`len(list_filter(${records}, lambda ${as}: ${doubt})) = 0`]
}

/** A text that is not blank. An ordinary first character settles it for nearly all. */
function saysSomething(value: Query): Query {
  return sql`((${value} >= '"#' and ${value} < '"\\') or (${value} >= '"]' and ${value} < '"~') or (${value} < '#' and not ${isBlank(value)}))`
}
