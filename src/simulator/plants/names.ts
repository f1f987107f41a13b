import type { FactBook } from '../facts.ts'
import type { Variant } from '../types.ts'

/** What became of a critical event that the plan wants. */
export type Fate =
  | 'sent'
  | 'once'
  | 'never'
  | 'as a screen'
  | 'before the window'
  | { readonly renamed: string }

/** The broken shop's fates: five ways of not being there, and one event that came only once and so is there. */
const brokenFates: Readonly<Record<string, Fate>> = {
  signup_completed: { renamed: 'Signup Completed' },
  back_in_stock_requested: { renamed: 'backInStockRequested' },
  order_refunded: 'before the window',
  wishlist_shared: 'never',
  store_visited: 'as a screen',
  loyalty_joined: 'once',
}

export function fateOf(event: string, variant: Variant): Fate {
  return variant === 'broken' ? (brokenFates[event] ?? 'sent') : 'sent'
}

export function plantMissingCritical(facts: FactBook, variant: Variant): void {
  if (variant !== 'broken') return
  for (const [event, fate] of Object.entries(brokenFates)) {
    if (fate !== 'once') facts.add('events/missing-critical', event, [], { plan: 'shop' })
  }
}
