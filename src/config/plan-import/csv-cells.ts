import { propertyTypes, type PlannedProperty } from '../../core/plan.ts'
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
export type Column = keyof typeof columns
/** What stands in a row, by column; empty cells are left out. */
export type Cells = Readonly<Partial<Record<Column, string>>>

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
  datetime: 'string',
}

export function columnNamed(name: string): Column | undefined {
  const folded = name.toLowerCase().replace(/[^a-z]/g, '')
  return (Object.keys(columns) as Column[]).find((column) =>
    (columns[column] as readonly string[]).includes(folded),
  )
}

/**
 * What a row says of one value; what of it no plan holds is a loss.
 *
 * @param any - the type of what may be anything: of a property `json`; an attribute is text, which `json` would ask to be JSON.
 */
export function valueOf(
  cells: Cells,
  place: string,
  losses: Losses,
  any: 'json' | 'string',
): PlannedProperty {
  const given = (cells.type ?? 'any').toLowerCase()
  const type = given === 'any' ? any : propertyTypes.find((known) => known === (typeNames[given] ?? given))
  if (type === undefined) losses.add([place], `the type ${JSON.stringify(cells.type)}; any is taken`)
  if (given === 'datetime') losses.add([place], `the type ${JSON.stringify(cells.type)}; any text is taken`)
  const base = {
    type: type ?? any,
    required: isYes('required', cells, place, losses),
    recommended: isYes('recommended', cells, place, losses),
  }
  const isNumber = base.type === 'number' || base.type === 'integer' || base.type === 'timestamp'
  const isText = !isNumber && !['boolean', 'json', 'array', 'object'].includes(base.type)
  const limits = isNumber ? limitsOf(cells, place, losses) : {}
  if (!isNumber && (cells.min ?? cells.max) !== undefined)
    losses.add([place], `min and max: they belong to numbers; the type here is ${base.type}`)
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

function limitsOf(cells: Cells, place: string, losses: Losses): { min?: number; max?: number } {
  const limits = { ...limitOf('min', cells, place, losses), ...limitOf('max', cells, place, losses) }
  if (limits.min === undefined || limits.max === undefined || limits.min <= limits.max) return limits
  losses.add([place], 'min and max, which exclude each other')
  return {}
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

/** An empty cell is no; a word that is neither counts as no and is a loss. */
export function isYes(
  name: 'required' | 'recommended' | 'critical',
  cells: Cells,
  place: string,
  losses: Losses,
): boolean {
  const cell = cells[name] ?? 'no'
  if (/^(?:true|yes|y|1|x|required|mandatory|always)$/i.test(cell)) return true
  if (!/^(?:false|no|n|0|-|optional|never)$/i.test(cell))
    losses.add([place], `${name} ${JSON.stringify(cell)}: it is neither yes nor no, and no is taken`)
  return false
}

/** What may part a list; a comma last, for it also stands in numbers and in names. */
const separators = ['|', '\n', ';', ',']

/** Parted by the first of them that stands there: `0,5; 1,5` are two. */
export function listOf(cell: string | undefined): string[] {
  if (cell === undefined) return []
  const separator = separators.find((one) => cell.includes(one)) ?? ','
  return cell
    .split(separator)
    .map((part) => (separator === '\n' ? part.trim().replace(/[,;]$/, '') : part).trim())
    .filter((part) => part !== '')
}
