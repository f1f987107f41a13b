import type { ActivityLog } from '../../activity-log.ts'
import type { Shopper } from '../../population/shopper.ts'
import type { Random } from '../../random.ts'
import type { CallType, Send } from './calls.ts'
import type { Contexts } from './contexts.ts'
import { contactsOf } from './identifies.ts'
import type { Logins } from './logins.ts'
import { isPhone, senderOf, type Sender } from './senders.ts'

const sessionGapMs = 10 * 60_000
const beforeLoginShare = 0.06
const callOf: Readonly<Record<string, CallType>> = { event: 'tracks', page: 'pages', screen: 'screens' }
const browsing: ReadonlySet<string> = new Set(['app_opened', 'search_performed', 'product_viewed'])
/** At these a good shop says who it is, just before. */
const isSignUp = (name: string): boolean => /^signup.?completed$/i.test(name)

export interface Playback {
  readonly log: ActivityLog
  readonly shoppers: readonly Shopper[]
  readonly contexts: Contexts
  readonly random: Random
  readonly send: Send
  readonly logins: Logins
}

/** What an SDK made of the activities. Those that Customer.io itself wrote have no counterpart. */
export function activityCalls({
  log,
  shoppers,
  contexts,
  random,
  send,
  logins,
}: Playback): (position: number) => void {
  const senders = new Map<number, Sender>()
  const lastMs = new Float64Array(shoppers.length)
  /** How many more calls of the session come before the login. */
  const anonymous = new Uint8Array(shoppers.length)
  const pages = new Map<string, string>()

  const identify = (timeMs: number, shopper: Shopper, sender: Sender): void => {
    logins.identified(shopper, timeMs)
    send({
      type: 'identifies',
      timeMs,
      ...sender,
      body: JSON.stringify(contactsOf(shopper.person)),
      context: contexts.of(shopper, 'login'),
      mobile: false,
    })
  }

  return (position) => {
    const { type: kind, name: shown } = log.kindAt(position)
    const type = callOf[kind]
    const index = log.personAt(position)
    const shopper = shoppers[index]
    if (type === undefined || shopper === undefined) return
    let sender = senders.get(index)
    if (sender === undefined) senders.set(index, (sender = senderOf(shopper)))
    const timeMs = log.millisAt(position)
    const body = type === 'pages' ? pageBody(log.payloadAt(position), pages) : log.dataAt(position)
    const name = type === 'pages' ? placeOf(body) : (shown ?? '')

    const isBrowsing = type !== 'tracks' || browsing.has(name)
    const begins = timeMs - (lastMs[index] ?? 0) > sessionGapMs
    lastMs[index] = timeMs
    if (begins) {
      const isBeforeLogin =
        isBrowsing &&
        sender.anonymousId !== null &&
        // Whose phone wakes the app up by itself does not log in then.
        shopper.depth !== 'none' &&
        random.chance(beforeLoginShare) &&
        !logins.isQuiet(shopper, timeMs)
      // An app that opens shows a screen next, so that there are two calls for certain.
      anonymous[index] = isBeforeLogin ? (name === 'app_opened' ? 2 : 1) : 0
    }
    const left = isBrowsing ? (anonymous[index] ?? 0) : 0
    if (isSignUp(name)) identify(timeMs - 2_000, shopper, sender)
    const id = log.uuidAt(position)
    const login = name === 'login' ? logins.mannerOf(shopper, timeMs, id) : null
    if (login?.identifyMs != null) identify(timeMs + login.identifyMs, shopper, sender)
    const isNamed = left === 0 && login?.isNamed !== false
    send({
      type,
      timeMs,
      anonymousId: sender.anonymousId,
      userId: isNamed ? sender.userId : null,
      name,
      body,
      context: contexts.of(shopper, type === 'pages' ? name : name.replaceAll('_', '-')),
      mobile: isPhone(shopper),
      id,
    })
    if (left === 0) return
    anonymous[index] = left - 1
    if (left === 1) identify(timeMs + random.int(1_000, 9_000), shopper, sender)
  }
}

/** The page's properties with its address, as analytics.js sends them. There are few different ones. */
function pageBody(payload: string, known: Map<string, string>): string {
  let body = known.get(payload)
  if (body === undefined) {
    const { data, url } = JSON.parse(payload) as { data: object; url: string }
    known.set(payload, (body = JSON.stringify({ ...data, url })))
  }
  return body
}

const placeOf = (body: string): string => /"url":"[^"]*\/([^"/]*)"/.exec(body)?.[1] ?? ''
