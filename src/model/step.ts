import type { ShopOrder } from '../core/order.ts'
import type { Plan } from '../core/plan.ts'
import type { Settings } from '../core/settings.ts'
import type { Database } from '../engine/database.ts'
import type { HeldEvent } from './event-names.ts'

export interface ModelOptions {
  readonly settings: Settings
  readonly plan: Plan
  readonly since: Date
  readonly until: Date
  readonly asOf: Date
  /** Seconds within which equal events of one person are taken for copies. */
  readonly burstWindowSeconds: number
  /** Leaves what the sources say of people (`record`) for a look at them; rules never need it. */
  readonly keepRoster?: boolean
  /** Ids of journeys that the verdict is asked for; drafts are judged only then. */
  readonly journeys: readonly number[]
  /** The shop's own orders, where it handed them over. */
  readonly orders?: AsyncIterable<readonly ShopOrder[]>
}

/** What steps hand on to later ones beside tables. */
export interface Given extends ModelOptions {
  /** Observed events with what the plan says of them; filled by `event-names`. */
  held: readonly HeldEvent[]
}

/** One piece of the model. */
export interface Step {
  readonly name: string
  /** Tables, views and table macros that exist afterwards, also those of earlier steps that this one changes. */
  readonly makes: readonly string[]
  /** Tables of earlier steps that its statements read or change. `event_name` also stands for `held`. */
  readonly reads: readonly string[]
  readonly build: (db: Database, given: Given) => Promise<void>
}
