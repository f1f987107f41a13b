import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'events/broken-funnel',
    title: 'A cart comes before each purchase',
    failureTitle: 'Purchases arrive without a cart before them',
    severity: 'warn',
    checklist: ['event-taxonomy'],
    needs: ['planned-events', 'people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'never',
    threshold: { maxRate: 0.2 },
    measuredBy: 'finding',
    subject: 'group',
    unit: 'purchases',
    docs: {
      why: 'Who buys has had a cart. Where purchases arrive and their carts do not, the cart event is lost for part of the customers (a screen that was forgotten, an ad blocker, a profile of its own), and cart recovery never hears of them.',
      decides:
        'Purchases without any cart or checkout event of that person (all profiles of a cluster) in the 7 days before, by platform of the event, against all purchases of that platform. Only platforms that send at least `defaults.minAffected` cart or checkout events are judged, so tills are not.',
      blind:
        'Refunds (negative revenue), renewals of subscriptions (a property about renewal, recurring or subscription says so) and purchases of the first 7 days of the window are left out. Events without a platform are one group, `unknown`. Buy-now buttons need no cart: have them send the checkout event. A platform with fewer purchases than `defaults.minPopulation` is told only.',
    },
  },
  options: z.object({}),
  population: ({ settings }) => sql`
    select coalesce(sum(b.purchases), 0)::bigint as count from funnel_buyer b join funnel f using (platform)
    where f.carts >= ${settings.defaults.minAffected}`,
  row: z.object({
    platform: z.string(),
    lone: z.coerce.number(),
    people: z.coerce.number(),
    purchases: z.coerce.number(),
    names: z.array(z.string()),
    first_seen: z.string(),
    last_seen: z.string(),
  }),
  query: ({ settings }) => sql`
    select f.platform, count(*) as lone, count(distinct l.cio_id) as people, f.purchases, list(distinct l.name order by l.name) as names,
      min(l.happened_at) as first_seen, max(l.happened_at) as last_seen
    from lone_purchase l join funnel f using (platform) where f.carts >= ${settings.defaults.minAffected}
    group by f.platform, f.purchases`,
  finding: ({ platform, lone, people, purchases, names, first_seen, last_seen }, { settings }) => ({
    subject: { key: platform, label: platform },
    message: `${lone} of ${purchases} purchases on ${platform} have no cart or checkout in the 7 days before (${counted(people, 'person', 'people')})`,
    affected: lone,
    unit: 'purchases',
    population: purchases,
    firstSeen: first_seen,
    lastSeen: last_seen,
    events: names,
    ...(purchases < settings.defaults.minPopulation ? { informative: 'info' as const } : {}),
  }),
  evidenceRow: z.object({
    platform: z.string(),
    event: z.string(),
    cio_id: z.string().nullable(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    activity_id: z.string().nullable(),
    happened_at: z.string(),
    last_cart_at: z.string().nullable(),
  }),
  evidence: ({ settings }) => sql`
    select l.platform as subject, l.platform, l.name as event, l.cio_id, p.id, p.email, l.id as activity_id, l.happened_at, l.last_cart_at
    from lone_purchase l join funnel f using (platform) left join profile p using (cio_id)
    where f.carts >= ${settings.defaults.minAffected}`,
  remediation: () =>
    'Buy something on that platform and watch the live feed: which step sends no cart or checkout event, or sends it to another profile? Send the cart event from the server where the app cannot be trusted to.',
  examples: [
    {
      title: 'Three carts on iOS, and a purchase of somebody who had none',
      workspace: {
        events: [
          ...['b1', 'b2', 'b3'].map((cio_id) => ({
            cio_id,
            name: 'cart_updated',
            at: '2026-11-19T10:00:00Z',
            data: { platform: 'ios' },
          })),
          { cio_id: 'a1', name: 'purchase', at: '2026-11-20T10:00:00Z', data: { platform: 'ios' } },
        ],
      },
      findings: ['ios'],
    },
    {
      title: 'One who had a cart, and a till, which sends none',
      workspace: {
        events: [
          ...['a1', 'b2', 'b3'].map((cio_id) => ({
            cio_id,
            name: 'cart_updated',
            at: '2026-11-19T10:00:00Z',
            data: { platform: 'ios' },
          })),
          { cio_id: 'a1', name: 'purchase', at: '2026-11-20T10:00:00Z', data: { platform: 'ios' } },
          { cio_id: 'a2', name: 'purchase', at: '2026-11-20T10:00:00Z', data: { platform: 'pos' } },
        ],
      },
      findings: [],
    },
  ],
})
