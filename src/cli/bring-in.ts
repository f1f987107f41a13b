import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { UsageError } from '../core/errors.ts'
import { openFile } from '../snapshot/database-file.ts'
import { openSnapshot, snapshotPath, tempPath, type Snapshot } from '../snapshot/index.ts'
import { takeLock } from '../snapshot/lock.ts'
import { emptyTemp, makeStateDir } from '../snapshot/state-dir.ts'
import { bringFiles, findSources, type FoundSource } from '../sources/files/index.ts'
import { plannedEventNames } from './event-names.ts'
import type { Job } from './job.ts'
import { daysBefore } from './moments.ts'
import type { Origin } from './origin.ts'
import type { Say } from './progress.ts'
import { tellPull } from './pull-progress.ts'
import { requireKey } from './require-key.ts'
import type { PullOptions } from './run-options.ts'

/** A snapshot to audit. The state folder is held against a second run until it is given back. */
export interface Held {
  readonly snapshotPath: string
  release(): Promise<void>
}

/** Customer.io keeps activities for 30 days at least; what lies further back may be gone in part. */
export const defaultDays = 30

export async function bringIn(job: Job, origin: Origin, options: PullOptions): Promise<Held> {
  if (origin.base === 'api') requireKey(job)
  // Paths are looked at before the first request: a slip of the pen must not cost a pull.
  const found = await findSources(
    origin.files.map((name) => ({ path: existing(resolve(job.io.cwd, name), name), name })),
  )
  if (origin.base === 'api') {
    const snapshot = await pull(job, options, found)
    return { snapshotPath: snapshotPath(job.stateDir), release: () => snapshot.close() }
  }
  const base = origin.base === null ? undefined : await namedSnapshot(job, origin.snapshot)
  if (found.length > 0) {
    const snapshot = await load(job, options, found, base)
    return { snapshotPath: snapshotPath(job.stateDir, 'files'), release: () => snapshot.close() }
  }
  await makeStateDir(job.stateDir)
  const lock = await takeLock(job.stateDir, job.io.now())
  // What a run that was killed has spilt.
  await emptyTemp(job.stateDir)
  return { snapshotPath: base ?? '', release: () => lock.release() }
}

async function pull(job: Job, options: PullOptions, found: readonly FoundSource[]): Promise<Snapshot> {
  const { io, progress } = job
  // Here, so that files and --offline do not wait for what speaks to a server: 180 modules.
  const { pullWorkspace } = await import('../sources/app-api/index.ts')
  const { connect, trackWorkspace } = await import('./connect.ts')
  return await progress.step('Reading the workspace', async (say) => {
    const onProgress = tellPull(progress, say)
    const told = { onRetry: onProgress }
    const snapshot = await openSnapshot({
      stateDir: job.stateDir,
      access: 'write',
      fresh: options.fresh,
      memoryBytes: options.memoryBytes,
    })
    try {
      const client = await connect(job, options.maxRate, told)
      const workspaceId = await trackWorkspace(job, told)
      await pullWorkspace(snapshot, client, {
        since: options.since ?? daysBefore(io.now(), defaultDays),
        isSinceExplicit: options.since !== undefined,
        eventNames: plannedEventNames(job.plan),
        ...(options.maxActivities === undefined ? {} : { maxActivities: options.maxActivities }),
        ...(options.sample === undefined ? {} : { sample: options.sample }),
        workspaceId,
        signal: io.signal,
        onProgress,
        ...(found.length === 0 ? {} : { also: () => files(job, snapshot, found, say) }),
        now: io.now,
      })
      return snapshot
    } catch (error) {
      await snapshot.close()
      throw error
    }
  })
}

/** Files, alone or together with a snapshot that was pulled before. */
async function load(
  job: Job,
  { memoryBytes }: PullOptions,
  found: readonly FoundSource[],
  base: string | undefined,
): Promise<Snapshot> {
  return await job.progress.step('Reading the files', async (say) => {
    const snapshot = await openSnapshot({
      stateDir: job.stateDir,
      access: 'write',
      store: 'files',
      base,
      memoryBytes,
      dataBytes: bytesOf(found) + (base === undefined ? 0 : (await stat(base)).size),
    })
    try {
      await snapshot.setMeta({ hash: await files(job, snapshot, found, say) })
      await snapshot.finish()
      return snapshot
    } catch (error) {
      await snapshot.close()
      throw error
    }
  })
}

const bytesOf = (found: readonly FoundSource[]): number =>
  found.flatMap(({ files: all }) => all).reduce((sum, { bytes }) => sum + bytes, 0)

async function files(
  { io, progress, stateDir }: Job,
  snapshot: Snapshot,
  found: readonly FoundSource[],
  say: Say,
): Promise<string> {
  return await bringFiles(snapshot, found, {
    tempDir: join(tempPath(stateDir), 'mended'),
    signal: io.signal,
    now: io.now(),
    say,
    note: (text) => progress.note(text),
  })
}

function existing(path: string, name: string): string {
  if (existsSync(path)) return path
  throw new UsageError(
    'USAGE_SOURCE',
    `--source ${name} is no source: there is no such file or folder.`,
    'Check the path. Besides paths, --source takes api for the workspace over the API.',
  )
}

/** Before anything else happens: the file is there, is one of ours, and of a version that can be read. */
async function namedSnapshot({ io, stateDir }: Job, named: string | undefined): Promise<string> {
  const path = named === undefined ? snapshotPath(stateDir) : resolve(io.cwd, named)
  if (!existsSync(path)) {
    throw new UsageError(
      'SNAPSHOT_MISSING',
      named === undefined ? `There is no finished snapshot at ${path}.` : `There is no file ${path}.`,
      named === undefined
        ? 'Run `cio-audit pull` first, or name another folder with --state-dir, or files with --source.'
        : 'Check the path that --source names.',
    )
  }
  const database = await openFile({ path, access: 'read' })
  database.close()
  return path
}
