import { differenceInDays } from 'date-fns/differenceInDays'
import { InterruptedError } from '../../core/errors.ts'
import { sampleKeys } from '../../core/tables.ts'
import type { CustomerIo } from '../../customerio/index.ts'
import type { Snapshot } from '../../snapshot/index.ts'
import { leadingTypes, pullActivities } from './activities.ts'
import { pullAttributes } from './attributes.ts'
import { pullCampaignActions, pullCampaigns, pullJourneyMetrics } from './campaigns.ts'
import { drawPeople, sampleText } from './draw.ts'
import { forecast } from './forecast.ts'
import { pullOwnActivities } from './own-activities.ts'
import { pullPeople } from './people.ts'
import type { Pull, PullOptions } from './pull.ts'
import { pullSegments } from './segments.ts'
import { askWorkspaces, assertSameWorkspace, ownWorkspace, storeWorkspace } from './workspace.ts'

export type { PullProgress } from './progress.ts'
export type { PullOptions, SampleWanted } from './pull.ts'
export { askWorkspaces, type Workspaces } from './workspace.ts'

/** Of how far a pull goes, so it is no part of what it read. */
const boundKey = 'pull_max_activities'
/** Which key the pull was begun with, salted with the moment of its beginning. */
const markKey = 'pull_key_mark'

/** Past it the rest of the workspace has moved on too far; cursors and 30 days of activities would not fit any more. */
const oldestResumedDays = 7

/**
 * Brings the workspace into the snapshot. Goes on where an unfinished pull stopped; begins anew when there is none.
 * At the end the snapshot takes the place of the last one. Throws `RefusedError`, `SourceError`, `UsageError` or
 * `InterruptedError`; whatever was committed is kept in each case.
 */
export async function pullWorkspace(
  snapshot: Snapshot,
  client: CustomerIo,
  options: PullOptions,
): Promise<void> {
  if (options.signal.aborted) throw new InterruptedError()
  const found = await askWorkspaces(client)
  const own = ownWorkspace(found, options)
  const isSameWorkspace = await assertSameWorkspace(snapshot, own)
  const begun = await begin(snapshot, client, options, isSameWorkspace)
  const pull: Pull = { snapshot, client, options, ...begun, stop: new AbortController() }
  const people = own?.people === null || own === null ? null : Number(own.people)
  const streams = leadingTypes.length + options.eventNames.length + 1
  options.onProgress(forecast(people, streams, client.ratePerSecond, options.sample?.people))
  try {
    await storeWorkspace(pull, found, own)
    await pullCampaigns(pull)
    await pullCampaignActions(pull)
    await pullJourneyMetrics(pull)
    await pullSegments(pull)
    await pullPeople(pull, people)
    const isSample = await drawPeople(pull)
    await pullAttributes(pull)
    await (isSample ? pullOwnActivities(pull) : pullActivities(pull))
  } catch (cause) {
    // Cut off by the interruption, a request may end in any failure; what the user did is what is said.
    throw options.signal.aborted ? new InterruptedError() : cause
  }
  const endedAt = options.now().toISOString()
  const hash = options.also ? await options.also() : await snapshot.contentHash()
  await snapshot.setMeta({ hash, pull_ended_at: endedAt })
  await snapshot.finish()
}

/** Goes on with the unfinished pull, or starts one. */
async function begin(
  snapshot: Snapshot,
  client: CustomerIo,
  options: PullOptions,
  isSameWorkspace: boolean,
): Promise<{ since: Date; started: Date }> {
  const startedBefore = await snapshot.meta('pull_started_at')
  if (startedBefore !== null) {
    const since = new Date((await snapshot.meta('since')) ?? 0)
    const started = new Date(startedBefore)
    const before = (await snapshot.meta(sampleKeys.wanted)) ?? ''
    const bound = Number((await snapshot.meta(boundKey)) ?? Number.POSITIVE_INFINITY)
    const isSame = isSameWorkspace || (await snapshot.meta(markKey)) === client.keyMark(startedBefore)
    const notice = isSame ? whyAnew({ since, started, sample: before, bound }, options) : otherKey
    options.onProgress({
      kind: 'notice',
      message: notice ?? `Going on with the pull that was begun at ${startedBefore}.`,
    })
    if (notice === null) return { since, started }
    await snapshot.restart()
  }
  const started = options.now()
  await snapshot.setMeta({
    since: options.since.toISOString(),
    pull_started_at: started.toISOString(),
    [markKey]: client.keyMark(started.toISOString()),
    ...(options.sample ? { [sampleKeys.wanted]: sampleText(options.sample) } : {}),
    ...(options.maxActivities === undefined ? {} : { [boundKey]: String(options.maxActivities) }),
    ...(client.region ? { region: client.region } : {}),
  })
  return { since: options.since, started }
}

/** Two workspaces in one snapshot would be worse than reading one twice because its key was changed. */
const otherKey =
  'The unfinished pull was begun with another key, and whether that is of the same workspace is not known: beginning anew.'

/** So long a command may take from its first moment to that at which its pull begins. */
const beginsMs = 60_000

/** What an unfinished pull was told. */
interface Begun {
  readonly since: Date
  readonly started: Date
  readonly sample: string
  /** Of activities in each stream. */
  readonly bound: number
}

function whyAnew({ since, started, sample, bound }: Begun, options: PullOptions): string | null {
  if (sample !== sampleText(options.sample)) {
    const whom = (text: string): string => (text === '' ? 'everybody' : `a sample (${text})`)
    return `The unfinished pull reads ${whom(sample)}, now ${whom(sampleText(options.sample))} was asked for: beginning anew.`
  }
  // `--since 30d` moves on with the clock: given again, it is the same one. What such a pull reads too much is not judged.
  const later = options.since.getTime() - since.getTime()
  const passed = options.now().getTime() - started.getTime()
  if (options.isSinceExplicit && (later < 0 || later > passed + beginsMs)) {
    return `The unfinished pull reads from ${since.toISOString()}, another --since was asked for: beginning anew.`
  }
  // A stream that the bound has cut has ended, and is not read on.
  if (bound < (options.maxActivities ?? Number.POSITIVE_INFINITY))
    return `The unfinished pull reads ${bound} activities of a stream at most, now more are asked for: beginning anew.`
  return differenceInDays(options.now(), started) > oldestResumedDays
    ? `The unfinished pull is older than ${oldestResumedDays} days: beginning anew.`
    : null
}
