import type { FactBook } from '../facts.ts'
import type {
  Campaign,
  CampaignAction,
  CampaignTrigger,
  Person,
  Population,
  Segment,
  Variant,
} from '../types.ts'

const day = 86_400
const pushReady = 2
const everyone = 1
/** Segments of the broken shop that hold nobody, beside the one on an old app version. */
const hollow = { rule: 21, list: 22, unbuilt: 23 } as const

export function hollowSegments(createdAt: number): Segment[] {
  const nobody = { createdAt, holds: () => false } as const
  return [
    {
      id: hollow.rule,
      name: 'Opted in (old attribute)',
      description: '',
      type: 'dynamic',
      state: 'finished',
      ...nobody,
    },
    { id: hollow.list, name: 'VIP list', description: '', type: 'manual', state: 'finished', ...nobody },
    { id: hollow.unbuilt, name: 'Did a thing', description: '', type: 'dynamic', state: 'events', ...nobody },
  ]
}

interface Case {
  readonly id: number
  readonly name: string
  readonly trigger: CampaignTrigger
  readonly state?: Campaign['state']
  readonly filters?: readonly number[]
  readonly channel?: 'push' | 'email'
  readonly usualStarts?: number
  /** Rules that must name it; whatever hangs on what people did is added when they have done it. */
  readonly rules?: readonly string[]
  /** Named, but it fails nothing. */
  readonly informative?: boolean
}

const deadTrigger = 'journeys/dead-trigger'
const emptySegment = 'journeys/empty-segment'
const noFilter = 'journeys/no-eligibility-filter'
const noisyTrigger = 'journeys/noisy-trigger'
const microTrigger = 'journeys/micro-event-trigger'

/** Each defect in several spellings, and near misses that differ in one fact. */
const cases: readonly Case[] = [
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
]

export function plantedCampaigns(now: number): Campaign[] {
  return cases.map(
    ({ id, name, trigger, state = 'running', filters = [everyone], channel = 'email', usualStarts = 0 }) => ({
      id,
      name,
      state,
      trigger,
      filterSegments: 'segments' in trigger ? [] : filters,
      actions: [messageOf(id, channel)],
      createdAt: now - 300 * day,
      usualStarts,
    }),
  )
}

const messageOf = (id: number, channel: 'push' | 'email'): CampaignAction => ({
  id: id * 10,
  type: channel,
  name: 'Message',
  subject: 'Northwind',
  body: 'Hi {{customer.first_name | default: "there"}}',
})

/** What is true of the journeys once everybody has done what they do. */
export function noteJourneys(
  facts: FactBook,
  variant: Variant,
  { campaigns, activities, people }: Pick<Population, 'campaigns' | 'activities' | 'people'>,
): void {
  if (variant === 'sterile') return
  // The zombie of every shop.
  facts.add(deadTrigger, '12', [], { informative: true })
  if (variant !== 'broken') return
  // Its segment is built on an app version that is gone.
  facts.add(emptySegment, '13', [])
  for (const { id, rules = [], informative = false } of cases)
    for (const rule of rules) facts.add(rule, String(id), [], { informative })
  for (const { id, state, trigger } of campaigns) {
    if (state !== 'running') continue
    if (
      'event' in trigger &&
      isCopied(facts, trigger.event, activities.positions('event', trigger.event).length)
    )
      facts.add('journeys/unguarded-trigger', String(id), [])
    if ('dateAttribute' in trigger && isMisdated(people, trigger.dateAttribute))
      facts.add('journeys/unusable-date', String(id), [])
  }
}

/** Surplus copies that were planted on one event, of both kinds. */
function isCopied(facts: FactBook, event: string, events: number): boolean {
  const surplus = facts
    .pages()
    .filter(({ rule, subject, likely }) => copyRules.has(rule) && subject === event && !likely)
    .map((page) => page.surplus)
  const most = Math.max(0, ...surplus)
  return most >= 3 && most > events * 0.005
}

const copyRules: ReadonlySet<string> = new Set(['events/duplicate-key', 'events/duplicate-burst'])

/** More than one value in a hundred does not read as seconds since 1970. */
function isMisdated(people: readonly Person[], attribute: string): boolean {
  const values = people
    .filter(({ deleted }) => !deleted)
    .map(({ attributes }) => (attributes[attribute] ?? '').trim())
    .filter((value) => value !== '')
  const wrong = values.filter((value) => !/^\d{9,10}$/.test(value)).length
  return values.length > 0 && wrong > values.length * 0.01
}
