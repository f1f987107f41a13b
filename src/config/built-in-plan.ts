import {
  type Audience,
  type Intent,
  type IntentPattern,
  intents,
  type Plan,
  type PlannedAttribute,
  type PlannedProperty,
  type PropertyType,
} from '../core/plan.ts'
import { namesOf } from './built-in-names.ts'
import { record } from './named.ts'

type Properties = Readonly<Record<string, PlannedProperty>>

const required = (type: PropertyType, ...alternatives: string[]): PlannedProperty => ({
  type,
  required: true,
  recommended: false,
  alternatives,
})

const recommended = (type: PropertyType, ...alternatives: string[]): PlannedProperty => ({
  type,
  required: false,
  recommended: true,
  alternatives,
})

const attribute = (type: PropertyType, appliesTo: Audience): PlannedAttribute => ({
  type,
  required: false,
  recommended: true,
  appliesTo,
})

/** What stands inside an item is the team's own choice, so no key of it is required here. */
const items = required('array', 'products', 'line_items', 'lineItems', 'cart_items', 'cartItems', 'contents')
const currency = required('currency', 'currency_code', 'currencyCode')
const cartTotals = [
  'cartValue',
  'cart_total',
  'cartTotal',
  'value',
  'total',
  'total_price',
  'totalPrice',
  'subtotal',
  'subtotal_price',
]

const properties: Readonly<Record<Intent, Properties>> = {
  product: {
    // Ids and names may be of any kind (json): shops send them as numbers or as text, and either works in Liquid.
    // A SKU is no product id: it names a variant, and the guide asks for both.
    product_id: required('json', 'productId', 'item_id', 'itemId', 'variant_id', 'variantId', 'id'),
    price: required(
      'number',
      'unit_price',
      'unitPrice',
      'product_price',
      'productPrice',
      'sale_price',
      'value',
    ),
    sku: recommended('json', 'SKU', 'product_sku', 'productSku', 'variant_sku'),
    name: recommended(
      'json',
      'product_name',
      'productName',
      'item_name',
      'title',
      'product_title',
      'productTitle',
    ),
    category: recommended(
      'json',
      'product_category',
      'productCategory',
      'item_category',
      'product_type',
      'productType',
    ),
  },
  cart: {
    items,
    cart_value: required('number', ...cartTotals),
    currency,
    cart_id: recommended('json', 'cartId', 'cart_token', 'basket_id', 'basketId'),
  },
  checkout: {
    items,
    cart_value: required(
      'number',
      ...cartTotals,
      'checkout_value',
      'checkoutValue',
      'order_value',
      'revenue',
      'amount',
    ),
    currency,
    cart_id: recommended(
      'json',
      'cartId',
      'cart_token',
      'checkout_id',
      'checkoutId',
      'basket_id',
      'basketId',
    ),
  },
  purchase: {
    order_id: required(
      'json',
      'orderId',
      'order_number',
      'orderNumber',
      'transaction_id',
      'transactionId',
      'id',
    ),
    revenue: required(
      'number',
      'total',
      'total_price',
      'totalPrice',
      'value',
      'amount',
      'order_total',
      'orderTotal',
      'grand_total',
    ),
    items,
    discount: recommended(
      'number',
      'discount_amount',
      'discountAmount',
      'total_discount',
      'total_discounts',
      'totalDiscounts',
    ),
    shipping: recommended(
      'number',
      'shipping_cost',
      'shippingCost',
      'shipping_price',
      'shipping_amount',
      'total_shipping',
    ),
  },
  engagement: {},
  lifecycle: {},
  noise: {},
}

const dedupeKeys = [
  'event_id',
  'eventId',
  'message_id',
  'messageId',
  'idempotency_key',
  'idempotencyKey',
  'dedupe_key',
  'dedupeKey',
  'dedup_id',
  'insert_id',
  '$insert_id',
]

/** Browsing alone costs no sale; a cart, a checkout or a purchase that does not arrive costs a journey. */
const critical: ReadonlySet<Intent> = new Set(['cart', 'checkout', 'purchase'])

const pattern = (intent: Intent): IntentPattern => ({
  intent,
  names: namesOf(intent),
  critical: critical.has(intent),
  // An order id is no dedupe key: the rule events/duplicate-order judges it.
  dedupeKeys,
  properties: record(properties[intent], (property) => property),
})

/** The plan of a team that has none: the guide's events and durable attributes, matched by intent. */
export const builtInPlan: Plan = {
  version: '1.0.0',
  origin: 'built-in',
  attributes: record(
    {
      customer_id: attribute('string', 'known'),
      push_opt_in: attribute('boolean', 'app-users'),
      last_purchase_at: attribute('timestamp', 'customers'),
      customer_tier: attribute('string', 'customers'),
      country: attribute('country', 'known'),
      locale: attribute('locale', 'known'),
      app_version: attribute('string', 'app-users'),
    },
    (planned) => planned,
  ),
  events: record({}, (event: never) => event),
  byIntent: intents.map(pattern),
}
