import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const cart = (n: number, items: unknown) => ({
  cio_id: 'a1',
  name: 'cart_updated',
  at: `2026-11-20T10:00:${String(n).padStart(2, '0')}Z`,
  data: { cart_value: 10, currency: 'EUR', items },
})
const usual = Array.from({ length: 20 }, (_, n) => cart(n, [{ sku: 'A', price: 10 }]))

export default defineRule({
  meta: {
    id: 'events/inconsistent-items',
    title: 'Lists of items look alike',
    failureTitle: 'Some lists of items do not look like the others',
    severity: 'error',
    checklist: ['event-properties'],
    needs: ['planned-events'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'per-event',
    threshold: { maxRate: 0.005 },
    measuredBy: 'finding',
    subject: 'event-property',
    unit: 'carts and orders with items',
    docs: {
      why: 'The recovery push lists what is in the cart. One release sends the list as a text, another calls the price a text: the loop in the message shows nothing, or "10" where it should add up.',
      decides:
        "The lists of items in cart, checkout and purchase events. A list that is no list (a text, an object), whose elements are no objects, or in which one key is of two types, is a finding. So is a key of another type than in 95 % of that event's lists, and one that is missing although all elements of 95 % of the lists have it and the plan does not name it.",
      blind:
        'A planned key that is missing is `events/missing-property`. Keys that only some elements have are taken for optional. Null is taken for absent, and all numbers are one type. Other arrays than the items are not looked at. Under 20 lists nothing is usual.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from basket where has_items`,
  parts: () =>
    sql`select name as label, count(*) as population, name as event from basket where has_items group by name`,
  row: z.object({
    name: z.string(),
    path: z.string(),
    odd: z.coerce.number(),
    events: z.coerce.number(),
    found: z.string(),
    first_seen: z.string(),
    last_seen: z.string(),
  }),
  query: () => sql`
    with counted as (select name, count(*) as events from basket where has_items group by name)
    select f.name, f.path, count(*) as odd, c.events, array_to_string(list_sort(list_distinct(list(f.found)))[:5], '; ') as found,
      min(f.happened_at) as first_seen, max(f.happened_at) as last_seen
    from item_fault f join counted c using (name) group by f.name, f.path, c.events`,
  finding: ({ name, path, odd, events, found, first_seen, last_seen }) => ({
    subject: { key: `${name}.${path}`, label: `${name}.${path}` },
    message: `${path} looks different in ${odd} of ${events} ${name} events: ${found}`,
    affected: odd,
    unit: 'events',
    population: events,
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
    found: z.string(),
  }),
  evidence: () => sql`
    select name || '.' || path as subject, name as event, path as property, f.cio_id, p.id, p.email, f.id as activity_id,
      happened_at, found
    from item_fault f left join profile p using (cio_id)`,
  remediation: () =>
    'Build the list in one place for all events, send it as a JSON array of objects with the same keys, and prices as numbers.',
  examples: [
    {
      title: 'A list in a text, a price in a text, and an element without its key',
      workspace: {
        events: [
          ...usual,
          cart(30, '[{"sku":"A","price":10}]'),
          cart(31, [
            { sku: 'A', price: 5 },
            { sku: 'B', price: '5' },
          ]),
          ...Array.from({ length: 20 }, (_, n) => cart(40 - n, [{ sku: 'C', price: 10 }])),
          cart(50, [{ price: 10 }]),
        ],
      },
      findings: ['cart_updated.items'],
    },
    {
      title: 'A key that only some elements have, and decimal prices',
      workspace: {
        events: [
          ...usual,
          cart(30, [
            { sku: 'A', price: 9.5, gift: true },
            { sku: 'B', price: 1 },
          ]),
          cart(31, []),
        ],
      },
      findings: [],
    },
  ],
})
