import { UsageError } from '../core/errors.ts'
import { Secret } from '../core/secret.ts'
import { type Variables, withDotEnv } from './dot-env.ts'

const regions = ['us', 'eu'] as const
type Region = (typeof regions)[number]

/** What the environment says; null for what it does not say. */
export interface Environment {
  readonly appApiKey: Secret | null
  /** Half of the Track API's credentials, so as secret as the other half. */
  readonly siteId: Secret | null
  readonly trackApiKey: Secret | null
  /** Found out when null. */
  readonly region: Region | null
  /** Without a slash at the end. */
  readonly appApiUrl: string | null
  readonly trackApiUrl: string | null
  readonly maxRate: number | null
  /** Keeps masks equal from machine to machine. */
  readonly redactKey: Secret | null
  /** A CI job: files go to places that more people read, so all of them are masked. */
  readonly ci: boolean
}

/** Reads the environment, and a `.env` file in the current folder below it. */
export function readEnvironment(env: Variables, cwd: string): Environment {
  const all = withDotEnv(env, cwd)
  const get = (name: string): string | null => {
    const value = Object.hasOwn(all, name) ? all[name] : undefined
    return value === undefined || value === '' ? null : value
  }
  return {
    appApiKey: secret('CIO_APP_API_KEY', get),
    siteId: secret('CIO_SITE_ID', get),
    trackApiKey: secret('CIO_TRACK_API_KEY', get),
    region: region(get('CIO_REGION')),
    appApiUrl: url('CIO_APP_API_URL', get),
    trackApiUrl: url('CIO_TRACK_API_URL', get),
    maxRate: maxRate(get('CIO_MAX_RATE')),
    redactKey: secret('CIO_AUDIT_REDACT_KEY', get),
    ci: !['', '0', 'false', 'no'].includes((get('CI') ?? '').trim().toLowerCase()),
  }
}

type Get = (name: string) => string | null

/** No message here may show the value: it is a key, if a wrong one. */
function secret(name: string, get: Get): Secret | null {
  const value = get(name)
  if (value === null) return null
  const wrong = (what: string) =>
    invalid(`${name} ${what}.`, 'Copy the key again from Customer.io, alone and on one line.')
  if (/[\r\n]/.test(value)) throw wrong('holds a line break')
  if (/^(['"]).*\1$/.test(value)) throw wrong('stands in quotation marks that became part of it')
  if (/\s/.test(value)) throw wrong('holds white space')
  if (!/^[\x21-\x7e]+$/.test(value)) throw wrong('holds characters that no key has')
  return new Secret(value)
}

function region(value: string | null): Region | null {
  if (value === null) return null
  const found = regions.find((name) => name === value.trim().toLowerCase())
  if (found === undefined)
    throw invalid(
      'CIO_REGION is neither us nor eu.',
      'Set it to us or eu, or leave it out: the region is found out.',
    )
  return found
}

function maxRate(value: string | null): number | null {
  if (value === null) return null
  const rate = /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : Number.NaN
  if (rate > 0 && rate <= 1000) return rate
  throw invalid(
    'CIO_MAX_RATE is no number of requests a second (above 0, at most 1000).',
    'Set it to 9, for example, or leave it out.',
  )
}

function url(name: string, get: Get): string | null {
  const value = get(name)
  if (value === null) return null
  const parsed = URL.parse(value)
  const advice =
    'Give it like https://api.customer.io; plain http is taken for this machine (127.0.0.1, localhost) only.'
  if (parsed === null || parsed.host === '') throw invalid(`${name} is no address.`, advice)
  if (parsed.username !== '' || parsed.password !== '')
    throw invalid(`${name} holds a user name or password.`, advice)
  if (parsed.search !== '' || parsed.hash !== '')
    throw invalid(`${name} holds more than an address (? or #).`, advice)
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')
    throw invalid(`${name} is no https address.`, advice)
  if (parsed.protocol === 'http:' && !isLoopback(parsed.hostname)) {
    throw invalid(
      `${name} names ${parsed.host} over plain http, which would send the key unprotected.`,
      advice,
    )
  }
  return parsed.href.replace(/\/+$/, '')
}

/** Names and addresses that never leave this machine. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

function invalid(message: string, suggestion: string): UsageError {
  return new UsageError('CONFIG_ENVIRONMENT', message, suggestion)
}
