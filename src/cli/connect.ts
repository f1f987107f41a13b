import { UsageError } from '../core/errors.ts'
import type { Secret } from '../core/secret.ts'
import {
  checkTrackKey,
  createClient,
  findRegion,
  type ClientOptions,
  type CustomerIo,
} from '../customerio/index.ts'
import type { Job } from './job.ts'

/** As much of a job as a connection needs. */
export type Connecting = Pick<Job, 'environment' | 'io'>

type Told = Pick<ClientOptions, 'onRetry'>

/** Asked first: without a key there is nothing to lock, to open or to connect to. */
export function requireKey({ environment }: Connecting): Secret {
  if (environment.appApiKey !== null) return environment.appApiKey
  throw new UsageError('USAGE_NO_KEY', 'There is no App API key: CIO_APP_API_KEY is not set.', [
    'Make one under Account Settings, API Credentials, App API Keys, and set it in the environment or in a .env file here.',
    'Without a key: `cio-audit demo` shows the tool, and `cio-audit run --offline` audits the last snapshot.',
  ])
}

/** The client for the key of the environment; the region is found out where neither it nor an address is given. */
export async function connect(job: Connecting, maxRate: number | undefined, told: Told): Promise<CustomerIo> {
  const { environment, io } = job
  const { trackApiKey, appApiUrl, region } = environment
  const appKey = requireKey(job)
  const common = {
    ...told,
    appKey,
    maxRate: maxRate ?? environment.maxRate ?? undefined,
    signal: io.signal,
    hints: { isTrackKey: trackApiKey?.reveal() === appKey.reveal() },
  }
  if (appApiUrl !== null) return createClient({ ...common, baseUrl: appApiUrl, region: region ?? undefined })
  return createClient({ ...common, region: region ?? (await findRegion(common)) })
}

/** Which workspace the Track keys belong to, where they are given and work; only a hint, never a reason to stop. */
export async function trackWorkspace({ environment, io }: Connecting, told: Told): Promise<bigint | null> {
  const { siteId, trackApiKey, trackApiUrl, region, appApiUrl } = environment
  // With the App API elsewhere (a simulator), Customer.io's own Track host would only be shown foreign keys.
  if (siteId === null || trackApiKey === null || (appApiUrl !== null && trackApiUrl === null)) return null
  const keys = { siteId, trackKey: trackApiKey }
  return await checkTrackKey({
    ...told,
    ...keys,
    baseUrl: trackApiUrl ?? undefined,
    region: region ?? undefined,
    signal: io.signal,
  }).then(
    ({ workspaceId }) => workspaceId,
    () => null,
  )
}
