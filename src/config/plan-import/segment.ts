import type { Plan, PlannedAttribute, PlannedEvent } from '../../core/plan.ts'
import type { Losses } from './losses.ts'
import { Budget, isObject, type Json } from './references.ts'
import { SchemaReader } from './schema-value.ts'

/**
 * A tracking plan of Segment: the rules that its Public API lists (`type`, `key`, `jsonSchema`), or the older file with
 * `rules.events` and `rules.identify`. A track call becomes an event, the traits of identify become attributes.
 */
export function fromSegment(root: unknown, losses: Losses): Omit<Plan, 'origin'> | null {
  const rules = rulesOf(root)
  if (rules === null) return null
  if (isCut(root)) losses.add([], 'the rules of further pages (pagination.next): the file holds one page')
  const attributes = Object.create(null) as Record<string, PlannedAttribute>
  const events = Object.create(null) as Record<string, PlannedEvent>
  const budget = new Budget()
  for (const { type, key, schema, isDeprecated } of newestOf(rules, losses)) {
    const reader = new SchemaReader(schema, { losses, budget, any: type === 'IDENTIFY' ? 'string' : 'json' })
    const place = type === 'TRACK' ? ['events', key] : ['attributes']
    const own = type === 'TRACK' ? 'properties' : type === 'IDENTIFY' ? 'traits' : null
    if (own !== null && isDeprecated) losses.add(place, 'that it is deprecated')
    if (own !== null)
      for (const other of othersOf(schema, own)) losses.add(place, `what is planned under ${other}`)
    if (type === 'TRACK' && key !== '') {
      events[key] = {
        intent: null,
        critical: false,
        dedupeKey: null,
        aliases: [],
        properties: reader.properties(part(schema, 'properties', reader), ['events', key, 'properties']),
      }
    } else if (type === 'IDENTIFY') {
      const traits = reader.properties(part(schema, 'traits', reader), ['attributes'])
      for (const [name, { properties, items, ...value }] of Object.entries(traits)) {
        if (properties !== undefined || items !== undefined)
          losses.add(['attributes', name], 'the keys inside it: an attribute is one value')
        attributes[name] = { ...value, appliesTo: 'known' }
      }
    } else
      losses.add([], `the rule ${type}${key === '' ? '' : ` ${key}`}: a plan knows track and identify calls`)
  }
  return { version: '0.0.0', attributes, events, byIntent: [] }
}

/** A plan can hold several versions of a rule; the newest is the one that is asked for. */
function newestOf(rules: readonly SegmentRule[], losses: Losses): SegmentRule[] {
  const newest = new Map<string, SegmentRule>()
  for (const rule of rules) {
    const { type, key, version } = rule
    const name = JSON.stringify([type, key])
    const held = newest.get(name)
    if (held === undefined || held.version < version) newest.set(name, rule)
    if (held !== undefined && (type === 'TRACK' || type === 'IDENTIFY'))
      losses.add(
        type === 'TRACK' ? ['events', key] : ['attributes'],
        `version ${Math.min(held.version, version)} of it; the newest is taken`,
      )
  }
  return [...newest.values()]
}

interface SegmentRule {
  readonly type: string
  readonly key: string
  readonly version: number
  readonly schema: Json
  readonly isDeprecated: boolean
}

function rulesOf(root: unknown): SegmentRule[] | null {
  if (!isObject(root)) return null
  const data = isObject(root['data']) ? root['data'] : root
  const plan = isObject(data['trackingPlan']) ? data['trackingPlan'] : data
  const { rules } = plan
  if (Array.isArray(rules)) return rules.filter(isObject).map(newRule)
  return isObject(rules) ? olderRules(rules) : null
}

/** The API gives rules page by page. */
function isCut(root: unknown): boolean {
  if (!isObject(root)) return false
  const { pagination } = isObject(root['data']) ? root['data'] : root
  return isObject(pagination) && typeof pagination['next'] === 'string'
}

/** Parts of the call beside what a plan holds, as `context`, where they ask for something. */
function othersOf(schema: Json, own: string): string[] {
  const call = isObject(schema['properties']) ? schema['properties'] : {}
  return Object.entries(call).flatMap(([name, inner]) => (name !== own && asksKeys(inner) ? [name] : []))
}

const asksKeys = (inner: unknown): boolean =>
  isObject(inner) && isObject(inner['properties']) && Object.keys(inner['properties']).length > 0

const newRule = (rule: Json): SegmentRule => ({
  type: String(rule['type'] ?? '').toUpperCase(),
  key: textOf(rule['key']),
  version: Number(rule['version'] ?? 1) || 1,
  schema: isObject(rule['jsonSchema']) ? rule['jsonSchema'] : {},
  isDeprecated: textOf(rule['deprecatedAt']) !== '',
})

function olderRules(rules: Json): SegmentRule[] {
  const events = Array.isArray(rules['events']) ? rules['events'].filter(isObject) : []
  const schemaOf = (rule: unknown): Json => (isObject(rule) ? rule : {})
  return [
    ...events.map((event) => ({
      type: 'TRACK',
      key: textOf(event['name']),
      version: Number(event['version'] ?? 1) || 1,
      schema: schemaOf(event['rules']),
      isDeprecated: false,
    })),
    ...(['identify', 'group', 'global'] as const).flatMap((name) => {
      const schema = schemaOf(rules[name])
      const says = isObject(schema['properties']) && Object.values(schema['properties']).some(asksKeys)
      return says ? [{ type: name.toUpperCase(), key: '', version: 1, schema, isDeprecated: false }] : []
    }),
  ]
}

/** The schema is that of the whole call; what is planned stands under `properties` or `traits` in it. */
function part(schema: Json, name: string, reader: SchemaReader): Json {
  const call = isObject(schema['properties']) ? schema['properties'] : {}
  return reader.resolve(call[name] ?? {}, [])
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
