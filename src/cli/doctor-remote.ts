import { CioAuditError, exitCodes } from '../core/errors.ts'
import type { Need } from '../audit/rule.ts'
import { ApiError, checkTrackKey, type Activity, type CustomerIo, type Page } from '../customerio/index.ts'
import type { Workspaces } from '../sources/app-api/index.ts'
import { number } from '../reports/view.ts'
import { attempt } from './doctor-local.ts'
import type { Check } from './doctor-report.ts'
import type { Job } from './job.ts'

/** What the key may read, and with it which needs of rules are met. */
export interface Reach {
  readonly checks: readonly Check[]
  readonly unmet: ReadonlyMap<Need, string>
}

const skewAllowedMs = 60_000
const dayMs = 86_400_000
const probedActivities = 50
const searchName = 'people search'

/** The reads of a pull, each once and as small as it can be asked for. */
export async function probe(client: CustomerIo, workspaces: Workspaces, now: Date): Promise<Reach> {
  const unmet = new Map<Need, string>()
  const checks: Check[] = []
  const add = async (needs: readonly Need[], name: string, work: () => Promise<Check>): Promise<void> => {
    const check = await probeOne(name, work)
    checks.push(check)
    if (check.mark !== 'ok') for (const need of needs) unmet.set(need, name)
  }
  const cioIds: string[] = []
  // Asked already; what it cannot tell is missed by no rule.
  if ('failure' in workspaces) await add([], 'workspaces', () => Promise.reject(workspaces.failure))
  await add(['campaigns'], 'campaigns', async () => {
    const { records } = await client.campaigns()
    const first = records.find((record) => record.fits)
    if (first?.fits) {
      await client.campaignActions(first.value.id, null)
      await client.journeyMetrics(first.value.id, { start: new Date(now.getTime() - 7 * dayMs), end: now })
    }
    return ok(`campaigns: ${number(records.length)}, with actions and journey metrics`)
  })
  await add(['segments'], 'segments', async () => {
    const { records } = await client.segments()
    const first = records.find((record) => record.fits)
    if (first?.fits) await client.segmentCount(first.value.id)
    return ok(`segments: ${number(records.length)}, with counts`)
  })
  await add(['people'], searchName, async () => {
    const { records } = await client.searchPeople(null, 10)
    cioIds.push(...records.flatMap((record) => (record.fits ? [record.value.cioId] : [])))
    return ok(records.length > 0 ? 'people search' : 'people search; it names nobody')
  })
  await add(['attributes'], 'bulk read of attributes and devices', () => bulkCheck(client, cioIds))
  const activities: Activity[] = []
  await add(['activities', 'planned-events', 'messages'], 'activities', async () => {
    const page = await client.activities({ start: null, limit: probedActivities })
    activities.push(...valuesOf(page))
    return ok(activities.length > 0 ? 'activities' : 'activities; there are none')
  })
  if (activities.length > 0) checks.push(await propertyCheck(client, activities))
  return { checks, unmet }
}

const ok = (text: string): Check => ({ mark: 'ok', text: `${text}.` })
const valuesOf = (page: Page<Activity>): Activity[] =>
  page.records.flatMap((record) => (record.fits ? [record.value] : []))

/** A refusal on people ends a run; any other stream that is refused only leaves its rules without an answer. */
async function probeOne(name: string, work: () => Promise<Check>): Promise<Check> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind === 'unreachable')
      return await attempt(() => Promise.reject(error))
    if (error.kind === 'forbidden' && /people|bulk/.test(name)) {
      const advice = ['Make an App API key whose scope includes reading people.']
      return {
        mark: 'fail',
        text: `${name}: this key may not read it (403).`,
        exit: exitCodes.refused,
        advice,
      }
    }
    // Where nobody can be found the pull ends there.
    if (name === searchName) return await attempt(() => Promise.reject(error))
    const why = error.kind === 'forbidden' ? 'this key may not read it (403)' : error.reason
    return { mark: 'warn', text: `${name}: ${why}.` }
  }
}

/** Sources disagree on whether the bulk read wants `cio_` before a `cio_id`; the pull finds out by itself. */
async function bulkCheck(client: CustomerIo, cioIds: readonly string[]): Promise<Check> {
  if (cioIds.length === 0)
    return { mark: 'warn', text: 'bulk read of attributes and devices: nobody to ask for.' }
  const bare = await client.readCustomers(cioIds)
  if (bare.records.length > 0) return ok('bulk read of attributes and devices, by plain cio_id')
  const prefixed = await client.readCustomers(cioIds.map((id) => `cio_${id}`))
  if (prefixed.records.length > 0)
    return ok('bulk read of attributes and devices, by cio_id with the prefix "cio_"')
  return {
    mark: 'warn',
    text: 'bulk read of attributes and devices: it knows none of the people that the search names.',
  }
}

/** Without properties no rule about events can say anything; some plans and old workspaces leave them out. */
async function propertyCheck(client: CustomerIo, seen: readonly Activity[]): Promise<Check> {
  return await probeOne('event properties', async () => {
    const among = seen.filter(({ type }) => type === 'event')
    const events =
      among.length > 0
        ? among
        : valuesOf(await client.activities({ type: 'event', start: null, limit: probedActivities }))
    if (events.length === 0)
      return { mark: 'warn', text: 'event properties: no events among the newest activities.' }
    const filled = events.filter(({ data }) => data !== null && data !== '{}').length
    return filled > 0
      ? ok(`event properties: present in ${filled} of the newest ${events.length} events`)
      : {
          mark: 'warn',
          text: `event properties: none in the newest ${events.length} events; rules about properties cannot judge.`,
        }
  })
}

export function clockCheck(offsetMs: number | null): Check {
  if (offsetMs === null)
    return { mark: 'none', text: 'The clock could not be compared: the answers carried no time.' }
  const seconds = Math.round(Math.abs(offsetMs) / 1000)
  if (Math.abs(offsetMs) <= skewAllowedMs)
    return { mark: 'ok', text: `The clocks agree (${seconds} s apart).` }
  const direction = offsetMs > 0 ? 'behind' : 'ahead of'
  return {
    mark: 'warn',
    text: `This machine's clock is ${number(seconds)} s ${direction} Customer.io's: set it, or give --as-of.`,
  }
}

export async function trackCheck({ environment, io }: Job, workspaceId: bigint | undefined): Promise<Check> {
  const { siteId, trackApiKey, trackApiUrl, region, appApiUrl } = environment
  if (siteId === null || trackApiKey === null)
    return { mark: 'none', text: 'No Track API key (CIO_SITE_ID, CIO_TRACK_API_KEY); an audit needs none.' }
  if (appApiUrl !== null && trackApiUrl === null)
    return {
      mark: 'none',
      text: 'The Track API key is not tried: CIO_APP_API_URL is set and CIO_TRACK_API_URL is not.',
    }
  try {
    const keys = {
      siteId,
      trackKey: trackApiKey,
      baseUrl: trackApiUrl ?? undefined,
      region: region ?? undefined,
      signal: io.signal,
    }
    const { workspaceId: own, region: where } = await checkTrackKey(keys)
    if (own !== null && workspaceId !== undefined && own !== workspaceId) {
      return {
        mark: 'warn',
        text: `The Track API key belongs to workspace ${own}, the App API key to ${workspaceId}.`,
      }
    }
    return { mark: 'ok', text: `The Track API key is accepted${where === null ? '' : ` (${where} region)`}.` }
  } catch (error) {
    if (!(error instanceof CioAuditError)) throw error
    // An audit does without it, so it stops nothing.
    return { mark: 'warn', text: `${error.message} ${error.suggestions.join(' ')}` }
  }
}
