import type { Device, Fact, Person } from '../types.ts'

/** How far down the funnel a shopper goes in the 30 days. From `browse` on there are intent events. */
export const depths = ['none', 'opens', 'search', 'browse', 'cart', 'checkout', 'purchase'] as const
export type Depth = (typeof depths)[number]

export type Surface = 'ios' | 'android' | 'web' | 'pos'

/** One event key that several events were given on purpose; the ids of those that were sent gather in `records`. */
export interface SharedKey {
  readonly key: string
  readonly event: string
  /** The events belong to profiles of one person; otherwise to strangers, and the key proves nothing. */
  readonly onePerson: boolean
  readonly records: string[]
}

/** What Customer.io writes into a person's feed by itself, beside what every person has there. */
export interface FeedNote {
  readonly type: string
  /** Hours before now. */
  readonly hoursAgo: number
  readonly data: object
  /** Something was refused: its reason without what is the record's own. */
  readonly refusal?: string
}

/** A moment in the history of a token: the person's phone registered it, or it was taken off the person. */
export interface CustodyAct {
  readonly device: Device
  /** Unix seconds. */
  readonly at: number
  readonly act: 'registered' | 'renewed' | 'deleted'
}

/** A cart event of the window, with what was planted on it. */
export interface LeftCart {
  /** As fine as the App API tells it. */
  readonly second: number
  /** Sent under another spelling, which only the built-in plan takes for the same event. */
  readonly isEcho: boolean
  readonly marks: readonly {
    readonly rule: string
    readonly plan?: Fact['plan']
    readonly informative?: boolean
  }[]
}

/** A person together with what the planter means to do with them. */
export interface Shopper {
  /** Position in the population. */
  readonly index: number
  readonly person: Person
  depth: Depth
  surface: Surface
  /** Has an id that means somebody, an e-mail or a phone. */
  known: boolean
  /** Taken by one planted case; no other case about identity or devices may use this shopper. */
  reserved: boolean
  /** Attributes that a planted case has set or removed; nothing else may touch them. */
  readonly touched: Set<string>
  /** Given to the shopper's first event of that name. */
  sharedKey: SharedKey | null
  /** The shopper's purchases were imported from an older system and lie before the window. */
  imported: boolean
  /** Planted on this person's feed. */
  readonly feed: FeedNote[]
  /** What is known of how their devices came and went, oldest first; empty where nothing is planted on that. */
  custody: readonly CustodyAct[]
  /** Their cart events in the window, in the order in which they were made up. */
  readonly carts: LeftCart[]
}

export function reaches(shopper: Shopper, depth: Depth): boolean {
  return depths.indexOf(shopper.depth) >= depths.indexOf(depth)
}

/** Product views, carts, checkouts and purchases are intent; opening the app or searching is not. */
export function showsIntent(shopper: Shopper): boolean {
  return reaches(shopper, 'browse')
}
