import type { PlannedProperty } from '../core/plan.ts'
import { join, raw, sql, type Query } from '../engine/sql.ts'
import { isBlank, isKind, leavesOf, openRecords, trimmedText, type Leaf } from './json-record.ts'
import { allNames, expectedKind, namesOf, type Properties } from './planned-kinds.ts'
import { looksAllowed, misreadsAsValue } from './values.ts'

/** Stands in for a question about what lies within a value, where that is answered elsewhere. */
export type Apart = (question: Query) => Query

/**
 * True where something about a record may not fit its plan, else false. Every event is asked this, so it is kept cheap,
 * and what is in doubt is judged anew (`faults.ts`); it must never be false of a record that has a fault.
 *
 * As a condition of `case` the parts are asked one after another, each only of what the ones before have left over;
 * as a value the engine would work out all of them for every row.
 */
export function isSuspect(
  leaf: Leaf,
  properties: Properties,
  apart: Apart = (question) => question,
  depth = 0,
): Query {
  return sql`case when ${surelyFits(leaf, properties, apart, depth)} then false else true end`
}

/** False and null alike mean doubt. */
function surelyFits(leaf: Leaf, properties: Properties, apart: Apart, depth: number): Query {
  const asked = Object.entries(properties).flatMap(([name, planned]) => {
    const own = leaf(name)
    const others = namesOf(name, planned).slice(1).map(leaf)
    const within = innerFits([own, ...others], planned, depth)
    return [ownFits(own, others, planned), ...(within === null ? [] : [apart(within)])]
  })
  return asked.length === 0 ? raw('true') : join(asked, ' and ')
}

/** @param others - what stands under the names that satisfy the plan, too. */
function ownFits(own: Query, others: readonly Query[], planned: PlannedProperty): Query {
  const fitting = fits(own, planned, true)
  // equivalent mutants [if (false)]: the same, but slower
  if (others.length === 0) return planned.required ? fitting : sql`(${own} is null or ${fitting})`
  // Values are asked of under the plan's own name alone.
  const branches = others.map((other) => sql`when ${other} is not null then ${fits(other, planned, false)}`)
  return sql`case when ${own} is not null then ${fitting} ${join(branches, ' ')} else ${raw(String(!planned.required))} end`
}

function fits(value: Query, planned: PlannedProperty, withValues: boolean): Query {
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
    // equivalent mutants [>= for >]: no value ends there
    ...(kind === null && !mayBeEmpty ? [sql`(${value} >= '#' or ${saysSomething(value)})`] : []),
    ...((kind === 'array' || kind === null) && planned.required ? [sql`${value} <> '[]'`] : []),
    ...(misreads === null
      ? []
      : // equivalent mutants [=== for !==]: what looks allowed does not misread, it only takes longer to see
        [looks === null ? sql`not ${misreads}` : sql`(${looks} or not ${misreads})`]),
  ]
  return parts.length === 0 ? raw('true') : sql`(${join(parts, ' and ')})`
}

/**
 * What lies within the first of these values that is there. What is no list (no object) is taken out, not asked of under a
 * condition, so that the answer can be a column: true of it, because its kind is another question.
 */
function innerFits(leaves: readonly Query[], planned: PlannedProperty, depth: number): Query | null {
  const inner = planned.items ?? planned.properties ?? {}
  const names = allNames(inner)
  if (names.length === 0) return null
  const as = raw(`s${depth}`)
  const of = planned.items ? 'list' : 'object'
  const value = leaves.length === 1 ? join(leaves, '') : sql`coalesce(${join(leaves, ', ')})`
  const only = sql`case when ${isKind(value, planned.items ? 'array' : 'object')} then ${value} end`
  const doubt = isSuspect(leavesOf(as.text, names), inner, undefined, depth + 1)
  // What is taken out of the objects comes back as a list of one null.
  const asked = planned.items ? doubt : sql`${as} is not null and ${doubt}`
  return sql`coalesce(len(list_filter(${openRecords(only, names, of)}, lambda ${as}: ${asked})), 0) = 0`
}

/** A text that is not blank. An ordinary first character settles it for nearly all. */
function saysSomething(value: Query): Query {
  // equivalent mutants [or false; >= for >; < for <=]: no text ends there, and the last question is the same, but slower
  return sql`((${value} >= '"#' and ${value} < '"\\') or (${value} >= '"]' and ${value} < '"~')
    -- equivalent mutants [< for <=]: as above
    or (${value} < '#' and not ${isBlank(value)}))`
}
