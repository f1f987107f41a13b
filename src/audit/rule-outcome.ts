import { fingerprint } from '../core/fingerprint.ts'
import type { Finding, RuleResult } from '../core/report.ts'
import type { Counts, StoredFinding } from './findings.ts'
import type { Judgement, Policy } from './judge.ts'
import type { FoundDefect, Rule, RuleContext } from './rule.ts'
import type { JourneyUse, RunContext } from './run-rule.ts'

/** Of a rule that found nothing. */
export const nothing: Counts = { total: 0, new: 0, known: 0, waived: 0, informative: 0, affected: 0 }

/** What a rule found, as the store keeps it. */
export function storedFinding(
  rule: Rule,
  policy: Policy,
  defect: FoundDefect,
  context: RuleContext<never>,
  run: RunContext,
): StoredFinding {
  const { id, category, checklist } = describe(rule)
  const subject = { kind: rule.meta.subject, key: defect.subject.key, label: defect.subject.label }
  const print = fingerprint(run.workspaceId, id, subject.kind, defect.identity ?? subject.key)
  const waived = run.waivers.covers(print, id, subject.key)
  const informative = policy.gated ? undefined : defect.informative
  return {
    rule: id,
    severity: informative ?? (policy.settled ? undefined : defect.raised) ?? policy.severity,
    category,
    checklist,
    fingerprint: print,
    subject,
    message: defect.message,
    affected: defect.affected,
    unit: defect.unit,
    firstSeen: defect.firstSeen ?? null,
    lastSeen: defect.lastSeen ?? null,
    journeys: journeysOf(rule, defect, run.journeys),
    remediation: defect.remediation ?? rule.remediation(context.options),
    link: run.linkOf(subject),
    state: waived ? 'waived' : run.known.has(print) ? 'known' : 'new',
    informative: informative !== undefined,
    population: defect.population ?? null,
    place: defect.place ?? 0,
  }
}

function describe(rule: Rule) {
  const { id, checklist } = rule.meta
  return { id, category: id.slice(0, id.indexOf('/')), checklist }
}

function journeysOf(
  { meta }: Rule,
  defect: FoundDefect,
  journeys: readonly JourneyUse[],
): Finding['journeys'] {
  return journeys
    .filter(
      ({ id, eventName, attributes }) =>
        (meta.subject === 'journey' && defect.subject.key === String(id)) ||
        (eventName !== null && defect.events?.includes(eventName)) ||
        defect.attributes?.some((attribute) => attributes.has(attribute)),
    )
    .map(({ id, name }) => ({ id, name }))
}

/** What the report says of a rule. */
export function ruleResult(
  rule: Rule,
  policy: Policy,
  judged: Judgement,
  population = 0,
  counts = nothing,
  listed: Finding[] = [],
): RuleResult {
  const { id, category, checklist } = describe(rule)
  const { affected, informative: _, ...findings } = counts
  return {
    rule: id,
    category,
    severity: judged.severity ?? policy.severity,
    checklist: [...checklist],
    status: judged.status,
    reason: judged.reason,
    population: { unit: rule.meta.unit, count: population },
    affected,
    rate: judged.rate,
    interval: judged.interval === undefined ? null : [...judged.interval],
    threshold: policy.threshold,
    findings: { ...findings, listed },
  }
}
