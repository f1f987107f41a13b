import type { Plan, PlannedProperty, PlannedValue } from '../core/plan.ts'
import { record } from './named.ts'
import { portablePattern } from './regular-expression.ts'

export type Schema = Readonly<Record<string, unknown>>

/**
 * The plan as JSON Schema (draft 7): `attributes` of a person, and the payload of each event under `events`. What JSON
 * Schema has no words for stands under `x-cio-audit`, so that an import gives the same plan back.
 */
export function planAsJsonSchema(plan: Plan): Schema {
  const { attributes, events } = plan
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `Tracking plan ${plan.version}`,
    type: 'object',
    'x-cio-audit': { version: plan.version },
    properties: {
      attributes: objectOf(attributes, ({ appliesTo, derivedFrom, ...value }) =>
        schemaOf(value, {
          ...(appliesTo === 'known' ? {} : { appliesTo }),
          ...(derivedFrom === undefined ? {} : { derivedFrom }),
        }),
      ),
      events: {
        type: 'object',
        properties: record(events, ({ properties, intent, critical, dedupeKey, aliases }) => ({
          ...objectOf(properties, (property) => schemaOf(property, {})),
          'x-cio-audit': {
            ...(intent === null ? {} : { intent }),
            ...(critical ? { critical } : {}),
            ...(dedupeKey === null ? {} : { dedupeKey }),
            ...(aliases.length === 0 ? {} : { aliases }),
          },
        })),
      },
    },
  }
}

/** Of properties; for people only those that are required of everybody known are required in the schema. */
function objectOf<Value extends PlannedValue>(
  values: Readonly<Record<string, Value>>,
  make: (value: Value) => Schema,
): Schema {
  const required = Object.entries(values).flatMap(([name, value]) => {
    const audience = 'appliesTo' in value ? value.appliesTo : 'known'
    return value.required && (audience === 'known' || audience === 'all') ? [name] : []
  })
  return {
    type: 'object',
    properties: record(values, make),
    ...(required.length === 0 ? {} : { required }),
  }
}

/** Types that JSON Schema has no word for: what it can check of them. */
const forms: Readonly<Record<string, Schema>> = {
  timestamp: { type: 'number' },
  date: { type: 'string', format: 'date' },
  email: { type: 'string', format: 'email' },
  phone: { type: 'string' },
  url: { type: 'string', format: 'uri' },
  country: { type: 'string', pattern: '^[A-Za-z]{2}$' },
  locale: { type: 'string' },
  currency: { type: 'string', pattern: '^[A-Za-z]{3}$' },
  json: {},
}

function schemaOf(value: PlannedProperty, more: Schema): Schema {
  const { type, required, recommended, enum: allowed, min, max, pattern, properties, items } = value
  const portable = pattern === undefined ? null : portablePattern(pattern)
  // `required` stands with the object; only what a plain reader would miss is written again.
  const own = {
    ...(Object.hasOwn(forms, type) ? { type } : {}),
    ...(required && 'appliesTo' in more ? { required } : {}),
    ...(recommended ? { recommended } : {}),
    ...(pattern === undefined || portable !== null ? {} : { pattern }),
    ...more,
  }
  return {
    ...(forms[type] ?? { type }),
    ...(allowed === undefined ? {} : { enum: allowed }),
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
    ...(portable === null ? {} : { pattern: portable }),
    ...(properties === undefined ? {} : objectOf(properties, (inner) => schemaOf(inner, {}))),
    ...(items === undefined ? {} : { items: objectOf(items, (inner) => schemaOf(inner, {})) }),
    ...(Object.keys(own).length === 0 ? {} : { 'x-cio-audit': own }),
  }
}
