import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../core/errors.ts'
import { openFile } from '../snapshot/database-file.ts'
import { openSnapshot, snapshotPath, type Snapshot } from '../snapshot/index.ts'
import { takeLock } from '../snapshot/lock.ts'
import { makeStateDir } from '../snapshot/state-dir.ts'
import { pullWorkspace } from '../sources/app-api/index.ts'
import { connect, requireKey, trackWorkspace } from './connect.ts'
import { plannedEventNames } from './event-names.ts'
import type { Job } from './job.ts'
import { daysBefore } from './moments.ts'
import { tellPull } from './pull-progress.ts'
import type { Origin, PullOptions } from './run-options.ts'

/** A snapshot to audit. The state folder is held against a second run until it is given back. */
export interface Held {
  readonly snapshotPath: string
  release(): Promise<void>
}

/** Customer.io keeps activities for 30 days at least; what lies further back may be gone in part. */
const defaultDays = 30

export async function bringIn(job: Job, origin: Origin, options: PullOptions): Promise<Held> {
  if (origin.kind === 'api') {
    requireKey(job)
    const snapshot = await pull(job, options)
    return { snapshotPath: snapshotPath(job.stateDir), release: () => snapshot.close() }
  }
  const path = origin.path === undefined ? snapshotPath(job.stateDir) : resolve(job.io.cwd, origin.path)
  await checkSnapshot(path, origin.path === undefined)
  await makeStateDir(job.stateDir)
  const lock = await takeLock(job.stateDir, job.io.now())
  return { snapshotPath: path, release: () => lock.release() }
}

async function pull(job: Job, options: PullOptions): Promise<Snapshot> {
  const { io, progress } = job
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
        workspaceId,
        signal: io.signal,
        onProgress,
        now: io.now,
      })
      return snapshot
    } catch (error) {
      await snapshot.close()
      throw error
    }
  })
}

/** Before anything else happens: the file is there, is one of ours, and of a version that can be read. */
async function checkSnapshot(path: string, isOwn: boolean): Promise<void> {
  if (!existsSync(path)) {
    throw new UsageError(
      'SNAPSHOT_MISSING',
      isOwn ? `There is no finished snapshot at ${path}.` : `There is no file ${path}.`,
      isOwn
        ? 'Run `cio-audit pull` first, or name another folder with --state-dir.'
        : 'Check the path that --source names.',
    )
  }
  const database = await openFile({ path, access: 'read' })
  database.close()
}
