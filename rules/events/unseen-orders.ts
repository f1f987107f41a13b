import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

/** Not one number in common: the file and the events speak of different numbers, and nothing can be said of any order. */
const alien = sql`(select seen = 0 and purchases > 0 from order_match)`
const platform = sql`case when platform = '' then 'no platform' else platform end`
const unseen = sql`
  select *, strftime(ordered_at, '%Y-%m-%d') as day, strftime(ordered_at, '%Y-%m-%d') || ' ' || ${platform} || ' ' || customer as subject
  from placed_order where not seen and not ${alien}`
const strays = sql`
  select *, strftime(happened_at, '%Y-%m-%d') as day, strftime(happened_at, '%Y-%m-%d') || ' ' || ${platform} || ' not in the file' as subject
  from stray_purchase where not ${alien}`

const customers = {
  known: 'by customers who are in the workspace',
  unknown: 'by customers who are not in the workspace',
  unnamed: 'by customers whom the file does not name',
} as const

/** By the minute, so that a day of many orders is quickly written. */
const purchase = (order_id: unknown, at: string) => ({
  cio_id: 'a1',
  name: 'purchase',
  at: `2026-11-20T${at}:00Z`,
  data: { order_id, revenue: 5, currency: 'EUR', items: [{ price: 5, quantity: 1 }] },
})

export default defineRule({
  meta: {
    id: 'events/unseen-orders',
    title: 'Each real order arrives as a purchase event',
    failureTitle: 'Some real orders never arrived as a purchase event',
    severity: 'error',
    checklist: ['event-taxonomy'],
    needs: ['planned-events', 'people'],
    input: 'orders',
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'never',
    threshold: { maxRate: 0.02 },
    measuredBy: 'rule',
    subject: 'group',
    unit: 'orders',
    docs: {
      why: 'Somebody buys, the purchase never reaches Customer.io, and the cart reminder goes out to a paying customer. Nobody notices, because events that are missing look like customers who did not buy.',
      decides:
        'Each order of `--orders` is looked for among the purchase events of the window by its number: without the spaces around it, without a leading `#`, and without regard to case. Those that no event names are grouped by day (UTC), by the platform that the file gives, and by whether their customer exists: a profile with that id, else with that e-mail address. Orders outside the window, and those of its last hour, whose events may still be on their way, are not judged. A line whose total is below zero is money that went back, and no order. An order that stands in the file twice counts once, as it stands there first. Purchase events between the first and the last order of the file that name an order which it does not hold are listed beside them and fail nothing, since a file may not hold every channel.',
      blind:
        'An order whose event came before the window counts as unseen, and so does one whose event carries no number; how many such events there are is said beside the result. Where not one number of the file is found in any event, the two count in different numbers (an invoice number and an internal id, say): then nothing is listed and the rule is inconclusive. So it is where no order of the file lies in the window: the file is of another time then. Totals are not compared. Refunds, and purchases without a readable revenue, make an order seen but are never listed as purchases without an order. Numbers that two shops of one firm both use are taken for one order.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from placed_order`,
  doubt: () => sql`
    select 'no order number of the file stands in any of ' || purchases || ' purchase events, ' || unnumbered
      || ' of which carry none: they may count in different numbers' as reason
    from order_match where ${alien} and (select count(*) from placed_order) > 0
    union all
    select 'none of the ' || unjudged || ' orders of the file can be judged' from order_match
    where unjudged > 0 and (select count(*) from placed_order) = 0`,
  remark: () => sql`
    select nullif(concat_ws('; ',
      case when unjudged > 0 then unjudged || case when unjudged = 1 then ' order of the file lies' else ' orders of the file lie' end || ' outside of the window or in its last hour' end,
      case when unnumbered > 0 then unnumbered || case when unnumbered = 1 then ' purchase event of that time carries' else ' purchase events of that time carry' end || ' no order number' end), '') as remark
    from order_match`,
  row: z.object({
    kind: z.enum(['order', 'purchase']),
    subject: z.string(),
    day: z.string(),
    platform: z.string(),
    customer: z.enum(['known', 'unknown', 'unnamed']).nullable(),
    affected: z.coerce.number(),
    first_seen: z.string(),
    last_seen: z.string(),
    names: z.array(z.string()),
  }),
  query: () => sql`
    with named as (select coalesce(list(distinct name order by name), []) as names from event_name where intent = 'purchase')
    select 'order' as kind, subject, day, ${platform} as platform, customer, count(*) as affected,
      min(ordered_at) as first_seen, max(ordered_at) as last_seen, (select names from named) as names
    from (${unseen}) group by all
    union all
    select 'purchase', subject, day, ${platform}, null, count(*), min(happened_at), max(happened_at), list(distinct name order by name)
    from (${strays}) group by subject, day, platform`,
  finding: ({ kind, subject, day, platform: from, customer, affected, first_seen, last_seen, names }) => ({
    subject: { key: subject, label: subject },
    message:
      customer === null
        ? `${affected} purchase ${affected === 1 ? 'event' : 'events'} of ${day} (${from}) ${affected === 1 ? 'names an order' : 'name orders'} that the file does not hold`
        : `${affected} ${affected === 1 ? 'order' : 'orders'} of ${day} (${from}) ${affected === 1 ? 'has' : 'have'} no purchase event, ${customers[customer]}`,
    affected,
    unit: kind === 'order' ? 'orders' : 'events',
    firstSeen: first_seen,
    lastSeen: last_seen,
    events: names,
    ...(kind === 'order'
      ? {}
      : {
          informative: 'info' as const,
          remediation:
            'See whether the file leaves out a channel (tills, a marketplace). If it holds them all, ask who sends purchases that nobody made: a test system, or an order that was never paid.',
        }),
  }),
  evidenceRow: z.object({
    order: z.string(),
    at: z.string(),
    cio_id: z.string().nullable(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    total: z.number().nullable(),
    currency: z.string().nullable(),
    platform: z.string(),
    activity_id: z.string().nullable(),
  }),
  evidence: () => sql`
    select subject, number as "order", ordered_at as at, cio_id, customer_id as id, email, total, currency, platform, null::varchar as activity_id
    from (${unseen})
    union all
    select subject, number, happened_at, s.cio_id, p.id, p.email, s.amount, s.currency, s.platform, s.id
    from (${strays}) s left join profile p using (cio_id)`,
  remediation: () =>
    'Send the purchase from the server that takes the money, not from the page that says thank you. Where all missing orders are of one platform or one day, look at the release of that day; where their customers are not in the workspace, identify people at the checkout before the purchase is sent.',
  examples: [
    {
      title: 'Of three orders one has no purchase event; the invoice writes the number another way',
      workspace: {
        profiles: [{ cio_id: 'a1', id: 'u-1' }],
        orders: [
          { number: '#ord-7', at: '2026-11-20T10:00:00Z', customer: 'u-1', platform: 'iOS' },
          { number: 'ORD-8', at: '2026-11-20T11:00:00Z', customer: 'u-1', platform: 'iOS' },
          { number: 'ORD-9', at: '2026-11-20T12:00:00Z', customer: 'u-2' },
        ],
        events: [purchase('ORD-7', '10:00'), purchase(' ord-9', '12:01')],
      },
      findings: ['2026-11-20 ios known'],
    },
    {
      title: 'An order of the last hour, and one of the time before the window',
      workspace: {
        orders: [
          { number: 'ORD-6', at: '2026-10-20T10:00:00Z' },
          { number: 'ORD-7', at: '2026-11-20T10:00:00Z' },
          { number: 'ORD-8', at: '2026-11-23T11:30:00Z' },
        ],
        events: [purchase('ORD-7', '10:00')],
      },
      findings: [],
    },
  ],
})
