import type { Database } from '../../engine/database.ts'
import { sql } from '../../engine/sql.ts'
import { engineReason } from './reasons.ts'

/** Columns with their types, in the engine's words (`VARCHAR`, `BIGINT`, `STRUCT(…)`). */
export type TypedColumns = Readonly<Record<string, string>>

/** A path for the engine, which would take `people [2].csv` for a pattern. */
export const literalPath = (path: string): string => path.replaceAll(/[*?[]/g, '[$&]')

/** What the footer of a Parquet file says of its columns and rows, or why it cannot be read. */
export async function parquetColumns(
  probe: Database,
  path: string,
): Promise<{ readonly columns: TypedColumns } | { readonly reason: string }> {
  try {
    const rows = await probe.rows(
      sql`describe select * from read_parquet(${literalPath(path)}, hive_partitioning = false, binary_as_string = true)`,
    )
    return {
      columns: Object.fromEntries(
        rows.map((row) => [String(row['column_name']), String(row['column_type'])]),
      ),
    }
  } catch (cause) {
    return { reason: engineReason(cause, path) }
  }
}
