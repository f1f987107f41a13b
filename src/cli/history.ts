import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { AskingRun } from '../core/plan-history.ts'
import type { Plan } from '../core/plan.ts'
import { reportSchema, type AuditReport } from '../core/report.ts'
import { isoSeconds } from '../core/time.ts'
import { trendPoint, type TrendPoint } from '../core/trend.ts'

/** What a later run compares itself with: counts and verdicts, without the people that the findings name. */
export function summaryOf(
  report: AuditReport,
  plan: Plan,
): { readonly report: AuditReport; readonly plan: Plan } {
  const rules = report.rules.map((rule) => ({ ...rule, findings: { ...rule.findings, listed: [] } }))
  return { report: { ...report, rules }, plan }
}

/** `runs/2026-11-23T12-00-00Z-3f9a12bc04de.json`: sorts by time, and no file system minds it. */
export const runName = ({ run }: AuditReport): string => nameOf(run.asOf, run.id)

const nameOf = (asOf: string, id: string): string => `${asOf.replaceAll(':', '-')}-${id.slice(0, 12)}.json`

export async function keepRun(
  stateDir: string,
  report: AuditReport,
  plan: Plan,
  keep: number,
): Promise<void> {
  const folder = join(stateDir, 'runs')
  await mkdir(folder, { recursive: true })
  const path = join(folder, runName(report))
  await writeFile(`${path}.new`, `${JSON.stringify(summaryOf(report, plan), null, 2)}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
  const kept = (await readdir(folder)).filter((name) => /^\d{4}-.*\.json$/.test(name)).toSorted()
  // This run stays whatever its date: an audit of an old snapshot is not to vanish as it is made.
  const old = kept.slice(0, Math.max(0, kept.length - keep)).filter((name) => name !== runName(report))
  for (const name of old) await rm(join(folder, name), { force: true })
}

/**
 * The plan of the run before: the newest by its "now", of several of one "now" the one that was made last. A run of the
 * same inputs is the same run and not one before; so a run that is made again says the same again.
 */
export async function readRunBefore(
  stateDir: string,
  run: AskingRun,
): Promise<{ readonly plan: Plan } | { readonly unreadable: string } | null> {
  const folder = join(stateDir, 'runs')
  const own = nameOf(isoSeconds(run.asOf), run.id)
  const names = (await readdir(folder).catch(noFolder)).filter(
    (name) => keptRun.test(name) && stampOf(name) <= stampOf(own) && name !== own,
  )
  const newest = names.map(stampOf).toSorted().at(-1)
  const made = await Promise.all(
    names
      .filter((name) => stampOf(name) === newest)
      .map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
  )
  const last = made.toSorted((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1)).at(-1)
  if (last === undefined) return null
  const plan = planIn(await readFile(join(folder, last.name), 'utf8'))
  return plan === null ? { unreadable: join('runs', last.name) } : { plan }
}

/**
 * What the runs before this one said, oldest first, as far as they are kept. Runs of another workspace in the same folder,
 * and files that cannot be read, are left out: a picture of the past is no part of the verdict.
 */
export async function trendBefore(stateDir: string, report: AuditReport): Promise<TrendPoint[]> {
  const folder = join(stateDir, 'runs')
  const own = runName(report)
  const names = (await readdir(folder).catch(noFolder)).filter(
    (name) => keptRun.test(name) && name !== own && stampOf(name) <= stampOf(own),
  )
  const points = await Promise.all(
    names.toSorted().map(async (name) => {
      const kept = reportIn(await readFile(join(folder, name), 'utf8'))
      return kept !== null && workspaceOf(kept) === workspaceOf(report) ? [trendPoint(kept)] : []
    }),
  )
  return points.flat()
}

const workspaceOf = ({ sources }: AuditReport): number | null =>
  sources.map(({ workspace }) => workspace.id).find((id) => id !== null) ?? null

function reportIn(text: string): AuditReport | null {
  const { report } = z.looseObject({ report: z.unknown() }).catch({ report: null }).parse(parsed(text))
  return reportSchema.safeParse(report).data ?? null
}

/** As far as it must hold for two plans to be compared. */
const keptValue = z.looseObject({ type: z.string() })
const keptPlan = z.looseObject({
  plan: z.looseObject({
    version: z.string(),
    origin: z.string(),
    attributes: z.record(z.string(), keptValue),
    events: z.record(
      z.string(),
      z.looseObject({ aliases: z.array(z.string()), properties: z.record(z.string(), keptValue) }),
    ),
    byIntent: z.array(z.unknown()),
  }),
})

const keptRun = /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z-[0-9a-f]{12}\.json$/
const stampOf = (name: string): string => name.slice(0, 20)

function noFolder(cause: unknown): string[] {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return []
  throw cause
}

/** Null where the file was damaged, or written by a program whose plans were others. */
function planIn(text: string): Plan | null {
  const { success, data } = keptPlan.safeParse(parsed(text))
  return success ? (data.plan as unknown as Plan) : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
