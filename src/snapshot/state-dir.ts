import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { UsageError } from '../core/errors.ts'

/**
 * What a state folder keeps: `snapshot` is the workspace as it was pulled; `files` what was loaded from files alone,
 * apart from it, so that a look at some files does not cost the pull of an hour.
 */
export type Store = 'snapshot' | 'files'

/** The last pull or load that was finished: what is audited. */
export function snapshotPath(stateDir: string, store: Store = 'snapshot'): string {
  return join(stateDir, `${store}.duckdb`)
}

/** The one that is going on. It takes the place of the finished one when it has ended, and not before. */
export function pullPath(stateDir: string, store: Store = 'snapshot'): string {
  return join(stateDir, store === 'snapshot' ? 'pull.duckdb' : 'loading.duckdb')
}

export function tempPath(stateDir: string): string {
  return join(stateDir, 'tmp')
}

/** Makes the folder, for the owner alone: it holds people's addresses. */
export async function makeStateDir(stateDir: string): Promise<void> {
  try {
    await makeDir(resolve(stateDir))
    if (!(await stat(stateDir)).isDirectory())
      throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' })
    // The folder usually lies in a repository; what is in it must never be committed. Kept when it is there.
    await writeFile(join(stateDir, '.gitignore'), '*\n', { flag: 'wx' }).catch(unlessItExists)
  } catch (cause) {
    throw stateDirError(cause, stateDir)
  }
}

/** Not by `recursive`: that never ends where a parent exists and yet says ENOENT, as /proc does. */
async function makeDir(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') return
    if (errorCode(cause) !== 'ENOENT' || dirname(path) === path) throw cause
    await makeDir(dirname(path))
    await mkdir(path, { mode: 0o700 }).catch(unlessItExists)
  }
}

/** What the engine spilled and a crash left behind. Only under the lock. */
export async function emptyTemp(stateDir: string): Promise<void> {
  try {
    await rm(tempPath(stateDir), { recursive: true, force: true })
  } catch (cause) {
    throw stateDirError(cause, stateDir)
  }
}

export async function removeDatabase(path: string): Promise<void> {
  await rm(`${path}.wal`, { force: true })
  await rm(path, { force: true })
}

export function stateDirError(cause: unknown, stateDir: string): unknown {
  const code = errorCode(cause)
  const next = 'Name a folder that can be written with --state-dir.'
  if (code === 'EEXIST' || code === 'ENOTDIR') {
    return new UsageError(
      'SNAPSHOT_STATE_DIR',
      `The state folder ${stateDir} is a file, or lies below one.`,
      next,
      { cause },
    )
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOENT') {
    return new UsageError('SNAPSHOT_STATE_DIR', `The state folder ${stateDir} cannot be written.`, next, {
      cause,
    })
  }
  return cause
}

export function errorCode(cause: unknown): string | null {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : null
}

function unlessItExists(cause: unknown): void {
  if (errorCode(cause) !== 'EEXIST') throw cause
}
