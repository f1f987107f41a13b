import type { FactBook } from '../../facts.ts'
import { cases } from '../../plants/cast.ts'
import { Turns } from '../../plants/quota.ts'
import { cartData } from '../../population/payloads.ts'
import type { Product } from '../../population/products.ts'
import { reaches, type Shopper } from '../../population/shopper.ts'
import type { Random } from '../../random.ts'
import type { Variant } from '../../types.ts'
import type { Contexts } from './contexts.ts'
import type { Planned } from './planned.ts'
import { senderOf } from './senders.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const longestMs = 25 * dayMs
/** No whole hour: what is late by those was sent in local time. */
const tunnelMs = 35 * minuteMs

export interface CartPlan {
  readonly shoppers: readonly Shopper[]
  readonly products: readonly Product[]
  readonly contexts: Contexts
  readonly random: Random
  readonly facts: FactBook
  readonly variant: Variant
  readonly nowMs: number
}

/** Says which state of the cart it is, the first being 1. */
type Mark = (state: number, timeMs: number) => Record<string, unknown>
const marks: readonly Mark[] = [
  (state) => ({ sequence: state }),
  (_, timeMs) => ({ updated_at: new Date(timeMs).toISOString() }),
  (state) => ({ cart_version: String(state + 8) }),
  (_, timeMs) => ({ last_updated: timeMs }),
  (_, timeMs) => ({ modified_at: Math.floor(timeMs / 1000) }),
]

/** How the four updates of a cart come in. */
interface Arrival {
  /** After the moment at which the last of them happened; null where it comes at once. */
  readonly delays: readonly (number | null)[]
  /** Which of them come after a newer one. */
  readonly overtaken: readonly number[]
  /** The state that each of them shows, where that is not its turn. */
  readonly states?: readonly number[]
}

const soon = [null, null, null, null] as const
const good: readonly Arrival[] = [{ delays: soon, overtaken: [] }]
/** Late and still fine: the last one alone; all of them, in order; all at one moment; a cart that begins anew. */
const fine: readonly Arrival[] = [
  { delays: [null, null, null, 20 * hourMs], overtaken: [] },
  { delays: [tunnelMs, tunnelMs + 40, tunnelMs + 900, tunnelMs + 901], overtaken: [] },
  { delays: [tunnelMs, tunnelMs, tunnelMs, tunnelMs], overtaken: [] },
  { delays: soon, overtaken: [], states: [1, 2, 1, 2] },
]
const broken: readonly Arrival[] = [
  { delays: [null, 2_500, null, null], overtaken: [1] },
  { delays: [4_000, 3_000, 2_000, 1_000], overtaken: [0, 1, 2] },
  { delays: [30 * hourMs, null, null, null], overtaken: [0] },
  { delays: [minuteMs + 1, minuteMs, minuteMs + 3, minuteMs + 2], overtaken: [0, 2] },
]

/** Carts that grow while they are looked at, on the web, by people who do not buy. */
export function planCarts(plan: CartPlan): Planned[] {
  const { shoppers, variant, nowMs } = plan
  const owners = shoppers.filter(
    (shopper) =>
      shopper.known &&
      !shopper.reserved &&
      shopper.surface === 'web' &&
      reaches(shopper, 'cart') &&
      !reaches(shopper, 'purchase') &&
      Boolean(shopper.person.id) &&
      shopper.person.createdAt * 1000 < nowMs - longestMs,
  )
  if (owners.length === 0) return []
  const spelled = new Turns(marks)
  const grow = (arrivals: readonly Arrival[], share: number, least: number): Planned[] =>
    Array.from({ length: cases(shoppers.length, share, least) }, (_, turn) =>
      // All spellings of all arrivals: their numbers have no common divisor.
      cart(plan, owners, arrivals[turn % arrivals.length], spelled.next()),
    ).flat()
  return [
    ...grow(good, 0.01, 20),
    ...(variant === 'sterile' ? [] : grow(fine, 0.01, 20)),
    ...(variant === 'broken' ? grow(broken, 0.01, 20) : []),
  ]
}

function cart(
  { products, contexts, random, facts, nowMs }: CartPlan,
  owners: readonly Shopper[],
  arrival: Arrival | undefined,
  mark: Mark,
): Planned[] {
  if (arrival === undefined) return []
  const owner = random.pick(owners)
  const product = random.pick(products)
  const cartId = `C-${random.hex(10)}`
  const firstMs = nowMs - random.int(3 * dayMs, longestMs - hourMs)
  const times = arrival.delays.map((_, turn) => firstMs + turn * minuteMs + random.int(0, 30_000))
  const lastMs = times.at(-1) ?? firstMs
  return times.map((timeMs, turn) => {
    const id = random.uuid()
    const delay = arrival.delays[turn] ?? null
    if (arrival.overtaken.includes(turn)) facts.add('events/out-of-order', 'cart_updated', [id])
    const state = arrival.states?.[turn] ?? turn + 1
    const body = JSON.stringify({
      event_id: random.uuid(),
      platform: 'web',
      ...cartData({ id: cartId, currency: 'EUR', lines: [{ product, quantity: turn + 1 }] }),
      ...mark(state, timeMs),
    })
    return {
      timeMs,
      make: () => ({
        type: 'tracks',
        timeMs,
        ...senderOf(owner),
        name: 'cart_updated',
        body,
        context: contexts.web(owner.index, 'cart-updated'),
        mobile: false,
        id,
        receivedMs: delay === null ? timeMs + 1_000 : lastMs + delay,
      }),
    }
  })
}
