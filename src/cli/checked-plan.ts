import { builtInPlan } from '../config/index.ts'
import { mostPlanBytes, parsePlan, planHelp, readPlan, type ReadPlan } from '../config/plan.ts'
import { fileError, pathText, type Problem } from '../config/problem.ts'
import { CioAuditError, type ErrorCode, UsageError } from '../core/errors.ts'
import type { Plan, PlannedProperty, PlannedValue } from '../core/plan.ts'
import { openDatabase } from '../engine/database.ts'
import { sql } from '../engine/sql.ts'

/** The plan of a run: the file that is named or that is there, else the built-in one. */
export async function loadCheckedPlan(path: string | undefined, cwd: string): Promise<Plan> {
  return (await readCheckedPlan(path, cwd))?.plan ?? builtInPlan
}

/**
 * A plan file whose patterns the engine takes, too: what a pattern unfolds to (`(\pL{500}){2}`) is known to the engine
 * alone, and an audit must not end in its middle. Null where nobody named a file and there is none.
 */
export async function readCheckedPlan(path: string | undefined, cwd: string): Promise<ReadPlan | null> {
  const read = await readPlan(path, cwd)
  if (read === null) return null
  const problems = await patternProblems(read)
  if (problems.length > 0) throw fileError('CONFIG_PLAN', read.file.origin, problems, planHelp)
  return read
}

interface Placed {
  readonly path: readonly string[]
  readonly pattern: string
}

interface Refused extends Placed {
  readonly reason: string
}

export interface Draft {
  /** What the plan was made of. */
  readonly origin: string
  readonly text: string
  readonly code: ErrorCode
  /** What to do about lines that no plan may have. */
  readonly mend: string
  /** What to do about a plan that is too large. */
  readonly shrink: string
}

/** What is written is a plan that every command reads, or nothing is. */
export function mustBePlan({ origin, text, code, mend, shrink }: Draft): void {
  const bytes = Buffer.byteLength(text)
  if (bytes > mostPlanBytes)
    throw new UsageError(
      code,
      `${origin}: the plan would have ${(bytes / 1e6).toFixed(1)} MB, and more than ${mostPlanBytes / 1e6} MB is not read.`,
      `Nothing was written. ${shrink}`,
    )
  try {
    parsePlan({ origin, text })
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause
    throw new UsageError(
      code,
      cause.message,
      `Nothing was written. The lines are those that the plan would have had: ${mend}`,
      { cause },
    )
  }
}

async function patternProblems({ plan, file }: ReadPlan): Promise<Problem[]> {
  return (await refusedPatterns(plan)).map(({ path, reason }) => {
    const place = [...path, 'pattern']
    return {
      ...file.position(place),
      text: `${pathText(place)}: the engine (RE2) does not take this pattern (${reason})`,
    }
  })
}

/** Patterns that the engine does not take, with where they stand. */
export async function refusedPatterns(plan: Plan): Promise<Refused[]> {
  const patterns = patternsOf(plan)
  if (patterns.length === 0) return []
  const db = await openDatabase({ path: ':memory:', access: 'write', threads: 1 })
  try {
    const reasons = new Map<string, string | null>()
    const refused: Refused[] = []
    for (const { path, pattern } of patterns) {
      if (!reasons.has(pattern))
        reasons.set(
          pattern,
          await db.rows(sql`select regexp_full_match('x', ${pattern})`).then(() => null, reasonOf),
        )
      const reason = reasons.get(pattern)
      if (typeof reason === 'string') refused.push({ path, pattern, reason })
    }
    return refused
  } finally {
    db.close()
  }
}

/** Memory and disk have errors of their own; what else the engine refuses is the pattern. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error) || error instanceof CioAuditError) throw error
  return (error.message.split('\n')[0] ?? '').replace(/^.*?Error: /, '').slice(0, 120)
}

/** All patterns of a plan, with where they stand. */
export function patternsOf(plan: Plan): Placed[] {
  return [
    ...Object.entries(plan.attributes).flatMap(([name, value]) => ownPattern(value, ['attributes', name])),
    ...Object.entries(plan.events).flatMap(([name, { properties }]) =>
      patternsIn(properties, ['events', name, 'properties']),
    ),
  ]
}

function patternsIn(
  properties: Readonly<Record<string, PlannedProperty>>,
  path: readonly string[],
): Placed[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const own = [...path, name]
    return [
      ...ownPattern(property, own),
      ...patternsIn(property.properties ?? {}, [...own, 'properties']),
      ...patternsIn(property.items ?? {}, [...own, 'items']),
    ]
  })
}

const ownPattern = ({ pattern }: PlannedValue, path: readonly string[]): Placed[] =>
  pattern === undefined ? [] : [{ path, pattern }]
