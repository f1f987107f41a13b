import type { EvidenceRow } from '../../src/core/report.ts'
import type { Audited } from './shop.ts'

export interface Score {
  readonly rule: string
  readonly named: number
  readonly true: number
  readonly precision: number
  readonly recall: number
  /** A few that should not have been named, and a few that should have been. */
  readonly wrong: readonly string[]
  readonly missed: readonly string[]
}

/** Rules whose record is the subject itself (a token, a name, a journey), not a row behind it. */
const bySubject = (rule: string): boolean =>
  (rule.startsWith('journeys/') && rule !== 'journeys/testers-included') || subjectRules.has(rule)
const subjectRules = new Set([
  'attributes/brittle',
  'devices/shared-token',
  'events/naming-convention',
  'events/unplanned',
  // A name that nobody sent has no records.
  'events/missing-critical',
  // An anonymous id; whose it is need not be known, and files name people by their ids.
  'identity/unmerged-anonymous',
])

/** What each rule named, record by record, against the facts that the planter wrote. */
export async function scores({ outcome, facts }: Audited): Promise<Score[]> {
  const results: Score[] = []
  for (const { rule } of outcome.report.rules) {
    const subjects = new Map<string, string>()
    for await (const findings of outcome.findings(rule)) {
      for (const { fingerprint, subject } of findings) subjects.set(fingerprint, subject.key)
    }
    const named = new Set<string>()
    for await (const rows of outcome.evidence(rule).rows) {
      for (const row of rows) {
        const subject = subjects.get(String(row['fingerprint'])) ?? 'a row of no finding'
        for (const record of bySubject(rule) ? [''] : recordsOf(row))
          named.add(`${subject} ${record}${gradeOf(row['gathers'])}`)
      }
    }
    const truth = new Set(
      facts
        .filter((fact) => fact.rule === rule)
        .flatMap(({ subject, records, informative }) => {
          const grade = rule === 'identity/placeholder-id' ? gradeOf(!informative) : ''
          return (bySubject(rule) ? [''] : records).map((record) => `${subject} ${record}${grade}`)
        }),
    )
    const hits = [...named].filter((name) => truth.has(name)).length
    results.push({
      rule,
      named: named.size,
      true: truth.size,
      precision: named.size === 0 ? 1 : hits / named.size,
      recall: truth.size === 0 ? 1 : hits / truth.size,
      wrong: [...named].filter((name) => !truth.has(name)).slice(0, 3),
      missed: [...truth].filter((name) => !named.has(name)).slice(0, 3),
    })
  }
  return results
}

/** A placeholder that gathers strangers is another case than one that only stands there. */
const gradeOf = (gathers: unknown): string =>
  gathers === true ? ' gathers' : gathers === false ? ' gathers nobody' : ''

/** Duplicate events name another of the copies beside each copy; the facts hold both. */
function recordsOf(row: EvidenceRow): string[] {
  const ids = [row['activity_id'], row['first_activity_id'], row['previous_activity_id']].filter(
    (id) => id !== undefined,
  )
  return (ids.length > 0 ? ids : [row['cio_id']]).map(String)
}
