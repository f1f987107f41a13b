import { emptyWindow, momentAt, type Moment } from '../core/moment.ts'
import type { AuditReport } from '../core/report.ts'
import type { Settings } from '../core/settings.ts'
import { filesEnd } from '../core/tables.ts'
import { isoSeconds } from '../core/time.ts'
import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import { readSample, type Sample } from './sampling.ts'
import { readSources } from './streams.ts'
import { withinReach } from './window-reach.ts'

const thirtyDays = 30 * 86400 * 1000

/** What is known before the first rule is asked. */
export interface Facts {
  readonly window: { readonly since: Date; readonly until: Date; readonly asOf: Date }
  readonly sources: AuditReport['sources']
  readonly hash: string
  /** Null: everybody was read. */
  readonly sample: Sample | null
  /** What fingerprints are keyed with: as a source says it, else as the config does. */
  readonly workspaceId: number | null
  /** Calls of files that came again under the same message id. */
  readonly repeatedCalls: number
  /** Of people exports, of people whom a later file names again. */
  readonly supersededRecords: number
  readonly notices: readonly string[]
}

/** What a look into a snapshot depends on beside its rows. */
export interface View {
  readonly snapshotPath: string
  readonly settings: Settings
  readonly asOf?: Date
  readonly since?: Moment
  readonly until?: Moment
}

/** Attaches the snapshot as `snap`, and says which window of it counts. */
export async function readFacts(db: Database, options: View): Promise<Facts> {
  await db.run(raw(`attach '${options.snapshotPath.replaceAll("'", "''")}' as snap (read_only)`))
  const meta = new Map(
    (await db.rows(raw('select key, value from snap.meta'))).map((row) => [
      String(row['key']),
      String(row['value']),
    ]),
  )
  const date = (key: string) => (meta.has(key) ? new Date(meta.get(key) ?? '') : undefined)
  // A pull that has not ended has no end to take for "now"; its streams are incomplete, and the verdict will say so.
  const asOf =
    options.asOf ?? date('pull_ended_at') ?? date('files_as_of') ?? date('pull_started_at') ?? new Date(0)
  const until = options.until === undefined ? asOf : momentAt(options.until, asOf)
  const sources = called(await readSources(db), options.settings.workspace.name)
  // Without the API nothing happened, as far as is known, before the first call of the files.
  const began = sources.some(({ kind }) => kind === 'app-api') ? undefined : date('files_since')
  const thirtyDaysBack = new Date(until.getTime() - thirtyDays)
  const isShort =
    options.since === undefined && began !== undefined && began > thirtyDaysBack && began < until
  const since =
    options.since === undefined ? (isShort ? began : thirtyDaysBack) : momentAt(options.since, asOf)
  // Nothing happened in it, and that would be taken for nothing that is wrong.
  if (since >= until) throw emptyWindow()
  const today = isoSeconds(asOf).slice(0, 10)
  const notices = Object.entries(options.settings.attest).flatMap(([item, { on, expires }]) =>
    expires < today
      ? [`The attestation of ${item} expired on ${expires}.`]
      : on > today
        ? [`The attestation of ${item} counts from ${on} on, and this run judges as of ${today}.`]
        : [],
  )
  return {
    window: { since, until, asOf },
    sources: withinReach(
      sources,
      { since, until },
      {
        from: date('since'),
        begun: date('pull_started_at'),
        ended: date('pull_ended_at'),
      },
      // Without a first arrival the "now" of the files is of something else.
      {
        from: date('files_since'),
        until: meta.has('files_since') ? date('files_as_of') : undefined,
        brokenOff: new Map(
          [...meta]
            .filter(([key]) => key.startsWith(filesEnd))
            .map(([key, at]) => [key.slice(filesEnd.length), new Date(at)]),
        ),
      },
    ),
    hash: meta.get('hash') ?? 'unfinished',
    sample: await readSample(db),
    workspaceId:
      sources.find(({ workspace }) => workspace.id !== null)?.workspace.id ??
      options.settings.workspace.id ??
      null,
    repeatedCalls: Number(meta.get('repeated_calls') ?? 0),
    supersededRecords: Number(meta.get('superseded_records') ?? 0),
    notices: [
      ...notices,
      ...(isShort ? [`The files begin at ${isoSeconds(since)}: the window is shorter than 30 days.`] : []),
    ],
  }
}

/** The name that the config gives is for readers; which workspace it is hangs on its id alone. */
const called = (sources: Facts['sources'], name: string | null): Facts['sources'] =>
  name === null ? sources : sources.map((source) => ({ ...source, workspace: { ...source.workspace, name } }))
