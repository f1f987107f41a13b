import { createHmac } from 'node:crypto'
import { ApiError } from './api-error.ts'
import { appHosts, readBaseUrl } from './base-url.ts'
import type { BaseUrl, Region } from './base-url.ts'
import { createHttp } from './http.ts'
import type { RetryNotice } from './http.ts'
import { deepestRecord, nesting, recordText } from './json.ts'
import { createPace, defaultRate } from './pace.ts'
import type { Pace } from './pace.ts'
import type { RefusalHints } from './request-failure.ts'
import { wellFormed } from './well-formed.ts'
import { activitiesPath, activitySchema } from './wire/activity.ts'
import type { Activity } from './wire/activity.ts'
import * as campaigns from './wire/campaign.ts'
import { customersPath, customerSchema } from './wire/customer.ts'
import type { Customer } from './wire/customer.ts'
import { everyone, peoplePath, personSchema, segmentsOfPath } from './wire/person.ts'
import type { IdType, PeopleFilter, Person } from './wire/person.ts'
import { asObject, readPage } from './wire/received.ts'
import type { Page } from './wire/received.ts'
import { segmentCountPath, segmentCountSchema, segmentSchema, segmentsPath } from './wire/segment.ts'
import type { Segment } from './wire/segment.ts'
import { workspaceSchema, workspacesPath } from './wire/workspace.ts'
import type { Workspace } from './wire/workspace.ts'

/** What holds a key: only `reveal()` gives it away (core/secret.ts). */
export type SecretLike = string | { reveal(): string }

export interface ClientOptions {
  readonly appKey: SecretLike
  /** `CIO_APP_API_URL`; otherwise the host of `region`, otherwise the US one. */
  readonly baseUrl?: string | undefined
  readonly region?: Region | undefined
  /** Requests a second; 9 unless given, and none on a loopback address. */
  readonly maxRate?: number | undefined
  /** To share the pace of another client of this process. */
  readonly pace?: Pace | undefined
  readonly signal?: AbortSignal | undefined
  readonly hints?: RefusalHints | undefined
  readonly timeoutMs?: number | undefined
  /** First step of the back-off, 500 ms unless given. */
  readonly backOffBaseMs?: number | undefined
  readonly random?: (() => number) | undefined
  readonly onRetry?: ((notice: RetryNotice) => void) | undefined
}

/** The reads that an audit needs. Every method throws an `ApiError`, a `RefusedError` (401) or an `InterruptedError`. */
export interface CustomerIo {
  /** Null for an address that is not Customer.io's own and no region given. */
  readonly region: Region | null
  readonly host: string
  readonly ratePerSecond: number | null
  /** Tells this key from another one without saying it. */
  keyMark(salt: string): string
  /** Requests that went out so far, further tries included. */
  requests(): number
  /** Customer.io's clock minus ours, in milliseconds; null before the first answer. */
  clockOffsetMs(): number | null
  workspaces(): Promise<Page<Workspace>>
  campaigns(): Promise<Page<campaigns.Campaign>>
  campaignActions(id: bigint, start: string | null): Promise<Page<campaigns.CampaignAction>>
  /** JSON text. */
  journeyMetrics(id: bigint, range: { readonly start: Date; readonly end: Date }): Promise<string>
  segments(): Promise<Page<Segment>>
  segmentCount(id: bigint): Promise<bigint>
  searchPeople(start: string | null, limit: number, filter?: PeopleFilter): Promise<Page<Person>>
  peopleByEmail(email: string): Promise<Page<Person>>
  /** @param type - of the identifiers; `cio_id` unless given. */
  readCustomers(identifiers: readonly string[], type?: IdType): Promise<Page<Customer>>
  /** The segments that a person is in. */
  segmentsOf(cioId: string): Promise<Page<Segment>>
  activities(query: ActivityQuery): Promise<Page<Activity>>
}

export interface ActivityQuery {
  /** Of one person alone. */
  readonly cioId?: string
  readonly type?: string
  readonly name?: string
  readonly start: string | null
  readonly limit: number
}

export function createClient(options: ClientOptions): CustomerIo {
  const base = readBaseUrl(options.baseUrl ?? appHosts[options.region ?? 'us'], 'CIO_APP_API_URL')
  const pace = options.pace ?? createPace(rateFor(base, options.maxRate))
  const secret = reveal(options.appKey)
  const http = createHttp({
    ...options,
    surface: 'app',
    base,
    pace,
    secret,
    authorization: `Bearer ${secret}`,
  })
  const { host } = base
  const from = (start: string | null): Record<string, string> => (start === null ? {} : { start })
  return {
    region: options.region ?? base.region,
    host,
    ratePerSecond: pace.perSecond,
    keyMark: (salt) => createHmac('sha256', secret).update(salt).digest('hex'),
    requests: () => http.count(),
    clockOffsetMs: () => http.clockOffsetMs(),
    workspaces: async () =>
      readPage(await http.send({ method: 'GET', path: workspacesPath }), 'workspaces', workspaceSchema, host),
    campaigns: async () =>
      readPage(
        await http.send({ method: 'GET', path: campaigns.campaignsPath }),
        'campaigns',
        campaigns.campaignSchema,
        host,
      ),
    campaignActions: async (id, start) => {
      const answer = await http.send({
        method: 'GET',
        path: campaigns.campaignActionsPath(id),
        query: from(start),
      })
      return readPage(answer, 'actions', campaigns.campaignActionSchema, host)
    },
    journeyMetrics: async (id, { start, end }) => {
      const query = { start: unixSeconds(start), end: unixSeconds(end), resolution: 'daily' }
      const { json, text } = await http.send({ method: 'GET', path: campaigns.journeyMetricsPath(id), query })
      if (nesting(text) > deepestRecord)
        throw new ApiError('declined', null, 'the answer was nested too deeply', host)
      return recordText(wellFormed(json))
    },
    segments: async () =>
      readPage(await http.send({ method: 'GET', path: segmentsPath }), 'segments', segmentSchema, host),
    segmentCount: async (id) => {
      const { json } = await http.send({ method: 'GET', path: segmentCountPath(id) })
      const read = segmentCountSchema.safeParse(asObject(json) ?? {})
      if (!read.success) throw new ApiError('declined', null, 'the answer had no count', host)
      return read.data.count
    },
    searchPeople: async (start, limit, filter) => {
      const answer = await http.send({
        method: 'POST',
        path: peoplePath,
        query: { limit, ...from(start) },
        body: filter === undefined ? everyone : { filter },
      })
      return readPage(answer, 'identifiers', personSchema, host)
    },
    peopleByEmail: async (email) =>
      readPage(
        await http.send({ method: 'GET', path: peoplePath, query: { email } }),
        'results',
        personSchema,
        host,
      ),
    segmentsOf: async (cioId) =>
      readPage(
        await http.send({ method: 'GET', path: segmentsOfPath(cioId), query: { id_type: 'cio_id' } }),
        'segments',
        segmentSchema,
        host,
      ),
    readCustomers: async (identifiers, type = 'cio_id') => {
      const answer = await http.send({
        method: 'POST',
        path: customersPath,
        query: { id_type: type },
        body: { ids: identifiers },
      })
      return readPage(answer, 'customers', customerSchema, host)
    },
    activities: async ({ cioId, type, name, start, limit }) => {
      const query = {
        ...(cioId === undefined ? {} : { id_type: 'cio_id', customer_id: `cio_${cioId}` }),
        ...(type === undefined ? {} : { type }),
        ...(name === undefined ? {} : { name }),
        limit,
        ...from(start),
      }
      return readPage(
        await http.send({ method: 'GET', path: activitiesPath, query }),
        'activities',
        activitySchema,
        host,
      )
    },
  }
}

/** @returns null for "no pace": a server on this machine needs none. */
function rateFor(base: BaseUrl, maxRate: number | undefined): number | null {
  return maxRate ?? (base.isLoopback ? null : defaultRate)
}

export function reveal(secret: SecretLike): string {
  return typeof secret === 'string' ? secret : secret.reveal()
}

function unixSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000)
}
