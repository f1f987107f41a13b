import type { Shopper } from '../population/shopper.ts'
import type { Fact } from '../types.ts'
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
    const note = (plan: Fact['plan']): void => facts.add(rule, person.cioId, [person.cioId], { plan })
    const best = bestOf(shopper)
    const isUnreachable = isIn && isActive(cast, shopper) && best !== 'fine' && best !== 'dormant'
    if (!person.id || nobody.has(person.cioId) || several.has(shopper) || best === 'shared' || isUnreachable)
      note('both')
    else if (lacks(shopper, 'both')) note('both')
    else if (lacks(shopper, 'shop')) note('shop')
  }
}

/** All carts of their last moment lack something that a plan requires. */
function lacks({ carts }: Shopper, plan: Fact['plan']): boolean {
  const last = Math.max(...carts.map(({ second }) => second))
  return carts
    .filter(({ second }) => second === last)
    .every(({ marks }) =>
      marks.some(
        (mark) =>
          mark.rule === 'events/missing-property' &&
          mark.informative !== true &&
          (plan === 'shop' || (mark.plan ?? 'both') === 'both'),
      ),
    )
}
