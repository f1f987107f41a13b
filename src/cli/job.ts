import { resolve } from 'node:path'
import type { Rule } from '../audit/rule.ts'
import {
  builtInPlan,
  loadBaseline,
  loadWaivers,
  readEnvironment,
  type Environment,
  type Waivers,
} from '../config/index.ts'
import type { Baseline } from '../core/baseline.ts'
import type { Plan } from '../core/plan.ts'
import type { Settings } from '../core/settings.ts'
import { readCheckedPlan } from './checked-plan.ts'
import type { Io } from './io.ts'
import { loadRulebook } from './load-rules.ts'
import { placesIn, type Places } from './places.ts'
import { createProgress, type Progress } from './progress.ts'
import type { CommonFlags } from './run-options.ts'

/** What every command knows once its inputs are read. Nothing was written or sent by then. */
export interface Job {
  readonly io: Io
  readonly environment: Environment
  readonly settings: Settings
  readonly plan: Plan
  readonly rules: readonly Rule[]
  /** Absolute. */
  readonly stateDir: string
  readonly progress: Progress
  readonly toolVersion: string
  /** The lines of the user's own files that findings are about. */
  readonly place: Places
}

export interface Judgement {
  readonly waivers: Waivers
  readonly baseline: Baseline | null
}

type JobFlags = CommonFlags & { readonly plan: string | undefined }

/** @param known - the plan of commands that do not go by the one of the folder. */
export async function loadJob(flags: JobFlags, io: Io, toolVersion: string, known?: Plan): Promise<Job> {
  const environment = readEnvironment(io.env, io.cwd)
  const { settings, rules, file } = await loadRulebook(flags.config, io.cwd)
  const read = known === undefined ? await readCheckedPlan(flags.plan, io.cwd) : null
  return {
    io,
    environment,
    settings,
    plan: known ?? read?.plan ?? builtInPlan,
    rules,
    stateDir: resolve(io.cwd, flags['state-dir']),
    progress: createProgress({ stderr: io.stderr, quiet: flags.quiet, verbose: flags.verbose, now: io.now }),
    toolVersion,
    place: placesIn({ config: file, plan: read?.file ?? null }),
  }
}

export async function loadJudgement(
  flags: { readonly waivers: string | undefined; readonly baseline: string | undefined },
  { cwd }: Io,
): Promise<Judgement> {
  return { waivers: await loadWaivers(flags.waivers, cwd), baseline: await loadBaseline(flags.baseline, cwd) }
}
