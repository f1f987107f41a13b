import { existsSync } from 'node:fs'
import { snapshotTables, snapshotVersion } from '../core/tables.ts'
import { UsageError } from '../core/errors.ts'
import { openDatabase } from '../engine/database.ts'
import type { Database, DatabaseOptions } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'

/** Opens a snapshot file and looks at its version before anything else is read; a new file gets its tables. */
export async function openFile(options: DatabaseOptions): Promise<Database> {
  const isNew = !existsSync(options.path)
  const database = await openDatabase(options)
  try {
    if (isNew || (await isEmpty(database))) await createTables(database)
    else await assertVersion(database, options.path)
    return database
  } catch (cause) {
    database.close()
    throw cause
  }
}

/** All in one transaction: a kill leaves either a snapshot or an empty file. */
async function createTables(database: Database): Promise<void> {
  await database.transaction(async () => {
    for (const [table, columns] of Object.entries(snapshotTables))
      await database.run(raw(`create table ${table} (${columns})`))
    await database.run(sql`insert into meta values ('version', ${String(snapshotVersion)})`)
  })
}

async function isEmpty(database: Database): Promise<boolean> {
  return (await database.scalar(raw('select count(*) from duckdb_tables()'))) === 0
}

async function assertVersion(database: Database, path: string): Promise<void> {
  const isOurs = await database.scalar(
    raw(
      "select count(*) from duckdb_columns() where table_name = 'meta' and column_name in ('key', 'value')",
    ),
  )
  const version =
    isOurs === 2
      ? Number(await database.scalar(raw("select value from meta where key = 'version'")))
      : Number.NaN
  if (version === snapshotVersion) return
  if (version > snapshotVersion) {
    throw new UsageError(
      'SNAPSHOT_NEWER',
      `The snapshot ${path} was written by a newer version of cio-audit (format ${version}, this one reads ${snapshotVersion}).`,
      'Update cio-audit, or name another folder with --state-dir.',
    )
  }
  throw new UsageError(
    'SNAPSHOT_FOREIGN',
    version > 0
      ? `The snapshot ${path} was written by an older version of cio-audit (format ${version}, this one reads ${snapshotVersion}).`
      : `The file ${path} is no snapshot of cio-audit.`,
    version > 0
      ? 'Read the workspace anew with --fresh.'
      : 'Move the file away, or name another folder with --state-dir.',
  )
}
