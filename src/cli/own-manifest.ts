import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

export const manifestName = 'manifest.json'

/** As `src/reports/csv.ts` writes it. */
const manifest = z.object({
  files: z.array(z.object({ file: z.string(), rows: z.number(), sha256: z.string() })).nonempty(),
})

/** The CSV files that an earlier report of this folder names: none without one; null where its manifest is somebody else's. */
export async function manifestFiles(out: string): Promise<string[] | null> {
  try {
    const { files } = manifest.parse(JSON.parse(await readFile(join(out, manifestName), 'utf8')))
    return files.map(({ file }) => file)
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' ? [] : null
  }
}
