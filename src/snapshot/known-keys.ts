import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import { KeySet } from './key-set.ts'
import type { DataRow, DataTable } from './page.ts'

/**
 * Tables in which a record stands once however often it arrives: an activity comes in the stream of its name and
 * again in the stream of everything, and offset cursors repeat rows while new ones push in. The key is a text column
 * and stands first in the row.
 */
const keyColumns: Readonly<Partial<Record<DataTable, string>>> = { person: 'cio_id', activity: 'id' }

/** What is in the file already. Keys count only once their transaction is through. */
export class KnownKeys {
  readonly #database: Database
  readonly #known = new Map<DataTable, KeySet>()
  readonly #added = new Map<DataTable, Set<string>>()

  constructor(database: Database) {
    this.#database = database
  }

  /** The rows that are neither in the file nor earlier in this transaction. */
  async fresh(table: DataTable, rows: readonly DataRow[]): Promise<readonly DataRow[]> {
    const column = keyColumns[table]
    if (column === undefined) return rows
    const known = await this.#load(table, column)
    const added = this.#added.get(table) ?? new Set()
    this.#added.set(table, added)
    return rows.filter((row) => {
      const key = String(row[0])
      if (known.has(key) || added.has(key)) return false
      added.add(key)
      return true
    })
  }

  committed(): void {
    for (const [table, keys] of this.#added) for (const key of keys) this.#known.get(table)?.add(key)
    this.#added.clear()
  }

  rolledBack(): void {
    this.#added.clear()
  }

  /** Once for each table, when a pull is resumed; every commit keeps it up to date after that. */
  async #load(table: DataTable, column: string): Promise<KeySet> {
    const loaded = this.#known.get(table)
    if (loaded) return loaded
    const known = new KeySet()
    for await (const rows of this.#database.stream(raw(`select ${column} as key from ${table}`))) {
      for (const row of rows) known.add(String(row['key']))
    }
    this.#known.set(table, known)
    return known
  }
}
