import type { Random } from '../../random.ts'
import type { Variant } from '../../types.ts'
import type { PartWriter } from '../parts.ts'
import { table, type Table } from '../table.ts'
import { IsoWriter } from '../times.ts'
import type { Delays } from './delays.ts'

export type CallType = 'identifies' | 'tracks' | 'pages' | 'screens'

const common = [
  'id plain',
  'received_at plain',
  'sent_at plain',
  'timestamp plain',
  'anonymous_id plain',
  'user_id',
]

/** What a Pipelines destination writes, one stream per type of call. Nobody in the shop calls `alias` or `group`. */
export const callTables: Readonly<Record<CallType, Table>> = {
  identifies: table('identifies', ...common, 'traits json', 'context json'),
  tracks: table('tracks', ...common, 'event plain', 'event_text', 'properties json', 'context json'),
  pages: table('pages', ...common, 'name', 'properties json', 'context json'),
  screens: table('screens', ...common, 'name', 'properties json', 'context json'),
}

/** What an SDK or a server sent. */
export interface Call {
  readonly type: CallType
  readonly timeMs: number
  readonly anonymousId: string | null
  readonly userId: string | null
  /** Of the event, screen or page. */
  readonly name?: string
  /** JSON text: the traits or the properties. */
  readonly body: string
  /** JSON text. */
  readonly context: string
  readonly mobile: boolean
  /** The message id; a new one where nothing is said. */
  readonly id?: string
  /** When it is received, where that is planned. */
  readonly receivedMs?: number
}

export type Send = (call: Call) => void

/** One of two thousand calls stands in two files, because two syncs overlapped. It is still one event. */
const doubledShare = 0.0005
const offlineShare = 0.01
const hourMs = 3_600_000

export interface Desk {
  readonly writers: Readonly<Record<CallType, PartWriter>>
  readonly random: Random
  readonly nowMs: number
  readonly variant: Variant
  readonly delays: Delays
}

/** Gives every call its id and its three times, and puts it into its file. */
export function callDesk({ writers, random, nowMs, variant, delays }: Desk): Send {
  const iso = new IsoWriter()
  const slugs = new Map<string, string>()
  const slugOf = (name: string): string => {
    let slug = slugs.get(name)
    if (slug === undefined) slugs.set(name, (slug = slugged(name)))
    return slug
  }
  return (call) => {
    const { type, timeMs, name = '' } = call
    const sentMs = Math.min(nowMs, timeMs + random.int(20, 1_500))
    const soonMs = sentMs + random.int(200, 3_000)
    // The phone was in a tunnel, or switched off over night; in the sterile shop no cart is overtaken by a newer one.
    const mayBeLate = call.mobile && type !== 'identifies' && (variant !== 'sterile' || !/cart/.test(name))
    const isLate = mayBeLate && random.chance(offlineShare)
    const lateMs = isLate ? soonMs + random.int(hourMs, 48 * hourMs) : soonMs
    const id = call.id ?? random.uuid()
    const receivedMs =
      call.receivedMs === undefined
        ? (delays.receivedMs(call, id) ?? (lateMs > nowMs ? Math.min(soonMs, nowMs) : lateMs))
        : Math.max(sentMs, call.receivedMs)
    const head = [
      id,
      iso.write(receivedMs),
      iso.write(sentMs),
      iso.write(timeMs),
      call.anonymousId,
      call.userId,
    ]
    const named = type === 'tracks' ? [slugOf(name), name] : type === 'identifies' ? [] : [name]
    const cells = [...head, ...named, call.body, call.context]
    writers[type].add(cells)
    if (type === 'tracks' && variant !== 'sterile' && random.chance(doubledShare))
      writers.tracks.addAgain(cells)
  }
}

/** `Device Created or Updated` becomes `device_created_or_updated`. */
const slugged = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '_')
