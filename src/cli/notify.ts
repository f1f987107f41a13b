import { setTimeout as sleep } from 'node:timers/promises'
import type { AxiosError } from 'axios'
import { linkVariables } from '../config/notify-schema.ts'
import { withDotEnv, type Variables } from '../config/dot-env.ts'
import { CioAuditError } from '../core/errors.ts'
import type { AuditReport } from '../core/report.ts'
import { Secret } from '../core/secret.ts'
import type { NotifySettings } from '../core/settings.ts'
import type { TrendPoint } from '../core/trend.ts'
import { terminalText } from '../reports/escape.ts'
import { maskReport } from '../reports/index.ts'
import { renderNotification } from '../reports/notification.ts'
import type { Io } from './io.ts'
import type { Job } from './job.ts'
import { loadMasker } from './masking.ts'

/** As much of a job as a message needs. */
type Telling = Pick<Job, 'settings' | 'io' | 'stateDir' | 'environment'>

/** Both tries together; a run is not to wait for a channel. */
const mostMs = 10_000
const tries = 2
const pauseMs = 500

/**
 * Sends the message of a run to the webhook that the config names. It is beside the point of the run: whatever goes wrong
 * is one sentence on stderr, also with --quiet, and changes no exit code. The address is a secret, so no sentence holds
 * any part of it.
 */
export async function notify(job: Telling, report: AuditReport, trend: readonly TrendPoint[]): Promise<void> {
  const { settings, io } = job
  if (settings.notify === null) return
  const reason = await tell(settings.notify, job, report, trend).catch((cause: unknown) => {
    if (cause instanceof CioAuditError) return cause.message.replace(/\.$/, '')
    throw cause
  })
  // Not by way of the progress, which --quiet silences: who waits for a message must learn that none will come.
  if (reason !== null)
    io.stderr.write(
      `${terminalText(`! The notification was not sent: ${reason}. The exit code is that of the verdict.`)}\n`,
    )
}

/** @returns why it was not sent; null where it was, or where the run is no occasion for it. */
async function tell(
  settings: NotifySettings,
  { io, stateDir, environment }: Telling,
  report: AuditReport,
  trend: readonly TrendPoint[],
): Promise<string | null> {
  const get = lookUp(withDotEnv(io.env, io.cwd))
  const masked = maskReport(report, await loadMasker(stateDir, environment.redactKey))
  const { text, isChange } = renderNotification(masked, trend, readLink(settings.link, get))
  const isWanted = settings.on.some(
    (one) => one === report.verdict.decision || (one === 'change' && isChange),
  )
  if (!isWanted) return null
  return (
    webhookProblem(settings, io) ?? (await send(new Secret(get(settings.urlFrom) ?? ''), text, io.signal))
  )
}

/** Why nothing could be sent to the address that the environment holds; null where it could. */
export function webhookProblem(
  { urlFrom }: NotifySettings,
  { env, cwd }: Pick<Io, 'env' | 'cwd'>,
): string | null {
  const address = lookUp(withDotEnv(env, cwd))(urlFrom)
  if (address === null) return `${urlFrom} is not set`
  const problem = addressProblem(address)
  return problem === null ? null : `${urlFrom} ${problem}`
}

type Get = (name: string) => string | null

const lookUp =
  (variables: Variables): Get =>
  (name) => {
    const value = Object.hasOwn(variables, name) ? variables[name]?.trim() : undefined
    return value === undefined || value === '' ? null : value
  }

/** Null where a variable of it is not set, as on a desk, or where it makes no address. */
function readLink(template: string | null, get: Get): string | null {
  if (template === null) return null
  const values = new Map(linkVariables(template).map((name) => [name, get(name)]))
  if ([...values.values()].includes(null)) return null
  const link = URL.parse(template.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values.get(name) ?? ''))
  return link !== null && /^https?:$/.test(link.protocol) && link.username === '' && link.password === ''
    ? link.href
    : null
}

function addressProblem(address: string): string | null {
  const url = URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol)) return 'holds no web address'
  return url.protocol === 'https:' || isLoopback(url) ? null : 'holds an address without https'
}

const isLoopback = ({ hostname }: URL): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname)

/** @returns why it did not arrive; null where it did. */
async function send(address: Secret, text: string, signal: AbortSignal): Promise<string | null> {
  const url = new URL(address.reveal())
  // Here, because most runs tell nobody.
  const { default: axios, isAxiosError } = await import('axios')
  for (let attempt = 1; ; attempt += 1) {
    try {
      await axios.post(url.href, JSON.stringify({ text }), {
        headers: { 'Content-Type': 'application/json', 'User-Agent': 'cio-audit' },
        signal: AbortSignal.any([signal, AbortSignal.timeout((mostMs - pauseMs) / tries)]),
        // Elsewhere is where nobody said it may go.
        maxRedirects: 0,
        maxContentLength: 100_000,
        responseType: 'text',
        ...(isLoopback(url) ? { proxy: false as const } : {}),
      })
      return null
    } catch (cause) {
      if (signal.aborted) return 'interrupted'
      const reason = isAxiosError(cause) ? reasonOf(cause) : unasked(cause)
      if (attempt === tries || reason.isFinal) return reason.text
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  }
}

/** Never in the words of the error itself: they may hold the address. */
interface Reason {
  readonly text: string
  readonly isFinal: boolean
}

const unasked = (cause: unknown): Reason => ({
  text: `the webhook could not be asked (${cause instanceof Error ? cause.name : 'no reason given'})`,
  isFinal: true,
})

function reasonOf(cause: AxiosError): Reason {
  const status = cause.response?.status
  if (status !== undefined) {
    const isFinal = status < 500 && status !== 429
    if (status >= 300 && status < 400)
      return { text: `the webhook leads elsewhere (${status}), which is not followed`, isFinal }
    return { text: `the webhook answered ${status}`, isFinal }
  }
  if (cause.code === 'ERR_CANCELED') return { text: 'the webhook did not answer in time', isFinal: false }
  return { text: `the webhook could not be reached (${cause.code ?? 'no reason given'})`, isFinal: false }
}
