import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { withModel } from '../audit/open-model.ts'
import { builtInPlan } from '../config/index.ts'
import { renderPlan } from '../config/plan-text.ts'
import { UsageError } from '../core/errors.ts'
import { isoSeconds } from '../core/time.ts'
import { inferPlan } from '../model/observed/index.ts'
import { number, plural } from '../reports/view.ts'
import { bringIn } from './bring-in.ts'
import { mustBePlan } from './checked-plan.ts'
import type { Io } from './io.ts'
import { loadJob } from './job.ts'
import { readOrigin } from './origin.ts'
import { takenAdvice, writeNamedFile } from './named-file.ts'
import { readPullOptions, readWindow, type CommonFlags } from './run-options.ts'

export interface InferFlags extends CommonFlags {
  readonly source: readonly string[] | undefined
  readonly since: string | undefined
  readonly until: string | undefined
  readonly 'as-of': string | undefined
  readonly memory: string | undefined
  readonly out: string
  readonly force: boolean
}

/** `cio-audit plan infer`: a first plan out of what was observed; never over the network. */
export async function runPlanInfer(flags: InferFlags, io: Io, toolVersion: string): Promise<number> {
  const { out, force } = flags
  if (out !== '-' && !force && existsSync(resolve(io.cwd, out)))
    throw new UsageError('USAGE_OUT', `${out} is there already.`, takenAdvice)
  const origin = readOrigin({ source: flags.source, offline: true })
  const window = readWindow(flags, io.now())
  const options = readPullOptions(
    {
      ...flags,
      plan: undefined,
      'max-rate': undefined,
      'max-activities': undefined,
      sample: undefined,
      fresh: false,
    },
    window.asOf ?? io.now(),
  )
  // The plan of the folder plays no part: names are known by the built-in one, and the file may be the one to write.
  const job = await loadJob({ ...flags, plan: undefined }, io, toolVersion, builtInPlan)
  const held = await bringIn(job, origin, options)
  try {
    const { text, events, attributes } = await job.progress.step('Looking at what is there', () =>
      withModel(
        {
          snapshotPath: held.snapshotPath,
          stateDir: job.stateDir,
          settings: job.settings,
          plan: builtInPlan,
          memoryBytes: options.memoryBytes,
          ...(window.asOf ? { asOf: window.asOf } : {}),
          ...(window.since ? { since: window.since } : {}),
          ...(window.until ? { until: window.until } : {}),
        },
        async (db, facts) => {
          const { plan, notes } = await inferPlan(db)
          const { since, until } = facts.window
          const head = [
            `Inferred from what was observed from ${isoSeconds(since)} to ${isoSeconds(until)}: a draft to correct, not a truth.`,
            'Required is what at least 99 % have. Comments say what was seen.',
          ]
          return {
            text: renderPlan(plan, head, notes),
            events: Object.keys(plan.events).length,
            attributes: Object.keys(plan.attributes).length,
          }
        },
      ),
    )
    io.signal.throwIfAborted()
    if (events + attributes === 0)
      throw new UsageError(
        'SNAPSHOT_EMPTY',
        'There is nothing to infer a plan from: no event in the window, and no attribute of anybody.',
        'Look at another window with --since and --until, or at other files with --source.',
      )
    mustBePlan({
      origin: 'what was observed',
      text,
      code: 'CONFIG_PLAN',
      mend: 'look at a shorter window with --since, or plan these by hand.',
      shrink: 'Look at a shorter window with --since, or at files with fewer kinds of events.',
    })
    await writeNamedFile(text, { out, force }, io)
    const where = out === '-' ? 'standard output' : out
    job.progress.note(
      `${plural(events, 'event')} and ${number(attributes)} attributes are planned in ${where}. Read it through before a verdict hangs on it.`,
    )
    return 0
  } finally {
    await held.release()
  }
}
