import { csv } from './csv.ts'
import { github } from './github.ts'
import { html } from './html/index.ts'
import { json } from './json.ts'
import { junit } from './junit.ts'
import { markdown } from './markdown.ts'
import type { Reporter } from './reporter.ts'
import { sarif } from './sarif.ts'
import { table } from './table.ts'

/** Every format by its name on the command line. */
export const reporters = {
  table,
  json,
  csv,
  html,
  markdown,
  junit,
  sarif,
  github,
} as const satisfies Readonly<Record<string, Reporter>>

export type Format = keyof typeof reporters

export { mergeBatches } from './merges.ts'
export { annotations, quietly } from './github.ts'
export { mostBytes as mostSummaryBytes, renderMarkdown } from './markdown.ts'
export { createMasker, type Masker } from './mask.ts'
export { maskInput, maskReport, maskSubjectKey } from './mask-report.ts'
export type { OutputFile, Place, Reporter, ReporterOptions, ReportInput } from './reporter.ts'
export { renderTable, renderVerdict } from './table.ts'
