import { stat } from 'node:fs/promises'
import { formatDistance } from 'date-fns/formatDistance'
import { CioAuditError } from '../core/errors.ts'
import { plural } from '../reports/view.ts'
import { openFile } from '../snapshot/database-file.ts'
import { snapshotPath } from '../snapshot/index.ts'
import { raw } from '../engine/sql.ts'
import { loadBaseline, loadWaivers, readEnvironment } from '../config/index.ts'
import { loadCheckedPlan } from './checked-plan.ts'
import type { Check } from './doctor-report.ts'
import type { Io } from './io.ts'
import { loadRulebook } from './load-rules.ts'
import { webhookProblem } from './notify.ts'
import type { CommonFlags } from './run-options.ts'

export type DoctorFlags = CommonFlags & {
  readonly plan: string | undefined
  readonly waivers: string | undefined
  readonly baseline: string | undefined
  readonly 'max-rate': string | undefined
}

/** A failure that has a class of its own becomes a line; anything else is a bug and goes on. */
export async function attempt(work: () => Promise<Check>): Promise<Check> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof CioAuditError)) throw error
    return { mark: 'fail', text: error.message, exit: error.oclif.exit, advice: error.suggestions }
  }
}

/** The files of the current folder: each is read by itself, so that one that is broken hides no other. */
export async function fileChecks(flags: DoctorFlags, { cwd, env }: Io): Promise<Check[]> {
  return [
    await attempt(async () => {
      readEnvironment(env, cwd)
      return { mark: 'ok', text: 'The environment is readable.' }
    }),
    await attempt(async () => {
      const { settings, rules, custom } = await loadRulebook(flags.config, cwd)
      const { origin, notify } = settings
      // Nothing is sent to try it: the channel would read it.
      const unsent = notify === null ? null : webhookProblem(notify, { env, cwd })
      if (unsent !== null)
        return {
          mark: 'warn',
          text: `The config in ${origin} is valid, but no message can be sent: ${unsent}.`,
        }
      const added =
        custom === 0 ? '' : ` It adds ${plural(custom, 'rule')} to the ${rules.length - custom} here.`
      return {
        mark: 'ok',
        text:
          origin === 'defaults'
            ? 'No cio-audit.yaml: the defaults hold.'
            : `The config in ${origin} is valid.${added}`,
      }
    }),
    await attempt(async () => {
      const { origin, version, events } = await loadCheckedPlan(flags.plan, cwd)
      if (origin === 'built-in')
        return { mark: 'ok', text: 'No tracking-plan.yaml: the built-in plan holds, matched by intent.' }
      return {
        mark: 'ok',
        text: `The tracking plan in ${origin} is valid: version ${version}, ${plural(Object.keys(events).length, 'event')}.`,
      }
    }),
    await attempt(async () => {
      const { waivers, problems } = await loadWaivers(flags.waivers, cwd)
      if (problems.length > 0) return { mark: 'warn', text: problems.join(' ') }
      return waivers.length > 0
        ? { mark: 'ok', text: `${plural(waivers.length, 'waiver')}.` }
        : { mark: 'none', text: 'No waivers.' }
    }),
    await attempt(async () => {
      const known = Object.values((await loadBaseline(flags.baseline, cwd))?.rules ?? {})
      const size = known.reduce((sum, { fingerprints }) => sum + fingerprints.length, 0)
      return size > 0
        ? { mark: 'ok', text: `A baseline of ${plural(size, 'finding')}.` }
        : { mark: 'none', text: 'No baseline.' }
    }),
  ]
}

export async function snapshotCheck(stateDir: string, now: Date): Promise<Check> {
  const path = snapshotPath(stateDir)
  const there = await stat(path).then(
    () => true,
    () => false,
  )
  if (!there) return { mark: 'none', text: `No snapshot in ${stateDir} yet.` }
  const check = await attempt(async () => {
    const database = await openFile({ path, access: 'read' })
    try {
      const ended = await database.scalar(raw("select value from meta where key = 'pull_ended_at'"))
      const age =
        typeof ended === 'string'
          ? formatDistance(new Date(ended), now, { addSuffix: true })
          : 'at an unknown time'
      return { mark: 'ok', text: `The snapshot in ${stateDir} was pulled ${age}.` }
    } finally {
      database.close()
    }
  })
  return check
}
