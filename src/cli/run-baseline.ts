import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { audit, type AuditOutcome } from '../audit/index.ts'
import { baselineFile, baselineText, loadBaseline, loadOrders, loadWaivers } from '../config/index.ts'
import type { Baseline } from '../core/baseline.ts'
import { UsageError } from '../core/errors.ts'
import { acceptFindings, baselineSummary } from './accept-findings.ts'
import { bringIn } from './bring-in.ts'
import { screenOf, writeOut, type Io } from './io.ts'
import { loadJob, type Job } from './job.ts'
import { readOrigin } from './origin.ts'
import { writeNamedFile } from './named-file.ts'
import { checkGlobs } from './rule-globs.ts'
import { RunHistory } from './run-history.ts'
import { readPullOptions, readWindow, type RunFlags } from './run-options.ts'

export type BaselineFlags = Pick<
  RunFlags,
  | 'config'
  | 'state-dir'
  | 'quiet'
  | 'verbose'
  | 'no-color'
  | 'plan'
  | 'source'
  | 'memory'
  | 'since'
  | 'until'
  | 'as-of'
  | 'orders'
  | 'waivers'
  | 'baseline'
  | 'rule'
  | 'skip-rule'
>

/** `cio-audit baseline`: what an audit of the snapshot that is there finds is known from now on. */
export async function runBaseline(flags: BaselineFlags, io: Io, toolVersion: string): Promise<number> {
  if (flags.source?.includes('api'))
    throw new UsageError(
      'USAGE_SOURCE',
      'cio-audit baseline looks at what is there and asks nothing of Customer.io.',
      'Run `cio-audit run` first, then `cio-audit baseline` without --source api.',
    )
  const file = flags.baseline ?? baselineFile
  const origin = readOrigin({ source: flags.source, offline: true })
  const window = readWindow(flags, io.now())
  const pull = readPullOptions(
    { ...flags, 'max-rate': undefined, 'max-activities': undefined, sample: undefined, fresh: false },
    window.asOf ?? io.now(),
  )
  const job = await loadJob(flags, io, toolVersion)
  const { waivers } = await loadWaivers(flags.waivers, io.cwd)
  const orders = await loadOrders(flags.orders, io.cwd)
  const ids = job.rules.map(({ meta }) => meta.id)
  checkGlobs('--rule', flags.rule ?? [], ids)
  checkGlobs('--skip-rule', flags['skip-rule'] ?? [], ids)
  const before = await baselineBefore(file, job)
  const held = await bringIn(job, origin, pull)
  try {
    const { asOf, since, until } = window
    const history = new RunHistory(job.stateDir, job.progress)
    const past = history.past(job.plan)
    const outcome = await job.progress.step('Auditing', () =>
      audit({
        snapshotPath: held.snapshotPath,
        stateDir: job.stateDir,
        settings: job.settings,
        plan: job.plan,
        waivers,
        baseline: null,
        rules: job.rules,
        only: flags.rule ?? [],
        skip: flags['skip-rule'] ?? [],
        toolVersion,
        past,
        ...(orders === null ? {} : { orders }),
        ...(asOf ? { asOf } : {}),
        ...(since ? { since } : {}),
        ...(until ? { until } : {}),
        memoryBytes: pull.memoryBytes,
        onStage: () => io.signal.throwIfAborted(),
      }),
    )
    try {
      const accepted = await acceptFindings(outcome, before, await mendedOf(outcome, before))
      io.signal.throwIfAborted()
      await writeNamedFile(
        baselineText(accepted.baseline),
        { out: file, force: true, advice: 'Name a file in a folder that you may write to with --baseline.' },
        io,
      )
      const summary = baselineSummary(screenOf(io.stdout, flags['no-color']), file, accepted)
      if (file !== '-') await writeOut(io.stdout, [summary])
      return 0
    } finally {
      await outcome.close()
    }
    async function mendedOf({ report, workspaceId }: AuditOutcome, known: Baseline | null) {
      const run = { id: report.run.id, asOf: new Date(report.run.asOf), workspaceId }
      return known === null ? new Set<string>() : await past.mended(run, known)
    }
  } finally {
    await held.release()
  }
}

/** A file that cannot be read is what this command mends. */
async function baselineBefore(file: string, { io, progress }: Job): Promise<Baseline | null> {
  if (!existsSync(resolve(io.cwd, file))) return null
  try {
    return await loadBaseline(file, io.cwd)
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause
    progress.warn(`${cause.message} It is written anew.`)
    return null
  }
}
