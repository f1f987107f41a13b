import type { AuditReport, Decision, RuleResult } from './report.ts'

/** What one earlier run of the same workspace said: enough to draw how things went, without the people concerned. */
export interface TrendPoint {
  readonly runId: string
  readonly asOf: string
  readonly decision: Decision
  /** Rules that failed with severity `error`. */
  readonly blocking: number
  readonly findings: Pick<RuleResult['findings'], 'total' | 'new'>
  readonly rules: Readonly<Record<string, RulePoint>>
}

export interface RulePoint extends Pick<RuleResult, 'status' | 'affected' | 'rate'> {
  readonly findings: Pick<RuleResult['findings'], 'total' | 'new'>
}

export function trendPoint(report: AuditReport): TrendPoint {
  const sum = (of: (rule: RuleResult) => number): number =>
    report.rules.reduce((all, rule) => all + of(rule), 0)
  return {
    runId: report.run.id,
    asOf: report.run.asOf,
    decision: report.verdict.decision,
    blocking: report.verdict.blocking.length,
    findings: { total: sum(({ findings }) => findings.total), new: sum(({ findings }) => findings.new) },
    rules: Object.fromEntries(
      report.rules.map(({ rule, status, affected, rate, findings }): [string, RulePoint] => [
        rule,
        { status, affected, rate, findings: { total: findings.total, new: findings.new } },
      ]),
    ),
  }
}
