import { hollowSegments, plantedCampaigns } from '../plants/journeys.ts'
import type { Campaign, CampaignAction, Person, Segment, Variant } from '../types.ts'

const day = 86_400
const hasDevice = (person: Person): boolean => person.devices.length > 0
const optedIn = (person: Person): boolean =>
  person.attributes['push_opt_in'] === 'true' && !person.unsubscribed

/** Ids that campaigns refer to. */
export const segmentIds = {
  everyone: 1,
  pushReady: 2,
  appUsers: 3,
  gold: 4,
  testers: 5,
  lapsed: 6,
  oldApp: 7,
} as const

export function makeSegments(variant: Variant, now: number): Segment[] {
  const createdAt = now - 400 * day
  const dynamic = { type: 'dynamic', state: 'finished', createdAt } as const
  const segments: Segment[] = [
    { id: segmentIds.everyone, name: 'Everyone', description: 'All people', ...dynamic, holds: () => true },
    {
      id: segmentIds.pushReady,
      name: 'Push ready',
      description: 'Opted in and has a device',
      ...dynamic,
      holds: (person) => hasDevice(person) && optedIn(person),
    },
    { id: segmentIds.appUsers, name: 'App users', description: 'Has a device', ...dynamic, holds: hasDevice },
    {
      id: segmentIds.gold,
      name: 'Gold customers',
      description: 'Tier is gold',
      ...dynamic,
      holds: (person) => person.attributes['customer_tier'] === 'gold',
    },
    {
      id: segmentIds.lapsed,
      name: 'Lapsed buyers',
      description: 'Last purchase more than 180 days ago',
      ...dynamic,
      holds: (person) => Number(person.attributes['last_purchase_at'] ?? now) < now - 180 * day,
    },
  ]
  if (variant === 'sterile') return segments
  const testers: Segment = {
    id: segmentIds.testers,
    name: 'QA testers',
    description: 'Everyone in the team',
    type: 'manual',
    state: 'finished',
    createdAt,
    holds: (person) => person.attributes['is_test'] === 'true',
  }
  if (variant === 'healthy') return [...segments, testers]
  const oldApp: Segment = {
    ...testers,
    id: segmentIds.oldApp,
    name: 'App 2.x users',
    description: 'Built on an app version that is gone',
    type: 'dynamic',
    state: 'build',
    holds: () => false,
  }
  return [...segments, testers, oldApp, ...hollowSegments(createdAt)]
}

const greeting = 'Hi {{customer.first_name | default: "there"}}'
const delay = (id: number, name: string): CampaignAction => ({ id, type: 'delay', name })
const push = (id: number, name: string, body: string): CampaignAction => ({
  id,
  type: 'push',
  name,
  subject: 'Northwind',
  body,
})
const email = (id: number, name: string, subject: string, body: string): CampaignAction => ({
  id,
  type: 'email',
  name,
  subject,
  body,
})

/** Ids of the journeys whose sends the population plays. */
export const cartRecovery = { id: 5, push: 96, email: 98 } as const

const cartRecoveryActions: readonly CampaignAction[] = [
  delay(94, 'Wait 30 minutes'),
  { id: 95, type: 'branch', name: 'Bought meanwhile?' },
  push(
    cartRecovery.push,
    'Cart push',
    `${greeting}, {{event.items[0].name}} is waiting. Your cart: {{event.cart_value}} {{event.currency}}.`,
  ),
  delay(97, 'Wait 20 hours'),
  email(
    cartRecovery.email,
    'Cart e-mail',
    'You left something behind',
    `<p>${greeting},</p>{% for item in event.items %}<p>{{item.name}}: {{item.price}} {{event.currency}}</p>{% endfor %}<p>{{event.cart_value}}</p>`,
  ),
  { id: 99, type: 'wait', name: 'Until a purchase, at most 2 days' },
  { id: 100, type: 'branch', name: 'Gold customer?' },
  push(101, 'Gold push', '{{customer.customer_tier}} members ship free until tonight.'),
  email(
    102,
    'Last reminder',
    'Your cart leaves soon',
    `<p>${greeting}, cart {{event.cart_id}} expires tomorrow.</p>`,
  ),
  delay(103, 'Wait 1 day'),
  { id: 104, type: 'branch', name: 'Still there?' },
  push(105, 'Last push', 'Last call for {{event.items[0].name}}.'),
]

export function makeCampaigns(variant: Variant, now: number): Campaign[] {
  const pushReady = [segmentIds.pushReady]
  const started = { state: 'running', createdAt: now - 300 * day } as const
  const campaigns: Campaign[] = [
    {
      id: cartRecovery.id,
      name: 'Cart recovery',
      ...started,
      trigger: { event: 'cart_updated' },
      filterSegments: pushReady,
      actions: cartRecoveryActions,
      usualStarts: 40,
    },
    {
      id: 6,
      name: 'Checkout abandoned',
      ...started,
      trigger: { event: 'checkout_started' },
      filterSegments: pushReady,
      actions: [
        delay(110, 'Wait 1 hour'),
        push(111, 'Checkout push', 'Finish your order of {{event.cart_value}} {{event.currency}}.'),
      ],
      usualStarts: 25,
    },
    {
      id: 7,
      name: 'Post purchase',
      ...started,
      trigger: { event: 'purchase' },
      filterSegments: [segmentIds.everyone],
      actions: [
        email(
          120,
          'Thank you',
          'Order {{event.order_id}}',
          `<p>${greeting}, we got your order over {{event.revenue}} {{event.currency}}.</p>`,
        ),
      ],
      usualStarts: 18,
    },
    {
      id: 8,
      name: 'Replenishment',
      ...started,
      trigger: { dateAttribute: 'last_purchase_at' },
      filterSegments: [segmentIds.everyone],
      actions: [email(130, 'Time for more?', 'Ready for the season?', `<p>${greeting}</p>`)],
      usualStarts: 10,
    },
    {
      id: 9,
      name: 'Win-back',
      ...started,
      trigger: { segments: [segmentIds.lapsed] },
      filterSegments: [segmentIds.everyone],
      actions: [email(140, 'We miss you', 'Come back', `<p>${greeting}, here is 10 % off.</p>`)],
      usualStarts: 6,
    },
    {
      id: 10,
      name: 'Back in stock',
      state: 'draft',
      createdAt: now - 12 * day,
      trigger: { event: 'back_in_stock_requested' },
      filterSegments: pushReady,
      actions: [push(150, 'Back in stock', `${greeting}, it is back.`)],
      usualStarts: 0,
    },
    {
      id: 11,
      name: 'Summer sale',
      state: 'stopped',
      createdAt: now - 200 * day,
      trigger: { segments: [segmentIds.gold] },
      filterSegments: [],
      actions: [email(160, 'Summer sale', 'Sale', `<p>${greeting}</p>`)],
      usualStarts: 0,
    },
  ]
  if (variant === 'sterile') return campaigns
  // Every real workspace has one: still running, triggered by something that nobody sends any more.
  const zombie: Campaign = {
    id: 12,
    name: 'Gift registry reminder',
    ...started,
    trigger: { event: 'gift_registry_created' },
    filterSegments: pushReady,
    actions: [push(170, 'Registry push', 'Your registry {{event.registry_name}} is waiting.')],
    usualStarts: 0,
  }
  if (variant === 'healthy') return [...campaigns, zombie]
  const upgrade: Campaign = {
    ...zombie,
    id: 13,
    name: 'Upgrade nudge',
    trigger: { segments: [segmentIds.oldApp] },
    filterSegments: [],
    actions: [push(180, 'Upgrade push', 'Version 3 is here.')],
  }
  return [...campaigns, zombie, upgrade, ...plantedCampaigns(now)]
}
