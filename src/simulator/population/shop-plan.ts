import { rareEvents } from './sessions.ts'

/**
 * The shop's own tracking plan, as the team would keep it in `tracking-plan.yaml` (contracts, section 4). The facts
 * of a population marked `shop` or `both` are the truth under this plan.
 */
export function shopPlan(): string {
  return `version: 3.1.0
attributes:
  push_opt_in: { type: boolean, required: true, appliesTo: app-users }
  country: { type: country, required: true }
  customer_tier: { type: string, recommended: true, enum: [bronze, silver, gold] }
  last_purchase_at: { type: timestamp, recommended: true, appliesTo: customers }
  customer_id: { type: string }
  first_name: { type: string }
  last_name: { type: string }
  locale: { type: locale }
  app_version: { type: string }
  loyalty_member: { type: boolean }
  lifetime_value: { type: number }
  orders_count: { type: integer }
  birthday: { type: date }
  favourite_categories: { type: json }
events:
  app_opened:
    intent: noise
    properties:
${common}
      source: { type: string }
  search_performed:
    intent: engagement
    properties:
${common}
      query: { type: string, required: true }
      results: { type: integer }
  login:
    intent: engagement
    properties:
${common}
      method: { type: string }
  product_viewed:
    intent: product
    critical: true
    dedupeKey: event_id
    properties:
${common}
${product(6)}
  add_to_cart:
    intent: cart
    critical: true
    dedupeKey: event_id
    properties:
${common}
${product(6)}
      quantity: { type: integer }
      cart_id: { type: string }
  cart_updated:
    intent: cart
    critical: true
    dedupeKey: event_id
    properties:
${common}
${cart}
${cartMarks.map((name) => `      ${name}: { type: json }`).join('\n')}
  checkout_started:
    intent: checkout
    critical: true
    dedupeKey: event_id
    properties:
${common}
${cart}
  purchase:
    intent: purchase
    critical: true
    dedupeKey: event_id
    properties:
${common}
      order_id: { type: string, required: true, pattern: "ORD-[0-9]{8}" }
      revenue: { type: number, required: true }
${items}
      discount: { type: number, min: 0 }
      shipping: { type: number, min: 0 }
      tax: { type: number, min: 0 }
      currency: { type: currency, required: true }
      payment_method: { type: string, enum: [card, paypal, klarna, apple_pay] }
${rareEvents.map(rareEvent).join('\n')}
  review_submitted:
    intent: engagement
    properties:
${common}
${passing.join('\n')}
`
}

/** Where an update stands in the life of its cart; each release of the shop said it in another way. */
const cartMarks = ['sequence', 'cart_version', 'updated_at', 'modified_at', 'last_updated'] as const

const common = `      event_id: { type: string }
      platform: { type: string, enum: [ios, android, web, pos] }
      app_version: { type: string }`

/** An event that comes or goes with a season, a release or a test. */
const engaging = (name: string, own: Readonly<Record<string, string>>): string => `  ${name}:
    intent: engagement
    properties:
${common}
${Object.entries(own)
  .map(([property, type]) => `      ${property}: { type: ${type} }`)
  .join('\n')}`

const offer = { offer_id: 'string', percent: 'integer' }
const teaser = { teaser_id: 'string', place: 'string' }
const passing = [
  engaging('autumn_offer_viewed', offer),
  engaging('winter_offer_viewed', offer),
  engaging('lookbook_browsed', { lookbook: 'string', pages: 'integer' }),
  engaging('size_advisor_used', { advice: 'string', height_cm: 'integer' }),
  engaging('teaser_shown', teaser),
  engaging('teaser_red_shown', teaser),
  engaging('teaser_blue_shown', teaser),
]

const product = (indent: number): string =>
  [
    'product_id: { type: string, required: true }',
    'sku: { type: string }',
    'name: { type: string }',
    'category: { type: string }',
    'price: { type: number, required: true }',
  ]
    .map((line) => ' '.repeat(indent) + line)
    .join('\n')

const items = `      items:
        type: array
        required: true
        items:
${product(10)}
          quantity: { type: integer }`

const cart = `      cart_id: { type: string, required: true }
${items}
      cart_value: { type: number, required: true, min: 0 }
      currency: { type: currency, required: true }`

const rareEvent = (name: string): string => `  ${name}:
    intent: lifecycle
    critical: true
    dedupeKey: event_id
    properties:
${common}`
