import { appendFile, stat } from 'node:fs/promises'
import { ReportError } from '../core/errors.ts'
import type { AuditReport } from '../core/report.ts'
import { mostSummaryBytes, renderMarkdown } from '../reports/index.ts'
import type { Io } from './io.ts'
import { reasonOf } from './output-folder.ts'
import type { Progress } from './progress.ts'

/** With less room than this there is no report to speak of. */
const leastBytes = 16 * 1024

/** Adds the report to the page of a GitHub step; where the runner names no such page there is nothing to do. */
export async function appendStepSummary(
  { env }: Pick<Io, 'env'>,
  report: AuditReport,
  progress: Pick<Progress, 'warn'>,
): Promise<void> {
  const path = env['GITHUB_STEP_SUMMARY']
  if (path === undefined || path === '') return
  try {
    // Whatever the step has written before counts into the limit, and over the limit all of it is lost.
    const room = mostSummaryBytes - (await sizeOf(path)) - 1
    if (room < leastBytes)
      progress.warn('The summary of this step is full, so the report was not added to it.')
    else await appendFile(path, `\n${renderMarkdown(report, room)}`)
  } catch (cause) {
    throw new ReportError(
      'REPORT_SUMMARY',
      `The summary of the step could not be written (${reasonOf(cause)}).`,
      'Check GITHUB_STEP_SUMMARY, which the runner sets, or add --out for github-summary.md.',
      { cause },
    )
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (cause) {
    if (reasonOf(cause) === 'ENOENT') return 0
    throw cause
  }
}
