import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plan } from '../core/plan.ts'
import type { AuditReport } from '../core/report.ts'

/** What a later run compares itself with: counts and verdicts, without the people that the findings name. */
export function summaryOf(
  report: AuditReport,
  plan: Plan,
): { readonly report: AuditReport; readonly plan: Plan } {
  const rules = report.rules.map((rule) => ({ ...rule, findings: { ...rule.findings, listed: [] } }))
  return { report: { ...report, rules }, plan }
}

/** `runs/2026-11-23T12-00-00Z-3f9a12bc04de.json`: sorts by time, and no file system minds it. */
export const runName = ({ run }: AuditReport): string =>
  `${run.asOf.replaceAll(':', '-')}-${run.id.slice(0, 12)}.json`

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
