import { fateOf } from '../plants/names.ts'
import { appVersions } from './devices.ts'
import {
  cartData,
  commonData,
  currencyOf,
  productData,
  purchaseData,
  refundData,
  type Cart,
} from './payloads.ts'
import type { Product } from './products.ts'
import { reaches, type Shopper } from './shopper.ts'
import type { Stage } from './stage.ts'

const dayMs = 86_400_000

/** Events that the shop sends now and then; the plan calls them critical, so each must be seen at least once. */
export const rareEvents = [
  'signup_completed',
  'order_refunded',
  'wishlist_shared',
  'store_visited',
  'back_in_stock_requested',
  'loyalty_joined',
] as const

/**
 * A visit: it knows its clock, so that no two events of one person fall closer together than 15 seconds. What stands
 * closer in the end was planted.
 */
class Visit {
  readonly stage: Stage
  readonly shopper: Shopper
  readonly appVersion: string
  readonly isApp: boolean
  #timeMs: number

  constructor(stage: Stage, shopper: Shopper, startMs: number) {
    this.stage = stage
    this.shopper = shopper
    this.#timeMs = startMs
    this.isApp = shopper.surface === 'ios' || shopper.surface === 'android'
    this.appVersion = shopper.person.devices[0]?.attributes['app_version'] ?? appVersions[2]
  }

  get timeMs(): number {
    return this.#timeMs
  }

  event(name: string, data: Record<string, unknown>): string {
    const { stage, shopper } = this
    const common = commonData(shopper, this.appVersion, stage.random)
    const beforeWindow = this.#timeMs < stage.nowMs - 29 * dayMs
    const id = stage.send({
      name,
      timeMs: this.#timeMs,
      shopper,
      data: { ...common, ...data },
      marks: [],
      beforeWindow,
    })
    this.#wait()
    return id
  }

  /** A screen of the app, or a page of the web shop. */
  look(place: string): void {
    const { stage, shopper } = this
    const data = { platform: shopper.surface, ...(this.isApp ? { app_version: this.appVersion } : {}) }
    const activity = { timeMs: this.#timeMs, person: shopper.index, data }
    if (this.isApp) stage.log.add({ ...activity, type: 'screen', name: place })
    else
      stage.log.add({
        ...activity,
        type: 'page',
        beside: { url: `https://northwindoutfitters.com/${place}` },
      })
    // Screens fire twice now and then in every app; the catalogue counts them as noise, never as duplicates.
    if (this.isApp && stage.variant !== 'sterile' && stage.random.chance(0.03)) {
      stage.log.add({
        ...activity,
        type: 'screen',
        name: place,
        timeMs: this.#timeMs + stage.random.int(0, 900),
      })
    }
    this.#wait()
  }

  #wait(): void {
    this.#timeMs += this.stage.random.int(15_000, 150_000)
  }
}

function drawLines(stage: Stage, first: Product): Cart['lines'] {
  const { random, products } = stage
  const count = random.pick([1, 1, 1, 2, 2, 3])
  const chosen = new Set([first])
  while (chosen.size < count) chosen.add(random.pick(products))
  return [...chosen].map((product) => ({ product, quantity: random.chance(0.8) ? 1 : random.int(2, 3) }))
}

/** Looking around without buying. */
function browse(visit: Visit): Product {
  const { stage, isApp, shopper } = visit
  const { random, products } = stage
  if (isApp) visit.event('app_opened', { source: random.pick(['organic', 'organic', 'push', 'deep_link']) })
  visit.look('home')
  let product = random.pick(products)
  if (shopper.depth === 'opens') return product
  if (random.chance(0.3) || shopper.depth === 'search') {
    visit.event('search_performed', { query: product.category, results: random.int(1, 80) })
  }
  if (!reaches(shopper, 'browse')) return product
  for (let views = random.int(1, 2); views > 0; views -= 1) {
    product = random.pick(products)
    visit.event('product_viewed', productData(product))
  }
  return product
}

/** What a cart became, for the message that may follow it. */
export interface CartVisit {
  readonly cartEventId: string
  readonly endMs: number
  readonly bought: boolean
}

/** A visit down to the shopper's depth. Returns what happened to the cart, if there was one. */
export function playMainVisit(stage: Stage, shopper: Shopper, startMs: number): CartVisit | null {
  const { random, variant } = stage
  const visit = new Visit(stage, shopper, startMs)
  if (shopper.surface === 'pos') {
    buyAtTheTill(visit)
    return null
  }
  const product = browse(visit)
  if (!reaches(shopper, 'cart')) return null
  const cart: Cart = {
    id: `C-${random.hex(10)}`,
    currency: currencyOf(shopper),
    lines: drawLines(stage, product),
  }
  const { quantity } = cart.lines[0] ?? { quantity: 1 }
  visit.event('add_to_cart', { ...productData(product), quantity, cart_id: cart.id })
  if (variant !== 'sterile' && random.chance(0.04)) {
    visit.event('cart_updated', { ...cartData({ ...cart, lines: [] }) })
  }
  const cartEventId = visit.event('cart_updated', cartData(cart))
  if (reaches(shopper, 'checkout')) visit.event('checkout_started', cartData(cart))
  const bought = reaches(shopper, 'purchase')
  if (bought) {
    notePurchase(visit)
    const number = stage.nextOrderNumber()
    visit.event('purchase', purchaseData(cart, number, random))
    if (variant !== 'sterile' && random.chance(0.03)) {
      // Half of the refunds bear the number of the order itself.
      visit.event('purchase', refundData(cart, number % 2 === 0 ? number : stage.nextOrderNumber(), random))
    }
  }
  return { cartEventId, endMs: visit.timeMs, bought }
}

/** A visit that fills the month: the more events per person are wanted, the more of them. */
export function playSideVisit(stage: Stage, shopper: Shopper, startMs: number): void {
  browse(new Visit(stage, shopper, startMs))
}

function buyAtTheTill(visit: Visit): void {
  const { stage, shopper } = visit
  const product = stage.random.pick(stage.products)
  const cart: Cart = { id: '', currency: currencyOf(shopper), lines: drawLines(stage, product) }
  notePurchase(visit)
  visit.event('purchase', purchaseData(cart, stage.nextOrderNumber(), stage.random))
}

/** Orders of the years before, brought in with their own times: they lie before every window. */
export function playImportedOrders(stage: Stage, shopper: Shopper): void {
  for (let orders = stage.random.int(1, 2); orders > 0; orders -= 1) {
    buyAtTheTill(new Visit(stage, shopper, stage.nowMs - stage.random.int(35 * dayMs, 400 * dayMs)))
  }
}

function notePurchase({ shopper, timeMs }: Visit): void {
  const { person, touched } = shopper
  if (touched.has('last_purchase_at')) return
  // Two minutes later: the order system sets it, and no purchase of the visit may be newer than the fact about it.
  const at = Math.floor(timeMs / 1000) + 600
  if (Number(person.attributes['last_purchase_at'] ?? 0) >= at) return
  person.attributes['last_purchase_at'] = String(at)
  person.attributeTimes['last_purchase_at'] = at
}

/** An event that the shop sends seldom, or what the broken shop does instead. */
export function playRareEvent(stage: Stage, shopper: Shopper, name: string, startMs: number): void {
  const fate = fateOf(name, stage.variant)
  if (fate === 'never') return
  const visit = new Visit(stage, shopper, fate === 'before the window' ? startMs - 40 * dayMs : startMs)
  if (fate === 'as a screen') visit.look(name)
  else visit.event(typeof fate === 'object' ? fate.renamed : name, {})
}
