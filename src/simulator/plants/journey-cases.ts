import type { Campaign, CampaignTrigger } from '../types.ts'

const pushReady = 2
export const everyone = 1
/** Segments of the broken shop that hold nobody, beside the one on an old app version. */
export const hollow = { rule: 21, list: 22, unbuilt: 23 } as const

export interface JourneyCase {
  readonly id: number
  readonly name: string
  readonly trigger: CampaignTrigger
  readonly state?: Campaign['state']
  readonly filters?: readonly number[]
  readonly channel?: 'push' | 'email'
  readonly body?: string
  readonly usualStarts?: number
  /** Rules that must name it; whatever hangs on what people did is added when they have done it. */
  readonly rules?: readonly string[]
  /** Named, but it fails nothing. */
  readonly informative?: boolean
}

export const deadTrigger = 'journeys/dead-trigger'
export const emptySegment = 'journeys/empty-segment'
const noFilter = 'journeys/no-eligibility-filter'
const noisyTrigger = 'journeys/noisy-trigger'
const microTrigger = 'journeys/micro-event-trigger'
const liquidContract = 'journeys/liquid-contract'

/** Each defect in several spellings, and near misses that differ in one fact. */
export const journeyCases: readonly JourneyCase[] = [
  { id: 201, name: 'On its way', trigger: { event: 'order_shipped' }, usualStarts: 30, rules: [deadTrigger] },
  {
    id: 202,
    name: 'Delivered',
    trigger: { event: 'Order Delivered' },
    usualStarts: 12,
    rules: [deadTrigger],
  },
  { id: 203, name: 'Returned', trigger: { event: 'orderReturned' }, usualStarts: 3, rules: [deadTrigger] },
  {
    id: 204,
    name: 'Shared list',
    trigger: { event: 'wishlist_shared' },
    usualStarts: 8,
    rules: [deadTrigger],
  },
  {
    id: 205,
    name: 'Store visit',
    trigger: { event: 'store_visited' },
    usualStarts: 15,
    rules: [deadTrigger],
  },
  { id: 206, name: 'Once a week', trigger: { event: 'ClubDay' }, usualStarts: 0.4, rules: [deadTrigger] },
  { id: 207, name: 'Never lived', trigger: { event: 'quiz_done' }, rules: [deadTrigger], informative: true },
  { id: 208, name: 'Dead draft', trigger: { event: 'order_packed' }, usualStarts: 9, state: 'draft' },
  { id: 209, name: 'Dead and stopped', trigger: { event: 'order_paid' }, usualStarts: 9, state: 'stopped' },
  {
    id: 211,
    name: 'Thanks, opted in',
    trigger: { event: 'purchase' },
    filters: [hollow.rule],
    rules: [emptySegment],
  },
  { id: 212, name: 'VIP greeting', trigger: { segments: [hollow.list] }, rules: [emptySegment] },
  {
    id: 213,
    name: 'Checkout help',
    trigger: { event: 'checkout_started' },
    filters: [pushReady, hollow.unbuilt],
    rules: [emptySegment],
  },
  {
    id: 214,
    name: 'Refill',
    trigger: { dateAttribute: 'last_purchase_at' },
    filters: [hollow.rule],
    rules: [emptySegment],
  },
  { id: 215, name: 'VIP drop', trigger: { segments: [hollow.list, hollow.unbuilt] }, rules: [emptySegment] },
  { id: 216, name: 'VIP draft', trigger: { segments: [hollow.list] }, state: 'draft' },
  { id: 217, name: 'VIP of last year', trigger: { segments: [hollow.list] }, state: 'stopped' },
  {
    id: 221,
    name: 'Cart, all of you',
    trigger: { event: 'cart_updated' },
    channel: 'push',
    filters: [],
    rules: [noFilter],
  },
  {
    id: 222,
    name: 'Checkout, all of you',
    trigger: { event: 'checkout_started' },
    channel: 'push',
    filters: [],
    rules: [noFilter],
  },
  {
    id: 223,
    name: 'Thanks, all of you',
    trigger: { event: 'purchase' },
    channel: 'push',
    filters: [],
    rules: [noFilter],
  },
  {
    id: 224,
    name: 'Refill push',
    trigger: { dateAttribute: 'last_purchase_at' },
    channel: 'push',
    filters: [],
    rules: [noFilter],
  },
  {
    id: 225,
    name: 'Product push',
    trigger: { event: 'product_viewed' },
    channel: 'push',
    filters: [],
    rules: [noFilter],
  },
  { id: 226, name: 'Mail without a filter', trigger: { event: 'purchase' }, filters: [] },
  { id: 227, name: 'Everyone, by push', trigger: { segments: [everyone] }, channel: 'push', filters: [] },
  {
    id: 228,
    name: 'Draft for all',
    trigger: { event: 'purchase' },
    channel: 'push',
    filters: [],
    state: 'draft',
  },
  { id: 231, name: 'Hello again', trigger: { event: 'app_opened' }, rules: [noisyTrigger] },
  {
    id: 232,
    name: 'Tip of the day',
    trigger: { event: 'app_opened' },
    channel: 'push',
    rules: [noisyTrigger],
  },
  { id: 233, name: 'Hello, a draft', trigger: { event: 'app_opened' }, state: 'draft' },
  { id: 241, name: 'You added something', trigger: { event: 'add_to_cart' }, rules: [microTrigger] },
  {
    id: 242,
    name: 'Still thinking?',
    trigger: { event: 'add_to_cart' },
    channel: 'push',
    rules: [microTrigger],
  },
  { id: 243, name: 'You added, a draft', trigger: { event: 'add_to_cart' }, state: 'draft' },
  { id: 251, name: 'Birthday', trigger: { dateAttribute: 'birthday' } },
  {
    id: 252,
    name: 'Contract ends',
    trigger: { dateAttribute: 'contract_end' },
    rules: ['journeys/unusable-date'],
    informative: true,
  },
  { id: 253, name: 'Birthday, stopped', trigger: { dateAttribute: 'birthday' }, state: 'stopped' },
  {
    id: 261,
    name: 'Gift note',
    trigger: { event: 'purchase' },
    body: 'Note: {{event.gift_note}}',
    rules: [liquidContract],
  },
  {
    id: 262,
    name: 'First title',
    trigger: { event: 'cart_updated' },
    body: '{{ event.items[0].title | upcase }}',
    rules: [liquidContract],
  },
  {
    id: 263,
    name: 'Nickname',
    trigger: { event: 'checkout_started' },
    body: 'Hi {{customer.nickname}}',
    rules: [liquidContract],
  },
  {
    id: 264,
    name: 'Nickname, assigned',
    trigger: { event: 'purchase' },
    body: '{% assign n = customer["nickname"] %}Hi {{ n }}',
    rules: [liquidContract],
  },
  {
    id: 265,
    name: 'Nickname, dated',
    trigger: { dateAttribute: 'last_purchase_at' },
    body: 'Hi {{customer.nickname}}',
    rules: [liquidContract],
  },
  {
    id: 266,
    name: 'Lines',
    trigger: { event: 'cart_updated' },
    body: '{% for l in event.lines %}{{ l.name }}{% endfor %}',
    rules: [liquidContract],
  },
  {
    id: 267,
    name: 'Gift note, if any',
    trigger: { event: 'purchase' },
    body: '{{event.gift_note | default: "none"}}',
  },
  {
    id: 268,
    name: 'Nickname, if any',
    trigger: { event: 'purchase' },
    body: '{% if customer.nickname %}Hi {{customer.nickname}}{% endif %}',
  },
  {
    id: 269,
    name: 'Nickname, a draft',
    trigger: { event: 'purchase' },
    body: '{{customer.nickname}}',
    state: 'draft',
  },
  { id: 270, name: 'From elsewhere', trigger: { event: 'purchase' }, body: '{{trigger.coupon}}' },
  {
    id: 271,
    name: 'Nickname, of a segment',
    trigger: { segments: [everyone] },
    body: '{{customer.nickname}}',
  },
  { id: 272, name: 'Broken', trigger: { event: 'purchase' }, body: '{{ event.gift_note' },
]
