import type { AuditReport, SourceKind, StreamLine } from '../core/report.ts'
import { streamNames } from '../core/tables.ts'
import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import type { Need, RuleMeta } from './rule.ts'

type SourceLine = AuditReport['sources'][number]

/** What was read, per source, from the ledger of the snapshot that is attached as `snap`. */
export async function readSources(db: Database): Promise<SourceLine[]> {
  const [workspace] = await db.rows(raw('select id, name from snap.workspace'))
  const region = await db.scalar(raw("select value from snap.meta where key = 'region'"))
  const lines = await db.rows(
    raw(
      'select source, name, read, expected, rejected, complete, ended from snap.stream order by source, name',
    ),
  )
  const kinds = [...new Set(lines.map(({ source }) => String(source)))]
  return kinds.map((kind) => ({
    kind: kind as SourceKind,
    region: region === null ? null : String(region),
    workspace: {
      id: workspace && workspace['id'] !== null ? Number(workspace['id']) : null,
      name: workspace && workspace['name'] !== null ? String(workspace['name']) : null,
    },
    streams: lines
      .filter(({ source }) => source === kind)
      .map((line): StreamLine => ({
        name: String(line['name']),
        read: Number(line['read'] ?? 0),
        expected: line['expected'] === null ? null : Number(line['expected']),
        rejected: Number(line['rejected'] ?? 0),
        complete: line['complete'] === true,
        ended: String(line['ended'] ?? 'not ended'),
      })),
  }))
}

const eventPrefix = streamNames.eventName('')

/** The streams that a need stands for. */
function streamsOf(
  need: Need,
  streams: readonly StreamLine[],
  planned: readonly string[],
): { wanted: string; found: readonly StreamLine[] }[] {
  const named = (name: string) => ({ wanted: name, found: streams.filter((stream) => stream.name === name) })
  if (need === 'activities') return [named(streamNames.activitiesRest)]
  if (need !== 'planned-events') return [named(streamNames[need])]
  const own = streams.filter((stream) => stream.name.startsWith(eventPrefix))
  // An event without a cursor of its own was only met among all the others.
  const covered = planned.every((name) => own.some((stream) => stream.name === streamNames.eventName(name)))
  return [
    ...(own.length > 0 ? [{ wanted: 'planned events', found: own }] : []),
    ...(covered && own.length > 0 ? [] : [named(streamNames.activitiesRest)]),
  ]
}

/**
 * Why a rule cannot be judged on what was read, or null when it can.
 *
 * @param planned - names of the plan's events that were seen.
 */
export function obstacle(
  meta: RuleMeta,
  sources: readonly SourceLine[],
  planned: readonly string[],
): string | null {
  const streams = sources.flatMap((source) => source.streams)
  for (const { wanted, found } of meta.needs.flatMap((need) => streamsOf(need, streams, planned))) {
    if (found.length === 0) return `${wanted} was not read`
    const partial = found.find((stream) => !stream.complete)
    if (partial) return `${partial.name} is incomplete: ${partial.ended}`
    const damaged = found.find((stream) => stream.rejected > 0)
    if (damaged) return `${damaged.rejected} records of ${damaged.name} could not be read`
  }
  return null
}

/** Which other kind of source would show it, when none of the connected ones can. */
export function unseen(meta: RuleMeta, sources: readonly SourceLine[]): string | null {
  if (sources.some((source) => meta.sources[source.kind] !== 'none')) return null
  const names: Record<SourceKind, string> = {
    'app-api': 'the App API',
    'people-export': 'a people export',
    'warehouse-sync': 'warehouse files',
    pipelines: 'Pipelines files',
  }
  const able = (Object.keys(names) as SourceKind[])
    .filter((kind) => meta.sources[kind] !== 'none')
    .map((kind) => names[kind])
  return `needs ${able.join(' or ')}`
}
