import { csv } from './csv.ts'
import { json } from './json.ts'
import type { Reporter } from './reporter.ts'
import { table } from './table.ts'

/** Every format by its name on the command line. */
export const reporters = { table, json, csv } as const satisfies Readonly<Record<string, Reporter>>

export type Format = keyof typeof reporters

export { mergeBatches } from './merges.ts'
export { renderJson } from './json.ts'
export { createMasker, type Masker } from './mask.ts'
export { maskInput, maskReport } from './mask-report.ts'
export type { OutputFile, Reporter, ReporterOptions, ReportInput } from './reporter.ts'
export { renderTable, renderVerdict } from './table.ts'
