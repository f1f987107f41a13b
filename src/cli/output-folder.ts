import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../core/errors.ts'

/** Asked before anything is pulled: an hour of reading is not to end at a folder that nobody may write to. */
export async function checkOutputFolder(out: string): Promise<void> {
  try {
    await makeFolder(out)
    await rm(await stagingFolder(out), { recursive: true })
  } catch (cause) {
    const isFile = await stat(out).then(
      (stats) => !stats.isDirectory(),
      () => false,
    )
    throw new UsageError(
      'USAGE_OUT',
      isFile ? `--out ${out} is a file.` : `--out ${out} cannot be written to (${reasonOf(cause)}).`,
      'Name a folder that you may write to.',
      { cause },
    )
  }
}

/**
 * With its parents. Step by step, because Node's own recursive `mkdir` never returns where a file system takes no
 * new folders and says so with ENOENT (`/proc`; seen with 22 and 24).
 */
export async function makeFolder(path: string): Promise<void> {
  const isThere = await mkdir(path).then(
    () => true,
    async (cause: unknown) => {
      if (reasonOf(cause) === 'EEXIST') return (await stat(path)).isDirectory()
      if (reasonOf(cause) !== 'ENOENT' || dirname(path) === path) throw cause
      return false
    },
  )
  if (isThere) return
  const parent = dirname(path)
  if (await isFolder(parent)) throw Object.assign(new Error(`No folder can be made at ${path}.`), { code: 'ENOENT' })
  await makeFolder(parent)
  await mkdir(path)
}

/** Beside the files that it becomes, so that they are renamed and not copied. */
export const stagingFolder = (out: string): Promise<string> => mkdtemp(join(out, '.cio-audit-'))

export const reasonOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
