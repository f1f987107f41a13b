import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const cart = (n: number, data: object) => ({
  cio_id: 'a1',
  name: 'cart_updated',
  at: `2026-11-${String((n % 20) + 1).padStart(2, '0')}T10:00:00Z`,
  data: { cart_value: 20, currency: 'EUR', items: [{ price: 10, quantity: 2 }], ...data },
})
const usual = Array.from({ length: 24 }, (_, n) => cart(n, {}))

export default defineRule({
  meta: {
    id: 'events/cart-payload',
    title: 'The value of carts agrees with what is in them',
    failureTitle: 'The value of some carts does not agree with what is in them',
    severity: 'warn',
    checklist: ['event-properties'],
    needs: ['planned-events'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'per-event',
    threshold: { maxRate: 0.02 },
    measuredBy: 'finding',
    subject: 'event-property',
    unit: 'carts',
    docs: {
      why: 'The recovery push says "Your cart of 129 euros is waiting" over an empty list, or names a sum that nobody sees in the shop. The customer opens it and trusts the next message less.',
      decides:
        'A cart or checkout event with an empty list and a value above 0 is a finding. Of the others it is found out how the value comes about, as in `events/purchase-total`; a value that does not follow the way of 90 % of them is one too.',
      blind:
        'An emptied cart (no lines and value 0) is fine. A cart without a list, or with a number that cannot be read, is `events/missing-property` or `events/wrong-type`. Where no way fits 90 % the rule is inconclusive; under 20 carts nothing is learned. A mistake that nine in ten carts make is taken for the rule.',
    },
  },
  options: z.object({}),
  population: () =>
    sql`select count(*) as count from basket where intent <> 'purchase' and lines is not null and amount is not null`,
  parts: () => sql`
    select name as label, count(*) as population, name as event from basket
    where intent <> 'purchase' and lines is not null and amount is not null group by name`,
  doubt: () => sql`
    select 'no way to come to the value fits 90 % of the ' || sum(orders) || ' ' || name || ' events' as reason
    from learned_total where intent <> 'purchase' and enough and not learned group by name`,
  row: z.object({
    name: z.string(),
    path: z.string(),
    breach: z.enum(['empty', 'total']),
    wrong: z.coerce.number(),
    carts: z.coerce.number(),
    words: z.string().nullable(),
    first_seen: z.string(),
    last_seen: z.string(),
  }),
  query: () => sql`
    with counted as (
      select name, count(*) as carts from basket where lines is not null and amount is not null group by name
    ), tried as (
      select name, string_agg(distinct words, '; ' order by words) as words from learned_total where learned group by name
    )
    select b.name, b.path, b.breach, count(*) as wrong, c.carts, t.words, min(b.happened_at) as first_seen, max(b.happened_at) as last_seen
    from basket_breach b join counted c using (name) left join tried t using (name)
    where b.intent <> 'purchase' group by b.name, b.path, b.breach, c.carts, t.words`,
  finding: ({ name, path, breach, wrong, carts, words, first_seen, last_seen }) => ({
    subject: { key: `${name}.${path}`, label: `${name}.${path}` },
    message:
      breach === 'empty'
        ? `${path} is empty although the cart has a value in ${wrong} of ${carts} ${name} events`
        : `${path} is not ${words ?? ''} in ${wrong} of ${carts} ${name} events, as it is in the others`,
    affected: wrong,
    unit: 'events',
    population: carts,
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
    from basket_breach b left join profile p using (cio_id) where intent <> 'purchase'`,
  remediation: () =>
    'Make list and value of one state of the cart, after it has changed, and send both in one event; the evidence shows what was sent and what the lines add up to.',
  examples: [
    {
      title: 'An empty list that costs 20, and a value from before the second piece',
      workspace: { events: [...usual, cart(30, { items: [] }), cart(31, { cart_value: 10 })] },
      findings: ['cart_updated.cart_value', 'cart_updated.items'],
    },
    {
      title: 'An emptied cart, and a cent lost in rounding',
      workspace: {
        events: [...usual, cart(30, { items: [], cart_value: 0 }), cart(31, { cart_value: 19.99 })],
      },
      findings: [],
    },
  ],
})
