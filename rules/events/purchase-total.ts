import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const order = (n: number, data: object) => ({
  cio_id: 'a1',
  name: 'purchase',
  at: `2026-11-${String((n % 20) + 1).padStart(2, '0')}T10:00:00Z`,
  data: {
    order_id: `o-${n}`,
    revenue: 23.5,
    shipping: 3.5,
    currency: 'EUR',
    items: [{ price: 10, quantity: 2 }],
    ...data,
  },
})
const orders = Array.from({ length: 24 }, (_, n) => order(n, {}))

export default defineRule({
  meta: {
    id: 'events/purchase-total',
    title: 'The revenue of purchases agrees with what was bought',
    failureTitle: 'The revenue of some purchases does not agree with what was bought',
    severity: 'warn',
    checklist: ['event-properties'],
    needs: ['planned-events'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'per-event',
    threshold: { maxRate: 0.02 },
    measuredBy: 'finding',
    subject: 'event-property',
    unit: 'purchases',
    docs: {
      why: 'One app release sends cents where the others send euros. Customers of 40 euros land in the segment of those who spent 4,000, and get the message for the best customers.',
      decides:
        'How revenue comes about is found out from the purchases themselves: price times quantity, with or without discount, shipping and tax, in the same unit or a hundred times more or less. The way that at least 90 % of the purchases follow is the rule of the shop; a `platform` with a hundred purchases has a way of its own. What is more than five cents (and more than a thousandth) off is a finding, and so is a currency that is no code of ISO 4217.',
      blind:
        'Refunds (negative revenue), purchases without lines, and those in which a number cannot be read are not judged. Where no way fits 90 %, the rule is inconclusive; under 20 purchases nothing is learned and only currencies are looked at. A mistake that nine in ten purchases make is taken for the rule.',
    },
  },
  options: z.object({}),
  population: () => sql`
    select greatest(
      (select sum(orders) from learned_total where intent = 'purchase' and learned),
      (select count(*) from basket where currency <> ''))::bigint as count`,
  parts: () => sql`
    select name as label, count(*) as population, name as event from basket where currency <> '' group by name`,
  doubt: () => sql`
    select 'no way to come to the total fits 90 % of the ' || sum(orders) || ' ' || name || ' events' as reason
    from learned_total where intent = 'purchase' and enough and not learned group by name`,
  row: z.object({
    name: z.string(),
    path: z.string(),
    breach: z.enum(['total', 'currency']),
    wrong: z.coerce.number(),
    purchases: z.coerce.number(),
    words: z.string().nullable(),
    stated: z.string(),
    first_seen: z.string(),
    last_seen: z.string(),
  }),
  query: () => sql`
    with tried as (
      select name, sum(orders) as purchases, string_agg(distinct words, '; ' order by words) as words
      from learned_total where learned group by name
    ), paid as (
      select name, count(*) as purchases from basket where currency <> '' group by name
    )
    select b.name, b.path, b.breach, count(*) as wrong,
      case b.breach when 'total' then t.purchases else p.purchases end as purchases, t.words,
      array_to_string(list_sort(list_distinct(list(b.stated)))[:3], ', ') as stated,
      min(b.happened_at) as first_seen, max(b.happened_at) as last_seen
    from basket_breach b left join tried t using (name) left join paid p using (name)
    where b.intent = 'purchase' group by b.name, b.path, b.breach, t.purchases, t.words, p.purchases`,
  finding: ({ name, path, breach, wrong, purchases, words, stated, first_seen, last_seen }) => ({
    subject: { key: `${name}.${path}`, label: `${name}.${path}` },
    message:
      breach === 'total'
        ? `${path} is not ${words ?? ''} in ${wrong} of ${purchases} ${name} events, as it is in the others`
        : `${path} is no code of ISO 4217 in ${wrong} of ${purchases} ${name} events: ${stated}`,
    affected: wrong,
    unit: 'events',
    population: purchases,
    firstSeen: first_seen,
    lastSeen: last_seen,
    events: [name],
  }),
  evidenceRow: z.object({
    event: z.string(),
    property: z.string(),
    cio_id: z.string().nullable(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    activity_id: z.string().nullable(),
    happened_at: z.string(),
    stated: z.string(),
    expected: z.string().nullable(),
  }),
  evidence: () => sql`
    select name || '.' || path as subject, name as event, path as property, b.cio_id, p.id, p.email, b.id as activity_id,
      happened_at, stated, expected
    from basket_breach b left join profile p using (cio_id) where intent = 'purchase'`,
  remediation: () =>
    'Compare the evidence with the orders of the shop system, and let the server that takes the money send the total. Send currencies as three letters (EUR).',
  examples: [
    {
      title: 'One order in cents, and one in "Euro"',
      workspace: {
        events: [...orders, order(30, { revenue: 2350 }), order(31, { currency: 'Euro' })],
      },
      findings: ['purchase.currency', 'purchase.revenue'],
    },
    {
      title: 'A refund, an order without shipping, and a currency in small letters',
      workspace: {
        events: [
          ...orders,
          order(30, { revenue: -23.5 }),
          order(31, { revenue: 20, shipping: 0 }),
          order(32, { currency: 'eur' }),
        ],
      },
      findings: [],
    },
  ],
})
