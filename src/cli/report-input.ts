import type { AuditOutcome } from '../audit/index.ts'
import type { Rule } from '../audit/rule.ts'
import type { AuditReport } from '../core/report.ts'
import type { RuleText } from '../core/rule-text.ts'
import type { TrendPoint } from '../core/trend.ts'
import type { ReportInput } from '../reports/index.ts'
import type { Job } from './job.ts'

/**
 * What the formats get: the outcome, and what the audit itself knows nothing of. Rows of waivers.csv that count for
 * nothing are known before it, and named in its report.
 */
export function reportInput(
  job: Pick<Job, 'rules' | 'place'>,
  outcome: AuditOutcome,
  trend: readonly TrendPoint[],
  problems: readonly string[],
): ReportInput {
  const report: AuditReport = { ...outcome.report, notices: [...problems, ...outcome.report.notices] }
  return {
    report,
    timings: untilRead(outcome.timings, performance.now()),
    trend,
    timeline: outcome.timeline,
    texts: new Map(job.rules.map((rule) => [rule.meta.id, textOf(rule)])),
    place: job.place,
    findings: (rule) => outcome.findings(rule),
    rulesFound: outcome.rulesFound,
    evidence: (rule) => outcome.evidence(rule),
    merges: () => outcome.merges(),
  }
}

/** How long the reports take is known only when they are written: the stage is told up to the moment at which it is read. */
function untilRead(timings: AuditOutcome['timings'], begun: number): ReportInput['timings'] {
  return {
    ...timings,
    get stages() {
      return { ...timings.stages, reports: Number(((performance.now() - begun) / 1000).toFixed(3)) }
    },
  }
}

function textOf(rule: Rule): RuleText {
  const { title, failureTitle, docs } = rule.meta
  return { title, failureTitle, ...docs, mend: rule.remediation(rule.options.parse({})) }
}
