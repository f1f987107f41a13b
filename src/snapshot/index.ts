import { existsSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { UsageError } from '../core/errors.ts'
import type { DatabaseOptions } from '../engine/database.ts'
import { openFile } from './database-file.ts'
import { takeLock } from './lock.ts'
import { Snapshot } from './snapshot.ts'
import {
  emptyTemp,
  makeStateDir,
  pullPath,
  removeDatabase,
  snapshotPath,
  tempPath,
  type Store,
} from './state-dir.ts'

export type { DataRow, LedgerEntry, Page, Reject, StreamEnd } from './page.ts'
export { Snapshot } from './snapshot.ts'
export { snapshotPath, tempPath } from './state-dir.ts'

export interface SnapshotOptions {
  readonly stateDir: string
  /** `write` takes the lock of the state folder; `read` opens what the last finished pull left. */
  readonly access: 'write' | 'read'
  /** Default `snapshot`. `files` always begins anew: a load is short. */
  readonly store?: Store
  /** A finished snapshot that `files` begins with a copy of. */
  readonly base?: string | undefined
  /** Drop the unfinished pull. */
  readonly fresh?: boolean
  readonly memoryBytes?: number
  /** Of what is going to be loaded, where that is known. */
  readonly dataBytes?: number
}

export async function openSnapshot(options: SnapshotOptions): Promise<Snapshot> {
  return options.access === 'read' ? openForReading(options) : openForWriting(options)
}

async function openForReading({
  stateDir,
  store = 'snapshot',
  ...options
}: SnapshotOptions): Promise<Snapshot> {
  const path = snapshotPath(stateDir, store)
  if (!existsSync(path)) {
    throw new UsageError(
      'SNAPSHOT_MISSING',
      existsSync(pullPath(stateDir))
        ? `The pull in ${stateDir} has not ended, so there is no snapshot to read yet.`
        : `There is no snapshot in ${stateDir}.`,
      'Run cio-audit pull first, or name another folder with --state-dir.',
    )
  }
  return Snapshot.open({
    stateDir,
    store,
    engine: engineOptions(options),
    path,
    release: async () => undefined,
  })
}

async function openForWriting({
  stateDir,
  store = 'snapshot',
  base,
  fresh = false,
  ...options
}: SnapshotOptions): Promise<Snapshot> {
  await makeStateDir(stateDir)
  const lock = await takeLock(stateDir, new Date())
  try {
    await emptyTemp(stateDir)
    await mkdir(tempPath(stateDir), { recursive: true })
    const path = pullPath(stateDir, store)
    if (fresh || store === 'files') await removeDatabase(path)
    else await assertReadable(stateDir, options)
    if (base !== undefined) await copyFile(base, path)
    const engine = { ...engineOptions(options), tempDir: tempPath(stateDir) }
    return await Snapshot.open({ stateDir, store, engine, path, release: () => lock.release() })
  } catch (cause) {
    await lock.release()
    throw cause
  }
}

/** A finished snapshot of a newer version must not be replaced by an older program without being asked to. */
async function assertReadable(
  stateDir: string,
  options: Omit<SnapshotOptions, 'stateDir' | 'store'>,
): Promise<void> {
  const path = snapshotPath(stateDir)
  if (!existsSync(path)) return
  const database = await openFile({ ...engineOptions({ ...options, access: 'read' }), path })
  database.close()
}

function engineOptions(
  options: Omit<SnapshotOptions, 'stateDir' | 'store' | 'base' | 'fresh'>,
): Omit<DatabaseOptions, 'path'> {
  return {
    access: options.access,
    ...(options.memoryBytes === undefined ? {} : { memoryBytes: options.memoryBytes }),
    ...(options.dataBytes === undefined ? {} : { dataBytes: options.dataBytes }),
  }
}
