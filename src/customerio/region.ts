import { RefusedError } from '../core/errors.ts'
import { z } from 'zod'
import { ApiError } from './api-error.ts'
import { appHosts, readBaseUrl, trackHosts } from './base-url.ts'
import type { Region } from './base-url.ts'
import { createClient, reveal } from './client.ts'
import type { ClientOptions, SecretLike } from './client.ts'
import { createHttp } from './http.ts'
import { createPace, defaultRate } from './pace.ts'
import { asObject } from './wire/received.ts'
import { optionalText, optionalWholeNumber } from './wire/values.ts'

export interface FindRegionOptions extends Omit<ClientOptions, 'baseUrl' | 'region'> {
  /** Customer.io's own unless given. */
  readonly hosts?: Readonly<Record<Region, string>>
}

/**
 * Which region an App API key belongs to: there is no call for it, so the workspaces are asked for on the US host,
 * then on the EU host. A key of the other region is refused with 401.
 */
export async function findRegion(options: FindRegionOptions): Promise<Region> {
  const { hosts = appHosts, ...rest } = options
  const pace = options.pace ?? createPace(options.maxRate ?? defaultRate)
  for (const region of ['us', 'eu'] as const) {
    try {
      await createClient({ ...rest, pace, baseUrl: hosts[region], region }).workspaces()
      return region
    } catch (cause) {
      // 403 on this one read: the key is known here, and that is what was asked.
      if (cause instanceof ApiError && cause.kind === 'forbidden') return region
      if (!(cause instanceof RefusedError)) throw cause
    }
  }
  throw new RefusedError(
    'SOURCE_KEY_REFUSED',
    'Customer.io refused the App API key in both regions (US and EU).',
    options.hints?.isTrackKey
      ? 'CIO_APP_API_KEY holds the Track API key. Make an App API key under Account Settings, API Credentials, App API Keys.'
      : 'Check that CIO_APP_API_KEY is an App API key (Account Settings, API Credentials, App API Keys), that it is complete, and that it was not deleted.',
  )
}

export interface TrackOptions extends Omit<ClientOptions, 'appKey'> {
  readonly siteId: SecretLike
  readonly trackKey: SecretLike
}

/** Whose Track key it is. Works on either regional host; `workspaceId` tells which workspace the keys belong to. */
export async function checkTrackKey(
  options: TrackOptions,
): Promise<{ readonly region: string | null; readonly workspaceId: bigint | null }> {
  const base = readBaseUrl(options.baseUrl ?? trackHosts[options.region ?? 'us'], 'CIO_TRACK_API_URL')
  const pace = options.pace ?? createPace(options.maxRate ?? (base.isLoopback ? null : defaultRate))
  const secret = reveal(options.trackKey)
  const authorization = `Basic ${Buffer.from(`${reveal(options.siteId)}:${secret}`).toString('base64')}`
  const http = createHttp({ ...options, surface: 'track', base, pace, secret, authorization })
  try {
    const { json } = await http.send({ method: 'GET', path: '/api/v1/accounts/region' })
    const read = regionSchema.parse(asObject(json) ?? {})
    return { region: read.region, workspaceId: read.environment_id }
  } catch (cause) {
    if (!(cause instanceof RefusedError)) throw cause
    throw new RefusedError(
      'SOURCE_TRACK_KEY_REFUSED',
      `Customer.io (${base.host}) refused the Track API key.`,
      'Check CIO_SITE_ID and CIO_TRACK_API_KEY (Account Settings, API Credentials, Track API Keys); an App API key does not work here.',
    )
  }
}

const regionSchema = z.object({ region: optionalText, environment_id: optionalWholeNumber })
