import type { FactBook } from '../facts.ts'
import type { EventDraft, Mark } from '../population/stage.ts'
import { derivedSeed, Random } from '../random.ts'
import type { Variant } from '../types.ts'
import { Quota, Turns } from './quota.ts'

type Data = Record<string, unknown>
type Send = (draft: EventDraft) => string
type Change = (data: Data) => Data

const money = (data: Data, name: string): number => Number(data[name])
const cents = (value: number): number => Math.round(value * 100) / 100
const revenue =
  (change: (paid: number, data: Data) => number): Change =>
  (data) => ({ ...data, revenue: cents(change(money(data, 'revenue'), data)) })

/** Totals that are not what was bought: in cents, twice, for nothing, before the discount and more, a price forgotten, a coupon unseen. */
const wrongTotals: readonly Change[] = [
  revenue((paid) => paid * 100),
  revenue((paid) => paid * 2),
  revenue(() => 0),
  revenue((paid, data) => paid + 2 * money(data, 'discount') + 5),
  revenue((paid) => paid / 2),
  revenue((paid) => paid - 6.5),
]
const wrongValues: readonly Change[] = [
  (data) => ({ ...data, cart_value: cents(money(data, 'cart_value') * 100) }),
  (data) => ({ ...data, cart_value: cents(money(data, 'cart_value') + 4.95) }),
  (data) => ({ ...data, cart_value: 0 }),
  (data) => ({ ...data, cart_value: cents(money(data, 'cart_value') / 2) }),
  (data) => ({ ...data, items: [...(data['items'] as Data[]), ...(data['items'] as Data[])] }),
  (data) => ({ ...data, items: [] }),
]
const strangeCurrencies: readonly unknown[] = ['Euro', '€', 'US Dollar', 'EURO', 978]

/** Fine: a cent lost in rounding, parts that are 0 left out, a currency in small letters. */
const oddOrders: readonly Change[] = [
  revenue((paid) => paid + 0.01),
  (data) =>
    Object.fromEntries(
      Object.entries(data).filter(
        ([name, value]) => value !== 0 || !['discount', 'shipping', 'tax'].includes(name),
      ),
    ),
  (data) => ({ ...data, currency: String(data['currency']).toLowerCase() }),
]
const oddCarts: readonly Change[] = [
  (data) => ({ ...data, cart_value: cents(money(data, 'cart_value') - 0.01) }),
]

/** One order again: after how many seconds, and what is different. */
interface Repeat {
  readonly after: readonly [number, number][]
  readonly change?: Change
  /** What the shop's own plan says of the copy. */
  readonly marks?: readonly Mark[]
}
const otherCase: Mark = { rule: 'events/wrong-type', subject: 'purchase.order_id', plan: 'shop' }
const repeats: readonly Repeat[] = [
  { after: [[1200, 3000]] },
  // What was bought at a till has no cart, and would be alone on the web.
  {
    after: [[30, 90]],
    change: (data) => ({ ...data, platform: data['platform'] === 'pos' ? 'pos' : 'web' }),
  },
  {
    after: [[60, 600]],
    change: (data) => ({ ...data, order_id: String(data['order_id']).toLowerCase() }),
    marks: [otherCase],
  },
  { after: [[60, 600]], change: (data) => ({ ...data, order_id: ` ${String(data['order_id'])} ` }) },
  {
    after: [
      [60, 300],
      [600, 900],
    ],
  },
  { after: [[60, 600]], change: (data) => ({ ...data, payment_method: 'paypal' }) },
]

/**
 * What is wrong with carts and orders as a whole, and what only looks so. Each event meets one case, and nothing else is
 * planted on it. Chance of its own: everything else is as it would be without.
 */
export function withOrderCases(send: Send, variant: Variant, seed: number, facts: FactBook): Send {
  if (variant === 'sterile') return send
  const random = new Random(derivedSeed(seed, 'orders'))
  const every = <T>(share: number, values: readonly T[]) => ({
    quota: new Quota(variant === 'broken' ? share : 0, random.fraction()),
    turns: new Turns(values),
  })
  const odd = {
    quota: new Quota(0.02, random.fraction()),
    orders: new Turns(oddOrders),
    carts: new Turns(oddCarts),
  }
  const values = every(0.03, wrongValues)
  const totals = every(0.03, wrongTotals)
  const currencies = every(0.02, strangeCurrencies)
  const again = every(0.025, repeats)
  const strangers = every(0.01, [null])
  let waiting: { draft: EventDraft; id: string } | null = null

  const copy = (draft: EventDraft): EventDraft => ({
    ...draft,
    isSettled: true,
    data: { ...draft.data, event_id: random.uuid() },
  })
  const changed = (draft: EventDraft, change: Change): EventDraft => ({
    ...draft,
    isSettled: true,
    data: change(draft.data),
  })
  const repeated = (draft: EventDraft, { after, change = (data) => data, marks = [] }: Repeat): string => {
    const id = send({ ...draft, isSettled: true })
    const ids = after.map(([min, max]) =>
      send({
        ...copy(changed(draft, change)),
        timeMs: draft.timeMs + random.int(min * 1000, max * 1000),
        marks,
      }),
    )
    facts.add('events/duplicate-order', 'purchase', [id, ...ids], { surplus: ids.length })
    return id
  }
  /** Somebody else's order, on the profile of who buys now. */
  const onStranger = (draft: EventDraft): void => {
    const { platform } = draft.data
    if (waiting === null || waiting.draft.shopper === draft.shopper) return
    const other = {
      ...waiting.draft,
      shopper: draft.shopper,
      timeMs: draft.timeMs + random.int(20_000, 90_000),
    }
    const id = send(copy({ ...other, data: { ...other.data, platform } }))
    facts.add('events/duplicate-order', 'purchase', [waiting.id, id], { surplus: 1 })
    waiting = null
  }

  const order = (draft: EventDraft): string => {
    onStranger(draft)
    if (odd.quota.next()) return send(changed(draft, odd.orders.next()))
    if (totals.quota.next()) return send(changed(draft, totals.turns.next()))
    if (again.quota.next()) return repeated(draft, again.turns.next())
    if (waiting === null && strangers.quota.next()) {
      const id = send({ ...draft, isSettled: true })
      waiting = { draft, id }
      return id
    }
    if (!currencies.quota.next()) return send(draft)
    const currency = currencies.turns.next()
    const marks: Mark[] = [{ rule: 'events/wrong-type', subject: 'purchase.currency', plan: 'shop' }]
    return send({ ...changed(draft, (data) => ({ ...data, currency })), marks })
  }
  const cart = (draft: EventDraft): string => {
    if (odd.quota.next()) return send(changed(draft, odd.carts.next()))
    if (!values.quota.next()) return send(draft)
    const spoilt = changed(draft, values.turns.next())
    const isLost = (spoilt.data['items'] as Data[]).length === 0
    const marks: Mark[] = isLost ? [{ rule: 'events/missing-property', subject: `${draft.name}.items` }] : []
    return send({ ...spoilt, marks })
  }

  return (draft) => {
    const { name, data, beforeWindow, isSettled } = draft
    if (beforeWindow === true || isSettled === true) return send(draft)
    // Nothing is wrong with money that goes back, nor with an emptied cart.
    if (name === 'purchase' && money(data, 'revenue') > 0) return order(draft)
    const isCart = name === 'cart_updated' || name === 'checkout_started'
    return isCart && money(data, 'cart_value') > 0 ? cart(draft) : send(draft)
  }
}
