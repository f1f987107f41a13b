import { createHash } from 'node:crypto'
import { snapshotTables } from '../core/tables.ts'
import type { SnapshotTable } from '../core/tables.ts'
import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import { columnsOf } from './columns.ts'

/** Facts of the clock and of how far a pull is: they differ between two pulls that read the same. */
const clockFacts = "key not like 'pull\\_%' escape '\\' and key <> 'hash'"

/**
 * The content of a snapshot in one value, whatever the order in which it was read: per table the count of rows and
 * two sums over the halves of each row's MD5. The row text says the length of each value, so that no two different
 * rows read alike, and keeps null apart from empty.
 */
export async function contentHash(database: Database): Promise<string> {
  const hash = createHash('sha256')
  for (const table of Object.keys(snapshotTables) as SnapshotTable[]) {
    const columns = columnsOf(table).filter(
      (column) => table !== 'stream' || (column !== '"cursor"' && column !== '"state"'),
    )
    const text = columns
      .map((column) => `coalesce(strlen(${column}::varchar) || ':' || ${column}::varchar, 'null')`)
      .join(` || ',' || `)
    const rows = await database.rows(
      raw(`select count(*)::varchar as n, coalesce(sum(md5_number_lower(t)), 0)::varchar as low, coalesce(sum(md5_number_upper(t)), 0)::varchar as high
        from (select ${text} as t from ${table} ${table === 'meta' ? `where ${clockFacts}` : ''})`),
    )
    const [row] = rows
    hash.update(`${table}:${String(row?.['n'])}:${String(row?.['low'])}:${String(row?.['high'])}\n`)
  }
  return `sha256:${hash.digest('hex')}`
}
