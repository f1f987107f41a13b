import { z } from 'zod'
import type { Baseline } from '../core/baseline.ts'
import { UsageError } from '../core/errors.ts'
import { sourceKinds } from '../core/report.ts'
import { pathText } from './problem.ts'
import { readTextFile, type TextFile, type TextFileKind } from './text-file.ts'

/** 64 MB hold 1.7 million fingerprints. */
const kind: TextFileKind = {
  name: 'baseline',
  code: 'CONFIG_BASELINE',
  flag: '--baseline',
  maxBytes: 64_000_000,
}

export const baselineFile = 'cio-audit.baseline.json'

const schema = z.object({
  schemaVersion: z.literal(1),
  asOf: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/),
  workspace: z.int().nullable(),
  vantage: z.object({
    sources: z.array(z.enum(sourceKinds)),
    days: z.number().min(0),
    sampled: z.boolean(),
  }),
  rules: z.record(
    z.string(),
    z.object({ version: z.string(), fingerprints: z.array(z.string().regex(/^[0-9a-f]{32}$/)) }),
  ),
})

/** Reads `cio-audit.baseline.json`: the findings that are known. Null without a file. */
export async function loadBaseline(path: string | undefined, cwd: string): Promise<Baseline | null> {
  const file = await readTextFile(path, baselineFile, cwd, kind)
  if (file === null) return null
  const parsed = schema.safeParse(readJson(file))
  if (parsed.success) {
    const { asOf, workspace, vantage, rules } = parsed.data
    return { asOf, workspaceId: workspace, vantage, rules }
  }
  const place = parsed.error.issues[0]?.path ?? []
  if (place.length === 0) throw notBaseline(file, 'is no JSON object')
  if (place[0] === 'schemaVersion') throw notBaseline(file, 'is of another version than 1')
  throw notBaseline(file, `is not as the command writes it at ${pathText(place)}`)
}

/** One fingerprint on a line, sorted, so that a review of the file shows what came and what went. */
export function baselineText({ asOf, workspaceId, vantage, rules }: Baseline): string {
  const sorted = Object.entries(rules)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([rule, { version, fingerprints }]) => [rule, { version, fingerprints: fingerprints.toSorted() }])
  const file = { schemaVersion: 1, asOf, workspace: workspaceId, vantage, rules: Object.fromEntries(sorted) }
  return `${JSON.stringify(file, null, 2)}\n`
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
