import type { ActivityLog } from '../activity-log.ts'
import type { FactBook, FactOptions } from '../facts.ts'
import type { Random } from '../random.ts'
import type { Delivery, Variant } from '../types.ts'
import type { Product } from './products.ts'
import type { Shopper } from './shopper.ts'

/** What an event must be named for. */
export interface Mark extends FactOptions {
  readonly rule: string
  readonly subject: string
}

/** An event before it is written down: planted cases may still change it or follow it with copies. */
export interface EventDraft {
  readonly name: string
  readonly timeMs: number
  readonly shopper: Shopper
  data: Record<string, unknown>
  marks: readonly Mark[]
  /** Lies before the window, where no rule looks: nothing is planted on it. */
  readonly beforeWindow?: boolean
  /** A planted case already: no other is planted on it. */
  readonly isSettled?: boolean
}

/** Everything that the makers of activities share. */
export interface Stage {
  readonly variant: Variant
  readonly nowMs: number
  readonly random: Random
  readonly log: ActivityLog
  readonly facts: FactBook
  readonly products: readonly Product[]
  readonly deliveries: Delivery[]
  /** Gives every order its own number. */
  nextOrderNumber(): number
  /** Writes an event, with whatever the variant plants on it. */
  send(draft: EventDraft): string
}
