import { z } from 'zod'
import { UsageError } from '../core/errors.ts'
import { pathText } from './problem.ts'
import { readTextFile, type TextFile, type TextFileKind } from './text-file.ts'

/** 64 MB hold 1.7 million fingerprints. */
const kind: TextFileKind = {
  name: 'baseline',
  code: 'CONFIG_BASELINE',
  flag: '--baseline',
  maxBytes: 64_000_000,
}

const schema = z.object({
  schemaVersion: z.literal(1),
  fingerprints: z.array(z.string().regex(/^[0-9a-f]{32}$/)),
})

/** Reads `cio-audit.baseline.json`: the fingerprints of findings that are known. None without a file. */
export async function loadBaseline(path: string | undefined, cwd: string): Promise<ReadonlySet<string>> {
  const file = await readTextFile(path, 'cio-audit.baseline.json', cwd, kind)
  if (file === null) return new Set()
  const parsed = schema.safeParse(readJson(file))
  if (parsed.success) return new Set(parsed.data.fingerprints)
  const place = parsed.error.issues[0]?.path ?? []
  if (place.length === 0) throw notBaseline(file, 'is no JSON object')
  if (place[0] === 'schemaVersion') throw notBaseline(file, 'is of another version than 1')
  throw notBaseline(file, `holds something else than fingerprints at ${pathText(place)}`)
}

function readJson(file: TextFile): unknown {
  try {
    return JSON.parse(file.text)
  } catch (cause) {
    // The message quotes the file; only the place is taken from it.
    const place = cause instanceof Error ? /line (\d+) column (\d+)/.exec(cause.message) : null
    const where = place === null ? '' : `:${place[1]}:${place[2]}`
    throw notBaseline(
      { ...file, origin: `${file.origin}${where}` },
      file.text.trim() === '' ? 'is empty' : 'is no valid JSON',
      cause,
    )
  }
}

function notBaseline(file: TextFile, what: string, cause?: unknown): UsageError {
  return new UsageError(
    kind.code,
    `The baseline ${file.origin} ${what}.`,
    'Write it anew with `cio-audit baseline`, or remove the file to judge every finding.',
    { cause },
  )
}
