import { readFileSync } from 'node:fs'
import type { ListedFinding } from '../../src/core/finding.ts'
import type { MergeSuggestion } from '../../src/core/merge.ts'
import type { RuleText } from '../../src/core/rule-text.ts'
import type { Timeline } from '../../src/core/timeline.ts'
import { reportSchema, type AuditReport, type EvidenceRow } from '../../src/core/report.ts'
import type { ReportInput } from '../../src/reports/index.ts'

interface Stored {
  readonly report: unknown
  readonly timings: ReportInput['timings']
}

/** A small finished audit with hostile values in it, as every format gets one. */
export function fixedAudit(): ReportInput {
  const file = new URL('../../fixtures/golden/audit.json', import.meta.url)
  const { report, timings } = JSON.parse(readFileSync(file, 'utf8')) as Stored
  return inputOf(reportSchema.parse(report), timings)
}

/** The input of the formats for a report whose listed findings are all there are. */
export function inputOf(report: AuditReport, timings: ReportInput['timings']): ReportInput {
  const listed = (rule?: string): ListedFinding[] =>
    report.rules
      .filter((result) => rule === undefined || result.rule === rule)
      .flatMap(({ rule: id, severity, category, checklist, findings }) =>
        findings.listed.map(({ evidence: _evidence, ...finding }) => ({
          ...finding,
          rule: id,
          severity,
          category,
          checklist,
        })),
      )
  const lines = (rule: string): EvidenceRow[] =>
    report.rules
      .filter((result) => result.rule === rule)
      .flatMap(({ findings }) =>
        findings.listed.flatMap(({ fingerprint, evidence }) =>
          evidence.map((line) => ({ fingerprint, ...line })),
        ),
      )
  return {
    report,
    timings,
    trend: [],
    timeline: fixedTimeline,
    texts: fixedTexts,
    place: fixedPlace,
    findings: (rule) => chunks(listed(rule)),
    rulesFound: rulesFoundIn(report),
    evidence: (rule) => ({
      columns: Object.keys(lines(rule)[0] ?? { fingerprint: '' }),
      rows: chunks(lines(rule)),
    }),
    merges: () => chunks(fixedMerges),
  }
}

export const rulesFoundIn = ({ rules }: AuditReport): ReadonlySet<string> =>
  new Set(rules.filter(({ findings }) => findings.total > 0).map(({ rule }) => rule))

/** Two events over three days, the second with a name that is no markup. */
const fixedTimeline: Timeline = {
  starts: ['2026-11-21', '2026-11-22', '2026-11-23'],
  stepDays: 1,
  events: [
    { name: 'purchase', trigger: true, counts: [120, 180, 100] },
    { name: '<b>cart</b>\u202e', trigger: false, counts: [0, 3, 1] },
  ],
  unlisted: 1,
}

const fixedTexts: ReadonlyMap<string, RuleText> = new Map([
  [
    'identity/duplicate-email',
    {
      title: 'Every e-mail address belongs to one profile',
      failureTitle: 'Some profiles share an e-mail address',
      why: 'One customer on two profiles gets the cart push twice, or never.',
      decides: 'Addresses are compared without regard to case.',
      blind: 'Mailboxes of a role are left out.',
      mend: 'Merge the profiles into the one with the canonical id.',
    },
  ],
])

/** As if there were a plan that names the one property, and a config that sets the one rule. */
const fixedPlace: ReportInput['place'] = (rule, subject) =>
  subject?.key === 'purchase.items[].price'
    ? { file: 'tracking-plan.yaml', line: 14 }
    : { file: 'cio-audit.yaml', line: rule === 'identity/duplicate-email' ? 3 : 1 }

const side = (cio_id: string, id: string | null, email: string | null) => ({
  cio_id,
  id,
  email,
  identity: { cio_id },
})

const fixedMerges: readonly MergeSuggestion[] = [
  {
    primary: side('d9c106000001', 'u-1', 'ana@example.com'),
    secondary: side('d9c106000002', null, 'Ana@Example.com'),
    safety: 'safe',
    joinedBy: 'email',
    keptBecause: 'canonical-id',
    review: [],
    conflicts: [],
    devices: [
      { token: 'a'.repeat(64), platform: 'ios', lastUsed: 1_763_000_000, attributes: { push_enabled: true } },
    ],
  },
  {
    primary: side('d9c106000003', '=u-3', 'bo@example.com'),
    secondary: side('d9c106000004', 'u-4', 'bo@example.com'),
    safety: 'review',
    joinedBy: 'email, phone',
    keptBecause: 'device',
    review: ['id', 'attributes'],
    conflicts: ['first_name', 'plan name'],
    devices: [],
  },
]

/** Two by two, so that whatever reads them meets a boundary. */
async function* chunks<T>(items: readonly T[]): AsyncIterable<readonly T[]> {
  for (let at = 0; at < items.length; at += 2) yield items.slice(at, at + 2)
}
