import type { PlannedProperty, PropertyType } from '../core/plan.ts'
import type { JsonKind } from './json-record.ts'

export type Properties = Readonly<Record<string, PlannedProperty>>

/** The JSON type that a planned type has in an event. Dates and codes are text; a timestamp is Unix seconds. */
export const expectedKind: Record<PropertyType, JsonKind | null> = {
  string: 'text',
  boolean: 'boolean',
  integer: 'number',
  number: 'number',
  timestamp: 'number',
  date: 'text',
  email: 'text',
  phone: 'text',
  url: 'text',
  country: 'text',
  locale: 'text',
  currency: 'text',
  json: null,
  array: 'array',
  object: 'object',
}

/** The names that satisfy the plan, its own first. */
export function namesOf(name: string, planned: PlannedProperty): readonly string[] {
  return [name, ...(planned.alternatives ?? [])]
}

/** All names that are read of one object. */
export function allNames(properties: Properties): readonly string[] {
  return [...new Set(Object.entries(properties).flatMap(([name, planned]) => namesOf(name, planned)))]
}
