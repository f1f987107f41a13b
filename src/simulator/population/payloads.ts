import type { Random } from '../random.ts'
import type { Product } from './products.ts'
import type { Shopper } from './shopper.ts'

export interface CartLine {
  readonly product: Product
  readonly quantity: number
}

export interface Cart {
  readonly id: string
  readonly currency: string
  readonly lines: readonly CartLine[]
}

const currencies: Readonly<Record<string, string>> = {
  US: 'USD',
  GB: 'GBP',
  DE: 'EUR',
  FR: 'EUR',
  ES: 'EUR',
  IT: 'EUR',
}

/** The shop sells in the currency of the person's country; where a planted case spoilt the country, in dollars. */
export function currencyOf(shopper: Shopper): string {
  return currencies[shopper.person.attributes['country'] ?? ''] ?? 'USD'
}

const money = (cents: number): number => cents / 100
const total = (cart: Cart): number =>
  cart.lines.reduce((sum, line) => sum + line.product.cents * line.quantity, 0)

/** What every event carries: its own key, and where it came from. */
export function commonData(shopper: Shopper, appVersion: string, random: Random): Record<string, unknown> {
  const isApp = shopper.surface === 'ios' || shopper.surface === 'android'
  const common: Record<string, unknown> = { event_id: random.uuid(), platform: shopper.surface }
  if (isApp) common['app_version'] = appVersion
  return common
}

export function productData({ product_id, sku, name, category, cents }: Product): Record<string, unknown> {
  return { product_id, sku, name, category, price: money(cents) }
}

function itemsOf(cart: Cart): Record<string, unknown>[] {
  return cart.lines.map(({ product, quantity }) => ({ ...productData(product), quantity }))
}

export function cartData(cart: Cart): Record<string, unknown> {
  return { cart_id: cart.id, items: itemsOf(cart), cart_value: money(total(cart)), currency: cart.currency }
}

/** revenue = sum of price x quantity - discount + shipping + tax, to the cent, in every order of the shop. */
export function purchaseData(cart: Cart, orderNumber: number, random: Random): Record<string, unknown> {
  const subtotal = total(cart)
  const discount = random.chance(0.2) ? Math.round(subtotal * 0.1) : 0
  const shipping = subtotal - discount >= 10_000 ? 0 : 495
  const tax = cart.currency === 'USD' ? Math.round((subtotal - discount) * 0.0825) : 0
  return {
    order_id: `ORD-${String(orderNumber).padStart(8, '0')}`,
    revenue: money(subtotal - discount + shipping + tax),
    items: itemsOf(cart),
    discount: money(discount),
    shipping: money(shipping),
    tax: money(tax),
    currency: cart.currency,
    payment_method: random.pick(['card', 'paypal', 'klarna', 'apple_pay']),
  }
}

/** Money given back: the same shape with negative revenue. */
export function refundData(cart: Cart, orderNumber: number, random: Random): Record<string, unknown> {
  const order = purchaseData(cart, orderNumber, random)
  return { ...order, revenue: -Number(order['revenue']) }
}
