import type { FileKind, SnapshotTable } from '../../core/tables.ts'
import { join, raw, sql, type Query } from '../../engine/sql.ts'
import type { Cells } from './cells.ts'
import { hasRowNumber, pathColumn } from './group.ts'
import type { SourceFile } from './recognise.ts'

/** What makes a row that the engine could read no record of ours. */
export interface Fault {
  readonly when: Query
  readonly reason: string
}

/** One statement that brings rows of files into a table. */
export interface Load {
  readonly kind: FileKind
  readonly table: SnapshotTable
  readonly query: Query
}

/**
 * The column `rest` of a row: null for a sound one; otherwise why it is none, where it stands, and the row as it came.
 * Faulty rows go in with the others, because reading the files twice would double the time; `sortOut` takes them out.
 *
 * @param place - SQL that says where in its file the row stands.
 */
export function faultOf(faults: readonly Fault[], place: Query, cells: Cells): Query {
  if (faults.length === 0) return raw('null::varchar')
  const cases = faults.map(
    ({ when, reason }) =>
      sql`when ${when} then json_object('reason', ${reason}::varchar, 'file', ${raw(pathColumn)}, 'place', ${place}, 'raw', ${cells.record}::varchar)::varchar`,
  )
  return sql`case ${join(cases, ' ')} end`
}

/** Parquet rows have a number; a line of text is found again by what names it. */
export function placeOf(file: Pick<SourceFile, 'columns' | 'format'>, name: Query): Query {
  return hasRowNumber(file)
    ? raw(`'row ' || (file_row_number + 1)`)
    : sql`coalesce('record ' || ${name}, 'a record')`
}
