import { cartData, productData } from '../../population/payloads.ts'
import type { Product } from '../../population/products.ts'
import type { Random } from '../../random.ts'
import type { Contexts } from './contexts.ts'
import type { Planned } from './planned.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
const visitorShare = 0.012

export interface Strangers {
  /** How many activities the known people have. */
  readonly activities: number
  readonly products: readonly Product[]
  readonly contexts: Contexts
  readonly random: Random
  readonly nowMs: number
}

/** People who look around in the web shop, fill a cart now and then, and never say who they are. */
export function planVisitors(strangers: Strangers): Planned[] {
  const count = Math.round(strangers.activities * visitorShare)
  return Array.from({ length: count }, (_, number) => visit(strangers, number)).flat()
}

function visit({ products, contexts, random, nowMs }: Strangers, number: number): Planned[] {
  const anonymousId = random.uuid()
  let timeMs = nowMs - random.int(2 * hourMs, 28 * dayMs)
  const calls: Planned[] = []
  const track = (name: string, data: () => Record<string, unknown>): void => {
    const at = timeMs
    const id = random.uuid()
    const key = random.uuid()
    calls.push({
      timeMs: at,
      make: () => ({
        type: 'tracks',
        timeMs: at,
        anonymousId,
        userId: null,
        name,
        body: JSON.stringify({ event_id: key, platform: 'web', ...data() }),
        context: contexts.web(number, name.replaceAll('_', '-')),
        mobile: false,
        id,
      }),
    })
    timeMs += random.int(15_000, 150_000)
  }
  let product = random.pick(products)
  for (let views = random.int(1, 3); views > 0; views -= 1) {
    const viewed = random.pick(products)
    product = viewed
    track('product_viewed', () => productData(viewed))
  }
  if (!random.chance(0.25)) return calls
  const bought = product
  const cart = {
    id: `C-${random.hex(10)}`,
    currency: random.pick(['USD', 'EUR', 'GBP']),
    lines: [{ product: bought, quantity: 1 }],
  }
  track('add_to_cart', () => ({ ...productData(bought), quantity: 1, cart_id: cart.id }))
  track('cart_updated', () => cartData(cart))
  return calls
}
