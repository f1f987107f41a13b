/**
 * A cell as a UTC time: ISO 8601, or Unix seconds (reference, section 13.2: both occur). Twelve digits and more are
 * milliseconds: as seconds they would lie past the year 5000. To the engine `infinity` and the year 294247 are times as
 * well; no Date holds them, so a text must begin with a year of four digits.
 */
export function timeCell(type: string, ident: string, text: string): string {
  if (type === 'TIMESTAMP' || type === 'DATE') return `${ident}::timestamp`
  if (type.startsWith('TIMESTAMP')) return `timezone('UTC', ${ident}::timestamptz)`
  const seconds = `try_cast(${text} as double)`
  const unix = `case when abs(${seconds}) < 1e11 then make_timestamp((${seconds} * 1e6)::bigint)
    when abs(${seconds}) < 1e14 then make_timestamp((${seconds} * 1e3)::bigint) end`
  return type === 'VARCHAR' || type === 'JSON' ? `coalesce(${isoTime(text)}, ${unix})` : unix
}

/** Nearly all are `2026-11-20T10:00:00.250Z`, which the engine reads as it is; only the others are looked at by letters. */
const isoTime = (text: string): string =>
  `case when substr(${text}, 5, 1) = '-' and substr(${text}, 20, 1) in ('.', 'Z') and ends_with(${text}, 'Z') then try_cast(${text} as timestamp)
    when substr(ltrim(${text}), 5, 1) in ('-', '/') then ${rareTime(`upper(trim(${text}))`)} end`

const clock = String.raw`\d{4}[-/]\d{1,2}[-/]\d{1,2}[T ]\d{1,2}:\d{1,2}(?::\d{1,2}(?:[.,]\d+)?)?`
/** `Z`, or as Go prints it: `+0000 UTC`. */
const utc = String.raw`(?: ?\+00:?00)? ?(?:Z|UTC)`
const offset = String.raw` ?[+-](?:0\d|1[0-5])(?::?[0-5]\d)?`

/**
 * Without an offset it is UTC. With one it goes through the zoned type, because the plain one takes the hours as they stand
 * and leaves the offset out. That type also reads `PST` and `Europe/Berlin`, and keeps the zone for the rows that follow, so it
 * gets numbers only. Neither reads a comma, nor an offset after a space or where the seconds are left out.
 */
function rareTime(text: string): string {
  const dotted = `replace(${text}, ',', '.')`
  const withSeconds = `regexp_replace(${dotted}, '([T ]\\d{1,2}:\\d{1,2}) ?([+-])', '\\1:00\\2')`
  const joined = `replace(replace(${withSeconds}, ' +', '+'), ' -', '-')`
  return `case
    when regexp_full_match(${text}, '${clock}(?:${utc})?|[\\d/-]+') then try_cast(regexp_replace(${dotted}, '${utc}$', '') as timestamp)
    when regexp_full_match(${text}, '${clock}${offset}') then timezone('UTC', try_cast(${joined} as timestamptz)) end`
}
