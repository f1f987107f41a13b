import type { z } from 'zod'
import type { PropertyType } from '../core/plan.ts'
import { type Problem, quote } from './problem.ts'
import type { YamlFile } from './yaml-file.ts'
import { realKey } from './yaml-value.ts'

export interface ParsedValue {
  type: PropertyType
  required: boolean
  recommended: boolean
  enum?: (string | number | boolean)[]
  min?: number
  max?: number
  pattern?: string
}

export interface ParsedProperty extends ParsedValue {
  properties?: Record<string, ParsedProperty>
  items?: Record<string, ParsedProperty>
}

const numeric: ReadonlySet<PropertyType> = new Set(['integer', 'number', 'timestamp'])
const textual: ReadonlySet<PropertyType> = new Set([
  'string',
  'date',
  'email',
  'phone',
  'url',
  'country',
  'locale',
  'currency',
])

/** Constraints that the type of a value cannot have would never be judged: an author must hear of it. */
export function checkValue(context: z.core.ParsePayload<ParsedProperty>): void {
  const { value } = context
  const complain = (key: string, message: string): void => {
    context.issues.push({ code: 'custom', input: value, path: [key], message })
  }
  const { type, min, max } = value
  if (!numeric.has(type)) {
    const words = `belongs to ${[...numeric].join(', ')}; the type here is ${type}`
    if (min !== undefined) complain('min', words)
    if (max !== undefined) complain('max', words)
  } else if (min !== undefined && max !== undefined && min > max)
    complain('max', `is below min, which is ${min}`)
  if (value.pattern !== undefined && !textual.has(type))
    complain('pattern', `belongs to texts; the type here is ${type}`)
  if (value.properties !== undefined && type !== 'object')
    complain('properties', `belongs to object; the type here is ${type}`)
  if (value.items !== undefined && type !== 'array')
    complain('items', `belongs to array; the type here is ${type}`)
  const misfit = value.enum?.find((item) => !fits(item, type))
  if (misfit !== undefined)
    complain(
      'enum',
      `${JSON.stringify(misfit)} is no ${type}${typeof misfit === 'string' ? '' : ' (quotes make it a text)'}`,
    )
}

function fits(item: string | number | boolean, type: PropertyType): boolean {
  if (textual.has(type)) return typeof item === 'string'
  if (type === 'integer') return Number.isInteger(item)
  if (numeric.has(type)) return typeof item === 'number'
  return type === 'boolean' ? typeof item === 'boolean' : false
}

/** A former name that is also a planned one, or that two events claim, would make one event count as two. */
export function aliasProblems(
  events: Readonly<Record<string, { readonly aliases: readonly string[] }>>,
  file: YamlFile,
): Problem[] {
  const problems: Problem[] = []
  const owners = new Map<string, string>()
  for (const [name, event] of Object.entries(events)) {
    event.aliases.forEach((alias, index) => {
      const place = file.position(['events', name, 'aliases', index])
      const text = `events.${realKey(name)}.aliases[${index}]: ${quote(alias)}`
      const owner = owners.get(alias)
      if (Object.hasOwn(events, alias)) problems.push({ ...place, text: `${text} is itself a planned event` })
      else if (owner !== undefined)
        problems.push({ ...place, text: `${text} is already a former name of ${realKey(owner)}` })
      else owners.set(alias, name)
    })
  }
  return problems
}

/** A person holds 300 attributes and an event some dozens of properties; each that is planned makes every audit slower. */
const most = { attributes: 1000, properties: 500 }

/** A list that no team wrote by hand is data in the wrong place, and would keep an audit busy for minutes. */
export function sizeProblems(
  plan: {
    readonly attributes: object
    readonly events: Readonly<
      Record<string, { readonly properties: Readonly<Record<string, ParsedProperty>> }>
    >
  },
  file: YamlFile,
): Problem[] {
  const attributes = Object.keys(plan.attributes).length
  const problems: Problem[] = []
  if (attributes > most.attributes)
    problems.push({
      ...file.position(['attributes'], 'key'),
      text: `attributes: found ${attributes}, allowed are ${most.attributes} (Customer.io keeps 300 for a person)`,
    })
  for (const [name, { properties }] of Object.entries(plan.events)) {
    const own = countOf(properties)
    if (own > most.properties)
      problems.push({
        ...file.position(['events', name], 'key'),
        text: `events.${realKey(name)}.properties: found ${own}, allowed are ${most.properties}`,
      })
  }
  return problems
}

function countOf(properties: Readonly<Record<string, ParsedProperty>>): number {
  return Object.values(properties).reduce(
    (sum, { properties: inner = {}, items = {} }) => sum + 1 + countOf(inner) + countOf(items),
    0,
  )
}
