import type { Shopper } from '../population/shopper.ts'
import type { Cast } from './cast.ts'
import { bestDevices, isActive, permissionOf } from './device-truth.ts'

const rule = 'spot-check/cart-journey'

/**
 * The truth of the spot check, over everybody who left a cart and for whom a push is meant: what other plants did to
 * people, devices and the last of their carts, taken together.
 */
export function noteCartWalks(cast: Cast, shoppers: readonly Shopper[]): void {
  const { facts, persons } = cast
  const several = new Set(persons.flatMap(({ members }) => (members.length > 1 ? members : [])))
  const nobody = new Set(
    facts
      .pages()
      .flatMap(({ rule: id, subject, records }) =>
        id === 'identity/placeholder-id' && subject.startsWith('id:') ? [...records] : [],
      ),
  )
  const bestOf = bestDevices(cast, shoppers)
  for (const shopper of shoppers) {
    const { person, carts, known } = shopper
    const { usesApp, isIn, isOut } = permissionOf(shopper)
    if (!known || carts.length === 0 || person.unsubscribed || isOut || !usesApp) continue
    const best = bestOf(shopper)
    const isUnreachable = isIn && isActive(cast, shopper) && best !== 'fine' && best !== 'dormant'
    const isBroken =
      !person.id || nobody.has(person.cioId) || several.has(shopper) || best === 'shared' || isUnreachable
    const plans = (['shop', 'built-in'] as const).filter((plan) => isBroken || lacks(shopper, plan))
    const [first] = plans
    if (first !== undefined)
      facts.add(rule, person.cioId, [person.cioId], { plan: plans.length === 2 ? 'both' : first })
  }
}

/** All carts of their last moment lack something that this plan requires. */
function lacks({ carts }: Shopper, plan: 'shop' | 'built-in'): boolean {
  const own = carts.filter(({ isEcho }) => plan === 'built-in' || !isEcho)
  const last = Math.max(...own.map(({ second }) => second))
  return own
    .filter(({ second }) => second === last)
    .every(({ marks }) =>
      marks.some(
        (mark) =>
          mark.rule === 'events/missing-property' &&
          mark.informative !== true &&
          [plan, 'both'].includes(mark.plan ?? 'both'),
      ),
    )
}
