import { join, raw, sql, type Query } from '../engine/sql.ts'

/**
 * A JSON object that the engine reads once (`from_json`), each named value as JSON text of its own ("leaf"); its first
 * character tells the kind. A leaf is null where the key is absent or its value is null; a value that is no object has
 * no keys. Keys are told apart by case, and of a key that stands there twice the first counts, as in `json_extract`.
 */
export type Leaf = (name: string) => Query

/**
 * The engine compares the fields of a struct without case, and takes the first where it copies a plan (a `with` that is
 * used once), whatever the position asked for. So names that differ in case alone are opened apart, in layers.
 */
function layersOf(names: readonly string[]): readonly (readonly string[])[] {
  const layers: string[][] = []
  for (const name of names) {
    const folded = name.toLowerCase()
    const free = layers.find((layer) => layer.every((other) => other.toLowerCase() !== folded))
    if (free) free.push(name)
    else layers.push([name])
  }
  return layers
}

/** A payload opened, for `leafColumns` to spread. */
export function openedColumns(json: Query, names: readonly string[]): Query {
  const layers = layersOf(names).map(
    (layer, index) => sql`from_json(${json}, ${literal(structure(layer))}) as ${raw(`layer${index + 1}`)}`,
  )
  return join(layers, ', ')
}

/** The values of an opened payload as columns of their own (`leaf1` …). */
export function leafColumns(names: readonly string[]): Query {
  const column = columnLeaf(names)
  const columns = layersOf(names).flatMap((layer, index) =>
    layer.map((name, place) => sql`${field(`layer${index + 1}`, place)} as ${column(name)}`),
  )
  return join(columns, ', ')
}

export function columnLeaf(names: readonly string[]): Leaf {
  const positions = new Map(names.map((name, index) => [name, index + 1]))
  return (name) => raw(`leaf${positions.get(name)}`)
}

/** A list with what `leavesOf` reads of each element, or of one object; null where there is no list. */
export function openRecords(json: Query, names: readonly string[], of: 'list' | 'object'): Query {
  const opened = layersOf(names).map((layer) => {
    const each = structure(layer)
    return of === 'list'
      ? sql`from_json(${json}, ${literal(`[${each}]`)})`
      : sql`[from_json(${json}, ${literal(each)})]`
  })
  return opened.length === 1 ? join(opened, '') : sql`list_zip(${join(opened, ', ')})`
}

export function leavesOf(record: string, names: readonly string[]): Leaf {
  const layers = layersOf(names)
  return (name) => {
    const index = layers.findIndex((layer) => layer.includes(name))
    const opened = layers.length === 1 ? record : `struct_extract_at(${record}, ${index + 1})`
    return field(opened, layers[index]?.indexOf(name) ?? -1)
  }
}

function field(opened: string, place: number): Query {
  return raw(`struct_extract_at(${opened}, ${place + 1})::varchar`)
}

function structure(names: readonly string[]): string {
  return `{${names.map((name) => `${JSON.stringify(name.toWellFormed())}:"JSON"`).join(',')}}`
}

/** The engine wants the structure as a constant. Escaped like this no name can end the literal or look like a parameter. */
function literal(json: string): Query {
  const escaped = json.replace(
    /[^\w ":,{}[\]\\]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return raw(`'${escaped}'`)
}

/** What stands under the first of the names that is there. */
export function firstOf(leaf: Leaf, names: readonly string[]): Query {
  return sql`coalesce(${join(names.map(leaf), ', ')})`
}

export type JsonKind = 'text' | 'number' | 'boolean' | 'array' | 'object'

/** By the first character, compared as bytes; JSON text begins with one of `"`, `-`, a digit, `[`, `f`, `t`, `{`. */
export function isKind(leaf: Query, kind: JsonKind): Query {
  const [from, to] = bounds[kind]
  // equivalent mutants [>= for >; < for <=]: no JSON text is one of the bounds itself
  const parts = [...(from ? [sql`${leaf} >= ${raw(from)}`] : []), ...(to ? [sql`${leaf} < ${raw(to)}`] : [])]
  return sql`(${join(parts, ' and ')})`
}

const bounds: Record<JsonKind, readonly [string | null, string | null]> = {
  text: [null, `'#'`],
  number: [`'#'`, `':'`],
  array: [`':'`, `'\\'`],
  boolean: [`'\\'`, `'{'`],
  object: [`'{'`, null],
}

export function kindOf(leaf: Query): Query {
  const kinds = (['text', 'number', 'array', 'boolean'] as const).map(
    (kind) => sql`when ${isKind(leaf, kind)} then ${raw(`'${kind}'`)}`,
  )
  return sql`case ${join(kinds, ' ')} else 'object' end`
}

/** What a value says: the text without its quotes and escapes, everything else as it is written. */
export function textOf(leaf: Query): Query {
  return sql`case when not ${isKind(leaf, 'text')} then ${leaf}
    -- equivalent mutants [when true]: the same, but slower for the many texts without an escape
    when contains(${leaf}, '\\') then json_extract_string(${leaf}, '$') else substring(${leaf}, 2, length(${leaf}) - 2) end`
}

/** Without the spaces around it; few texts have any, and `trim` takes longer than to look. */
export function trimmedText(leaf: Query): Query {
  const text = textOf(leaf)
  // equivalent mutants [when true]: the same, but slower
  return sql`case when ${leaf} like '" %' or ${leaf} like '% "' then trim(${text}) else ${text} end`
}

/** Text of nothing but white space, in the sense of JavaScript's `trim`; the engine writes controls as escapes. */
export function isBlank(leaf: Query): Query {
  return sql`regexp_full_match(${leaf}, ${String.raw`"(?:[\p{Zs}\x{2028}\x{2029}\x{FEFF}]|\\[tnrf]|\\u000[bB])*"`})`
}

/** Neither absent, null, nor blank. */
export function isFilled(leaf: Query): Query {
  return sql`case when ${isKind(leaf, 'text')} then not ${isBlank(leaf)} else ${leaf} is not null end`
}
