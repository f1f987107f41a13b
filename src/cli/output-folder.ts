import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UsageError } from '../core/errors.ts'
import { manifestName, reportFiles } from '../core/manifest.ts'

/** Asked before anything is pulled: an hour of reading is not to end at a folder that nobody may write to. */
export async function checkOutputFolder(out: string): Promise<void> {
  try {
    await makeFolder(out)
    await rm(await stagingFolder(out), { recursive: true })
  } catch (cause) {
    const isFile = reasonOf(cause) === 'EEXIST'
    throw new UsageError(
      'USAGE_OUT',
      isFile
        ? `--out ${out} is a file, or lies below one.`
        : `--out ${out} cannot be written to (${reasonOf(cause)}).`,
      'Name a folder that you may write to.',
      { cause },
    )
  }
}

/** The CSV files that an earlier report of this folder names: none without one; null where its manifest is somebody else's. */
export async function manifestFiles(out: string): Promise<string[] | null> {
  try {
    return reportFiles(await readFile(join(out, manifestName), 'utf8'))
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' ? [] : null
  }
}

/** Other programs have manifests, too, and nobody could tell what stood there. */
export async function checkManifest(out: string): Promise<void> {
  if ((await manifestFiles(out)) !== null) return
  throw new UsageError(
    'USAGE_OUT',
    `--out ${out} holds a ${manifestName} that cio-audit did not write.`,
    'Choose another folder, or a --format other than csv.',
  )
}

/**
 * With its parents. Step by step, because Node's own recursive `mkdir` never returns where a file system takes no
 * new folders and says so with ENOENT (`/proc`; seen with Node 24).
 */
export async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return
  const parent = dirname(path)
  if (parent !== path) await makeFolder(parent)
  await mkdir(path).catch(async (cause: unknown) => {
    // Another run may have made it in between.
    if (!(await isFolder(path))) throw cause
  })
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  )

/** Beside the files that it becomes, so that they are renamed and not copied. */
export const stagingFolder = (out: string): Promise<string> => mkdtemp(join(out, '.cio-audit-'))

export const reasonOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
