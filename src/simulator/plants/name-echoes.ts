import type { EventDraft } from '../population/stage.ts'
import type { Variant } from '../types.ts'
import { Quota } from './quota.ts'

interface Echo {
  readonly name: string
  readonly share: number
  /** Only looks like another way of writing the name. */
  readonly isFine?: boolean
}

/** Second names under which a sender of its own sends some of the events, too. */
const echoes: Readonly<Record<string, readonly Echo[]>> = {
  product_viewed: [
    { name: 'product_viewd', share: 0.015 },
    { name: 'products_viewed', share: 0.02, isFine: true },
    { name: 'product_rated', share: 0.02, isFine: true },
  ],
  add_to_cart: [
    { name: 'addToCart', share: 0.03 },
    { name: 'added_to_cart', share: 0.03 },
  ],
  cart_updated: [
    { name: 'Cart Updated', share: 0.03 },
    { name: 'cart_step_1', share: 0.02, isFine: true },
    { name: 'cart_step_2', share: 0.02, isFine: true },
  ],
  checkout_started: [{ name: 'CHECKOUT-STARTED', share: 0.03 }],
  purchase: [{ name: 'purchsae', share: 0.02 }],
}

export interface EchoDraft extends EventDraft {
  /** What must be named, if anything. */
  readonly subject: string | null
}

/** Draws nothing, so that everything else is as it would be without them. */
export function nameEchoes(variant: Variant): (draft: EventDraft) => EchoDraft[] {
  if (variant !== 'broken') return () => []
  const planned = new Map(
    Object.entries(echoes).map(([name, own]) => [
      name,
      own.map((echo) => ({ ...echo, quota: new Quota(echo.share, 0.5) })),
    ]),
  )
  return (draft) =>
    (planned.get(draft.name) ?? [])
      .filter(({ quota }) => quota.next())
      .map(({ name, isFine }, place) => ({
        ...draft,
        name,
        // No two events of one person fall closer together than 15 seconds.
        timeMs: draft.timeMs + 3_000 * (place + 1),
        data: Object.fromEntries(Object.entries(draft.data).filter(([key]) => key !== 'event_id')),
        subject: isFine === true ? null : `${name}>${draft.name}`,
      }))
}
