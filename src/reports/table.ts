import type { AuditReport } from '../core/report.ts'
import type { TrendPoint } from '../core/trend.ts'
import type { Page } from './grid.ts'
import type { Reporter, ReporterOptions } from './reporter.ts'
import { ledgerSection } from './table-ledger.ts'
import { attentionSection, passedSection } from './table-rules.ts'
import { checklistSection, header, journeysSection, noticesSection, readSection } from './table-sections.ts'
import { verdictSection } from './table-verdict.ts'

/** Narrower than this no sentence can be read; the terminal breaks the lines then. */
const narrowest = 40

/** The report for a person: details first, and at the end, where the eye is left, the verdict and what to do. */
export function renderTable(
  report: AuditReport,
  options: Pick<ReporterOptions, 'width' | 'colour'>,
  trend: readonly TrendPoint[] = [],
): string {
  const page: Page = { width: Math.max(narrowest, options.width), colour: options.colour }
  const lines = [
    ...header(page, report),
    ...readSection(page, report),
    ...attentionSection(page, report, trend),
    ...passedSection(page, report),
    ...checklistSection(page, report),
    ...ledgerSection(page, report),
    ...journeysSection(page, report),
    ...noticesSection(page, report),
    ...verdictSection(page, report, trend),
  ]
  return `${lines.join('\n')}\n`
}

/** The end of the table alone, for when the whole of it goes elsewhere. */
export function renderVerdict(
  report: AuditReport,
  options: Pick<ReporterOptions, 'width' | 'colour'>,
  trend: readonly TrendPoint[] = [],
): string {
  const page: Page = { width: Math.max(narrowest, options.width), colour: options.colour }
  return `${verdictSection(page, report, trend).join('\n').trimStart()}\n`
}

export const table: Reporter = {
  files: ({ report, trend }, options) => [
    { path: 'report.txt', content: () => [renderTable(report, options, trend)] },
  ],
}
