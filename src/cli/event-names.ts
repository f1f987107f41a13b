import type { Intent, IntentPattern, Plan } from '../core/plan.ts'

/** What a journey about money hangs on. */
const worth: readonly Intent[] = ['product', 'cart', 'checkout', 'purchase']
const namesEach = 6
/** The two spellings that nearly every shop uses: `order_completed`, `Order Completed`. */
const usual = /^(?:[a-z]+(?:_[a-z]+)*|[A-Z][a-z]+(?: [A-Z][a-z]+)*)$/

/**
 * The events whose cursors are read on their own, before everything else that happened: those of the team's plan. The
 * built-in plan knows hundreds of spellings, and asking for each would take longer than reading a small workspace
 * whole; the likeliest of each intent are asked for, and the rest is found in the stream of all activities.
 */
export function plannedEventNames(plan: Plan): string[] {
  const own = Object.entries(plan.events).flatMap(([name, { aliases }]) => [name, ...aliases])
  const likely = plan.byIntent.filter(({ intent }) => worth.includes(intent)).flatMap(likeliest)
  return [...new Set([...own, ...likely])]
}

const likeliest = ({ names }: IntentPattern): string[] =>
  names.filter((name) => usual.test(name)).slice(0, namesEach)
