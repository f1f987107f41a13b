import { UsageError } from '../core/errors.ts'

export type Region = 'us' | 'eu'

export const appHosts: Readonly<Record<Region, string>> = {
  us: 'https://api.customer.io',
  eu: 'https://api-eu.customer.io',
}
export const trackHosts: Readonly<Record<Region, string>> = {
  us: 'https://track.customer.io',
  eu: 'https://track-eu.customer.io',
}

export interface BaseUrl {
  /** Without a slash at its end. */
  readonly href: string
  /** For messages: `api.customer.io`, `127.0.0.1:8080`. */
  readonly host: string
  readonly isLoopback: boolean
  /** Known when it is one of Customer.io's own hosts. */
  readonly region: Region | null
}

/** @param variable the environment variable that the address came from, for the message. */
export function readBaseUrl(text: string, variable: string): BaseUrl {
  const url = URL.parse(text.trim())
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw badUrl(`${variable} is no web address.`, variable)
  }
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(url.hostname)
  if (url.protocol === 'http:' && !isLoopback) {
    throw badUrl(
      `${variable} names ${url.host} over plain http, which would send the key unencrypted.`,
      variable,
    )
  }
  if (url.username || url.password || url.search || url.hash) {
    throw badUrl(`${variable} must be a bare address, without user, password, "?" or "#".`, variable)
  }
  const href = `${url.origin}${url.pathname}`.replace(/\/+$/, '')
  const regions: readonly Region[] = ['us', 'eu']
  const region = regions.find((name) => href === appHosts[name] || href === trackHosts[name]) ?? null
  return { href, host: url.host, isLoopback, region }
}

function badUrl(message: string, variable: string): UsageError {
  return new UsageError(
    'CONFIG_URL',
    message,
    `Set ${variable} to an https address such as ${variable.includes('TRACK') ? trackHosts.us : appHosts.us} (http is for 127.0.0.1 only), or leave it out.`,
  )
}
