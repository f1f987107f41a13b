import { join, raw, sql, type Query } from '../engine/sql.ts'

/**
 * A JSON object that the engine reads once (`from_json`), each named value as JSON text of its own ("leaf"); its first
 * character tells the kind. A leaf is null where the key is absent or its value is null; a value that is no object has
 * no keys. Keys are told apart by case, and of a key that stands there twice the first counts, as in `json_extract`.
 */
export type Leaf = (name: string) => Query

/** The values of an opened object. Fields are taken by position: the engine compares their names without case. */
export function leavesOf(opened: string, names: readonly string[]): Leaf {
  const positions = new Map(names.map((name, index) => [name, index + 1]))
  return (name) => raw(`struct_extract_at(${opened}, ${positions.get(name)})::varchar`)
}

/**
 * The same values as columns of their own (`leaf1` …), for whole payloads: what is asked of a column by row of a `case`
 * costs a slice of that column, but of a struct one of all its fields (that took four times as long).
 */
export function columnsOf(opened: string, names: readonly string[]): Query {
  const leaf = leavesOf(opened, names)
  return join(
    names.map((name, index) => sql`${leaf(name)} as ${raw(column(index))}`),
    ', ',
  )
}

export function leafColumns(names: readonly string[]): Leaf {
  const positions = new Map(names.map((name, index) => [name, index]))
  return (name) => raw(column(positions.get(name) ?? -1))
}

const column = (index: number) => `leaf${index + 1}`

export function openObject(json: Query, names: readonly string[]): Query {
  return sql`from_json(${json}, ${literal(structure(names))})`
}

/** Elements that are no objects have no keys either; what is no list is null. */
export function openList(json: Query, names: readonly string[]): Query {
  return sql`from_json(${json}, ${literal(`[${structure(names)}]`)})`
}

/** Opens an object once, for all that is asked of it. `as` is a name that no enclosing object has. */
export function withObject(
  json: Query,
  names: readonly string[],
  as: string,
  ask: (leaf: Leaf) => Query,
): Query {
  return sql`list_transform([${openObject(json, names)}], lambda ${raw(as)}: ${ask(leavesOf(as, names))})[1]`
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

export type JsonKind = 'text' | 'number' | 'boolean' | 'array' | 'object'

/** By the first character, compared as bytes; JSON text begins with one of `"`, `-`, a digit, `[`, `f`, `t`, `{`. */
export function isKind(leaf: Query, kind: JsonKind): Query {
  const [from, to] = bounds[kind]
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
    (kind) => sql`when ${leaf} < ${raw(bounds[kind][1] ?? '')} then ${raw(`'${kind}'`)}`,
  )
  return sql`case ${join(kinds, ' ')} else 'object' end`
}

/** What a value says: the text without its quotes and escapes, everything else as it is written. */
export function textOf(leaf: Query): Query {
  return sql`case when ${leaf} >= '#' then ${leaf}
    -- equivalent mutants [when true]: the same, but slower for the many texts without an escape
    when contains(${leaf}, '\\') then json_extract_string(${leaf}, '$') else substring(${leaf}, 2, length(${leaf}) - 2) end`
}

/** Text of nothing but white space, in the sense of JavaScript's `trim`; the engine writes controls as escapes. */
export function isBlank(leaf: Query): Query {
  return sql`regexp_full_match(${leaf}, ${String.raw`"(?:[\p{Zs}\x{2028}\x{2029}\x{FEFF}]|\\[tnrf]|\\u000[bB])*"`})`
}

/** Neither absent, null, nor blank. */
export function isFilled(leaf: Query): Query {
  return sql`case when ${leaf} < '#' then not ${isBlank(leaf)} else ${leaf} is not null end`
}
