import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import type { Walked } from './walk.ts'

export const ownReport = 'it is a report of cio-audit'

const manifest = z.object({
  files: z.array(z.object({ file: z.string(), rows: z.number(), sha256: z.string() })),
})
const ownCsv = /^(?:findings|merge-suggestions|evidence\/[\w.-]+)\.csv$/
/** A manifest has a line for each rule; what is longer is somebody else's. */
const longestManifest = 1024 ** 2

/**
 * The paths of reports among the files: their evidence has the columns of a people export. A manifest of somebody else
 * may name real exports, so only names that we give count.
 */
export async function ownReports(walked: readonly Walked[]): Promise<ReadonlySet<string>> {
  const own = new Set<string>()
  for (const { path, bytes } of walked) {
    if (basename(path) !== 'manifest.json' || bytes > longestManifest) continue
    const files = filesOf(await readFile(path, 'utf8').catch(() => ''))
    for (const file of files) if (ownCsv.test(file)) own.add(join(dirname(path), file))
  }
  return own
}

function filesOf(text: string): string[] {
  try {
    return manifest.parse(JSON.parse(text)).files.map(({ file }) => file)
  } catch {
    return []
  }
}
