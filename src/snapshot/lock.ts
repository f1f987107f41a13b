import { readFileSync, rmSync } from 'node:fs'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { UsageError } from '../core/errors.ts'
import { processBirth } from './process-birth.ts'
import { errorCode, stateDirError } from './state-dir.ts'

/** Who holds a state folder. `birth` tells a process from a later one with the same number, where the system says it. */
const ownerSchema = z.object({
  pid: z.number(),
  host: z.string(),
  started: z.string(),
  birth: z.string().nullable(),
})
type Owner = z.output<typeof ownerSchema>

export interface Lock {
  release(): Promise<void>
}

const mostTries = 50
const pauseMs = 40
/** A lock file without an owner in it: its process died, or is just about to write it. */
const unwrittenMs = 2000

/**
 * Takes the lock of a state folder. The file is made exclusively, so one of two that come at once gets it. The lock
 * of a dead owner is removed by whoever holds a second file, made the same way: without that, one process could
 * remove the lock that another has just taken over.
 */
export async function takeLock(stateDir: string, now: Date): Promise<Lock> {
  const path = join(stateDir, 'lock')
  const owner: Owner = {
    pid: process.pid,
    host: hostname(),
    started: now.toISOString(),
    birth: await processBirth(process.pid),
  }
  for (let tries = 0; tries < mostTries; tries++) {
    if (await create(path, owner, stateDir)) {
      // A process that cannot wait for its work any longer (a second Ctrl-C, a query that goes on) takes its lock along: to
      // the next container, which has another host name, it would look like that of a living one.
      const leave = (): void => removeOwn(path)
      process.once('exit', leave)
      return {
        release: async () => {
          process.off('exit', leave)
          if ((await readOwner(path))?.pid === process.pid) await rm(path, { force: true })
        },
      }
    }
    const holder = await readOwner(path)
    if (holder && (await isAlive(holder))) throw locked(path, holder)
    if (holder || (await isOlderThan(path, unwrittenMs))) await removeDead(path, owner, stateDir)
    await sleep(pauseMs)
  }
  throw new UsageError(
    'SNAPSHOT_LOCKED',
    `The lock file ${path} could not be taken.`,
    'If no other cio-audit runs on this state folder, delete the file and run the command again.',
  )
}

async function create(path: string, owner: Owner, stateDir: string): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(owner), { flag: 'wx', mode: 0o600 })
    return true
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') return false
    throw stateDirError(cause, stateDir)
  }
}

async function removeDead(path: string, owner: Owner, stateDir: string): Promise<void> {
  const takeover = `${path}.takeover`
  if (!(await create(takeover, owner, stateDir))) {
    const other = await readOwner(takeover)
    const isLeftOver = other ? !(await isAlive(other)) : await isOlderThan(takeover, unwrittenMs)
    if (isLeftOver) await rm(takeover, { force: true })
    return
  }
  try {
    const holder = await readOwner(path)
    if (holder ? !(await isAlive(holder)) : await isOlderThan(path, unwrittenMs))
      await rm(path, { force: true })
  } finally {
    await rm(takeover, { force: true })
  }
}

async function readOwner(path: string): Promise<Owner | null> {
  try {
    return ownerSchema.safeParse(JSON.parse(await readFile(path, 'utf8'))).data ?? null
  } catch (cause) {
    // Gone again, or not written yet.
    if (errorCode(cause) === 'ENOENT' || cause instanceof SyntaxError) return null
    throw cause
  }
}

function removeOwn(path: string): void {
  try {
    const owner = ownerSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data
    if (owner?.pid === process.pid) rmSync(path, { force: true })
  } catch {
    // It is gone, or cannot be read: nothing that a process could mend that is at its end.
  }
}

/** A process of another machine counts as alive: nothing here can tell. */
async function isAlive(owner: Owner): Promise<boolean> {
  if (owner.host !== hostname()) return true
  try {
    process.kill(owner.pid, 0)
  } catch (cause) {
    if (errorCode(cause) === 'ESRCH') return false
    if (errorCode(cause) !== 'EPERM') throw cause
  }
  const birth = await processBirth(owner.pid)
  return birth === null || owner.birth === null || birth === owner.birth
}

async function isOlderThan(path: string, milliseconds: number): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > milliseconds
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return false
    throw cause
  }
}

function locked(path: string, { pid, host, started }: Owner): UsageError {
  const isHere = host === hostname()
  return new UsageError(
    'SNAPSHOT_LOCKED',
    `Another cio-audit (process ${pid}${isHere ? '' : ` on ${host}`}, since ${started}) is working on this state folder.`,
    isHere
      ? 'Wait until it has ended, or name another folder with --state-dir.'
      : `Wait until it has ended, or name another folder with --state-dir. If it no longer runs, delete ${path}.`,
  )
}
