import { propertyTypes, type PlannedProperty, type PropertyType } from '../../core/plan.ts'
import { patternProblem } from '../regular-expression.ts'
import type { Losses } from './losses.ts'
import { deepest, isObject, References, type Budget, type Json, type Path } from './references.ts'
import { saysNothing, strangeWords } from './strange-words.ts'

/** What we wrote ourselves (see the export); anything else under this name is no word of ours. */
export function extension(schema: Json): Json {
  const own = schema['x-cio-audit']
  return isObject(own) ? own : {}
}

const longestName = 500

export interface Reading {
  readonly losses: Losses
  readonly budget: Budget
  /** The type of what may be anything: of a property `json`. An attribute is text, which `json` would ask to be JSON. */
  readonly any: 'json' | 'string'
}

/** A JSON Schema as a property of the plan. What it says beyond that is told. */
export class SchemaReader {
  readonly #references: References
  readonly #losses: Losses
  readonly #budget: Budget
  readonly #any: Reading['any']

  constructor(root: Json, { losses, budget, any }: Reading) {
    this.#references = new References(root, losses, budget)
    this.#losses = losses
    this.#budget = budget
    this.#any = any
  }

  properties(schema: Json, path: Path, depth = 0): Record<string, PlannedProperty> {
    const result = Object.create(null) as Record<string, PlannedProperty>
    this.#tellStrange(schema, path)
    const { properties } = schema
    if (!isObject(properties)) return result
    const required = new Set(Array.isArray(schema['required']) ? schema['required'] : [])
    for (const [name, inner] of Object.entries(properties)) {
      if (name === '' || name.length > longestName) {
        this.#losses.add(path, 'a property whose name is empty or longer than 500 characters')
        continue
      }
      if (!this.#budget.take(this.#losses)) break
      result[name] = this.value(inner, required.has(name), [...path, name], depth)
    }
    for (const name of required) {
      if (typeof name !== 'string' || name === '' || name.length > longestName || Object.hasOwn(result, name))
        continue
      result[name] = { type: this.#any, required: true, recommended: false }
    }
    return result
  }

  value(given: unknown, required: boolean, path: Path, depth: number): PlannedProperty {
    if (given === false) this.#losses.add(path, 'that it must not be there')
    const schema = this.resolve(given, path)
    const own = extension(schema)
    const type = typeNamed(own['type']) ?? this.#type(schema, path)
    const recommended = own['recommended'] === true
    const isRequired = required || own['required'] === true || schema['required'] === true
    const mayBeNull = [schema, ...alternativesOf(schema)].some(takesNull)
    if (isRequired && mayBeNull)
      this.#losses.add(path, 'that it is required: it may be null, which reads as absent here')
    const base = {
      type,
      required: isRequired && !mayBeNull,
      recommended,
      ...this.#limits(schema, type, path),
    }
    this.#tellStrange(schema, path)
    if (depth >= deepest) {
      this.#losses.add(path, 'it is nested too deeply, so its keys are left out')
      return base
    }
    if (type === 'object' && isObject(schema['properties']))
      return { ...base, properties: this.properties(schema, path, depth + 1) }
    if (type !== 'array') return base
    if (Array.isArray(schema['items'])) this.#losses.add(path, 'what each place of the list holds')
    const element = this.resolve(schema['items'] ?? {}, path)
    const items = this.properties(element, path, depth + 1)
    if (Object.keys(items).length > 0) return { ...base, items }
    if (Object.keys(element).length > 0 && element['type'] !== 'object')
      this.#losses.add(path, 'the type of the elements: a plan knows lists of objects alone')
    return base
  }

  /** See `References`. */
  resolve(given: unknown, path: Path): Json {
    return this.#references.resolve(given, path)
  }

  #tellStrange(schema: Json, path: Path): void {
    for (const [key, said] of Object.entries(schema))
      if (strangeWords.has(key) && said !== saysNothing(key))
        this.#losses.add(path, `${key} has no place in a plan`)
  }

  #type(schema: Json, path: Path): PropertyType {
    const given = Array.isArray(schema['type']) ? (schema['type'] as unknown[]) : [schema['type']]
    const types = given.filter((type) => type !== 'null' && type !== undefined)
    // Null reads as absent here, so "text or null" is a text that is not required.
    if (types.length > 1) this.#losses.add(path, `several types (${types.join(', ')}); any is taken`)
    const [type] = types
    if (types.length !== 1) {
      if (isObject(schema['properties'])) return 'object'
      if (types.length > 0) return this.#any
      if (schema['items'] !== undefined) return 'array'
      // A format speaks of texts; who writes one means a text.
      if (allowedBy(schema) === undefined && schema['format'] !== undefined)
        return this.#textType(schema, path)
      return typeOfAll(allowedBy(schema)) ?? this.#any
    }
    if (type === 'string') return this.#textType(schema, path)
    const known = typeNamed(type)
    if (known === undefined) this.#losses.add(path, `the type ${JSON.stringify(type)}; any is taken`)
    return known ?? this.#any
  }

  #textType(schema: Json, path: Path): PropertyType {
    const { format } = schema
    if (format === undefined) return 'string'
    const type = formats.get(String(format))
    if (type === undefined) this.#losses.add(path, `the format ${JSON.stringify(format)}; any text is taken`)
    return type ?? 'string'
  }

  #limits(schema: Json, type: PropertyType, path: Path): Partial<PlannedProperty> {
    const isNumber = type === 'number' || type === 'integer' || type === 'timestamp'
    const low = schema['minimum']
    const high = schema['maximum']
    if (!isNumber)
      for (const limit of ['minimum', 'maximum'])
        if (typeof schema[limit] === 'number')
          this.#losses.add(path, `${limit}: belongs to numbers; the type here is ${type}`)
    const limits = {
      ...(isNumber && typeof low === 'number' ? { min: low } : {}),
      ...(isNumber && typeof high === 'number' ? { max: high } : {}),
    }
    if (limits.min !== undefined && limits.max !== undefined && limits.min > limits.max) {
      this.#losses.add(path, 'minimum and maximum, which exclude each other')
      return this.#words(schema, type, path)
    }
    return { ...limits, ...this.#words(schema, type, path) }
  }

  #words(schema: Json, type: PropertyType, path: Path): Partial<PlannedProperty> {
    const isText = !['number', 'integer', 'timestamp', 'boolean', 'json', 'array', 'object'].includes(type)
    const fitting = this.#fitting(allowedBy(schema), type, path)
    // The forms that our own export gives a country or a currency say nothing beside the type.
    const isForm =
      (type === 'country' || type === 'currency') && /^\^\[A-Za-z\]\{\d\}\$$/.test(String(schema['pattern']))
    const own = extension(schema)['pattern']
    const given = isText && !isForm ? schema['pattern'] : undefined
    if (!isText && typeof schema['pattern'] === 'string')
      this.#losses.add(path, `pattern: belongs to texts; the type here is ${type}`)
    return {
      ...(fitting === undefined ? {} : { enum: fitting }),
      ...(isText && typeof own === 'string'
        ? this.#ownPattern(own, path)
        : typeof given === 'string'
          ? this.#pattern(given, path)
          : {}),
    }
  }

  #fitting(allowed: unknown, type: PropertyType, path: Path): (string | number | boolean)[] | undefined {
    if (!Array.isArray(allowed)) return undefined
    const kind =
      type === 'boolean'
        ? 'boolean'
        : type === 'integer' || type === 'number' || type === 'timestamp'
          ? 'number'
          : 'string'
    const values = allowed.filter((value): value is string | number | boolean => value !== null)
    if (values.length === 0) return undefined
    if (['json', 'array', 'object'].includes(type)) {
      this.#losses.add(path, `enum: a value of type ${type} has none`)
      return undefined
    }
    if (values.every((value) => typeof value === kind && (type !== 'integer' || Number.isInteger(value))))
      return values
    this.#losses.add(path, `enum, whose values are not all ${type}`)
    return undefined
  }

  /** A schema's pattern may match anywhere in the text, a plan's matches the whole of it. */
  #pattern(given: string, path: Path): { pattern?: string } {
    const [, whole] = /^\^\(\?:(.*)\)\$$/s.exec(given) ?? []
    const from = given.startsWith('^')
    const to = given.endsWith('$') && !given.endsWith('\\$')
    const body = given.slice(from ? 1 : 0, to ? -1 : undefined)
    const pattern =
      whole !== undefined && patternProblem(whole) === null
        ? whole
        : // Of alternatives each has only the anchor that stands beside it.
          (from || to) && isSplit(body)
          ? `${anything}(?:${given})${anything}`
          : from && to
            ? body
            : `${from ? '' : anything}(?:${body})${to ? '' : anything}`
    return this.#ownPattern(pattern, path, given)
  }

  /** A pattern of a plan. */
  #ownPattern(pattern: string, path: Path, given = pattern): { pattern?: string } {
    const problem = patternProblem(pattern)
    if (problem === null) return { pattern }
    this.#losses.add(path, `pattern ${JSON.stringify(given.slice(0, 60))}: ${problem}`)
    return {}
  }
}

/** Whether the pattern is one of several by itself, and not only in a group of it. */
function isSplit(pattern: string): boolean {
  // Escaped characters, and classes, in which a bracket may come first.
  const plain = pattern.replaceAll(/\\.|\[\^?\]?(?:\\.|[^\]])*\]/gs, '')
  let depth = 0
  for (const letter of plain) {
    if (letter === '(') depth += 1
    else if (letter === ')') depth -= 1
    else if (letter === '|' && depth === 0) return true
  }
  return false
}

/** In words that every engine knows: an export goes to the tests of an app, and many of those know no `(?s:.*)`. */
const anything = String.raw`[\s\S]*`

const allowedBy = (schema: Json): unknown =>
  schema['const'] === undefined ? schema['enum'] : [schema['const']]

/** Generators write an optional text as one of two schemas, of which the other is null. */
const alternativesOf = (schema: Json): Json[] =>
  [schema['anyOf'], schema['oneOf']].flatMap((one) => (Array.isArray(one) ? one.filter(isObject) : []))

function takesNull(schema: Json): boolean {
  const { type } = schema
  const allowed = allowedBy(schema)
  return (
    type === 'null' ||
    // OpenAPI's word for it.
    schema['nullable'] === true ||
    (Array.isArray(type) && type.includes('null')) ||
    (Array.isArray(allowed) && allowed.includes(null))
  )
}

/** A list of values says what they are where no type does. */
function typeOfAll(values: unknown): PropertyType | undefined {
  const given = Array.isArray(values) ? values.filter((value) => value !== null) : []
  if (given.length === 0) return undefined
  if (given.every((value) => typeof value === 'string')) return 'string'
  if (given.every((value) => typeof value === 'boolean')) return 'boolean'
  if (given.every((value) => Number.isInteger(value))) return 'integer'
  return given.every((value) => typeof value === 'number') ? 'number' : undefined
}

function typeNamed(type: unknown): PropertyType | undefined {
  return propertyTypes.find((known) => known === type)
}

const formats: ReadonlyMap<string, PropertyType> = new Map([
  ['date', 'date'],
  ['email', 'email'],
  ['uri', 'url'],
  ['url', 'url'],
])
