import {
  checkTrackKey,
  createClient,
  findRegion,
  type ClientOptions,
  type CustomerIo,
} from '../customerio/index.ts'
import type { Job } from './job.ts'
import { requireKey } from './require-key.ts'

/** As much of a job as a connection needs. */
export type Connecting = Pick<Job, 'environment' | 'io'>

type Told = Pick<ClientOptions, 'onRetry'>

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
