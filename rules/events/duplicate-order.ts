import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const order = (cio_id: string, at: string, order_id: unknown, revenue = 5, name = 'purchase') => ({
  cio_id,
  name,
  at: `2026-11-20T${at}:00Z`,
  data: { order_id, revenue, currency: 'EUR', items: [{ price: 5, quantity: 1 }] },
})

export default defineRule({
  meta: {
    id: 'events/duplicate-order',
    title: 'Each order arrives in one purchase',
    failureTitle: 'Some orders arrived in more than one purchase',
    severity: 'error',
    checklist: ['event-dedupe'],
    needs: ['planned-events', 'people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'found',
    threshold: { maxRate: 0.001 },
    measuredBy: 'finding',
    subject: 'event',
    unit: 'orders',
    docs: {
      why: 'The app reports the order when the button is tapped, the server when it is paid. The customer gets two thank-you messages, revenue counts twice, and "bought twice" segments fill with people who bought once.',
      decides:
        'Purchases of one event name with the same order number and the same currency, on one profile or on several; case and spaces around the number do not matter. The surplus ones are counted, measured against the different orders of that name.',
      blind:
        'Events of another name (paid, shipped) may repeat the number. Refunds (negative revenue) may too, and a purchase without a readable revenue is left out, since it may be one. Words that stand for nothing (`null`, `0`, `unknown`) are no order numbers. One number in two currencies is taken for two shops. An order that is reported once per parcel counts as a duplicate.',
    },
  },
  options: z.object({}),
  population: () =>
    sql`select count(*) as count from (select distinct name, order_hash from basket where order_hash is not null)`,
  row: z.object({
    name: z.string(),
    copies: z.coerce.number(),
    repeated: z.coerce.number(),
    elsewhere: z.coerce.number(),
    orders: z.coerce.number(),
    first_seen: z.string(),
    last_seen: z.string(),
  }),
  query: () => sql`
    with ordered as (
      select name, count(distinct order_hash) as orders from basket group by name
    )
    select c.name, count(*) as copies, count(*) filter (number = 2) as repeated, count(*) filter (elsewhere) as elsewhere,
      o.orders, min(c.happened_at) as first_seen, max(c.happened_at) as last_seen
    from order_copy c join ordered o using (name) where c.number > 1 group by c.name, o.orders`,
  finding: ({ name, copies, repeated, elsewhere, orders, first_seen, last_seen }) => ({
    subject: { key: name, label: name },
    message: `${repeated} of ${orders} orders arrived in more than one ${name}: ${copies} too many${elsewhere > 0 ? `, ${elsewhere} of them on another person` : ''}`,
    affected: copies,
    unit: 'events',
    population: orders,
    firstSeen: first_seen,
    lastSeen: last_seen,
    events: [name],
  }),
  evidenceRow: z.object({
    event: z.string(),
    order: z.string(),
    cio_id: z.string().nullable(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    activity_id: z.string().nullable(),
    happened_at: z.string(),
    first_activity_id: z.string().nullable(),
  }),
  evidence: () => sql`
    select name as subject, name as event, order_id as "order", c.cio_id, p.id, p.email, c.id as activity_id, happened_at,
      first_id as first_activity_id
    from order_copy c left join profile p using (cio_id) where number > 1`,
  remediation: () =>
    'Let one system report an order, best the server that takes the money, and give the event an id made of the order number, so that a repeat is dropped.',
  examples: [
    {
      title: 'The app and, half an hour later, the server report one order',
      workspace: {
        events: [
          order('a1', '10:00', 'ORD-7'),
          order('a1', '10:30', 'ord-7 '),
          order('a1', '11:00', 'ORD-8'),
        ],
      },
      findings: ['purchase'],
    },
    {
      title: 'Money given back for an order, and a status of it under another name',
      workspace: {
        events: [
          order('a1', '10:00', 'ORD-7'),
          order('a1', '11:00', 'ORD-7', -5),
          order('a1', '12:00', 'ORD-7', 5, 'order_shipped'),
        ],
      },
      findings: [],
    },
  ],
})
