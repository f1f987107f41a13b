import { UsageError } from '../../core/errors.ts'
import type { Plan } from '../../core/plan.ts'
import { visible } from '../problem.ts'
import { readTextFile, type TextFile } from '../text-file.ts'
import { fromCsv } from './csv.ts'
import { fromJsonSchema } from './json-schema.ts'
import { Losses } from './losses.ts'
import { fromSegment } from './segment.ts'

export const importKinds = ['segment', 'json-schema', 'csv'] as const
export type ImportKind = (typeof importKinds)[number]

export interface Imported {
  readonly plan: Plan
  /** What has no place in a plan, each with where it stood. */
  readonly losses: readonly string[]
}

const file = {
  name: 'file to import',
  code: 'CONFIG_IMPORT',
  flag: 'the command',
  maxBytes: 10_000_000,
} as const

/** Reads somebody else's plan. A file that is none of its kind is an error; what a plan cannot carry is told. */
export async function importPlan(path: string, kind: ImportKind, cwd: string): Promise<Imported> {
  const text = await readTextFile(path, path, cwd, file)
  if (text === null) throw none(path, kind)
  const losses = new Losses()
  const plan = kind === 'csv' ? csv(text, losses) : json(text, kind, losses)
  if (plan === null || Object.keys(plan.events).length + Object.keys(plan.attributes).length === 0)
    throw none(text.origin, kind)
  return { plan: { ...plan, origin: text.origin }, losses: losses.list() }
}

function csv({ text, origin }: TextFile, losses: Losses): Omit<Plan, 'origin'> | null {
  try {
    return fromCsv(text, losses)
  } catch (cause) {
    throw broken(origin, 'CSV', cause)
  }
}

function json(
  { text, origin }: TextFile,
  kind: 'segment' | 'json-schema',
  losses: Losses,
): Omit<Plan, 'origin'> | null {
  let root: unknown
  try {
    root = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (cause) {
    throw broken(origin, 'JSON', cause)
  }
  return kind === 'segment' ? fromSegment(root, losses) : fromJsonSchema(root, losses)
}

function broken(origin: string, form: string, cause: unknown): UsageError {
  // The parser quotes the file.
  const reason = cause instanceof Error ? visible((cause.message.split('\n')[0] ?? '').slice(0, 160)) : ''
  return new UsageError(
    'CONFIG_IMPORT',
    `${origin} is no ${form} that can be read: ${reason}`,
    'Export the file anew, as UTF-8.',
    {
      cause,
    },
  )
}

const expected: Readonly<Record<ImportKind, string>> = {
  segment:
    'a tracking plan of Segment: JSON with a list of rules, as its API gives them, or with rules.events',
  'json-schema':
    'a JSON Schema: what `plan export` writes, one schema for each event under $defs, or one of a single event with its name as title',
  csv: 'a CSV whose first row names its columns: event, property, type, required and the like',
}

const none = (origin: string, kind: ImportKind): UsageError =>
  new UsageError(
    'CONFIG_IMPORT',
    `${origin} plans nothing that could be read as ${kind}.`,
    `It should be ${expected[kind]}.`,
  )
