import type { Database } from '../engine/database.ts'
import { sql } from '../engine/sql.ts'
import { KnownKeys } from './known-keys.ts'
import { enterStream, updateLedger, withPage } from './ledger.ts'
import type { DataRow, DataTable, LedgerEntry, Page } from './page.ts'

const longestRaw = 65_536
const mostPages = 32

/** Runs one piece of work at a time on the connection: a statement in between would join the transaction. */
export type Alone = <T>(work: () => Promise<T>) => Promise<T>

interface Waiting {
  readonly page: Page
  readonly done: () => void
  readonly failed: (cause: unknown) => void
}

/**
 * Writes pages, each with its cursor, in the order in which they come. Pages that wait while a transaction is on its
 * way go together in the next one: a commit costs some milliseconds however little is in it. A page is never split.
 */
export class PageWriter {
  readonly #database: Database
  readonly #source: string
  readonly #alone: Alone
  readonly #ledger: Map<string, LedgerEntry>
  readonly #keys: KnownKeys
  readonly #waiting: Waiting[] = []
  #isScheduled = false
  /** Why a page could not be written. No page may follow it: its cursor would say that the lost one was there. */
  #failure: { readonly cause: unknown } | null = null

  constructor(database: Database, source: string, ledger: Map<string, LedgerEntry>, alone: Alone) {
    this.#database = database
    this.#source = source
    this.#ledger = ledger
    this.#alone = alone
    this.#keys = new KnownKeys(database)
  }

  ledger(): LedgerEntry[] {
    return [...this.#ledger.values()]
  }

  entry(name: string): LedgerEntry | null {
    return this.#ledger.get(name) ?? null
  }

  /** Enters a stream into the ledger, or says anew what is expected of it. */
  async openStream(name: string, expected: number | null): Promise<LedgerEntry> {
    const known = this.#ledger.get(name)
    if (known?.state === 'ended') return known
    const entry: LedgerEntry = known
      ? { ...known, expected }
      : {
          source: this.#source,
          name,
          state: 'open',
          read: 0,
          expected,
          rejected: 0,
          complete: false,
          ended: null,
          cursor: null,
        }
    await this.#alone(() => this.#database.run(known ? updateLedger([entry]) : enterStream(entry)))
    this.#ledger.set(name, entry)
    return entry
  }

  /** A stream that has to be read from its beginning again. Its records stay: they are known by their keys. */
  async restartStream(name: string): Promise<void> {
    const entry = this.#ledger.get(name)
    if (!entry) return
    const anew: LedgerEntry = {
      ...entry,
      state: 'open',
      read: 0,
      rejected: 0,
      complete: false,
      ended: null,
      cursor: null,
    }
    await this.#alone(() =>
      this.#database.transaction(async () => {
        await this.#database.run(sql`delete from reject where source = ${this.#source} and stream = ${name}`)
        await this.#database.run(updateLedger([anew]))
      }),
    )
    this.#ledger.set(name, anew)
  }

  /** Resolves when the page is in the file. */
  commit(page: Page): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ page, done, failed })
      this.#schedule()
    })
  }

  /** One turn at most stands in line: a turn for each page would starve everybody else, since turns write pages that came after them. */
  #schedule(): void {
    if (this.#isScheduled || this.#waiting.length === 0) return
    this.#isScheduled = true
    void this.#alone(async () => {
      this.#isScheduled = false
      await this.#writeWaiting()
      this.#schedule()
    })
  }

  async #writeWaiting(): Promise<void> {
    const batch = this.#waiting.splice(0, mostPages)
    try {
      if (this.#failure) throw this.#failure.cause
      const changed = await this.#database.transaction(() => this.#write(batch.map(({ page }) => page)))
      this.#keys.committed()
      for (const entry of changed) this.#ledger.set(entry.name, entry)
      for (const { done } of batch) done()
    } catch (cause) {
      this.#failure ??= { cause }
      this.#keys.rolledBack()
      for (const { failed } of batch) failed(cause)
    }
  }

  async #write(pages: readonly Page[]): Promise<readonly LedgerEntry[]> {
    for (const [table, rows] of rowsByTable(pages)) {
      const fresh = await this.#keys.fresh(table, rows)
      if (fresh.length > 0) await this.#database.append(table, fresh)
    }
    const rejects = pages.flatMap((page) =>
      (page.rejects ?? []).map(({ position, reason, raw }) => [
        this.#source,
        page.stream,
        position,
        reason,
        cut(raw),
      ]),
    )
    if (rejects.length > 0) await this.#database.append('reject', rejects)
    for (const page of pages)
      for (const statement of page.statements ?? []) await this.#database.run(statement)
    const changed = this.#ledgerAfter(pages)
    await this.#database.run(updateLedger(changed))
    return changed
  }

  #ledgerAfter(pages: readonly Page[]): readonly LedgerEntry[] {
    const changed = new Map<string, LedgerEntry>()
    for (const page of pages) {
      const entry = changed.get(page.stream) ?? this.#ledger.get(page.stream)
      if (!entry) throw new Error(`The stream ${page.stream} was not opened.`)
      changed.set(page.stream, withPage(entry, page))
    }
    return [...changed.values()]
  }
}

function rowsByTable(pages: readonly Page[]): Map<DataTable, DataRow[]> {
  const tables = new Map<DataTable, DataRow[]>()
  for (const { rows = {} } of pages) {
    for (const [table, more] of Object.entries(rows) as [DataTable, readonly DataRow[]][]) {
      const all = tables.get(table) ?? []
      tables.set(table, all)
      for (const row of more) all.push(row)
    }
  }
  return tables
}

/** A cut may part a surrogate pair, and half of one is no text. */
function cut(raw: string): string {
  return raw.slice(0, longestRaw).toWellFormed()
}
