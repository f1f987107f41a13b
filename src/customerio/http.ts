import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import axios, { AxiosError } from 'axios'
import type { AxiosInstance, AxiosResponse } from 'axios'
import axiosRetry from 'axios-retry'
import { InterruptedError } from '../core/errors.ts'
import { assertAllowed } from './allow-list.ts'
import type { Surface } from './allow-list.ts'
import type { BaseUrl } from './base-url.ts'
import { parseJson } from './json.ts'
import type { Pace } from './pace.ts'
import {
  bodyText,
  failureReason,
  isWorthAnotherTry,
  malformedCode,
  mostTries,
  toError,
} from './request-failure.ts'
import type { RefusalHints } from './request-failure.ts'
import { backOffMs, limitedBackOffMs, retryAfterMs } from './retry-after.ts'

export interface HttpOptions {
  readonly surface: Surface
  readonly base: BaseUrl
  readonly authorization: string
  /** The secret itself, only to keep it out of messages. */
  readonly secret: string
  readonly pace: Pace
  readonly signal?: AbortSignal | undefined
  readonly hints?: RefusalHints | undefined
  readonly timeoutMs?: number | undefined
  readonly backOffBaseMs?: number | undefined
  readonly random?: (() => number) | undefined
  readonly onRetry?: ((notice: RetryNotice) => void) | undefined
}

/** Told before each further try of a request. */
export interface RetryNotice {
  readonly kind: 'retry'
  readonly reason: string
  /** Tries so far. */
  readonly tries: number
  /** Seconds until the next one, at least. */
  readonly seconds: number
}

export interface Request {
  readonly method: 'GET' | 'POST'
  /** Encoded already. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number>>
  readonly body?: unknown
}

/** An answer with status 2xx: its JSON, parsed without loss, and the text that it came from. */
export interface Answer {
  readonly json: unknown
  readonly text: string
}

export interface Http {
  send(request: Request): Promise<Answer>
  /** Requests that went out, further tries included. */
  count(): number
  /** The server's clock minus ours, in milliseconds, as its last answer had it; null before, or without a Date header. */
  clockOffsetMs(): number | null
}

const largestAnswer = 64 * 1024 * 1024

export function createHttp(options: HttpOptions): Http {
  const { base, pace, signal } = options
  const random = options.random ?? Math.random
  // As it goes out, too: Basic wraps the key up.
  const secrets = [options.secret, options.authorization.replace(/^\w+ /, '')]
  let sent = 0
  let clockOffset: number | null = null
  const instance = axios.create({
    baseURL: base.href,
    timeout: options.timeoutMs ?? 30_000,
    maxRedirects: 0,
    maxContentLength: largestAnswer,
    responseType: 'arraybuffer',
    httpAgent: new HttpAgent({ keepAlive: true }),
    httpsAgent: new HttpsAgent({ keepAlive: true }),
    headers: { Authorization: options.authorization, Accept: 'application/json', 'User-Agent': 'cio-audit' },
    // A proxy from the environment must not stand between us and a server on this machine.
    ...(base.isLoopback ? { proxy: false as const } : {}),
    ...(signal ? { signal } : {}),
  })
  // Before the answer is read: also an answer that is none tells the time.
  instance.interceptors.response.use((response) => {
    const served = Date.parse(String(response.headers['date'] ?? ''))
    if (!Number.isNaN(served)) clockOffset = served - Date.now()
    return response
  })
  readAnswers(instance)
  axiosRetry(instance, {
    retries: mostTries - 1,
    shouldResetTimeout: true,
    retryCondition: (failure) =>
      isWorthAnotherTry(failure, 1 + (failure.config?.['axios-retry']?.retryCount ?? 0)),
    retryDelay: (tries, failure) => {
      const status = failure.response?.status
      const asked =
        status === 429 || status === 503
          ? retryAfterMs(failure.response?.headers['retry-after'], Date.now())
          : null
      const backOff = status === 429 ? limitedBackOffMs : backOffMs
      // "0" and a date that has passed here say nothing: six tries would go out at once.
      const wait = asked === null || asked === 0 ? backOff(tries, random, options.backOffBaseMs) : asked
      // The limit is one for nearly all endpoints, so when it is hit everybody waits.
      if (asked !== null || status === 429) pace.pause(wait)
      options.onRetry?.({
        kind: 'retry',
        reason: failureReason(failure, secrets),
        tries,
        seconds: wait / 1000,
      })
      return asked === null && status !== 429 ? wait : 0
    },
  })
  // The last word before the adapter, for first and further tries alike.
  instance.interceptors.request.use(async (config) => {
    assertAllowed(options.surface, config.method ?? 'get', config.url ?? '')
    if (config.baseURL !== base.href) throw new Error('Refused to send a request to another host.')
    await pace.turn(signal)
    sent++
    return config
  })
  return {
    count: () => sent,
    clockOffsetMs: () => clockOffset,
    send: async (request) => {
      let tries = 0
      const counter = (): void => {
        tries++
      }
      try {
        const response = await instance.request({
          method: request.method,
          url: request.path,
          ...(request.query ? { params: request.query, paramsSerializer: encodeQuery } : {}),
          ...(request.body === undefined ? {} : { data: request.body }),
          'axios-retry': { onRetry: counter },
        })
        return response.data as Answer
      } catch (failure) {
        if (signal?.aborted) throw new InterruptedError()
        throw toError(failure, tries + 1, base, secrets, options.hints ?? {})
      }
    },
  }
}

/** Bytes to JSON before the retry looks, so that HTML and half an answer count as failures of the request. */
function readAnswers(instance: AxiosInstance): void {
  instance.interceptors.response.use((response: AxiosResponse<unknown>) => {
    const text = bodyText(response.data)
    try {
      return { ...response, data: { json: parseJson(text), text } satisfies Answer }
    } catch {
      // Neither the text nor the parser's words about it: both may hold what a person typed.
      throw new AxiosError(
        'The answer is no JSON.',
        malformedCode,
        response.config,
        response.request,
        response,
      )
    }
  })
}

/** Every value percent-encoded: an unencoded `+` or `@` gives no error at Customer.io but an empty answer. */
export function encodeQuery(query: Readonly<Record<string, string | number>>): string {
  return Object.entries(query)
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
    .join('&')
}
