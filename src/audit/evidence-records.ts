import type { Database } from '../engine/database.ts'
import { join, raw, sql, type Query } from '../engine/sql.ts'
import { ownName } from './evidence-cells.ts'

/**
 * A cell that CSV takes as it is: it begins with a letter, a digit or `_`, and holds neither a comma, a quote, a backslash,
 * nor anything that breaks a line or steers a terminal (`escape.ts` says which). All others go through the reporter.
 */
const plainCell = String.raw`(?:[\pL\pN_][^,"\\\x00-\x1f\x7f-\x9f\x{2028}-\x{202e}\x{2060}-\x{206f}]*)?`
/** The same with commas and quotes, also in front, as of JSON: CSV sets quotes around it and doubles those inside. */
const quotedCell = String.raw`(?:[\pL\pN_\[{"(][^\\\x00-\x1f\x7f-\x9f\x{2028}-\x{202e}\x{2060}-\x{206f}]*)?`
/** Stands between the cells while they are looked at; a record with more of them than cells is left to the reporter. */
const separator = '\u001f'

const recordOf = (cell: string): string => `${cell}(?:${separator}${cell})*`
/** Makes a record one that the reporter writes. */
const notPlain = raw('chr(0)')

/**
 * Asks for the rows of `evidence` in the form in which a million of them cost the least: `line` is the whole record,
 * joined by commas, where CSV takes every cell as it is or in quotes; `cells` are its values where not. The engine writes
 * a record in a quarter of the time in which its cells are made JavaScript values and text again (a million rows of eight
 * cells: 1.3 s of processor time on the main thread, not 4.8).
 *
 * @returns null where there is no column, or one of a type that is not written here.
 */
export async function recordsQuery(
  session: Database,
  evidence: Query,
  names: readonly string[],
): Promise<Query | null> {
  const types = new Map((await session.columns(evidence)).map(({ name, type }) => [name, type]))
  const texts = names.map((name) => textOf(name, types.get(name)))
  if (texts.length === 0 || !texts.every((text) => text !== null)) return null
  const cells = names.map(
    (name) => sql`${raw(quoted(name))} := ${types.has(name) ? raw(quoted(name)) : raw('null')}`,
  )
  const inQuotes = sql`array_to_string(list_transform(string_split(record, ${separator}), lambda cell:
    case when contains(cell, ',') or contains(cell, '"') then '"' || replace(cell, '"', '""') || '"' else cell end), ',')`
  return sql`
    select identity, line, case when line is null then cells end as cells
    from (
      select *, case when length(record) - length(replace(record, ${separator}, '')) <> ${texts.length - 1} then null
        when regexp_full_match(record, ${recordOf(plainCell)}) then replace(record, ${separator}, ',')
        when regexp_full_match(record, ${recordOf(quotedCell)}) then ${inQuotes} end as line
      from (
        select ${raw(types.has('identity') ? 'coalesce(identity, subject)' : 'subject')}::varchar as identity,
          concat_ws(${separator}, ${join(texts, ', ')}) as record, struct_pack(${join(cells, ', ')}) as cells
        from (select * from (${evidence}) evidence order by all)
      )
    )`
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

const wholeNumbers = /^U?(?:TINY|SMALL|BIG)?INT(?:EGER)?$/
/** JavaScript holds these as doubles; sums of whole numbers are `HUGEINT`. */
const otherNumbers = /^(?:DOUBLE|FLOAT|U?HUGEINT|DECIMAL\(\d+,\d+\))$/

/** The text that JavaScript makes of the same value; null where this is not known to be so. */
function textOf(name: string, type: string | undefined): Query | null {
  if (type === undefined) return raw(`''`)
  const value = raw(quoted(name))
  const text = sql`coalesce(${value}::varchar, '')`
  if (name === 'cio_id' && type === 'VARCHAR')
    return sql`case when regexp_matches(${value}, ${ownName.source}) then '' else ${text} end`
  if (type === 'VARCHAR' || type === 'BOOLEAN' || wholeNumbers.test(type)) return text
  if (otherNumbers.test(type)) {
    const number = sql`${value}::double`
    return sql`case when ${value} is null then '' when abs(${number}) >= 1e15 or not isfinite(${number}) then ${notPlain}
      when ${number} = trunc(${number}) then ${number}::bigint::varchar when abs(${number}) < 1e-4 then ${notPlain}
      else ${number}::varchar end`
  }
  if (type !== 'TIMESTAMP') return null
  return sql`case when ${value} is null then '' when year(${value}) between 1000 and 9999
    then strftime(${value}, '%Y-%m-%dT%H:%M:%SZ') else ${notPlain} end`
}
