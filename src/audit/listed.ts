import type { Finding } from '../core/report.ts'
import { sql, type Query } from '../engine/sql.ts'
import { evidenceCells } from './evidence-cells.ts'
import type { Rule, RuleContext } from './rule.ts'
import type { RunContext } from './run-rule.ts'

/** The first findings with some of their evidence, for `report.json`. */
export async function listFindings(
  rule: Rule,
  context: RuleContext<never>,
  run: Pick<RunContext, 'session' | 'settings' | 'store'>,
): Promise<Finding[]> {
  const limit = run.settings.report.examples
  const top = await run.store.top(rule.meta.id, limit)
  if (top.length === 0) return []
  const evidence = await run.session.rows(
    evidenceOf(
      rule,
      context,
      top.map(({ subject }) => subject.key),
      limit,
    ),
  )
  return top.map((finding) => ({
    fingerprint: finding.fingerprint,
    subject: finding.subject,
    message: finding.message,
    affected: finding.affected,
    unit: finding.unit,
    firstSeen: finding.firstSeen,
    lastSeen: finding.lastSeen,
    evidence: evidence
      .filter((row) => row['subject'] === finding.subject.key)
      .map((row) => evidenceCells(rule, row)),
    journeys: finding.journeys,
    remediation: finding.remediation,
    link: finding.link,
    state: finding.state,
  }))
}

const evidenceOf = (
  rule: Rule,
  context: RuleContext<never>,
  subjects: readonly string[],
  limit: number,
): Query => sql`
  select * from (${rule.evidence(context)}) evidence where subject = any(${subjects}::varchar[])
  qualify row_number() over (partition by subject order by evidence) <= ${limit}
  order by all`
