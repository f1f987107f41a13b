import type { PlannedValue, PropertyType } from '../core/plan.ts'
import { join, raw, sql, type Query } from '../engine/sql.ts'
import { countryCodes, currencyCodes } from './vocabulary.ts'

/** What each type reads as, when a value is text: regular expressions that the trimmed text must match as a whole. */
const textPatterns: Partial<Record<PropertyType, string>> = {
  boolean: '(?i:true|false|1|0)',
  integer: String.raw`[+-]?[0-9]+(\.0+)?`,
  number: String.raw`[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?`,
  // Unix seconds: up to 11 digits reach past the year 5000; 12 and more are milliseconds.
  timestamp: String.raw`-?[0-9]{1,11}(\.[0-9]+)?`,
  date: String.raw`[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])`,
  email: String.raw`[^\s@"<>(),;:]+@[^\s@"<>(),;:]+\.[^\s@"<>(),;:.]{2,}`,
  phone: String.raw`\+?[(]?[0-9][0-9 ()./-]{5,24}`,
  url: String.raw`(?i:https?|[a-z][a-z0-9+.-]*)://\S+`,
  // With variants and extensions (BCP 47), as Android writes them of people who chose a unit, and keywords, as iOS does.
  locale: String.raw`[A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_]([A-Za-z]{2}|[0-9]{3}))?([-_]([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*([-_][A-Za-z]([-_][A-Za-z0-9]{2,8})+)*(@[a-z]+=[A-Za-z0-9;=_-]+)?`,
}

/** True where a text (an attribute of the App API, or a property that is text by its type) does not read as planned. */
export function misreadsAsText(value: Query, planned: PlannedValue): Query {
  return anyOf([...typeMismatch(value, planned.type), ...limitMismatch(value, planned)])
}

/** True where a text does not read as the type, whatever else the plan says of it. */
export function misreadsType(value: Query, type: PropertyType): Query {
  return anyOf(typeMismatch(value, type))
}

/** What a value is that reads as its type and is still not what the plan says: enum, limits, pattern. */
export const notAllowed = 'a value that is not allowed'

/** True where a value of the right JSON type is not what the plan allows: whole numbers, codes, enum, limits, pattern. */
export function misreadsAsValue(value: Query, planned: PlannedValue): Query | null {
  const typed = jsonTyped.has(planned.type) ? [] : typeMismatch(value, planned.type)
  const parts = [...typed, ...limitMismatch(value, planned)]
  return parts.length === 0 ? null : anyOf(parts)
}

/**
 * True where a value, as JSON text, is letter by letter one of those that the plan names; null where it names none.
 * Cheaper than to read the text first, and true of nearly every value.
 */
export function looksAllowed(leaf: Query, planned: PlannedValue): Query | null {
  const { type, enum: named, pattern } = planned
  const codes = codesOf[type]
  if (pattern !== undefined || (codes && named)) return null
  if (codes)
    return sql`regexp_full_match(${leaf}, ${`"(?:${[...codes, ...codes.map((code) => code.toLowerCase())].join('|')})"`})`
  if (type !== 'string' || !named) return null
  const words = named.map(String).filter((word) => word.trim() === word)
  return sql`list_contains(${words.map((word) => JSON.stringify(word))}::varchar[], ${leaf})`
}

const codesOf: Partial<Record<PropertyType, readonly string[]>> = {
  country: countryCodes,
  currency: currencyCodes,
}

/** For these the JSON type of the value already says everything. */
const jsonTyped = new Set<PropertyType>(['string', 'boolean', 'number', 'json', 'array', 'object'])

/** With space around it: `trim` in the engine takes longer than the whole match. */
const spaced = (pattern: string) => ` *(?:${pattern}) *`

function typeMismatch(value: Query, type: PropertyType): Query[] {
  const pattern = textPatterns[type]
  if (pattern) return [sql`not regexp_full_match(${value}, ${spaced(pattern)})`]
  const codes = codesOf[type]
  if (codes) return [sql`not regexp_full_match(upper(${value}), ${spaced(codes.join('|'))})`]
  if (type === 'json') return [sql`not json_valid(${value})`]
  if (type === 'array')
    return [sql`coalesce(json_type(case when json_valid(${value}) then ${value} end) <> 'ARRAY', true)`]
  if (type === 'object')
    return [sql`coalesce(json_type(case when json_valid(${value}) then ${value} end) <> 'OBJECT', true)`]
  return []
}

/** As one regular expression: a scan of a million values costs the same for three codes and for three hundred. */
function notOneOf(value: Query, allowed: readonly string[], type: PropertyType): Query {
  const isNumeric = type === 'integer' || type === 'number'
  // Where a language knows one kind of number alone, it writes 2 as `2.0`, and 1.5 as `1.50`.
  const spelled = (word: string): string =>
    escaped(word) + (!isNumeric ? '' : word.includes('.') ? '0*' : '([.]0+)?')
  return sql`not regexp_full_match(${value}, ${allowed.map(spelled).join('|')})`
}

function escaped(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function limitMismatch(value: Query, planned: PlannedValue): Query[] {
  return [
    ...(planned.enum ? [notOneOf(value, planned.enum.map(String), planned.type)] : []),
    ...(planned.min === undefined ? [] : [sql`try_cast(${value} as double) < ${planned.min}`]),
    ...(planned.max === undefined ? [] : [sql`try_cast(${value} as double) > ${planned.max}`]),
    ...(planned.pattern === undefined ? [] : [sql`not regexp_full_match(${value}, ${planned.pattern})`]),
  ]
}

function anyOf(parts: readonly Query[]): Query {
  return parts.length === 0 ? raw('false') : sql`(${join(parts, ' or ')})`
}

/** What a value that does not fit looks like instead, in words for a report. */
export function looksLike(value: Query): Query {
  return sql`case
    when regexp_full_match(${value}, '-?[0-9]{12,14}') then 'milliseconds'
    when regexp_full_match(${value}, '[0-9]{4}-[0-9]{2}-[0-9]{2}.*') then 'ISO date'
    when regexp_full_match(${value}, '(?i:yes|no|y|n|on|off|ja|nein|oui|non)') then 'yes/no'
    when regexp_full_match(${value}, '[+-]?[0-9]+([.][0-9]+)?') then 'number as text'
    when regexp_full_match(${value}, '[^0-9]{0,4}[0-9]{1,3}([.,'' ]?[0-9]{3})*([.,][0-9]{1,2})?[^0-9]{0,4}') then 'formatted number'
    when regexp_full_match(${value}, '(?i:true|false)') then 'boolean as text'
    when regexp_full_match(${value}, '(?s)\\s*[{\\[].*[}\\]]\\s*') then 'JSON text'
    else 'other text'
  end`
}
