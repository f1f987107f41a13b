import type { Plan, PlannedAttribute, PlannedEvent, PlannedProperty, PlannedValue } from '../core/plan.ts'
import { record } from './named.ts'
import { visible } from './problem.ts'

/** What speaks for a part of the plan; becomes a comment above it. */
export interface PlanNote {
  readonly path: readonly string[]
  readonly text: string
}

const schema = './node_modules/cio-audit/schema/tracking-plan.schema.json'

/** `tracking-plan.yaml` as a person would write it: what a part leaves at its default is left out. */
export function renderPlan(plan: Plan, head: readonly string[], notes: readonly PlanNote[] = []): string {
  const texts = new Map(notes.map(({ path, text }) => [path.join('\u0000'), text]))
  const lines = [
    `# yaml-language-server: $schema=${schema}`,
    ...head.map((line) => `# ${visible(line)}`),
    `version: ${scalar(plan.version)}`,
    ...mapping(
      'attributes',
      record(plan.attributes, (attribute) => attributeFields(attribute)),
      texts,
    ),
    ...mapping(
      'events',
      record(plan.events, (event) => eventFields(event)),
      texts,
    ),
  ]
  return `${lines.join('\n')}\n`
}

type Field = readonly [name: string, value: string | Named]
interface Named {
  readonly named: Readonly<Record<string, readonly Field[]>>
}

function mapping(
  title: string,
  entries: Readonly<Record<string, readonly Field[]>>,
  notes: ReadonlyMap<string, string>,
): string[] {
  return Object.keys(entries).length === 0 ? [] : [`${title}:`, ...block(entries, [title], 1, notes)]
}

function block(
  entries: Readonly<Record<string, readonly Field[]>>,
  path: readonly string[],
  depth: number,
  notes: ReadonlyMap<string, string>,
): string[] {
  const margin = '  '.repeat(depth)
  return Object.entries(entries).flatMap(([name, fields]) => {
    const own = [...path, name]
    const note = notes.get(own.join('\u0000'))
    const comment = note === undefined ? [] : [`${margin}# ${visible(note)}`]
    const flat = fields.filter((field): field is readonly [string, string] => typeof field[1] === 'string')
    if (flat.length === fields.length)
      return [
        ...comment,
        `${margin}${scalar(name)}: { ${flat.map(([key, value]) => `${key}: ${value}`).join(', ')} }`,
      ]
    const inner = fields.flatMap(([key, value]) =>
      typeof value === 'string'
        ? [`${margin}  ${key}: ${value}`]
        : [`${margin}  ${key}:`, ...block(value.named, [...own, key], depth + 2, notes)],
    )
    return [...comment, `${margin}${scalar(name)}:`, ...inner]
  })
}

function attributeFields(attribute: PlannedAttribute): Field[] {
  return [
    ...valueFields(attribute),
    ...(attribute.appliesTo === 'known' ? [] : [['appliesTo', attribute.appliesTo] as const]),
    ...(attribute.derivedFrom === undefined ? [] : [['derivedFrom', scalar(attribute.derivedFrom)] as const]),
  ]
}

function eventFields({ intent, critical, dedupeKey, aliases, properties }: PlannedEvent): Field[] {
  const own = record(properties, propertyFields)
  return [
    ...(intent === null ? [] : [['intent', intent] as const]),
    ...(critical ? [['critical', 'true'] as const] : []),
    ...(dedupeKey === null ? [] : [['dedupeKey', scalar(dedupeKey)] as const]),
    ...(aliases.length === 0 ? [] : [['aliases', list(aliases)] as const]),
    ...(Object.keys(own).length === 0 ? [] : [['properties', { named: own }] as const]),
  ]
}

function propertyFields(property: PlannedProperty): Field[] {
  const { properties, items } = property
  return [
    ...valueFields(property),
    ...(properties === undefined
      ? []
      : [['properties', { named: record(properties, propertyFields) }] as const]),
    ...(items === undefined ? [] : [['items', { named: record(items, propertyFields) }] as const]),
  ]
}

function valueFields(value: PlannedValue): Field[] {
  return [
    ['type', value.type],
    ...(value.required ? [['required', 'true'] as const] : []),
    ...(value.recommended ? [['recommended', 'true'] as const] : []),
    ...(value.enum === undefined ? [] : [['enum', list(value.enum)] as const]),
    ...(value.min === undefined ? [] : [['min', number(value.min)] as const]),
    ...(value.max === undefined ? [] : [['max', number(value.max)] as const]),
    ...(value.pattern === undefined ? [] : [['pattern', quoted(value.pattern)] as const]),
  ]
}

const list = (values: readonly (string | number | boolean)[]): string =>
  `[${values.map((value) => (typeof value === 'string' ? scalar(value) : String(value))).join(', ')}]`

/** `1e+21` is YAML for a number as it is for JSON. */
const number = (value: number): string => JSON.stringify(value)

/** Words that YAML, or a reader who knows its older versions, takes for something else than a text. */
const reserved = /^(?:true|false|null|yes|no|on|off|y|n)$/i

/** A text as YAML: bare where nothing could take it for something else. */
export function scalar(text: string): string {
  const isPlain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !reserved.test(text)
  const isVersion = /^\d+\.\d+\.\d+$/.test(text)
  return isPlain || isVersion ? text : quoted(text)
}

/** A double-quoted text of YAML takes what JSON writes; what a terminal would obey is written out. */
export function quoted(text: string): string {
  return visible(JSON.stringify(text.toWellFormed()))
}
