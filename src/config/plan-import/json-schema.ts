import { audiences, intents, type Plan, type PlannedAttribute, type PlannedEvent } from '../../core/plan.ts'
import type { Losses } from './losses.ts'
import { Budget, isObject } from './references.ts'
import { extension, SchemaReader } from './schema-value.ts'

/**
 * A JSON Schema: what `plan export` writes (`attributes` and `events` under `properties`), one schema for each event under
 * `$defs` or `definitions`, or the schema of one event, named by its `title`. Null where it is none of them.
 */
export function fromJsonSchema(file: unknown, losses: Losses): Omit<Plan, 'origin'> | null {
  if (!isObject(file)) return null
  const budget = new Budget()
  const reader = new SchemaReader(file, { losses, budget, any: 'json' })
  const root = reader.resolve(file, [])
  const version = extension(root)['version']
  const parts = isObject(root['properties']) ? root['properties'] : {}
  const isWhole = isObject(parts['attributes']) && isObject(parts['events'])
  const eventSchemas = isWhole ? reader.resolve(parts['events'], ['events'])['properties'] : undefined
  const plan = {
    version: typeof version === 'string' ? version : '0.0.0',
    attributes: Object.create(null) as Record<string, PlannedAttribute>,
    events: Object.create(null) as Record<string, PlannedEvent>,
    byIntent: [],
  }
  const add = (name: string, given: unknown): void => {
    const schema = reader.resolve(given, ['events', name])
    plan.events[name] = eventOf(schema, reader, name)
  }
  if (isObject(eventSchemas)) {
    for (const [name, schema] of Object.entries(eventSchemas)) if (name !== '') add(name, schema)
    const people = new SchemaReader(file, { losses, budget, any: 'string' })
    const whole = people.resolve(parts['attributes'], ['attributes'])
    const schemas = isObject(whole['properties']) ? whole['properties'] : {}
    for (const [name, value] of Object.entries(people.properties(whole, ['attributes']))) {
      const own = isObject(schemas[name]) ? extension(schemas[name]) : {}
      const derivedFrom = own['derivedFrom']
      const { properties, items, ...plain } = value
      if (properties !== undefined || items !== undefined)
        losses.add(['attributes', name], 'the keys inside it: an attribute is one value')
      plan.attributes[name] = {
        ...plain,
        appliesTo: audiences.find((audience) => audience === own['appliesTo']) ?? 'known',
        ...(typeof derivedFrom === 'string' && derivedFrom !== '' ? { derivedFrom } : {}),
      }
    }
    return plan
  }
  const definitions = [file['$defs'], file['definitions']].filter(isObject).flatMap(Object.entries)
  const title = file['title'] ?? root['title']
  // What is composed holds properties too, though a plan cannot carry them.
  const isEvent =
    Object.keys(parts).length > 0 || ['anyOf', 'oneOf', 'required'].some((key) => Object.hasOwn(root, key))
  if (typeof title === 'string' && title !== '' && isEvent) add(title, root)
  else for (const [name, schema] of definitions) if (name !== '') add(name, schema)
  return Object.keys(plan.events).length > 0 ? plan : null
}

function eventOf(
  schema: Readonly<Record<string, unknown>>,
  reader: SchemaReader,
  name: string,
): PlannedEvent {
  const own = extension(schema)
  const aliases = Array.isArray(own['aliases']) ? own['aliases'] : []
  const key = own['dedupeKey']
  return {
    intent: intents.find((intent) => intent === own['intent']) ?? null,
    critical: own['critical'] === true,
    dedupeKey: typeof key === 'string' && key !== '' ? key : null,
    aliases: aliases.filter((alias): alias is string => typeof alias === 'string' && alias !== ''),
    properties: reader.properties(schema, ['events', name, 'properties']),
  }
}
