import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { guidePlan, withNamedEvents, type NamedEvents } from '../config/first-plan.ts'
import { renderPlan } from '../config/plan-text.ts'
import { renderSettings, type FirstSettings } from '../config/settings-text.ts'
import { UsageError } from '../core/errors.ts'
import { number, percent } from '../reports/view.ts'
import { ciJobs, type CiKind } from './ci-jobs.ts'
import type { Found } from './init-look.ts'
import type { Io } from './io.ts'
import { makeFolder, reasonOf } from './output-folder.ts'
import { writeNamedFile } from './named-file.ts'
import type { Progress } from './progress.ts'

interface FirstFile {
  readonly path: string
  readonly text: string
}

const advice = 'Go to a folder that you may write to, and run the same command there.'
const ownFiles = ['cio-audit.yaml', 'tracking-plan.yaml']

export const pathsOf = (kinds: readonly CiKind[]): string[] => [
  ...ownFiles,
  ...kinds.map((kind) => ciJobs[kind].path),
]

export function firstFiles(
  first: FirstSettings,
  found: Found,
  named: NamedEvents,
  kinds: readonly CiKind[],
  facts: { readonly version: string; readonly cwd: string },
): FirstFile[] {
  const texts = [
    renderSettings(first, idNote(found)),
    planText(found, named),
    ...kinds.map((kind) => ciJobs[kind].text(facts)),
  ]
  return pathsOf(kinds).map((path, index) => ({ path, text: texts[index] ?? '' }))
}

/** Before anything is asked or looked at: with nothing left to write there is nothing to do. */
export function refuseWhenAllThere(cwd: string, paths: readonly string[], force: boolean): void {
  if (force || !paths.every((path) => existsSync(resolve(cwd, path)))) return
  throw new UsageError(
    'USAGE_OUT',
    `${paths.join(', ')}: all of them are there already.`,
    'Add --force to write over them.',
  )
}

export async function writeFirstFile(
  { path, text }: FirstFile,
  force: boolean,
  io: Io,
  progress: Progress,
): Promise<void> {
  if (!force && existsSync(resolve(io.cwd, path))) {
    progress.note(`${path} is there already and stays as it is; --force writes over it.`)
    return
  }
  await makeFolder(dirname(resolve(io.cwd, path))).catch((cause: unknown) => {
    throw new UsageError(
      'USAGE_OUT',
      `The folder of ${path} could not be made (${reasonOf(cause)}).`,
      advice,
      { cause },
    )
  })
  await writeNamedFile(text, { out: path, force, advice }, io)
  progress.note(`Written: ${path}`)
}

function planText({ inferred }: Found, named: NamedEvents): string {
  if (inferred !== null)
    return renderPlan(
      withNamedEvents(inferred.plan, named),
      [
        'Inferred from the newest events and from some people: a draft to correct, not a truth.',
        'Required is what at least 99 % have. Comments say what was seen.',
      ],
      inferred.notes,
    )
  return renderPlan(guidePlan(named), [
    'The contract between product, engineering and retention. Nobody looked at the workspace for it:',
    'the names are those of the flags, else the usual ones. Put your own names, then set critical: true',
    'on the events that a journey hangs on: a critical event that never arrives is a NO-GO.',
  ])
}

const idNote = ({ ids }: Found): string | null =>
  ids === null
    ? null
    : `${percent(ids.share)} of ${number(ids.ids)} ids that were looked at are ${ids.pattern}.`
