import { counted } from '../core/counted.ts'
import type { AuditReport, SourceKind, StreamLine } from '../core/report.ts'
import { streamNames } from '../core/tables.ts'
import { needs, type Need, type RuleMeta } from './rule.ts'

type SourceLine = AuditReport['sources'][number]

const kindWords: Readonly<Record<SourceKind, string>> = {
  'app-api': 'the App API',
  'people-export': 'a people export',
  'warehouse-sync': 'warehouse files',
  pipelines: 'Pipelines files',
}

/**
 * Streams of files that show what a need asks for; all that are named must be there. Pages and screens count where they
 * are (a shop without an app has no screens): they tell who uses the app, so a damaged one leaves that open.
 */
const fileStreams: Readonly<
  Record<Exclude<SourceKind, 'app-api'>, Partial<Record<Need, readonly string[]>>>
> = {
  'people-export': { people: ['people'], attributes: ['people'] },
  'warehouse-sync': {
    people: ['people'],
    attributes: ['people', 'attributes'],
    messages: ['deliveries', 'metrics'],
  },
  pipelines: {
    people: ['identifies'],
    attributes: ['identifies', 'tracks'],
    'planned-events': ['tracks'],
    activities: ['tracks'],
  },
}
const looks = ['pages', 'screens', 'pages-and-screens'] as const
const whereThere: Partial<Record<Need, readonly string[]>> = { 'planned-events': looks, activities: looks }

interface Wanted {
  readonly wanted: string
  readonly found: readonly StreamLine[]
}

/** The streams of one source that stand for a need; null where this kind of source has none for it. */
function wantedOf(need: Need, { kind, streams }: SourceLine, planned: readonly string[]): Wanted[] | null {
  if (kind === 'app-api') return ofApi(need, streams, planned)
  const names = fileStreams[kind][need]
  if (names === undefined) return null
  const all = [...names, ...(whereThere[need] ?? []).filter((name) => streams.some((s) => s.name === name))]
  return all.map((name) => ({
    wanted: `${name} of ${kindWords[kind]}`,
    found: streams.filter((stream) => stream.name === name),
  }))
}

/** Only the App API tells them, so without it a rule that needs them has nothing to look at. */
const journeyStreams: Partial<Record<Need, string>> = {
  campaigns: streamNames.campaigns,
  'journey-steps': streamNames.campaignActions,
  'journey-metrics': streamNames.journeyMetrics,
  segments: streamNames.segments,
}

const eventPrefix = streamNames.eventName('')

function ofApi(need: Need, streams: readonly StreamLine[], planned: readonly string[]): Wanted[] {
  const named = (name: string): Wanted => ({
    wanted: name,
    found: streams.filter((stream) => stream.name === name),
  })
  // Over the API a message is told of by the activities of its person.
  if (need === 'activities' || need === 'messages') return [named(streamNames.activitiesRest)]
  if (need === 'people' || need === 'attributes') return [named(streamNames[need])]
  const ofJourneys = journeyStreams[need]
  if (ofJourneys !== undefined) return [named(ofJourneys)]
  const own = streams.filter((stream) => stream.name.startsWith(eventPrefix))
  // An event without a cursor of its own was only met among all the others.
  const covered = planned.every((name) => own.some((stream) => stream.name === streamNames.eventName(name)))
  return [
    ...(own.length > 0 ? [{ wanted: 'planned events', found: own }] : []),
    ...(covered && own.length > 0 ? [] : [named(streamNames.activitiesRest)]),
  ]
}

/** Why a source does not show a need to the end, or null when it does. */
function lackOf(need: Need, source: SourceLine, planned: readonly string[]): string | null {
  const label = (stream: StreamLine): string =>
    source.kind === 'app-api' ? stream.name : `${stream.name} of ${kindWords[source.kind]}`
  for (const { wanted, found } of wantedOf(need, source, planned) ?? []) {
    if (found.length === 0) return `${wanted} was not read`
    const partial = found.find((stream) => !stream.complete)
    if (partial) return `${label(partial)} is incomplete: ${partial.ended}`
    const damaged = found.find((stream) => stream.rejected > 0)
    if (damaged) return `${counted(damaged.rejected, 'record')} of ${label(damaged)} could not be read`
  }
  return null
}

/**
 * Why a need is not met, or null. One source that shows it to the end is enough; of several, those count that see the
 * rule's defect best, because a source that sees it in part cannot stand in for one that is cut off.
 */
function unmet(
  need: Need,
  sights: RuleMeta['sources'],
  sources: readonly SourceLine[],
  planned: readonly string[],
): string | null {
  const able = sources.filter(
    (source) => sights[source.kind] !== 'none' && wantedOf(need, source, planned) !== null,
  )
  const best = able.filter(({ kind }) => sights[kind] === 'full')
  const lacks = (best.length > 0 ? best : able).map((source) => lackOf(need, source, planned))
  if (lacks.length === 0) return `${need.replace('-', ' ')} were not read: no connected source shows them`
  return lacks.includes(null) ? null : (lacks[0] ?? null)
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
  for (const need of meta.needs) {
    const reason = unmet(need, meta.sources, sources, planned)
    if (reason !== null) return reason
  }
  return seenInPart(meta, sources)
}

/**
 * Files that show a defect in part hold only the people who came by, so what they say is listed and proves nothing. The
 * App API shows everybody, and what it cannot see of a defect is said in the rule's page.
 */
function seenInPart(meta: RuleMeta, sources: readonly SourceLine[]): string | null {
  const seeing = sources.filter(({ kind }) => meta.sources[kind] !== 'none')
  if (seeing.some(({ kind }) => kind === 'app-api' || meta.sources[kind] === 'full')) return null
  const [first] = seeing
  if (first === undefined) return null
  return `${kindWords[first.kind]} ${first.kind === 'people-export' ? 'shows' : 'show'} it in part only: ${ableKinds(meta, 'full')} would show it whole`
}

const ableKinds = (meta: RuleMeta, ...sights: readonly string[]): string =>
  (Object.keys(kindWords) as SourceKind[])
    .filter((kind) => sights.includes(meta.sources[kind]))
    .map((kind) => kindWords[kind])
    .join(' or ')

/** Which other kind of source would show it, when none of the connected ones can. */
export function unseen(meta: RuleMeta, sources: readonly SourceLine[]): string | null {
  const hasApi = sources.some(({ kind }) => kind === 'app-api')
  if (!hasApi && meta.needs.some((need) => journeyStreams[need] !== undefined))
    return `needs ${kindWords['app-api']}`
  if (sources.some((source) => meta.sources[source.kind] !== 'none')) return null
  return `needs ${ableKinds(meta, 'full', 'partial')}`
}

/** Needs that no connected source meets, with the reason: for rules that can be judged in part without them. */
export function unmetNeeds(sources: readonly SourceLine[], planned: readonly string[]): Map<Need, string> {
  const any: RuleMeta['sources'] = {
    'app-api': 'full',
    'people-export': 'full',
    'warehouse-sync': 'full',
    pipelines: 'full',
  }
  const reasons = needs.map((need) => [need, unmet(need, any, sources, planned)] as const)
  return new Map(reasons.flatMap(([need, reason]) => (reason === null ? [] : [[need, reason]])))
}
