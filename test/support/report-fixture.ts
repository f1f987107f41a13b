import { readFileSync } from 'node:fs'
import type { ListedFinding } from '../../src/core/finding.ts'
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
    findings: (rule) => chunks(listed(rule)),
    evidence: (rule) => ({
      columns: Object.keys(lines(rule)[0] ?? { fingerprint: '' }),
      rows: chunks(lines(rule)),
    }),
  }
}

/** Two by two, so that whatever reads them meets a boundary. */
async function* chunks<T>(items: readonly T[]): AsyncIterable<readonly T[]> {
  for (let at = 0; at < items.length; at += 2) yield items.slice(at, at + 2)
}
