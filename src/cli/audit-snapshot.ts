import { audit, type AuditOutcome } from '../audit/index.ts'
import { leftOutReason, type Selection } from '../audit/selection.ts'
import type { ExitCode } from '../core/errors.ts'
import type { OrderFile } from '../core/order.ts'
import type { AskingRun } from '../core/plan-history.ts'
import { exitCodeFor, type FailOn } from '../core/verdict.ts'
import type { Outlook } from '../history/index.ts'
import {
  annotations,
  maskInput,
  mergeBatches,
  quietly,
  renderTable,
  renderVerdict,
  reporters,
  type Format,
  type OutputFile,
  type ReportInput,
} from '../reports/index.ts'
import { deliver } from './deliver.ts'
import { screenOf, writeOut } from './io.ts'
import type { Job, Judgement } from './job.ts'
import { loadMasker, maskingFor } from './masking.ts'
import { notify } from './notify.ts'
import { reportInput } from './report-input.ts'
import { RunHistory } from './run-history.ts'
import type { Delivery, Window } from './run-options.ts'
import { appendStepSummary } from './step-summary.ts'

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
  /** Without it nothing leaves the machine, no message either. */
  readonly online: boolean
}

/** Rules, verdict, reports. The verdict is on stdout, and the code is fixed, before the first file is written. */
export async function auditSnapshot(job: Job, options: AuditJob): Promise<ExitCode> {
  const { progress, io } = job
  const history = new RunHistory(job.stateDir, progress)
  const outcome = await progress.step('Auditing', (say) => runRules(job, options, history, say))
  try {
    io.signal.throwIfAborted()
    const outlook = outlookOf(outcome, options)
    const trend = await history.trend(askingOf(outcome), outlook)
    const input = reportInput(job, outcome, trend, options.waivers.problems)
    const { report } = input
    for (const [stage, seconds] of Object.entries(outcome.timings.stages))
      progress.detail(`${stage}: ${seconds} s`)
    const baselineAsOf = options.baseline?.asOf ?? null
    const { leftOut } = outlook
    await history.keep(
      { ...outcome, report, plan: job.plan, leftOut, baselineAsOf },
      job.settings.history.keep,
    )
    const masked = await inputs(job, options, input)
    // A full disk behind stdout is told at the end: the files may still find room elsewhere.
    const unshown = await writeOut(io.stdout, onStdout(job, options, masked)).then(
      () => undefined,
      (error: Error) => error,
    )
    // Before the files: a full disk is no reason to leave a channel without the verdict.
    if (options.online) await notify(job, report, trend)
    // Before the files, too: where those find no room, the page of the step is what is left to read.
    const unsummed = options.delivery.github
      ? await appendStepSummary(io, masked.file('github').report, progress).then(
          () => undefined,
          (error: Error) => error,
        )
      : undefined
    const { out, files } = options.delivery
    if (out !== undefined) {
      const screen = { width: 100, colour: false, csvBom: options.csvBom }
      const list: OutputFile[] = files.flatMap((format) => [
        ...reporters[format].files(masked.file(format), screen),
        ...(format === 'csv' ? mergeBatches(masked.file(format)) : []),
      ])
      await progress.step(`Writing the report to ${out}`, () => deliver(out, timingsLast(list), io.signal))
    }
    const failure = unshown ?? unsummed
    if (failure !== undefined) throw failure
    const code = exitCodeFor(report, options.failOn)
    if (options.failOn === 'warn' && code === 1 && report.verdict.decision !== 'no-go') {
      progress.warn('Exit code 1: warnings fail, and --fail-on warn makes that a NO-GO.')
    }
    return code
  } finally {
    await outcome.close()
  }
}

/** They tell how long all the others took. */
const timingsLast = (files: readonly OutputFile[]): OutputFile[] => {
  const isTimings = ({ path }: OutputFile): boolean => path === 'timings.json'
  return [...files.filter((file) => !isTimings(file)), ...files.filter(isTimings)]
}

const askingOf = ({ report, workspaceId }: AuditOutcome): AskingRun => ({
  id: report.run.id,
  asOf: new Date(report.run.asOf),
  workspaceId,
})

function outlookOf({ report, vantage }: AuditOutcome, selection: Selection): Outlook {
  const rules = report.rules.map(({ rule }) => rule)
  return {
    vantage,
    journeys: report.scope?.journeys ?? [],
    leftOut: rules.filter((rule) => leftOutReason(rule, selection) !== null),
    rules,
  }
}

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

interface Inputs {
  stdout(format: Format): ReportInput
  file(format: Format): ReportInput
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
  const needed =
    masking.stdout(delivery.stdout === 'verdict' ? 'table' : delivery.stdout) ||
    (delivery.github && masking.file('github')) ||
    (delivery.out !== undefined && delivery.files.some((format) => masking.file(format)))
  const masked = needed ? maskInput(plain, await loadMasker(stateDir, environment.redactKey)) : plain
  return {
    stdout: (format) => (masking.stdout(format) ? masked : plain),
    file: (format) => (masking.file(format) ? masked : plain),
  }
}

async function* onStdout(
  { io }: Job,
  { delivery, noColour, csvBom }: AuditJob,
  masked: Inputs,
): AsyncIterable<string> {
  const screen = { ...screenOf(io.stdout, noColour), csvBom }
  const { stdout: format, github } = delivery
  const { report, trend } = masked.stdout('table')
  if (github) {
    const text =
      format === 'table' ? renderTable(report, screen, trend) : renderVerdict(report, screen, trend)
    yield quietly(text, report)
    yield annotations(masked.file('github'))
  } else if (format === 'verdict') yield renderVerdict(report, screen, trend)
  else {
    const [file] = reporters[format].files(masked.stdout(format), screen)
    for await (const part of file?.content() ?? []) yield part.toString()
  }
}
