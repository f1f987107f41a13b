import { readEnvironment } from '../config/index.ts'
import type { FirstSettings } from '../config/settings-text.ts'
import { CioAuditError, exitCodes, InterruptedError } from '../core/errors.ts'
import { ciJobs, type CiKind } from './ci-jobs.ts'
import type { Connecting } from './connect.ts'
import { checkAnswers, readEvents, type Answers } from './init-answers.ts'
import { firstFiles, pathsOf, refuseWhenAllThere, writeFirstFile } from './init-files.ts'
import type { Found } from './init-look.ts'
import type { Io } from './io.ts'
import { createProgress, type Progress } from './progress.ts'
import type { CommonFlags } from './run-options.ts'

export interface InitFlags extends Omit<CommonFlags, 'config' | 'state-dir'> {
  readonly yes: boolean
  readonly name: string | undefined
  readonly 'canonical-id': string | undefined
  readonly 'login-event': readonly string[] | undefined
  readonly event: readonly string[] | undefined
  readonly country: string | undefined
  readonly 'opt-in-attribute': string | undefined
  readonly notify: string | undefined
  readonly ci: readonly string[] | undefined
  readonly offline: boolean
  readonly force: boolean
}

const nothing: Found = { name: null, ids: null, authEvents: [], optInAttribute: null, inferred: null }

/** `cio-audit init`: a config and a plan to begin with, and a job where one is asked for. */
export async function runInit(flags: InitFlags, io: Io, toolVersion: string): Promise<number> {
  const named = readEvents(flags.event ?? [])
  const given = answersOf(flags)
  checkAnswers(given)
  refuseWhenAllThere(io.cwd, pathsOf(given.ci ?? []), flags.force)
  const environment = readEnvironment(io.env, io.cwd)
  const progress = createProgress({
    stderr: io.stderr,
    quiet: flags.quiet,
    verbose: flags.verbose,
    now: io.now,
  })
  const isBlind = flags.offline || environment.appApiKey === null
  const found = isBlind ? nothing : await look({ environment, io }, progress)
  const isAsked = !flags.yes && io.stdin.isTTY && io.stderr.isTTY
  // Loaded where somebody is there to answer.
  const answers = isAsked ? await (await import('./init-ask.ts')).ask(given, found, io) : given
  const kinds = answers.ci ?? []
  const facts = { version: toolVersion, cwd: io.cwd }
  for (const file of firstFiles(settingsFrom(answers, found), found, named, kinds, facts))
    await writeFirstFile(file, flags.force, io, progress)
  for (const kind of kinds) progress.note(ciJobs[kind].next)
  progress.note('Keep .cio-audit/ and .env out of version control: personal data and keys.')
  progress.note(
    environment.appApiKey === null
      ? 'Next: set CIO_APP_API_KEY in the environment or in .env, then `cio-audit init --force` looks at the workspace, and `cio-audit doctor` says what works.'
      : 'Next: read both files through, then `cio-audit doctor` and `cio-audit run --out report`; after it `cio-audit plan infer --force` drafts the plan from all that was read.',
  )
  return exitCodes.go
}

function answersOf(flags: InitFlags): Answers {
  return {
    name: flags.name ?? null,
    canonicalId: flags['canonical-id'] ?? null,
    authEvents: flags['login-event'] ?? null,
    defaultCountry: flags.country ?? null,
    optInAttribute: flags['opt-in-attribute'] ?? null,
    notifyFrom: flags.notify ?? null,
    ci: flags.ci === undefined ? null : ([...new Set(flags.ci)] as CiKind[]),
  }
}

function settingsFrom(answers: Answers, found: Found): FirstSettings {
  return {
    name: answers.name ?? found.name,
    canonicalId: answers.canonicalId ?? found.ids?.pattern ?? null,
    authEvents: answers.authEvents ?? found.authEvents,
    defaultCountry: answers.defaultCountry,
    optInAttribute: answers.optInAttribute ?? found.optInAttribute,
    notifyFrom: answers.notifyFrom,
    notifyLink: answers.ci?.map((kind) => ciJobs[kind].link).find((link) => link !== null) ?? null,
  }
}

/** A look that fails leaves the files less to say; they are still of use. */
async function look(job: Connecting, progress: Progress): Promise<Found> {
  try {
    const { lookAtWorkspace } = await import('./init-look.ts')
    return await progress.step('Looking at the workspace', () => lookAtWorkspace(job))
  } catch (cause) {
    if (!(cause instanceof CioAuditError) || cause instanceof InterruptedError) throw cause
    progress.warn(`The workspace was not looked at: ${cause.message} ${cause.suggestions.join(' ')}`)
    return nothing
  }
}
