import { raw, type Query } from '../../engine/sql.ts'
import type { TypedColumns } from './parquet-columns.ts'
import type { SourceFile } from './recognise.ts'
import { timeCell } from './time-cell.ts'

/** How the cells of one kind of file become the values of our columns, whatever types the file has. */
export interface Cells {
  has(column: string): boolean
  /** As text; empty text is null. */
  text(column: string): Query
  /** The same as it stands, so that the reader of Parquet can pass over rows that a comparison leaves out. */
  bare(column: string): Query
  /** As JSON text, the way it stands in the file: nested, or as text. Null where it is empty or JSON null. */
  json(column: string): Query
  /** The same, and null where it is no JSON. */
  soundJson(column: string): Query
  /** JSON is only text here, so that it may be none. */
  isText(column: string): boolean
  /** As a UTC time; null where there is none, and where it is none. */
  time(column: string): Query
  /** The whole row as a JSON object. */
  readonly record: Query
  /** The column says something. */
  filled(column: string): Query
  boolean(column: string): Query
  integer(column: string): Query
}

export function cellsOf({ columns, format }: Pick<SourceFile, 'columns' | 'format'>): Cells {
  const idents = identsOf(columns, format)
  // Attribute names know case: of `Email` and `email` the exact one is meant, and another spelling only where it is alone.
  const spelled = [...columns.keys()]
  const exact = spelled.filter((name) => name === name.toLowerCase())
  const names = new Map([...spelled.toReversed(), ...exact].map((name) => [name.toLowerCase(), name]))
  const typeOf = (column: string): string => columns.get(names.get(column) ?? '') ?? ''
  const ident = (column: string): string => idents.get(names.get(column) ?? '') ?? quoted(column)
  const has = (column: string): boolean => names.has(column)
  const plain = (column: string): string => {
    const type = typeOf(column)
    if (type === 'JSON') return `(${ident(column)} ->> '$')`
    if (type === 'VARCHAR') return ident(column)
    return wideNumber.test(type) ? wholeNumber(ident(column)) : `${ident(column)}::varchar`
  }
  const text = (column: string): string => (has(column) ? `nullif(${plain(column)}, '')` : 'null::varchar')
  const json = (column: string): string => jsonCell(has(column), ident(column), typeOf(column))
  // JSON lines may hold JSON text inside JSON, and then the column is a text value: `"{\"a\":1}"`.
  const isText = (column: string): boolean => typeOf(column) === 'VARCHAR' || typeOf(column) === 'JSON'
  return {
    has,
    isText,
    soundJson: (column) =>
      raw(isText(column) ? `case when json_valid(${json(column)}) then ${json(column)} end` : json(column)),
    record: raw(
      `json_object(${[...idents].map(([name, column]) => `'${name.replaceAll("'", "''")}', ${column}`).join(', ')})`,
    ),
    text: (column) => raw(text(column)),
    bare: (column) => raw(has(column) ? plain(column) : 'null::varchar'),
    json: (column) => raw(json(column)),
    time: (column) =>
      raw(has(column) ? timeCell(typeOf(column), ident(column), text(column)) : 'null::timestamp'),
    filled: (column) => raw(has(column) ? `${text(column)} is not null` : 'false'),
    boolean: (column) => raw(has(column) ? `try_cast(${text(column)} as boolean)` : 'null::boolean'),
    integer: (column) => raw(has(column) ? `try_cast(${text(column)} as bigint)` : 'null::bigint'),
  }
}

/**
 * What the engine calls the columns. Its names know no case, but attributes do (`Email` and `email` are two), so the
 * columns of a CSV file go by their place.
 */
export function identsOf(columns: TypedColumns, format: string): ReadonlyMap<string, string> {
  return new Map(
    [...columns.keys()].map((name, place) => [name, format === 'csv' ? `"column ${place}"` : quoted(name)]),
  )
}

/** A name of a file as an identifier of SQL. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

const wideNumber = /^(?:DOUBLE|FLOAT)$/

/**
 * A column of whole numbers with a gap becomes one of floating numbers in many tools. Nobody's id is `1001.0`, and beside an export
 * that says `1001` everybody would be there twice. Beyond 2^53 the digits are not known any more, and it stays as it is.
 */
const wholeNumber = (ident: string): string =>
  `case when ${ident} = trunc(${ident}) and abs(${ident}) < 9007199254740992 then ${ident}::bigint::varchar else ${ident}::varchar end`

/**
 * Nested columns of Parquet have every key in every row: a null there says that the row has no such key. As a trait it would
 * take away what an earlier call has said.
 */
function jsonCell(isThere: boolean, ident: string, type: string): string {
  if (!isThere) return 'null::varchar'
  const text =
    type === 'JSON'
      ? `case when json_type(${ident}) = 'VARCHAR' then ${ident} ->> '$' else ${ident}::varchar end`
      : type === 'VARCHAR'
        ? ident
        : type.startsWith('STRUCT')
          ? `json_merge_patch('{}'::json, to_json(${exactFloats(ident, type)}))::varchar`
          : `to_json(${exactFloats(ident, type)})::varchar`
  return `nullif(nullif(${text}, ''), 'null')`
}

/** Widened as it is, a price of 19.99 in 32 bits would be 19.989999771118164; by way of its text it stays 19.99. */
function exactFloats(ident: string, type: string): string {
  const withFloats = (as: string): string =>
    type.replaceAll(/"(?:[^"]|"")*"|\bFLOAT\b/g, (found) => (found === 'FLOAT' ? as : found))
  const wide = withFloats('DOUBLE')
  return wide === type ? ident : `${ident}::${withFloats('VARCHAR')}::${wide}`
}
