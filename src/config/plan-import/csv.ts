import { parse } from 'csv-parse/sync'
import {
  audiences,
  intents,
  propertyTypes,
  type Plan,
  type PlannedAttribute,
  type PlannedEvent,
  type PlannedProperty,
} from '../../core/plan.ts'
import { patternProblem } from '../regular-expression.ts'
import type { Losses } from './losses.ts'

/** Spellings of a column's name, without case and separators. */
const columns = {
  event: ['event', 'eventname'],
  property: ['property', 'propertyname', 'attribute', 'attributename', 'trait', 'name'],
  type: ['type', 'datatype', 'propertytype'],
  required: ['required', 'isrequired', 'mandatory'],
  recommended: ['recommended'],
  enum: ['enum', 'values', 'allowedvalues', 'enumvalues'],
  min: ['min', 'minimum'],
  max: ['max', 'maximum'],
  pattern: ['pattern', 'regex'],
  appliesTo: ['appliesto'],
  derivedFrom: ['derivedfrom'],
  intent: ['intent'],
  critical: ['critical'],
  dedupeKey: ['dedupekey'],
  aliases: ['aliases', 'alias', 'formernames'],
} as const
type Column = keyof typeof columns
type Cells = Readonly<Partial<Record<Column, string>>>

const typeNames: Readonly<Record<string, string>> = {
  text: 'string',
  str: 'string',
  bool: 'boolean',
  int: 'integer',
  float: 'number',
  double: 'number',
  decimal: 'number',
  numeric: 'number',
  list: 'array',
  map: 'object',
  any: 'json',
  datetime: 'string',
}

interface Draft {
  event: Omit<PlannedEvent, 'properties'>
  properties: Record<string, Node>
}
interface Node {
  value: PlannedProperty
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
  const rows = parse(text, { bom: true, skip_empty_lines: true, relax_column_count: true, trim: true })
  const header = rows[0]
  if (header === undefined) return null
  const known = header.map(columnNamed)
  if (!known.includes('property')) return null
  header.forEach((name, at) => {
    if (known[at] === undefined && name !== '') losses.add([], `the column ${JSON.stringify(name)}`)
  })
  const attributes = empty<PlannedAttribute>()
  const events = new Map<string, Draft>()
  rows.slice(1).forEach((row, at) => {
    const cells: Partial<Record<Column, string>> = {}
    known.forEach((column, index) => {
      const cell = row[index]
      if (column !== undefined && cell !== undefined && cell !== '') cells[column] ??= cell
    })
    addRow(cells, `row ${at + 2}`, attributes, events, losses)
  })
  const planned = empty<PlannedEvent>()
  for (const [name, { event, properties }] of events)
    planned[name] = { ...event, properties: propertiesOf(properties) }
  return { version: '0.0.0', attributes, events: planned, byIntent: [] }
}

function columnNamed(name: string): Column | undefined {
  const folded = name.toLowerCase().replace(/[^a-z]/g, '')
  return (Object.keys(columns) as Column[]).find((column) =>
    (columns[column] as readonly string[]).includes(folded),
  )
}

const longestName = 500
const deepest = 15

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
    const derivedFrom = cells.derivedFrom
    attributes[property] = {
      ...valueOf(cells, place, losses),
      appliesTo: audiences.find((audience) => audience === cells.appliesTo) ?? 'known',
      ...(derivedFrom === undefined ? {} : { derivedFrom }),
    }
  } else if (event !== '') {
    const draft = events.get(event) ?? {
      event: { intent: null, critical: false, dedupeKey: null, aliases: [] },
      properties: empty<Node>(),
    }
    events.set(event, draft)
    draft.event = ownOf(draft.event, cells, place, losses)
    if (property !== '') put(draft.properties, property, valueOf(cells, place, losses), place, losses)
  } else losses.add([place], 'it names neither an event nor a property')
}

function ownOf(event: Draft['event'], cells: Cells, place: string, losses: Losses): Draft['event'] {
  const intent = intents.find((known) => known === cells.intent?.toLowerCase())
  if (cells.intent !== undefined && intent === undefined)
    losses.add([place], `the intent ${JSON.stringify(cells.intent)}`)
  return {
    intent: intent ?? event.intent,
    critical: event.critical || isYes(cells.critical),
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
  if (steps.length > deepest || steps.some((step) => step.replace(/\[\]$/, '') === '')) {
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
      properties: empty<Node>(),
      items: empty<Node>(),
    })
    if (isLast) node.value = isList ? { ...value, type: 'array' } : value
    current = isList ? node.items : node.properties
  })
}

function propertiesOf(nodes: Readonly<Record<string, Node>>): Record<string, PlannedProperty> {
  const result = empty<PlannedProperty>()
  for (const [name, { value, properties, items }] of Object.entries(nodes)) {
    const [below, above] = [propertiesOf(items), propertiesOf(properties)]
    const { required, recommended } = value
    if (Object.keys(below).length > 0) result[name] = { type: 'array', required, recommended, items: below }
    else if (Object.keys(above).length > 0)
      result[name] = { type: 'object', required, recommended, properties: above }
    else result[name] = value
  }
  return result
}

function valueOf(cells: Cells, place: string, losses: Losses): PlannedProperty {
  const given = (cells.type ?? '').toLowerCase()
  const type =
    propertyTypes.find((known) => known === (typeNames[given] ?? given)) ??
    (given === '' ? 'json' : undefined)
  if (type === undefined) losses.add([place], `the type ${JSON.stringify(cells.type)}; any is taken`)
  const base = {
    type: type ?? 'json',
    required: isYes(cells.required),
    recommended: isYes(cells.recommended),
  }
  const isNumber = base.type === 'number' || base.type === 'integer' || base.type === 'timestamp'
  const isText = !isNumber && !['boolean', 'json', 'array', 'object'].includes(base.type)
  const limits = isNumber
    ? { ...limitOf('min', cells, place, losses), ...limitOf('max', cells, place, losses) }
    : {}
  const words = listOf(cells.enum)
  const numbers = words.map(Number)
  const isWhole = numbers.every((value) =>
    base.type === 'integer' ? Number.isInteger(value) : Number.isFinite(value),
  )
  const allowed = isText ? words : isNumber && isWhole ? numbers : []
  if (allowed.length === 0 && words.length > 0) losses.add([place], `the values of a ${base.type}`)
  const problem = cells.pattern === undefined || !isText ? null : patternProblem(cells.pattern)
  if (cells.pattern !== undefined && (problem !== null || !isText))
    losses.add([place], `the pattern: ${problem ?? `belongs to texts; the type here is ${base.type}`}`)
  return {
    ...base,
    ...(allowed.length === 0 ? {} : { enum: allowed }),
    ...limits,
    ...(cells.pattern === undefined || !isText || problem !== null ? {} : { pattern: cells.pattern }),
  }
}

function limitOf(
  name: 'min' | 'max',
  cells: Cells,
  place: string,
  losses: Losses,
): { min?: number; max?: number } {
  const cell = cells[name]
  if (cell === undefined) return {}
  const value = Number(cell)
  if (Number.isFinite(value)) return { [name]: value }
  losses.add([place], `${name} ${JSON.stringify(cell)}: it is no number`)
  return {}
}

const isYes = (cell: string | undefined): boolean => /^(?:true|yes|y|1|x|required|always)$/i.test(cell ?? '')

/** Parted by `|`, or where there is none by commas. */
function listOf(cell: string | undefined): string[] {
  if (cell === undefined) return []
  return cell
    .split(cell.includes('|') ? '|' : /[,;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
