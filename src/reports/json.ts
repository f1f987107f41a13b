import { reportSchema, type AuditReport } from '../core/report.ts'
import { safeJson } from './escape.ts'
import type { Reporter } from './reporter.ts'

/** `report.json`: the contract. Through its own schema, which fixes the order of keys and lets nothing else pass. */
export function renderJson(report: AuditReport): string {
  return safeJson(`${JSON.stringify(reportSchema.parse(report), null, 2)}\n`)
}

export const json: Reporter = {
  files: ({ report, timings }) => [
    { path: 'report.json', content: () => [renderJson(report)] },
    // Durations are kept apart, since two runs over the same data must give the same report to the byte.
    { path: 'timings.json', content: () => [`${JSON.stringify(timings, null, 2)}\n`] },
  ],
}
