import { join, raw, sql, type Query } from '../../engine/sql.ts'
import type { Cells } from './cells.ts'
import type { Fault } from './faults.ts'

/**
 * Expressions that every call of a Pipelines file shares (columns: reference, section 13.2). What is asked for more than
 * once (a time, the soundness of a JSON text) is a column of an inner query.
 */

export const messageId = (cells: Cells): Query =>
  sql`coalesce(${cells.text('id')}, ${cells.text('message_id')})`

const timeColumns = ['timestamp', 'original_timestamp', 'sent_at', 'received_at'] as const

const jsonColumns = ['properties', 'traits', 'context'] as const

/** The inner query: every column of the file, and what the outer one reads through `time` and `soundJson`. */
export function opened(cells: Cells, rows: Query): Query {
  const parts = [
    ...timeColumns
      .filter((column) => cells.has(column))
      .map((column) => sql`${cells.time(column)} as ${raw(`"time of ${column}"`)}`),
    ...jsonColumns
      .filter((column) => cells.has(column))
      .map((column) => sql`${cells.soundJson(column)} as ${raw(`"sound ${column}"`)}`),
  ]
  const read = sql`select *, ${join(parts, ', ')} from ${rows} file`
  return sql`(select *, json_extract_string(${soundJson(cells, 'context')}, ${contextPaths}::varchar[]) as said from (${read}))`
}

export const time = (cells: Cells, column: string): Query =>
  raw(cells.has(column) ? `"time of ${column}"` : 'null::timestamp')

/** Null where it is absent, and where it is no JSON. */
export const soundJson = (cells: Cells, column: string): Query =>
  raw(cells.has(column) ? `"sound ${column}"` : 'null::varchar')

/** Catalogue, section 0: `timestamp` or `original_timestamp` where present, else when it was sent. */
export const happenedAt = (cells: Cells): Query =>
  sql`coalesce(${join(
    timeColumns.map((column) => time(cells, column)),
    ', ',
  )})`

export const timeFaults = (cells: Cells): Fault[] => [
  ...timeColumns
    .filter((column) => cells.has(column))
    .map((column) => ({
      when: sql`${time(cells, column)} is null and ${cells.filled(column)}`,
      reason: `${column} is no time`,
    })),
  { when: sql`${happenedAt(cells)} is null`, reason: 'it has no time' },
]

export const nobody = (cells: Cells): Fault => ({
  when: sql`${cells.text('user_id')} is null and ${cells.text('anonymous_id')} is null`,
  reason: 'it names neither a user nor an anonymous id',
})

/** Only text can be no JSON; what is nested in the file was parsed by the engine. */
export const badJson = (cells: Cells, column: string): Fault[] =>
  cells.isText(column)
    ? [
        {
          when: sql`${soundJson(cells, column)} is null and ${cells.json(column)} is not null`,
          reason: `${column} is no JSON`,
        },
      ]
    : []

/** What the model wants of the context, in one read of its JSON. */
const contextPaths = ['$.device.token', '$.device.type', '$.os.name', '$.app.version', '$.library.version']

/** The operating system tells the platform where the device does not. */
const platform = `case lower(coalesce(nullif(said[2], ''), said[3]))
  when 'ios' then 'ios' when 'ipados' then 'ios' when 'visionos' then 'ios' when 'android' then 'android' end`

export const contextColumns = raw(
  `nullif(said[1], '') as token, ${platform} as platform, nullif(said[4], '') as app_version, nullif(said[5], '') as sdk_version`,
)

/** Pages and screens have the same columns: without a name that tells, a mobile device makes a screen. */
export const deviceDecides = raw(`case when ${platform} is null then 'page' else 'screen' end`)
