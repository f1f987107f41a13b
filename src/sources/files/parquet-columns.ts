import { open } from 'node:fs/promises'
import type { Database } from '../../engine/database.ts'
import { sql } from '../../engine/sql.ts'
import { readFooter } from './parquet-footer.ts'
import { engineReason } from './reasons.ts'

/**
 * Columns with their types, in the engine's words (`VARCHAR`, `BIGINT`, `STRUCT(…)`), in the order of the file. A Map, because
 * an object puts names that are whole numbers (`2024`) first, and the columns of a CSV file go by their place.
 */
export type TypedColumns = ReadonlyMap<string, string>

/** A path for the engine, which would take `people [2].csv` for a pattern. */
export const literalPath = (path: string): string => path.replaceAll(/[*?[]/g, '[$&]')

/** Says which columns Parquet files have. The engine is asked once for each schema: most files of a sync have the same. */
export class ParquetProbe {
  readonly #database: Database
  readonly #known = new Map<string, TypedColumns>()

  constructor(database: Database) {
    this.#database = database
  }

  /** What the footer of the file says of its columns, or why it cannot be read. */
  async columnsOf(path: string): Promise<{ readonly columns: TypedColumns } | { readonly reason: string }> {
    const schema = await schemaOf(path)
    const known = schema === null ? undefined : this.#known.get(schema)
    if (known !== undefined) return { columns: known }
    try {
      const rows = await this.#database.rows(
        sql`describe select * from read_parquet(${literalPath(path)}, hive_partitioning = false, binary_as_string = true)`,
      )
      const columns = new Map(rows.map((row) => [String(row['column_name']), String(row['column_type'])]))
      if (schema !== null) this.#known.set(schema, columns)
      return { columns }
    } catch (cause) {
      return { reason: engineReason(cause, path) }
    }
  }
}

async function schemaOf(path: string): Promise<string | null> {
  const file = await open(path)
  try {
    return (await readFooter(file))?.schema ?? null
  } finally {
    await file.close()
  }
}
