import type { FactBook } from '../facts.ts'
import { rareEvents } from '../population/sessions.ts'
import type { EventDraft } from '../population/stage.ts'

const common = ['event_id', 'platform', 'app_version']
const product = ['product_id', 'sku', 'name', 'category', 'price']
const cart = ['cart_id', 'items', 'cart_value', 'currency']

/** What the shop's own plan says of each event. */
const planned: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    app_opened: ['source'],
    search_performed: ['query', 'results'],
    login: ['method'],
    product_viewed: product,
    add_to_cart: [...product, 'quantity', 'cart_id'],
    cart_updated: cart,
    checkout_started: cart,
    purchase: ['order_id', 'revenue', 'items', 'discount', 'shipping', 'tax', 'currency', 'payment_method'],
    review_submitted: [],
    autumn_offer_viewed: ['offer_id', 'percent'],
    winter_offer_viewed: ['offer_id', 'percent'],
    lookbook_browsed: ['lookbook', 'pages'],
    size_advisor_used: ['advice', 'height_cm'],
    teaser_shown: ['teaser_id', 'place'],
    teaser_red_shown: ['teaser_id', 'place'],
    teaser_blue_shown: ['teaser_id', 'place'],
    ...Object.fromEntries(rareEvents.map((name) => [name, []])),
  } satisfies Record<string, readonly string[]>).map(([name, own]) => [name, new Set([...common, ...own])]),
)

/** Names that are not in the shop's snake_case; those that an SDK chose are left alone. */
const styles: Readonly<Record<string, string>> = {
  'Cart Updated': 'Title Case',
  'Signup Completed': 'Title Case',
  'App Launched': 'Title Case',
  'Fit Quiz Done': 'Title Case',
  storeLocatorUsed: 'camelCase',
  addToCart: 'camelCase',
  backInStockRequested: 'camelCase',
  appForegrounded: 'camelCase',
  'CHECKOUT-STARTED': 'UPPER CASE',
}

/** Seen where events are written, since senders and planted cases alike send more than was planned. */
export function noteUnplanned(facts: FactBook, { name, data }: EventDraft): void {
  const style = styles[name]
  if (style !== undefined) facts.add('events/naming-convention', style, [])
  const own = planned.get(name)
  if (own === undefined) {
    facts.add('events/unplanned', name, [], { plan: 'shop' })
    return
  }
  for (const key of Object.keys(data)) {
    if (!own.has(key)) facts.add('events/unplanned', `${name}.${key}`, [], { plan: 'shop' })
  }
}
