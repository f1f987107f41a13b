import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import PQueue from 'p-queue'
import type { Database, DatabaseOptions, Row } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import type { Query } from '../engine/sql.ts'
import { openFile } from './database-file.ts'
import { contentHash } from './hash.ts'
import { readLedger } from './ledger.ts'
import { PageWriter } from './page-writer.ts'
import type { Alone } from './page-writer.ts'
import type { LedgerEntry, Page } from './page.ts'
import { emptyTemp, removeDatabase, snapshotPath, type Store } from './state-dir.ts'

export interface SnapshotFile {
  readonly stateDir: string
  readonly store: Store
  readonly engine: Omit<DatabaseOptions, 'path'>
  readonly path: string
  readonly release: () => Promise<void>
}

/** The only source that pulls pages; files are loaded as a whole. */
const source = 'app-api'

/**
 * The stored workspace. Opened for writing it is the pull that goes on, until `finish` puts it in the place of the
 * last one; opened for reading, the last finished pull.
 */
export class Snapshot {
  readonly stateDir: string
  readonly #file: SnapshotFile
  readonly #queue = new PQueue({ concurrency: 1 })
  #database: Database
  #writer: PageWriter
  #isFinished: boolean

  private constructor(file: SnapshotFile, database: Database, ledger: Map<string, LedgerEntry>) {
    this.stateDir = file.stateDir
    this.#file = file
    this.#database = database
    this.#writer = new PageWriter(database, source, ledger, this.#alone)
    this.#isFinished = file.engine.access === 'read'
  }

  static async open(file: SnapshotFile): Promise<Snapshot> {
    const database = await openFile({ ...file.engine, path: file.path })
    try {
      return new Snapshot(file, database, await readLedger(database, source))
    } catch (cause) {
      database.close()
      throw cause
    }
  }

  readonly #alone: Alone = (work) => this.#queue.add(work)

  meta(key: string): Promise<string | null> {
    return this.#alone(async () => {
      const value = await this.#database.scalar(sql`select value from meta where key = ${key}`)
      return value === null ? null : String(value)
    })
  }

  /** All of them in one transaction. */
  setMeta(values: Readonly<Record<string, string>>): Promise<void> {
    return this.#alone(() =>
      this.#database.transaction(async () => {
        for (const [key, value] of Object.entries(values)) {
          await this.#database.run(
            sql`insert into meta values (${key}, ${value}) on conflict (key) do update set value = excluded.value`,
          )
        }
      }),
    )
  }

  ledger(): readonly LedgerEntry[] {
    return this.#writer.ledger()
  }

  stream(name: string): LedgerEntry | null {
    return this.#writer.entry(name)
  }

  openStream(name: string, expected: number | null = null): Promise<LedgerEntry> {
    return this.#writer.openStream(name, expected)
  }

  restartStream(name: string): Promise<void> {
    return this.#writer.restartStream(name)
  }

  /** Resolves when the page, its rejects, its cursor and its ledger line are in the file, all of them. */
  commit(page: Page): Promise<void> {
    return this.#writer.commit(page)
  }

  rows(query: Query): Promise<Row[]> {
    return this.#alone(() => this.#database.rows(query))
  }

  async count(query: Query): Promise<number> {
    return Number(await this.#alone(() => this.#database.scalar(query)))
  }

  /** All or nothing, on the file itself: for sources that bring whole files at once. */
  transact<T>(work: (database: Database) => Promise<T>, threads?: number): Promise<T> {
    return this.#alone(async () => {
      if (threads === undefined) return await this.#database.transaction(() => work(this.#database))
      const before = Number(await this.#database.scalar(raw("select current_setting('threads')")))
      await this.#database.run(raw(`set threads = ${Math.trunc(threads)}`))
      try {
        return await this.#database.transaction(() => work(this.#database))
      } finally {
        await this.#database.run(raw(`set threads = ${before}`))
      }
    })
  }

  contentHash(): Promise<string> {
    return this.#alone(() => contentHash(this.#database))
  }

  /** Throws the unfinished pull away and begins with an empty one. */
  restart(): Promise<void> {
    return this.#alone(async () => {
      this.#database.close()
      await removeDatabase(this.#file.path)
      await this.#reopen(this.#file)
    })
  }

  /**
   * Puts the pull in the place of the last one. Before the rename the old snapshot is whole, after it the new one is;
   * killed in between, the next pull finds everything ended and comes here again.
   */
  finish(): Promise<void> {
    return this.#alone(async () => {
      await this.#database.run(raw('checkpoint'))
      this.#database.close()
      const path = snapshotPath(this.stateDir, this.#file.store)
      // Nothing is written to a finished snapshot, so a log beside it can only be a foreign one; the engine would replay it.
      await rm(`${path}.wal`, { force: true })
      await rename(this.#file.path, path)
      await this.#reopen({ ...this.#file, engine: { access: 'read' }, path })
      this.#isFinished = true
    })
  }

  /** Gives the file and the lock back. What was committed stays. */
  async close(): Promise<void> {
    await this.#queue.onIdle()
    this.#database.close()
    if (this.#file.engine.access === 'write') await emptyTemp(this.stateDir)
    await this.#file.release()
  }

  get isFinished(): boolean {
    return this.#isFinished
  }

  /** The finished pull that this one is going to replace; null when there is none. */
  async lastFinished<T>(read: (database: Database) => Promise<T>): Promise<T | null> {
    const path = snapshotPath(this.stateDir)
    if (this.#isFinished || !existsSync(path)) return null
    const database = await openFile({ access: 'read', path })
    try {
      return await read(database)
    } finally {
      database.close()
    }
  }

  async #reopen(file: SnapshotFile): Promise<void> {
    this.#database = await openFile({ ...file.engine, path: file.path })
    this.#writer = new PageWriter(
      this.#database,
      source,
      await readLedger(this.#database, source),
      this.#alone,
    )
  }
}
