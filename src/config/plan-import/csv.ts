import { parse } from 'csv-parse/sync'
import {
  audiences,
  intents,
  type Plan,
  type PlannedAttribute,
  type PlannedEvent,
  type PlannedProperty,
} from '../../core/plan.ts'
import { separatorOf } from '../csv.ts'
import { columnNamed, isYes, listOf, valueOf, type Cells, type Column } from './csv-cells.ts'
import type { Losses } from './losses.ts'

interface Draft {
  event: Omit<PlannedEvent, 'properties'>
  properties: Record<string, Node>
}
interface Node {
  value: PlannedProperty
  /** A row of its own said what it is; else it is there for what stands below it. */
  hasRow: boolean
  properties: Record<string, Node>
  items: Record<string, Node>
}

const empty = <Value>(): Record<string, Value> => Object.create(null) as Record<string, Value>

/**
 * A CSV with one row for each property: `event,property,type,required,enum …`. A row without an event is an attribute, one
 * without a property an event. A property below another is written `items[].price` or `address.city`. Null without a header
 * that names properties.
 */
export function fromCsv(text: string, losses: Losses): Omit<Plan, 'origin'> | null {
  // Empty lines stay, so that a row has the number that a spreadsheet gives it.
  const rows = parse(text, {
    delimiter: separatorOf(text),
    bom: true,
    relax_column_count: true,
    trim: true,
    record_delimiter: ['\r\n', '\n', '\r'],
  })
  const header = rows[0]
  if (header === undefined) return null
  const known = header.map(columnNamed)
  if (!known.includes('property')) return null
  header.forEach((name, at) => {
    if (name === '') return
    if (known[at] === undefined) losses.add([], `the column ${JSON.stringify(name)}`)
    else if (known.indexOf(known[at]) < at)
      losses.add(
        [],
        `the column ${JSON.stringify(name)} where ${JSON.stringify(header[known.indexOf(known[at])])} says something`,
      )
  })
  const attributes = empty<PlannedAttribute>()
  const events = new Map<string, Draft>()
  rows.slice(1).forEach((row, at) => {
    if (row.every((cell) => cell === '')) return
    const cells: Partial<Record<Column, string>> = {}
    known.forEach((column, index) => {
      const cell = row[index]
      if (column !== undefined && cell !== undefined && cell !== '') cells[column] ??= cell
    })
    addRow(cells, `row ${at + 2}`, attributes, events, losses)
  })
  const planned = empty<PlannedEvent>()
  const owners = ownersOf(events)
  for (const [name, { event, properties }] of events)
    planned[name] = {
      ...event,
      aliases: ownAliases(name, event.aliases, owners, losses),
      properties: propertiesOf(properties, ['events', name, 'properties'], losses),
    }
  return { version: '0.0.0', attributes, events: planned, byIntent: [] }
}

/** Which events claim a former name; a planned one is its own. */
function ownersOf(events: ReadonlyMap<string, Draft>): ReadonlyMap<string, readonly string[]> {
  const owners = new Map<string, string[]>()
  for (const [name, { event }] of events)
    for (const alias of event.aliases) owners.set(alias, [...(owners.get(alias) ?? []), name].slice(0, 2))
  for (const name of events.keys()) if (owners.has(name)) owners.set(name, [name])
  return owners
}

/** A former name that is also a planned one, or that two events claim, is none: no plan may say so. */
function ownAliases(
  name: string,
  aliases: readonly string[],
  owners: ReadonlyMap<string, readonly string[]>,
  losses: Losses,
): string[] {
  return aliases.filter((alias) => {
    const isPlanned = owners.get(alias)?.[0] === alias
    const owner = owners.get(alias)?.find((other) => other !== name)
    if (isPlanned || owner !== undefined)
      losses.add(
        ['events', name],
        `the former name ${JSON.stringify(alias)}, which ${isPlanned ? 'is itself a planned event' : `${JSON.stringify(owner)} has too`}`,
      )
    return !isPlanned && owner === undefined
  })
}

const longestName = 500
const deepest = 15
/** What a row may say of one kind of thing alone. */
const ofEvents = ['intent', 'critical', 'dedupeKey', 'aliases'] as const
const ofAttributes = ['appliesTo', 'derivedFrom'] as const
const ofValues = ['type', 'required', 'recommended', 'enum', 'min', 'max', 'pattern'] as const
const twice = 'it stands there more than once; its last row is taken'

function addRow(
  cells: Cells,
  place: string,
  attributes: Record<string, PlannedAttribute>,
  events: Map<string, Draft>,
  losses: Losses,
): void {
  const { event = '', property = '' } = cells
  if (event.length > longestName || property.length > longestName)
    losses.add([place], 'a name longer than 500 characters')
  else if (event === '' && property !== '') {
    tell(cells, ofEvents, 'only an event has it', place, losses)
    const { derivedFrom, appliesTo = 'known' } = cells
    const audience = audiences.find((known) => known === appliesTo.toLowerCase().replaceAll(/[ _]/g, '-'))
    if (audience === undefined)
      losses.add([place], `applies to ${JSON.stringify(appliesTo)}; known people are taken`)
    if (Object.hasOwn(attributes, property)) losses.add([property], twice)
    attributes[property] = {
      ...valueOf(cells, place, losses, 'string'),
      appliesTo: audience ?? 'known',
      ...(derivedFrom === undefined ? {} : { derivedFrom }),
    }
  } else if (event !== '') {
    tell(cells, ofAttributes, 'only an attribute has it', place, losses)
    if (property === '') tell(cells, ofValues, 'only a property has it', place, losses)
    const draft = events.get(event) ?? {
      event: { intent: null, critical: false, dedupeKey: null, aliases: [] },
      properties: empty<Node>(),
    }
    events.set(event, draft)
    draft.event = ownOf(draft.event, cells, place, losses)
    if (property !== '') put(draft.properties, property, valueOf(cells, place, losses, 'json'), place, losses)
  } else losses.add([place], 'it names neither an event nor a property')
}

/** A no that a template has filled in everywhere is nothing that is lost. */
function tell(cells: Cells, columns: readonly Column[], why: string, place: string, losses: Losses): void {
  for (const column of columns)
    if (!/^(?:|false|no|n)$/i.test(cells[column] ?? '')) losses.add([place], `${column}: ${why}`)
}

function ownOf(event: Draft['event'], cells: Cells, place: string, losses: Losses): Draft['event'] {
  const intent = intents.find((known) => known === cells.intent?.toLowerCase())
  if (cells.intent !== undefined && intent === undefined)
    losses.add([place], `the intent ${JSON.stringify(cells.intent)}`)
  return {
    intent: intent ?? event.intent,
    critical: event.critical || isYes('critical', cells, place, losses),
    dedupeKey: cells.dedupeKey ?? event.dedupeKey,
    aliases: [...new Set([...event.aliases, ...listOf(cells.aliases)])],
  }
}

/** `items[].price` stands below `items`, which is a list then, whatever its own row says. */
function put(
  into: Record<string, Node>,
  path: string,
  value: PlannedProperty,
  place: string,
  losses: Losses,
): void {
  const steps = path.split('.')
  // `items[0].price` and `items[][].price` would be properties that nobody sends.
  if (steps.length > deepest || steps.some((step) => /^$|[[\]]/.test(step.replace(/\[\]$/, '')))) {
    losses.add([place], `the path ${JSON.stringify(path.slice(0, 60))}`)
    return
  }
  let current = into
  steps.forEach((step, at) => {
    const isList = step.endsWith('[]')
    const name = isList ? step.slice(0, -2) : step
    const isLast = at === steps.length - 1
    const node = (current[name] ??= {
      value: { type: isList ? 'array' : isLast ? value.type : 'object', required: false, recommended: false },
      hasRow: false,
      properties: empty<Node>(),
      items: empty<Node>(),
    })
    if (isLast) {
      if (node.hasRow) losses.add([place], `${path}: ${twice}`)
      node.value = isList ? asList(value, place, losses) : value
      node.hasRow = true
    }
    current = isList ? node.items : node.properties
  })
}

/** `tags[]` is a list; what its row says of each element has no place in a plan. */
function asList(value: PlannedProperty, place: string, losses: Losses): PlannedProperty {
  const { type, required, recommended, ...rest } = value
  const said = [...(['json', 'object', 'array'].includes(type) ? [] : ['type']), ...Object.keys(rest)]
  if (said.length > 0)
    losses.add([place], `${said.join(', ')} of the elements: a plan knows lists of objects alone`)
  return { type: 'array', required, recommended }
}

function propertiesOf(
  nodes: Readonly<Record<string, Node>>,
  path: readonly string[],
  losses: Losses,
): Record<string, PlannedProperty> {
  const result = empty<PlannedProperty>()
  for (const [name, { value, hasRow, properties, items }] of Object.entries(nodes)) {
    const own = [...path, name]
    const [below, above] = [propertiesOf(items, own, losses), propertiesOf(properties, own, losses)]
    const { type, required, recommended } = value
    const isList = Object.keys(below).length > 0
    if (isList && Object.keys(above).length > 0)
      losses.add(own, `${Object.keys(above).join(', ')}: a list has keys in its elements alone`)
    const meant = isList ? 'array' : Object.keys(above).length > 0 ? 'object' : type
    if (hasRow && type !== meant && type !== 'json')
      losses.add(own, `the type ${type}: it has keys, so it is of type ${meant}`)
    if (isList) result[name] = { type: 'array', required, recommended, items: below }
    else if (Object.keys(above).length > 0)
      result[name] = { type: 'object', required, recommended, properties: above }
    else result[name] = value
  }
  return result
}
