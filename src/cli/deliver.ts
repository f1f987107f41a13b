import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CioAuditError, ReportError } from '../core/errors.ts'
import { manifestName, namesBesideCsv } from '../core/manifest.ts'
import type { OutputFile } from '../reports/index.ts'
import { makeFolder, manifestFiles, reasonOf, stagingFolder } from './output-folder.ts'

/**
 * Writes all files beside their places and then renames them: whoever looks sees the old report or the new one, and
 * no half of either.
 */
export async function deliver(out: string, files: readonly OutputFile[], signal: AbortSignal): Promise<void> {
  let staging: string | undefined
  try {
    await makeFolder(out)
    staging = await stagingFolder(out)
    for (const file of files) await write(join(staging, file.path), file, signal)
    const stale = await staleFiles(out, files)
    for (const { path } of files) {
      await mkdir(dirname(join(out, path)), { recursive: true })
      await rename(join(staging, path), join(out, path))
    }
    for (const path of stale) await rm(join(out, path), { force: true })
  } catch (cause) {
    // What the audit itself throws while its findings are read (interrupted, a damaged file) keeps its own name.
    if (cause instanceof CioAuditError || !isFileError(cause)) throw cause
    throw new ReportError(
      'REPORT_UNWRITABLE',
      `The report could not be written to ${out} (${reasonOf(cause)}).`,
      'Make room or name another folder with --out, then run again: after a pull with --offline, because the snapshot is kept.',
      { cause },
    )
  } finally {
    // Best effort: a folder that cannot be written to cannot be cleaned either, and the first failure is the one to tell.
    if (staging !== undefined) await rm(staging, { recursive: true, force: true }).catch(() => undefined)
  }
}

const isFileError = (cause: unknown): boolean => cause instanceof Error && 'syscall' in cause

async function write(path: string, file: OutputFile, signal: AbortSignal): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const handle = await open(path, 'wx')
  try {
    for await (const part of file.content()) {
      signal.throwIfAborted()
      await handle.writeFile(part)
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * What the last report of this folder wrote and this one does not, where its manifest tells that it is ours: evidence of what was
 * mended, and formats that were not asked for now. They are of another run and may show what is masked now.
 */
async function staleFiles(out: string, files: readonly OutputFile[]): Promise<string[]> {
  const written = (await manifestFiles(out)) ?? []
  const current = new Set(files.map(({ path }) => path))
  return (written.length > 0 ? [...written, ...namesBesideCsv, manifestName] : []).filter(
    (path) => !current.has(path),
  )
}
