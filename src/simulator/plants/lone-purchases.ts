import { appVersions } from '../population/devices.ts'
import { commonData, currencyOf, purchaseData, type Cart } from '../population/payloads.ts'
import type { CartVisit } from '../population/sessions.ts'
import type { Shopper } from '../population/shopper.ts'
import type { Stage } from '../population/stage.ts'
import type { Random } from '../random.ts'
import { Quota, Turns } from './quota.ts'

const dayMs = 86_400_000
/** A purchase is judged where the week before it lies in the window; half a day more, for the time that a pull takes. */
const judgedMs = 22.5 * dayMs

interface LoneCase {
  /** Days after the only cart of that person; negative: before it. */
  readonly days: number
  readonly beside?: Record<string, unknown>
  /** A renewal, or close enough to the cart. */
  readonly isFine?: boolean
}

const loneCases: readonly LoneCase[] = [
  { days: -1 },
  { days: -3.3, beside: { payment_method: 'apple_pay' } },
  { days: -1.5, beside: { is_renewal: true }, isFine: true },
  { days: 7.2 },
  { days: -2.2, beside: { is_renewal: false } },
  { days: -2, beside: { order_type: 'Renewal' }, isFine: true },
  { days: 6.8, isFine: true },
  { days: 11 },
  { days: -1.1, beside: { subscription_id: 'sub-17' }, isFine: true },
]

/** Lets some who bought with a cart buy once more without one. */
export function lonePurchases(
  stage: Stage,
  random: Random,
): (shopper: Shopper, visit: CartVisit | null) => void {
  if (stage.variant !== 'broken') return () => undefined
  const [quota, turns] = [new Quota(0.5, 0.5), new Turns(loneCases)]
  return (shopper, visit) => {
    if (visit?.bought !== true || shopper.reserved || !quota.next()) return
    const { days, beside, isFine } = turns.next()
    const { person, touched, surface } = shopper
    const timeMs = visit.endMs + Math.round(days * dayMs)
    const isNewest = days > 0
    if (timeMs < stage.nowMs - judgedMs || timeMs > stage.nowMs - dayMs / 12) return
    if (timeMs < person.createdAt * 1000 || (isNewest && touched.has('last_purchase_at'))) return
    const product = random.pick(stage.products)
    const cart: Cart = { id: '', currency: currencyOf(shopper), lines: [{ product, quantity: 1 }] }
    const version = person.devices[0]?.attributes['app_version'] ?? appVersions[2]
    const data = {
      ...commonData(shopper, version, random),
      ...purchaseData(cart, stage.nextOrderNumber(), random),
      ...beside,
    }
    if (isNewest) {
      const at = Math.floor(timeMs / 1000) + 600
      person.attributes['last_purchase_at'] = String(at)
      person.attributeTimes['last_purchase_at'] = at
    }
    const marks = isFine === true ? [] : [{ rule: 'events/broken-funnel', subject: surface }]
    // A copy of it, or a copy on a stranger, would be alone as well, or not.
    stage.send({ name: 'purchase', timeMs, shopper, data, marks, isSettled: true })
  }
}
