import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openDatabase, type Database, type DatabaseOptions } from '../engine/database.ts'
import { threadsFor } from '../engine/threads.ts'

/**
 * Evidence is asked of the model while findings are read, and both would fill the whole limit: so it is divided. Findings
 * are few beside the model.
 */
const shareOfModel = 0.75
/** Joined with evidence, a million profiles did not fit into 183 MiB: so much of a small limit is not divided. */
const leastOfModel = 256e6
/** With 48 MiB a hundred thousand findings could not be sorted, with 64 they could. */
const leastOfFindings = 80 * 1024 ** 2

interface Limits {
  readonly memoryBytes?: number
  readonly threads?: number
}

interface Asked extends Limits {
  readonly stateDir: string
  readonly snapshotPath: string
}

/**
 * What one audit writes and reads beside the snapshot, in a folder of its own under the state folder, and how these share
 * the engine's memory.
 *
 * Each spills into a folder of its own: two that spill into one take each other's files, and the process ends with a
 * segmentation fault (DuckDB 1.5.6, tried on 2026-11-29).
 */
export class AuditDatabases {
  readonly #folder: string
  readonly #limits: Limits

  private constructor(folder: string, limits: Limits) {
    this.#folder = folder
    this.#limits = limits
  }

  static async in({ stateDir, snapshotPath, memoryBytes, ...asked }: Asked): Promise<AuditDatabases> {
    const memory = memoryBytes === undefined ? {} : { memoryBytes }
    const threads = asked.threads ?? threadsFor({ ...memory, dataBytes: (await stat(snapshotPath)).size })
    const folder = join(stateDir, 'tmp', `audit-${process.pid}`)
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    return new AuditDatabases(folder, { ...memory, ...(threads === undefined ? {} : { threads }) })
  }

  /** The model while it is made: alone, with the whole memory. To be closed before it is read. */
  builder(): Promise<Database> {
    return this.#open('model.duckdb', 'building', { access: 'write', isTransient: true, ...this.#limits })
  }

  /** The model as rules see it. */
  model(): Promise<Database> {
    return this.#open('model.duckdb', 'model', { access: 'read', ...this.#part(shareOfModel, leastOfModel) })
  }

  /** The same once more, for what only the people of some journeys are asked. */
  reached(): Promise<Database> {
    return this.#open('model.duckdb', 'reached', {
      access: 'read',
      ...this.#part(shareOfModel, leastOfModel),
    })
  }

  findings(): Promise<Database> {
    const part = this.#part(1 - shareOfModel, leastOfFindings)
    return this.#open('findings.duckdb', 'findings', { access: 'write', isTransient: true, ...part })
  }

  /** After all of them are closed. */
  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** Never more than there is, and as many threads as all of it would have. */
  #part(share: number, least: number): Limits {
    const { memoryBytes } = this.#limits
    if (memoryBytes === undefined) return this.#limits
    const own = Math.min(memoryBytes, Math.max(memoryBytes * share, least))
    return { ...this.#limits, memoryBytes: own }
  }

  #open(file: string, spill: string, options: Omit<DatabaseOptions, 'path' | 'tempDir'>): Promise<Database> {
    const path = join(this.#folder, file)
    return openDatabase({ ...options, path, tempDir: join(this.#folder, `spill-${spill}`) })
  }
}
