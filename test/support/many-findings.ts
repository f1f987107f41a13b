import type { ListedFinding } from '../../src/core/finding.ts'
import type { ReportInput } from '../../src/reports/index.ts'
import { fixedAudit } from './report-fixture.ts'

const chunk = 2_000

/** The fixed audit, in which `identity/duplicate-email` has so many findings more: each with an address of its own. */
export function manyFindings(
  count: number,
  change: (finding: ListedFinding) => ListedFinding = (one) => one,
): ReportInput {
  const input = fixedAudit()
  const rules = input.report.rules.map((rule) =>
    rule.rule === 'identity/duplicate-email'
      ? {
          ...rule,
          findings: { ...rule.findings, total: rule.findings.total + count, new: rule.findings.new + count },
        }
      : rule,
  )
  return {
    ...input,
    report: { ...input.report, rules },
    findings: () => both(input.findings(), count, change),
  }
}

export const fingerprintOf = (at: number): string => at.toString(16).padStart(8, '0').repeat(4)
export const addressOf = (at: number): string => `person.number.${at}@mail-${at % 97}.example`

async function* both(
  before: AsyncIterable<readonly ListedFinding[]>,
  count: number,
  change: (finding: ListedFinding) => ListedFinding,
): AsyncIterable<readonly ListedFinding[]> {
  yield* before
  for (let at = 0; at < count; at += chunk) {
    yield Array.from({ length: Math.min(chunk, count - at) }, (_, more) => change(findingOf(at + more)))
  }
}

function findingOf(at: number): ListedFinding {
  const address = addressOf(at)
  return {
    rule: 'identity/duplicate-email',
    severity: 'error',
    category: 'identity',
    checklist: ['canonical-identifier'],
    fingerprint: fingerprintOf(at),
    subject: { kind: 'profile-cluster', key: `email:${address}`, label: address },
    message: `${2 + (at % 5)} profiles share the e-mail ${address} in 2 spellings`,
    affected: 2 + (at % 5),
    unit: 'profiles',
    firstSeen: '2026-10-25T08:00:00Z',
    lastSeen: '2026-11-22T20:15:00Z',
    journeys: at % 10 === 0 ? [{ id: 5, name: 'Cart recovery' }] : [],
    remediation:
      'Merge the profiles into the one with the canonical id, and call identify with that id at every login.',
    link: at % 2 === 0 ? `https://fly.customer.io/env/101/people/${at}` : null,
    state: 'new',
  }
}
