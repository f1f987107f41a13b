import { audit, type AuditOutcome } from '../audit/index.ts'
import type { ExitCode } from '../core/errors.ts'
import type { OrderFile } from '../core/order.ts'
import type { AskingRun } from '../core/plan-history.ts'
import type { AuditReport } from '../core/report.ts'
import type { TrendPoint } from '../core/trend.ts'
import { exitCodeFor, type FailOn } from '../core/verdict.ts'
import {
  maskInput,
  mergeBatches,
  renderJson,
  renderTable,
  renderVerdict,
  reporters,
  type OutputFile,
  type ReportInput,
} from '../reports/index.ts'
import { deliver } from './deliver.ts'
import { screenOf, writeOut } from './io.ts'
import type { Job, Judgement } from './job.ts'
import { loadMasker, maskingFor } from './masking.ts'
import { RunHistory } from './run-history.ts'
import type { Delivery, Window } from './run-options.ts'

export interface AuditJob extends Judgement {
  readonly orders: OrderFile | null
  readonly snapshotPath: string
  readonly window: Window
  readonly only: readonly string[]
  readonly skip: readonly string[]
  readonly journeys: readonly string[]
  readonly memoryBytes: number
  readonly failOn: FailOn
  readonly delivery: Delivery
  readonly csvBom: boolean
  readonly reveal: boolean
  readonly redact: boolean
  readonly noColour: boolean
}

/** Rules, verdict, reports. The verdict is on stdout, and the code is fixed, before the first file is written. */
export async function auditSnapshot(job: Job, options: AuditJob): Promise<ExitCode> {
  const { progress, io } = job
  const history = new RunHistory(job.stateDir, progress)
  const outcome = await progress.step('Auditing', (say) => runRules(job, options, history, say))
  try {
    io.signal.throwIfAborted()
    const trend = await history.trend(askingOf(outcome))
    const input = withNotices(outcome, trend, options.waivers.problems)
    const { report } = input
    for (const [stage, seconds] of Object.entries(outcome.timings.stages))
      progress.detail(`${stage}: ${seconds} s`)
    const baselineAsOf = options.baseline?.asOf ?? null
    await history.keep({ ...outcome, report, plan: job.plan, baselineAsOf }, job.settings.history.keep)
    const masked = await inputs(job, options, input)
    // A full disk behind stdout is told at the end: the files may still find room elsewhere.
    const unshown = await writeOut(io.stdout, onStdout(job, options, masked)).then(
      () => undefined,
      (error: Error) => error,
    )
    const { out, files } = options.delivery
    if (out !== undefined) {
      const screen = { width: 100, colour: false, csvBom: options.csvBom }
      const list: OutputFile[] = files.flatMap((format) => [
        ...reporters[format].files(masked.file(format), screen),
        ...(format === 'csv' ? mergeBatches(masked.file(format)) : []),
      ])
      await progress.step(`Writing the report to ${out}`, () => deliver(out, list, io.signal))
    }
    if (unshown !== undefined) throw unshown
    const code = exitCodeFor(report, options.failOn)
    if (options.failOn === 'warn' && code === 1 && report.verdict.decision !== 'no-go') {
      progress.warn('Exit code 1: warnings fail, and --fail-on warn makes that a NO-GO.')
    }
    return code
  } finally {
    await outcome.close()
  }
}

const askingOf = ({ report, workspaceId }: AuditOutcome): AskingRun => ({
  id: report.run.id,
  asOf: new Date(report.run.asOf),
  workspaceId,
})

async function runRules(
  job: Job,
  options: AuditJob,
  history: RunHistory,
  say: (text: string) => void,
): Promise<AuditOutcome> {
  const { asOf, since, until } = options.window
  const words = {
    load: 'loading the snapshot',
    model: 'building the model',
    rules: 'asking the rules',
  } as const
  return await audit({
    snapshotPath: options.snapshotPath,
    stateDir: job.stateDir,
    settings: job.settings,
    plan: job.plan,
    waivers: options.waivers.waivers,
    baseline: options.baseline,
    rules: job.rules,
    only: options.only,
    skip: options.skip,
    journeys: options.journeys,
    toolVersion: job.toolVersion,
    past: history.past(job.plan),
    ...(options.orders === null ? {} : { orders: options.orders }),
    ...(asOf ? { asOf } : {}),
    ...(since ? { since } : {}),
    ...(until ? { until } : {}),
    memoryBytes: options.memoryBytes,
    onStage: (stage) => {
      job.io.signal.throwIfAborted()
      say(words[stage])
    },
  })
}

/** Rows of waivers.csv that count for nothing are known before the audit, and named in its report. */
function withNotices(
  outcome: AuditOutcome,
  trend: readonly TrendPoint[],
  problems: readonly string[],
): ReportInput {
  const report: AuditReport = { ...outcome.report, notices: [...problems, ...outcome.report.notices] }
  return {
    report,
    timings: outcome.timings,
    trend,
    findings: (rule) => outcome.findings(rule),
    evidence: (rule) => outcome.evidence(rule),
    merges: () => outcome.merges(),
  }
}

interface Inputs {
  stdout(format: 'table' | 'json'): ReportInput
  file(format: keyof typeof reporters): ReportInput
}

async function inputs(job: Job, { reveal, redact, delivery }: AuditJob, plain: ReportInput): Promise<Inputs> {
  const { environment, settings, io, stateDir } = job
  const masking = maskingFor({
    reveal,
    redact: redact || settings.report.redact,
    ci: environment.ci,
    terminal: io.stdout.isTTY,
  })
  // Made only where it is needed, so that a run that masks nothing leaves no key behind.
  const asked = delivery.stdout === 'json' ? masking.stdout('json') : masking.stdout('table')
  const needed =
    asked || (delivery.out !== undefined && delivery.files.some((format) => masking.file(format)))
  const masked = needed ? maskInput(plain, await loadMasker(stateDir, environment.redactKey)) : plain
  return {
    stdout: (format) => (masking.stdout(format) ? masked : plain),
    file: (format) => (masking.file(format) ? masked : plain),
  }
}

function* onStdout({ io }: Job, { delivery, noColour }: AuditJob, masked: Inputs): Iterable<string> {
  const screen = screenOf(io.stdout, noColour)
  const table = masked.stdout('table')
  if (delivery.stdout === 'json') yield renderJson(masked.stdout('json').report)
  else if (delivery.stdout === 'table') yield renderTable(table.report, screen, table.trend)
  else yield renderVerdict(table.report, screen, table.trend)
}
