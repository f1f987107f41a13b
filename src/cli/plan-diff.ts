import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { diffPlans, type PlanChange, type Reads } from '../config/plan-diff.ts'
import { pathText } from '../config/problem.ts'
import type { Plan } from '../core/plan.ts'
import { journeyUses, type JourneyUse } from '../model/journey-uses.ts'
import { safeJson } from '../reports/escape.ts'
import { grid, heading, show, type Entry, type Page } from '../reports/grid.ts'
import { plural } from '../reports/view.ts'
import { openFile } from '../snapshot/database-file.ts'
import { snapshotPath } from '../snapshot/index.ts'
import { readCheckedPlan } from './checked-plan.ts'
import { screenOf, writeOut, type Io } from './io.ts'
import { noPlan } from './plan-check.ts'

export interface DiffFlags {
  readonly 'state-dir': string
  readonly json: boolean
  readonly 'no-color': boolean
}

interface Judged extends PlanChange {
  readonly journeys: readonly { readonly id: number; readonly name: string }[]
}

/** `cio-audit plan diff A B`: what changed, what of it breaks, and which running journeys that would meet. */
export async function runPlanDiff(
  files: { readonly before: string; readonly after: string },
  flags: DiffFlags,
  io: Io,
): Promise<number> {
  const before = await read(files.before, io)
  const after = await read(files.after, io)
  const uses = await usesOf(resolve(io.cwd, flags['state-dir']))
  const changes = diffPlans(before, after).map((change): Judged => ({
    ...change,
    journeys: (uses ?? [])
      .filter((use) => isConcerned(use, change.reads, [before, after]))
      .map(({ id, name }) => ({ id, name })),
  }))
  const text = flags.json
    ? asJson(before, after, changes, uses !== null)
    : asText(screenOf(io.stdout, flags['no-color']), before, after, changes, uses !== null)
  await writeOut(io.stdout, [text])
  return 0
}

async function read(file: string, io: Io): Promise<Plan> {
  const found = await readCheckedPlan(file, io.cwd)
  if (found === null) throw noPlan()
  return found.plan
}

/** Null without a snapshot: then no journeys are known. */
async function usesOf(stateDir: string): Promise<JourneyUse[] | null> {
  const path = snapshotPath(stateDir)
  if (!existsSync(path)) return null
  const db = await openFile({ path, access: 'read' })
  try {
    return await journeyUses(db)
  } finally {
    db.close()
  }
}

/** A journey may start with a former name, by which the plan expects the event too. */
function isConcerned(use: JourneyUse, reads: Reads, plans: readonly Plan[]): boolean {
  if ('attribute' in reads) return use.attributes.has(reads.attribute)
  const formerNames = plans.flatMap(({ events }) =>
    Object.hasOwn(events, reads.event) ? (events[reads.event]?.aliases ?? []) : [],
  )
  if (use.event === null || ![reads.event, ...formerNames].includes(use.event)) return false
  return !('property' in reads) || use.properties.has(reads.property)
}

function asJson(before: Plan, after: Plan, changes: readonly Judged[], isKnown: boolean): string {
  const side = ({ origin, version }: Plan) => ({ file: origin, version })
  const report = {
    schemaVersion: 1,
    before: side(before),
    after: side(after),
    journeysKnown: isKnown,
    breaking: changes.filter(({ breaking }) => breaking).length,
    changes: changes.map(({ path, breaking, text, journeys }) => ({
      path: pathText(path),
      breaking,
      change: text,
      journeys,
    })),
  }
  return safeJson(`${JSON.stringify(report, null, 2)}\n`)
}

function asText(page: Page, before: Plan, after: Plan, changes: readonly Judged[], isKnown: boolean): string {
  const breaking = changes.filter((change) => change.breaking)
  const others = changes.filter((change) => !change.breaking)
  const section = (title: string, part: readonly Judged[], mark: Pick<Entry, 'mark' | 'style'>): string[] =>
    part.length === 0
      ? []
      : [
          ...heading(page, title),
          ...grid(
            page,
            part.map((change) => entry(change, mark)),
          ),
        ]
  const end =
    changes.length === 0
      ? 'The plans are the same.'
      : `${plural(changes.length, 'change')}, ${breaking.length} of them breaking.`
  const lines = [
    show(`${before.origin} ${before.version} → ${after.origin} ${after.version}`),
    ...section('Breaking', breaking, { mark: '✖', style: 'red' }),
    ...section('Not breaking', others, { mark: '✔', style: 'green' }),
    ...heading(page, end),
    ...(isKnown || changes.length === 0
      ? []
      : grid(page, [
          {
            mark: '-',
            lines: ['There is no snapshot, so journeys are not named. Run `cio-audit pull` first.'],
          },
        ])),
  ]
  return `${lines.join('\n')}\n`
}

function entry({ path, text, journeys, breaking }: Judged, mark: Pick<Entry, 'mark' | 'style'>): Entry {
  const names = journeys.map(({ id, name }) => `${name} (${id})`).join(', ')
  const hit =
    journeys.length === 0 ? [] : [{ lead: '→ ', text: show(`${breaking ? 'hits' : 'concerns'} ${names}`) }]
  return { ...mark, lines: [show(`${pathText(path)}: ${text}`), ...hit] }
}
