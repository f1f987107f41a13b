import { isAxiosError } from 'axios'
import { InterruptedError, RefusedError } from '../core/errors.ts'
import { ApiError } from './api-error.ts'
import { appHosts } from './base-url.ts'
import type { BaseUrl } from './base-url.ts'
import { errorDetail } from './error-body.ts'

/** Our own code for an answer that is no JSON, so that the retry sees it like any other failure. */
export const malformedCode = 'CIO_MALFORMED'

/** Statuses that pass by themselves (as Customer.io's own Node library has it). */
const passing = new Set([408, 429, 500, 502, 503, 504, 522, 524])
/** Nobody there yet, or no network: worth two more tries, not six. */
const absent = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
])
const certificate = /^(CERT_|ERR_TLS_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|EPROTO$)/

export const mostTries = 6
const triesWhenAbsent = 3

/** @param tries how many there have been. */
export function isWorthAnotherTry(failure: unknown, tries: number): boolean {
  if (!isAxiosError(failure) || failure.code === 'ERR_CANCELED' || isTooLarge(failure)) return false
  if (failure.code === malformedCode) return true
  // With a good status and yet a failure, the answer broke off in the middle.
  if (failure.response) return isBrokenOff(failure.response.status) || passing.has(failure.response.status)
  const code = failure.code ?? ''
  if (certificate.test(code)) return false
  return absent.has(code) ? tries < triesWhenAbsent : code !== ''
}

/** A few words for progress and ledger; never a URL, a header or a key. */
export function failureReason(failure: unknown, secrets: readonly string[]): string {
  if (!isAxiosError(failure)) return 'it failed for a reason that is not known'
  if (isTooLarge(failure)) return 'the answer was larger than 64 MB'
  if (failure.code === malformedCode) return 'the answer was not the JSON that was asked for'
  if (failure.response && isBrokenOff(failure.response.status)) return 'the connection broke off'
  if (failure.response) {
    const detail = errorDetail(bodyText(failure.response.data), (text) => withoutKeys(text, secrets))
    return `HTTP ${failure.response.status}${detail ? ` (${detail})` : ''}`
  }
  const code = failure.code ?? ''
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host name is not known'
  if (code === 'ECONNREFUSED') return 'the connection was refused'
  if (certificate.test(code)) return `its certificate cannot be trusted (${code})`
  if (code === 'ECONNABORTED' || code === 'ETIMEDOUT') return 'it took too long'
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'the connection broke off'
  return code === '' ? 'the connection failed' : `the connection failed (${code})`
}

export interface RefusalHints {
  /** The refused key is the same text as `CIO_TRACK_API_KEY`. */
  readonly isTrackKey?: boolean
}

/** The error that leaves this folder. Nothing of the request is in it. */
export function toError(
  failure: unknown,
  tries: number,
  base: BaseUrl,
  secrets: readonly string[],
  hints: RefusalHints,
): unknown {
  if (!isAxiosError(failure)) return failure
  if (failure.code === 'ERR_CANCELED') return new InterruptedError()
  const status = failure.response?.status ?? null
  if (status === 401) return keyRefused(base, hints)
  const told = failureReason(failure, secrets)
  const reason = tries > 1 ? `${told}, after ${tries} tries` : told
  return new ApiError(kindOf(failure, status), status, reason, base.host)
}

function kindOf(
  failure: { code?: string | undefined; message: string },
  status: number | null,
): ApiError['kind'] {
  if (status === 403) return 'forbidden'
  if (status === 404) return 'missing'
  const code = failure.code ?? ''
  if (status === null && (absent.has(code) || certificate.test(code))) return 'unreachable'
  if (isTooLarge(failure)) return 'declined'
  if (status === null || isBrokenOff(status) || passing.has(status)) return 'exhausted'
  return 'declined'
}

function keyRefused(base: BaseUrl, hints: RefusalHints): RefusedError {
  const other = base.region === 'us' ? 'eu' : 'us'
  return new RefusedError('SOURCE_KEY_REFUSED', `Customer.io (${base.host}) refused the App API key.`, [
    ...(hints.isTrackKey
      ? [
          'CIO_APP_API_KEY holds the Track API key. Make an App API key under Account Settings, API Credentials, App API Keys.',
        ]
      : [
          'Check that CIO_APP_API_KEY is an App API key (Account Settings, API Credentials, App API Keys) and not a Track API key.',
        ]),
    base.region
      ? `If the workspace is in the other region, set CIO_REGION=${other} (${appHosts[other]}).`
      : 'Check that CIO_APP_API_URL is the address that the key belongs to.',
  ])
}

function isBrokenOff(status: number): boolean {
  return status >= 200 && status < 300
}

function isTooLarge(failure: { message: string }): boolean {
  return /maxContentLength size of/.test(failure.message)
}

/** A server that repeats the key in its answer must not bring it into our messages. */
function withoutKeys(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => (secret === '' ? clean : clean.replaceAll(secret, '***')), text)
}

export function bodyText(data: unknown): string {
  return Buffer.isBuffer(data) ? data.toString('utf8') : typeof data === 'string' ? data : ''
}
