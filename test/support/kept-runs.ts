import { builtInPlan } from '../../src/config/index.ts'
import { vantageOfReport } from '../../src/core/baseline.ts'
import type { ListedFinding } from '../../src/core/finding.ts'
import type { AuditReport } from '../../src/core/report.ts'
import { keepRun, withHistory, type FinishedRun, type Outlook } from '../../src/history/index.ts'
import { fixedAudit } from './report-fixture.ts'

/** A finished run of the fixed audit: its id a letter 32 times, its "now" noon of a day in November. */
export function finishedRun(id: string, day: number, other: Partial<FinishedRun> = {}): FinishedRun {
  const input = fixedAudit()
  const asOf = `2026-11-${String(day).padStart(2, '0')}T12:00:00Z`
  const report: AuditReport = { ...input.report, run: { ...input.report.run, id: id.repeat(32), asOf } }
  return {
    report,
    plan: builtInPlan,
    workspaceId: 101,
    versions: new Map(report.rules.map(({ rule }) => [rule, 'v1'])),
    leftOut: [],
    mended: [],
    baselineAsOf: null,
    dailyCounts: { days: [], counts: [] },
    findings: () => input.findings(),
    ...other,
  }
}

export async function keep(folder: string, run: FinishedRun, most = 90): Promise<void> {
  await withHistory(folder, 'write', async (db) => {
    if (db !== null) await keepRun(db, run, most)
  })
}

/** What such a run looked at. */
export function outlookOf({ report, leftOut }: FinishedRun, other: Partial<Outlook> = {}): Outlook {
  return {
    vantage: vantageOfReport(report),
    journeys: report.scope?.journeys ?? [],
    leftOut,
    rules: report.rules.map(({ rule }) => rule),
    ...other,
  }
}

export const asking = (id: string, day: number, workspaceId: number | null = 101) => ({
  id: id.repeat(32),
  asOf: new Date(`2026-11-${String(day).padStart(2, '0')}T12:00:00Z`),
  workspaceId,
})

export const named = (fingerprint: string, affected = 3): ListedFinding => ({
  rule: 'identity/duplicate-email',
  fingerprint: fingerprint.padStart(32, '0'),
  severity: 'error',
  category: 'identity',
  checklist: [],
  subject: { kind: 'profile-cluster', key: `email:${fingerprint}@example.com`, label: fingerprint },
  message: `${fingerprint}@example.com`,
  affected,
  unit: 'profiles',
  firstSeen: null,
  lastSeen: null,
  journeys: [],
  remediation: '',
  link: null,
  state: 'new',
})

export async function* chunk<T>(items: readonly T[]): AsyncIterable<readonly T[]> {
  yield await Promise.resolve(items)
}
