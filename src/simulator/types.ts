import type { ActivityLog } from './activity-log.ts'

export type Variant = 'sterile' | 'healthy' | 'broken'
export type Platform = 'ios' | 'android'

export interface Device {
  readonly token: string
  /** As it was written; null or empty where whoever registered the device did not say. */
  platform: string | null
  /** Null where no time of use is known. */
  lastUsed: number | null
  readonly attributes: Record<string, string>
}

/** A person as the workspace holds it. Track calls change it; every App read shows it. Times are Unix seconds. */
export interface Person {
  readonly cioId: string
  id: string | null
  email: string | null
  phone: string | null
  createdAt: number
  /** Everything but the identifiers and `created_at`; text as on the wire (null is allowed there). */
  readonly attributes: Record<string, string | null>
  /** When an attribute was last set, where that is not `createdAt`. */
  readonly attributeTimes: Record<string, number>
  unsubscribed: boolean
  devices: Device[]
  deleted: boolean
}

/** A message that a journey sent. */
export interface Delivery {
  readonly id: string
  readonly person: number
  readonly campaignId: number
  readonly actionId: number
  readonly channel: 'push' | 'email'
  readonly recipient: string
  readonly createdAt: number
  /** The id of the activity that triggered the journey. */
  readonly triggerEventId: string
  readonly metrics: Readonly<Record<string, number>>
}

export interface CampaignAction {
  readonly id: number
  readonly type: 'push' | 'email' | 'delay' | 'wait' | 'branch'
  readonly name: string
  readonly subject?: string
  /** Liquid. */
  readonly body?: string
}

export type CampaignTrigger =
  | { readonly event: string }
  | { readonly segments: readonly number[] }
  | { readonly dateAttribute: string }

export interface Campaign {
  readonly id: number
  readonly name: string
  readonly state: 'running' | 'draft' | 'stopped'
  readonly trigger: CampaignTrigger
  readonly filterSegments: readonly number[]
  readonly actions: readonly CampaignAction[]
  readonly createdAt: number
  /** Journeys started on a usual day before the activity log begins; 0 for a journey that never lived. */
  readonly usualStarts: number
}

export interface Segment {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly type: 'dynamic' | 'manual'
  readonly state: 'events' | 'build' | 'finished'
  readonly createdAt: number
  holds(person: Person): boolean
}

/**
 * One planted truth: rule `rule` must name `records` under `subject`. Under one plan, the facts of that plan and of
 * `both` with the same subject together are exactly what one finding must name.
 */
export interface Fact {
  readonly rule: string
  /** The finding's subject key, as section 5 of the contracts spells it. */
  readonly subject: string
  /** What the evidence rows must name: `cio_id`s, or activity ids for rules about events. */
  readonly records: readonly string[]
  /** The plan for which it is true: the shop's own (`shopPlan()`), the built-in one, or whichever is used. */
  readonly plan: 'shop' | 'built-in' | 'both'
  /** A finding that is listed but fails nothing. Of placeholders: these records gather nobody. */
  readonly informative: boolean
  /** Only for duplicate events: how many of `records` are more than there should be. */
  readonly surplus?: number
  /** Only for tokens whose history was planted: what became of them. */
  readonly history?: TokenHistory
}

/**
 * `switch`: handed on for the last time on day `on`, and left on `from`, whose logout was lost. `alternating`: people take turns.
 * `former`: taken off `from` on day `on`. Days are UTC, `YYYY-MM-DD`.
 */
export type TokenHistory =
  | { readonly kind: 'switch' | 'former'; readonly on: string; readonly from: string }
  | { readonly kind: 'alternating' | 'duplicate' }

/** Where a block of people stands in a shop that is too large to be made in one piece. */
export interface BlockPlace {
  readonly number: number
  /** How many people the blocks before it have. */
  readonly firstPerson: number
  readonly shopSeed: number
}

export interface PopulationOptions {
  readonly people: number
  readonly seed: number
  readonly variant: Variant
  readonly now: Date
  /** Mean activities of one person in the 30 days; default 8. */
  readonly eventsPerPerson?: number
  /** Every event also carries optional numbers and a map with free keys, as shops without a plan send them. */
  readonly messy?: boolean
  /** Default: the whole shop is one block. */
  readonly block?: BlockPlace
}

export interface Population {
  readonly people: Person[]
  /** Every device with its holder; a shared token stands here once for each holder. */
  readonly devices: readonly { readonly cioId: string; readonly device: Device }[]
  readonly activities: ActivityLog
  readonly campaigns: readonly Campaign[]
  readonly segments: readonly Segment[]
  readonly deliveries: readonly Delivery[]
  readonly facts: readonly Fact[]
  /** The `cio_id`s of those who were given several profiles, so that anybody can tell. */
  readonly persons: readonly (readonly string[])[]
}
