import { snapshotTables } from '../core/tables.ts'
import type { SnapshotTable } from '../core/tables.ts'

/** Columns of a snapshot table in their order, names quoted for SQL. */
export function columnsOf(table: SnapshotTable): readonly string[] {
  return snapshotTables[table]
    .replace(/, PRIMARY KEY \(.*\)$/, '')
    .split(', ')
    .map((column) => `"${column.split(' ')[0]?.replaceAll('"', '')}"`)
}
