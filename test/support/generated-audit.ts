import type { ListedFinding } from '../../src/core/finding.ts'
import type { AuditReport, EvidenceRow, Finding, RuleResult } from '../../src/core/report.ts'
import type { ReportInput } from '../../src/reports/index.ts'
import { fixedAudit, rulesFoundIn } from './report-fixture.ts'

export interface GeneratedRule {
  readonly rule: string
  readonly severity: RuleResult['severity']
  readonly status: RuleResult['status']
  readonly findings: number
}

const chunk = 2048
const states = ['new', 'new', 'known', 'new', 'waived'] as const

/** A finished audit with as many findings as are asked for; each is made when it is read, so that they cost no memory. */
export function generatedAudit(generated: readonly GeneratedRule[], journeys = 0): ReportInput {
  const base = fixedAudit()
  const rules = generated.map(ruleResult)
  const report: AuditReport = {
    ...base.report,
    rules,
    checklist: base.report.checklist.map((line) => ({ ...line, rules: [] })),
    verdict: {
      ...base.report.verdict,
      blocking: rules
        .filter(({ status, severity }) => status === 'fail' && severity === 'error')
        .map(({ rule }) => rule),
    },
    journeys: Array.from({ length: journeys }, (_, at) => ({
      id: at + 1,
      name: `Journey ${at + 1} of the shop, for everybody who left a cart with something in it`,
      state: 'running',
      decision: at % 2 === 0 ? 'no-go' : 'go',
      rules: [],
      findings: at,
      people: at,
    })),
  }
  const wanted = (rule?: string) => generated.filter((one) => rule === undefined || one.rule === rule)
  return {
    ...base,
    report,
    place: () => null,
    rulesFound: rulesFoundIn(report),
    findings: (rule) => chunks(wanted(rule), listedFinding),
    evidence: (rule) => ({
      columns: ['fingerprint', 'cio_id', 'email', 'value'],
      rows: chunks(wanted(rule), evidenceRow),
    }),
  }
}

/** 100,000 findings as a broken workspace has them: most of them in a few rules. */
export const hundredThousand: readonly GeneratedRule[] = [
  { rule: 'identity/duplicate-email', severity: 'error', status: 'fail', findings: 40_000 },
  { rule: 'devices/shared-token', severity: 'error', status: 'fail', findings: 30_000 },
  { rule: 'events/wrong-type', severity: 'error', status: 'fail', findings: 12 },
  { rule: 'identity/unreachable', severity: 'warn', status: 'fail', findings: 20_000 },
  { rule: 'identity/conflict', severity: 'warn', status: 'pass', findings: 9000 },
  { rule: 'devices/too-many', severity: 'info', status: 'fail', findings: 988 },
  { rule: 'events/duplicate-key', severity: 'error', status: 'pass', findings: 0 },
  { rule: 'journeys/dead-trigger', severity: 'error', status: 'inconclusive', findings: 0 },
]

const stateOf = (at: number): Finding['state'] => states[at % states.length] ?? 'new'

function ruleResult({ rule, severity, status, findings }: GeneratedRule): RuleResult {
  const [category = ''] = rule.split('/')
  const counted = { new: 0, known: 0, waived: 0 }
  for (let at = 0; at < findings; at += 1) counted[stateOf(at)] += 1
  return {
    rule,
    category,
    severity,
    checklist: ['canonical-identifier'],
    status,
    reason: `${findings} of 200,000 profiles`,
    population: { unit: 'profiles', count: 200_000 },
    affected: findings * 2,
    rate: (findings * 2) / 200_000,
    interval: null,
    threshold: { maxRate: 0.005 },
    findings: {
      total: findings,
      ...counted,
      listed: Array.from({ length: Math.min(findings, 20) }, (_, at) => ({
        ...findingOf(rule, at),
        evidence: [],
      })),
    },
  }
}

const findingOf = (rule: string, at: number): Omit<Finding, 'evidence'> => ({
  fingerprint: `${Buffer.from(rule).toString('hex').slice(-24).padStart(24, '0')}${at.toString(16).padStart(8, '0')}`,
  subject: {
    kind: 'profile-cluster',
    key: `email:person-${at}@shop.example`,
    label: `person-${at}@shop.example`,
  },
  message: `2 profiles share the e-mail person-${at}@shop.example, one of them with the device and one with the cart`,
  affected: 2,
  unit: 'profiles',
  firstSeen: null,
  lastSeen: null,
  journeys: [{ id: 5, name: 'Cart recovery' }],
  remediation:
    'Merge the profiles into the one with the canonical id, and call identify with that id at every login.',
  link: null,
  state: stateOf(at),
})

const listedFinding = ({ rule, severity }: GeneratedRule, at: number): ListedFinding => ({
  ...findingOf(rule, at),
  rule,
  severity,
  category: rule.split('/')[0] ?? '',
  checklist: ['canonical-identifier'],
})

const evidenceRow = ({ rule }: GeneratedRule, at: number): EvidenceRow => ({
  fingerprint: findingOf(rule, at).fingerprint,
  cio_id: `d9c1${at.toString(16).padStart(8, '0')}`,
  email: `person-${at}@shop.example`,
  value: at,
})

async function* chunks<T>(
  rules: readonly GeneratedRule[],
  of: (rule: GeneratedRule, at: number) => T,
): AsyncIterable<readonly T[]> {
  for (const rule of rules) {
    for (let from = 0; from < rule.findings; from += chunk) {
      yield Array.from({ length: Math.min(chunk, rule.findings - from) }, (_, at) => of(rule, from + at))
    }
  }
}
