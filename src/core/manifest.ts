import { z } from 'zod'

export const manifestName = 'manifest.json'

const manifest = z.object({
  files: z.array(z.object({ file: z.string(), rows: z.number(), sha256: z.string() })).nonempty(),
})
/** What a report writes beside its CSV files, in all formats; no manifest names them. A test compares them with the formats. */
export const namesBesideCsv = [
  'report.html',
  'report.json',
  'report.md',
  'report.sarif',
  'report.txt',
  'junit.xml',
  'github-summary.md',
  'timings.json',
  'merge-suggestions.jsonl',
  'merge-suggestions-review.jsonl',
] as const

const ourName = /^(?:findings|merge-suggestions|evidence\/[\w.-]+)\.csv$/

/**
 * The CSV files that the text of a report's manifest names (contracts, section 6); null where it is somebody else's. A name
 * that we do not give is left out: files are removed, or not read, by what is said here.
 */
export function reportFiles(text: string): string[] | null {
  try {
    const { files } = manifest.parse(JSON.parse(text))
    return files.map(({ file }) => file).filter((file) => ourName.test(file))
  } catch {
    return null
  }
}
