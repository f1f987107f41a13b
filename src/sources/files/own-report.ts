import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { manifestName, reportFiles } from '../../core/manifest.ts'
import type { Walked } from './walk.ts'

export const ownReport = 'it is a report of cio-audit'

/** A manifest has a line for each rule; what is longer is somebody else's. */
const longestManifest = 1024 ** 2

/** The paths of reports among the files: their evidence has the columns of a people export. */
export async function ownReports(walked: readonly Walked[]): Promise<ReadonlySet<string>> {
  const own = new Set<string>()
  for (const { path, bytes } of walked) {
    if (basename(path) !== manifestName || bytes > longestManifest) continue
    // One that cannot be read is told of when the file itself is recognised.
    const text = await readFile(path, 'utf8').catch(() => '')
    for (const file of reportFiles(text) ?? []) own.add(join(dirname(path), file))
  }
  return own
}
