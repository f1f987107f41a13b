import { checklistItems, type ChecklistItem } from './checklist.ts'
import { exitCodes, type ExitCode } from './errors.ts'
import type { AuditReport, ChecklistLine, Decision, RuleResult } from './report.ts'
import type { Attestation } from './settings.ts'

export type Verdict = AuditReport['verdict']
export type FailOn = 'error' | 'warn' | 'never'
type Judged = Pick<RuleResult, 'rule' | 'severity' | 'status' | 'checklist'>

/** An attestation counts from its day until the end of the day on which it expires. */
export function isInForce(attestation: Attestation, asOf: Date): boolean {
  const day = asOf.toISOString().slice(0, 10)
  return attestation.on <= day && day <= attestation.expires
}

export function checklistLines(
  rules: readonly Judged[],
  attest: Readonly<Partial<Record<ChecklistItem, Attestation>>>,
  asOf: Date,
): ChecklistLine[] {
  return checklistItems.map((item) => {
    const own = rules.filter((rule) => rule.checklist.includes(item))
    const status = itemStatus(own)
    const attestation = attest[item]
    const attested = status === 'unproven' && attestation && isInForce(attestation, asOf) ? attestation : null
    return { item, status, rules: own.map((rule) => rule.rule), attested }
  })
}

function itemStatus(rules: readonly Judged[]): ChecklistLine['status'] {
  const failing = rules.filter((rule) => rule.status === 'fail')
  if (failing.some((rule) => rule.severity === 'error')) return 'fail'
  if (failing.some((rule) => rule.severity === 'warn')) return 'warn'
  if (rules.some((rule) => rule.status === 'inconclusive')) return 'inconclusive'
  return rules.some((rule) => rule.status === 'pass' || rule.status === 'fail') ? 'pass' : 'unproven'
}

/** NO-GO: an error rule fails. INCONCLUSIVE: none fails, but something that the verdict needs is unknown. GO: neither. */
export function decide(rules: readonly Judged[], lines: readonly ChecklistLine[]): Verdict {
  const blocking = rules
    .filter((rule) => rule.status === 'fail' && rule.severity === 'error')
    .map(({ rule }) => rule)
  const unjudged = rules.filter((rule) => rule.status === 'inconclusive').map(({ rule }) => rule)
  const unproven = lines
    .filter((line) => line.status === 'unproven' && !line.attested)
    .map(({ item }) => item)
  const attested = lines.filter((line) => line.attested).length
  const inconclusive = [...unjudged, ...unproven]
  if (blocking.length > 0) {
    const verb = blocking.length === 1 ? 'blocking rule failed' : 'blocking rules failed'
    return { decision: 'no-go', reason: `${blocking.length} ${verb}`, blocking, inconclusive }
  }
  if (inconclusive.length > 0) {
    const parts = [
      ...(unjudged.length > 0
        ? [`${unjudged.length} ${unjudged.length === 1 ? 'rule' : 'rules'} could not be judged`]
        : []),
      ...(unproven.length > 0
        ? [
            `${unproven.length} checklist ${unproven.length === 1 ? 'item is' : 'items are'} unproven and not attested`,
          ]
        : []),
    ]
    return { decision: 'inconclusive', reason: parts.join('; '), blocking, inconclusive }
  }
  const note = attested === 0 ? '' : `, ${attested} ${attested === 1 ? 'item' : 'items'} attested`
  return { decision: 'go', reason: `no blocking rule failed${note}`, blocking, inconclusive }
}

/**
 * How much of what was found is new, so that a GO over known and waived findings is not read as a clean one; and of how
 * many people it is the verdict.
 */
export function withCounts(
  verdict: Verdict,
  rules: readonly Pick<RuleResult, 'findings'>[],
  sample: AuditReport['run']['sample'],
): Verdict {
  const drawn = sample === null ? '' : `, in a sample of ${sample.people} of ${sample.of} people`
  const sum = (state: 'new' | 'known' | 'waived'): number =>
    rules.reduce((all, { findings }) => all + findings[state], 0)
  return {
    ...verdict,
    reason: `${verdict.reason}${drawn}; findings: ${sum('new')} new, ${sum('known')} known, ${sum('waived')} waived`,
  }
}

const byDecision: Record<Decision, ExitCode> = {
  go: exitCodes.go,
  'no-go': exitCodes.noGo,
  inconclusive: exitCodes.inconclusive,
}

/** What CI is told. `warn`: failing warnings are a NO-GO too. `never`: 0 whatever the verdict. */
export function exitCodeFor(report: Pick<AuditReport, 'verdict' | 'rules'>, failOn: FailOn): ExitCode {
  if (failOn === 'never') return exitCodes.go
  const warned = report.rules.some((rule) => rule.status === 'fail' && rule.severity === 'warn')
  if (failOn === 'warn' && warned) return exitCodes.noGo
  return byDecision[report.verdict.decision]
}
