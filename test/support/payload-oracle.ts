import type { PlannedProperty, PropertyType } from '../../src/core/plan.ts'

export interface PayloadDefect {
  /** `items[].price` */
  readonly path: string
  readonly defect: 'missing' | 'wrong-type'
  /** The JSON type that stands there instead: `text`, `number`, `boolean`, `array`, `object`; `null` or `empty list` where it is missing. */
  readonly found: string
}

type JsonKind = 'text' | 'number' | 'boolean' | 'array' | 'object' | 'null'

/** The JSON type that a planned type has in an event. Dates and codes are text; a timestamp is Unix seconds. */
const expectedKind: Record<PropertyType, JsonKind | null> = {
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

/**
 * What the plan finds wrong with one payload, judged by its shape: which keys are there, which JSON type each has, and
 * which texts are empty. Two payloads of one shape have the same defects, so one of each shape is enough.
 */
export function payloadDefects(
  payload: unknown,
  properties: Readonly<Record<string, PlannedProperty>>,
  prefix = '',
): PayloadDefect[] {
  const record = kindOf(payload) === 'object' ? (payload as Readonly<Record<string, unknown>>) : {}
  return Object.entries(properties).flatMap(([name, planned]) => {
    const present = filledName(record, name, planned)
    if (present === undefined)
      return planned.required ? [{ path: prefix + name, defect: 'missing', found: 'null' } as const] : []
    // Under the name that stands in the payload, so that a reader finds it there.
    const path = prefix + present
    const value = record[present]
    const kind = kindOf(value)
    const expected = expectedKind[planned.type]
    if (expected !== null && kind !== expected) return [{ path, defect: 'wrong-type', found: kind } as const]
    if (planned.required && Array.isArray(value) && value.length === 0)
      return [{ path, defect: 'missing', found: 'empty list' } as const]
    if (planned.items && Array.isArray(value)) return elementDefects(value, planned.items, `${path}[].`)
    return planned.properties ? payloadDefects(value, planned.properties, `${path}.`) : []
  })
}

/** Defects of any element, each once. */
function elementDefects(
  elements: readonly unknown[],
  properties: Readonly<Record<string, PlannedProperty>>,
  prefix: string,
): PayloadDefect[] {
  const all = elements.flatMap((element) => payloadDefects(element, properties, prefix))
  return [...new Map(all.map((defect) => [`${defect.path} ${defect.defect}`, defect])).values()]
}

/** The name, of those that satisfy the plan, under which the payload says something. */
function filledName(
  record: Readonly<Record<string, unknown>>,
  name: string,
  planned: PlannedProperty,
): string | undefined {
  const names = [name, ...(planned.alternatives ?? [])]
  return names.find((candidate) => Object.hasOwn(record, candidate) && !isEmpty(record[candidate]))
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}

function kindOf(value: unknown): JsonKind {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'string') return 'text'
  return typeof value as 'number' | 'boolean' | 'object'
}
