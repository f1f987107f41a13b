import type { FactBook } from '../facts.ts'
import type { EventDraft } from '../population/stage.ts'

type Data = Readonly<Record<string, unknown>>

/** What the shop sells in. */
const currencies: ReadonlySet<string> = new Set(['USD', 'GBP', 'EUR'])

/**
 * What is wrong with the sums of an event, by the arithmetic of the shop itself: a cart is worth its lines; an order
 * costs its lines less the discount, and shipping and tax on top. What is no number proves nothing.
 */
export function noteSums(facts: FactBook, { name, data, beforeWindow }: EventDraft, id: string): void {
  if (beforeWindow === true) return
  noteItems(facts, name, data['items'], id)
  if (name === 'cart_updated' || name === 'checkout_started') {
    const path = wrongPartOf(data)
    if (path !== null) facts.add('events/cart-payload', `${name}.${path}`, [id])
  } else if (name === 'purchase') {
    if (isOverpaid(data)) facts.add('events/purchase-total', 'purchase.revenue', [id])
    if (isStrange(data['currency'])) facts.add('events/purchase-total', 'purchase.currency', [id])
  }
}

const kinds: Readonly<Record<string, string>> = {
  product_id: 'string',
  sku: 'string',
  name: 'string',
  category: 'string',
  price: 'number',
  quantity: 'number',
}

/** A list that looks like no other of the shop. Whether a key that the shop's own plan names is missing is told elsewhere. */
function noteItems(facts: FactBook, name: string, items: unknown, id: string): void {
  if (items === undefined || items === null || items === '') return
  const lines: readonly Data[] | null = Array.isArray(items) ? items : null
  const strange = lines?.some((line) =>
    Object.entries(line).some(([key, value]) => value !== null && typeof value !== kinds[key]),
  )
  const short = lines?.some((line) => Object.keys(kinds).some((key) => (line[key] ?? null) === null))
  if (strange ?? true) facts.add('events/inconsistent-items', `${name}.items`, [id])
  else if (short === true) facts.add('events/inconsistent-items', `${name}.items`, [id], { plan: 'built-in' })
}

/** A purchase that names its order, and by its revenue gives no money back. */
export function isOrder({ name, data }: EventDraft): boolean {
  const number = data['order_id']
  const isNamed = typeof number === 'number' || (typeof number === 'string' && number.trim() !== '')
  return name === 'purchase' && isNamed && amount(data['revenue']) >= 0
}

function wrongPartOf(data: Data): string | null {
  const lines = data['items']
  const value = amount(data['cart_value'])
  if (!Array.isArray(lines)) return null
  if (lines.length === 0) return value > 0 ? 'items' : null
  return isOff(value, goodsOf(lines)) ? 'cart_value' : null
}

function isOverpaid(data: Data): boolean {
  const lines = data['items']
  const revenue = amount(data['revenue'])
  if (!Array.isArray(lines) || lines.length === 0 || revenue < 0) return false
  return isOff(
    revenue,
    goodsOf(lines) - extra(data['discount']) + extra(data['shipping']) + extra(data['tax']),
  )
}

/** NaN is off nothing. */
const isOff = (stated: number, due: number): boolean => Math.abs(stated - due) > 0.5

function goodsOf(lines: readonly Data[]): number {
  return lines.reduce(
    (sum, { price, quantity }) => sum + amount(price) * (quantity === undefined ? 1 : amount(quantity)),
    0,
  )
}

function amount(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
}

const extra = (value: unknown): number => (value === undefined ? 0 : amount(value))

function isStrange(currency: unknown): boolean {
  if (currency === undefined || currency === null) return false
  const text = typeof currency === 'string' ? currency.trim() : JSON.stringify(currency)
  return text !== '' && !currencies.has(text.toUpperCase())
}
