import type { FactBook } from '../../facts.ts'
import { cartData, productData } from '../../population/payloads.ts'
import { reaches, type Shopper } from '../../population/shopper.ts'
import type { Product } from '../../population/products.ts'
import { cases } from '../../plants/cast.ts'
import type { Random } from '../../random.ts'
import type { Variant } from '../../types.ts'
import type { Call } from './calls.ts'
import type { Contexts } from './contexts.ts'
import { deviceCall, spokenOf } from './device-calls.ts'
import { contactsOf } from './identifies.ts'
import type { Planned } from './planned.ts'
import { senderOf } from './senders.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** No visit began earlier before now. */
const longestMs = 27 * dayMs

export interface VisitPlan {
  readonly shoppers: readonly Shopper[]
  readonly products: readonly Product[]
  readonly contexts: Contexts
  readonly random: Random
  readonly facts: FactBook
  readonly variant: Variant
  readonly nowMs: number
}

/** One visit under an anonymous id that is the owner's, of another browser or before a new installation. */
interface Visit {
  readonly anonymousId: string
  readonly owner: Shopper
  /** The last of its events. */
  readonly endMs: number
  readonly calls: Planned[]
}

/** What customers do before they log in: joined by an identify as it should be, and in the broken shop also not. */
export function planVisits(plan: VisitPlan): Planned[] {
  const { shoppers, variant, nowMs } = plan
  // A visit that was joined by e-mail before its owner was created would have created them, without their attributes.
  const firstMs = nowMs - longestMs
  const owners = shoppers.filter(
    (shopper) =>
      shopper.known &&
      !shopper.reserved &&
      shopper.surface !== 'pos' &&
      reaches(shopper, 'cart') &&
      Boolean(shopper.person.id) &&
      shopper.person.createdAt * 1000 < firstMs,
  )
  if (owners.length === 0) return []
  const people = shoppers.length
  const joined = Array.from({ length: cases(people, 0.02, 40) }, (_, turn) => join(plan, owners, turn))
  if (variant !== 'broken') return joined.flat()
  const lost = Array.from({ length: cases(people, 0.006, 12) }, (_, turn) => lose(plan, owners, turn))
  const fine = Array.from({ length: cases(people, 0.002, 6) }, (_, turn) => comeNever(plan, owners, turn))
  return [...joined, ...lost, ...fine].flat()
}

/** @param at - by default long enough before now for whatever follows. */
function visit(plan: VisitPlan, owner: Shopper, withIntent: boolean, at?: number): Visit {
  const { products, random, nowMs } = plan
  const anonymousId = random.uuid()
  let timeMs = at ?? nowMs - random.int(3 * dayMs, longestMs)
  const calls: Planned[] = []
  const track = (name: string, data: Record<string, unknown>): void => {
    const body = { event_id: random.uuid(), platform: 'web', ...data }
    calls.push(called(plan, owner, timeMs, name, { anonymousId, userId: null }, body))
    timeMs += random.int(15_000, 90_000)
  }
  const product = random.pick(products)
  track('search_performed', { query: product.category, results: random.int(1, 80) })
  if (withIntent) {
    track('product_viewed', productData(product))
    if (random.chance(0.6)) {
      const lines = [{ product, quantity: 1 }]
      track('cart_updated', cartData({ id: `C-${random.hex(10)}`, currency: 'EUR', lines }))
    }
  }
  return { anonymousId, owner, endMs: timeMs, calls }
}

function called(
  { contexts, random }: VisitPlan,
  { index }: Shopper,
  timeMs: number,
  name: string,
  sender: Pick<Call, 'anonymousId' | 'userId'>,
  data: Record<string, unknown>,
): Planned {
  const id = random.uuid()
  return {
    timeMs,
    make: () => ({
      type: 'tracks',
      timeMs,
      ...sender,
      name,
      body: JSON.stringify(data),
      context: contexts.web(index, name.replaceAll('_', '-')),
      mobile: false,
      id,
    }),
  }
}

/** Half of them by the user id, half by the e-mail alone where there is one. */
function join(plan: VisitPlan, owners: readonly Shopper[], turn: number): Planned[] {
  const { random, contexts } = plan
  const owner = random.pick(owners)
  const { anonymousId, calls, endMs } = visit(plan, owner, true)
  const byEmail = turn % 2 === 1 && Boolean(owner.person.email)
  const timeMs = endMs + random.int(minuteMs, 2 * dayMs)
  const userId = byEmail ? null : owner.person.id
  const make = (): Call => ({
    type: 'identifies',
    timeMs,
    anonymousId,
    userId,
    body: JSON.stringify(contactsOf(owner.person)),
    context: contexts.web(owner.index, 'account'),
    mobile: false,
  })
  return [...calls, { timeMs, make }]
}

/** Nobody joins the visit with its owner, although something tells whose it is. */
function lose(plan: VisitPlan, owners: readonly Shopper[], turn: number): Planned[] {
  const { random, facts } = plan
  const owner = random.pick(owners)
  const userId = owner.person.id
  const note = (anonymousId: string): void =>
    facts.add('identity/unmerged-anonymous', `anon:${anonymousId}`, [owner.person.cioId])
  const data = { event_id: random.uuid(), platform: 'web' }
  const kind = turn % 4
  if (kind === 0) {
    // The device was registered before the login under another anonymous id, and after it for the owner.
    const user = random.shuffle([...owners]).find((shopper) => isRegisteredLately(shopper, plan.nowMs))
    const device = user?.person.devices[0]
    if (user === undefined || device === undefined) return []
    // So shortly before that nobody else can have logged out of this phone in between.
    const heldMs = spokenOf(user.person, device) * 1000
    const found = visit(plan, user, true, heldMs - random.int(20 * minuteMs, 55 * minuteMs))
    facts.add('identity/unmerged-anonymous', `anon:${found.anonymousId}`, [user.person.cioId])
    const sender = { anonymousId: found.anonymousId, userId: null }
    const timeMs = found.endMs + minuteMs
    const make = (): Call => deviceCall('Device Created or Updated', timeMs, sender, user, device)
    return [...found.calls, { timeMs, make }]
  }
  const { anonymousId, calls, endMs } = visit(plan, owner, true)
  note(anonymousId)
  const timeMs = endMs + random.int(minuteMs, 2 * dayMs)
  const last = (name: string, user: string | null): Planned =>
    called(plan, owner, timeMs, name, { anonymousId, userId: user }, searched(name, data))
  if (kind === 1) return [...calls, last('search_performed', userId)]
  if (kind === 2) return [...calls, last('app_opened', userId), last('search_performed', userId)]
  // A login that is all that is known, and that nobody was identified at.
  const login = last('login', null)
  facts.add('identity/late-identify', 'login other', [login.make().id ?? ''])
  return [...calls, login]
}

const isRegisteredLately = ({ person, surface }: Shopper, nowMs: number): boolean =>
  surface !== 'web' &&
  person.devices.length === 1 &&
  person.devices.some((device) => spokenOf(person, device) * 1000 > nowMs - 25 * dayMs)

/** A user named before the visit and never after it; a visit without intent; a login before it. */
function comeNever(plan: VisitPlan, owners: readonly Shopper[], turn: number): Planned[] {
  const { random } = plan
  const owner = random.pick(owners)
  const found = visit(plan, owner, turn % 2 === 0)
  const first = found.calls[0]
  if (first === undefined) return []
  const { userId } = senderOf(owner)
  const timeMs = turn % 2 === 0 ? first.timeMs - random.int(hourMs, 5 * hourMs) : found.endMs + hourMs
  const sender = { anonymousId: found.anonymousId, userId }
  const data = { event_id: random.uuid(), platform: 'web' }
  return [
    ...found.calls,
    called(plan, owner, timeMs, 'search_performed', sender, searched('search_performed', data)),
  ]
}

/** A search has something that was searched for. */
const searched = (name: string, data: Record<string, unknown>): Record<string, unknown> =>
  name === 'search_performed' ? { ...data, query: 'boots' } : data
