import { raw, type Query } from '../engine/sql.ts'

/** What carts and orders call their parts, the guide's names first (`valueNames` and `revenueNames` stand in the vocabulary). */
export const orderWords = {
  order: ['order_id', 'orderId', 'order_number', 'orderNumber', 'transaction_id', 'transactionId', 'id'],
  items: ['items', 'products', 'line_items', 'lineItems', 'cart_items', 'cartItems', 'contents'],
  discount: [
    'discount',
    'discount_amount',
    'discountAmount',
    'total_discount',
    'total_discounts',
    'totalDiscounts',
  ],
  shipping: [
    'shipping',
    'shipping_cost',
    'shippingCost',
    'shipping_price',
    'shipping_amount',
    'total_shipping',
  ],
  tax: ['tax', 'taxes', 'tax_amount', 'taxAmount', 'total_tax', 'totalTax', 'vat'],
  currency: ['currency', 'currency_code', 'currencyCode'],
} as const

/** What a line of them calls its parts. */
export const lineWords = {
  price: ['price', 'unit_price', 'unitPrice', 'item_price', 'itemPrice', 'product_price', 'productPrice'],
  quantity: ['quantity', 'qty', 'count'],
} as const

/** Ways in which what is paid can come about: the goods, and which of the other parts count beside them. */
interface Formula {
  readonly words: string
  readonly sum: Query
  readonly unit: number
}

const discounts = [
  ['', ''],
  [' - discount', ' - discount'],
  [' + discount', ' + discount'],
] as const
const extras = [
  ['', ''],
  [' + shipping', ' + shipping'],
  [' + tax', ' + tax'],
  [' + shipping + tax', ' + shipping + tax'],
] as const
const units = [
  [1, ''],
  [100, ', in hundredths of it'],
  [0.01, ', in hundreds of it'],
] as const

/** The simplest first: of two that fit as often the simpler one is meant. */
export const formulas: readonly Formula[] = units.flatMap(([unit, scale]) =>
  discounts
    .flatMap(([less, discount]) =>
      extras.map(([more, added]) => ({ parts: less + more, sum: discount + added })),
    )
    .toSorted((a, b) => a.sum.length - b.sum.length)
    .map(({ parts, sum }) => ({ words: `price x quantity${parts}${scale}`, sum: raw(`goods${sum}`), unit })),
)
