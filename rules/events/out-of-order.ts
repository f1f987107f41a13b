import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

/** Three states of one cart, a minute apart; the second of them comes in after so many seconds. */
const cart = (version: number, receivedAfter: number) => ({
  kind: 'event' as const,
  user_id: 'u-1',
  name: 'cart_updated',
  at: `2026-11-20T10:0${version}:00Z`,
  received: new Date(Date.UTC(2026, 10, 20, 10, version, receivedAfter)).toISOString(),
  data: { cart_id: 'C-1', version },
})

export default defineRule({
  meta: {
    id: 'events/out-of-order',
    title: 'Cart updates arrive in the order in which they happened',
    failureTitle: 'Some cart updates arrive after a newer one',
    severity: 'warn',
    checklist: ['event-properties'],
    needs: ['planned-events'],
    sources: { 'app-api': 'none', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'per-event',
    threshold: { maxRate: 0.02 },
    measuredBy: 'finding',
    subject: 'event',
    unit: 'cart updates that say where they stand',
    docs: {
      why: 'Customer.io takes what comes last for the newest. The customer took the tent out of the cart again, the update before that came in late, and the push an hour later says "Your tent is waiting".',
      decides:
        'Cart events of Pipelines files that carry a counter (`version`, `cart_version`, `revision`, `sequence` …) or the moment of the change (`updated_at`, `modified_at`, `last_updated` …, as Unix time or ISO 8601). One that was received after another with a higher counter or a later moment, of the same name, person, device and cart, is overtaken. The rate is taken over the events of that name that carry such a property; one finding for each name.',
      blind:
        'Carts without such a property are not judged: the times of the calls alone do not say which state of the cart an event shows. A counter that goes back while the calls themselves come one after the other has begun anew, and is no finding; neither are two that were received at the same moment, and one that is late while nothing newer was there. One cart on two devices is taken for two, because clocks differ. What came more than three days late is left to `events/bad-timestamp`: history is imported in any order.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from placed_cart`,
  parts: () =>
    sql`select name as label, count(*) as population, name as event from placed_cart group by name`,
  row: z.object({
    name: z.string(),
    overtaken: z.coerce.number(),
    placed: z.coerce.number(),
    marks: z.string(),
    first_seen: z.string(),
    last_seen: z.string(),
  }),
  query: () => sql`
    with placed as (select name, count(*) as placed from placed_cart group by name)
    select o.name, count(*) as overtaken, p.placed, string_agg(distinct o.mark, ', ' order by o.mark) as marks,
      min(o.happened_at) as first_seen, max(o.happened_at) as last_seen
    from overtaken_cart o join placed p using (name) group by o.name, p.placed`,
  finding: ({ name, overtaken, placed, marks, first_seen, last_seen }) => ({
    subject: { key: name, label: name },
    message: `${overtaken} of ${placed} ${name} events arrived after a newer state of the same cart (by ${marks})`,
    affected: overtaken,
    unit: 'events',
    population: placed,
    firstSeen: first_seen,
    lastSeen: last_seen,
    events: [name],
  }),
  evidenceRow: z.object({
    event: z.string(),
    cio_id: z.string().nullable(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    activity_id: z.string().nullable(),
    property: z.string(),
    value: z.string(),
    overtaken_by: z.string(),
    happened_at: z.string(),
    received_at: z.string(),
  }),
  evidence: () => sql`
    select o.name as subject, o.name as event, o.cio_id, p.id, p.email, o.id as activity_id, o.mark as property,
      ${told('place')} as value, ${told('overtaken_by')} as overtaken_by, o.happened_at, o.received_at
    from overtaken_cart o left join profile p using (cio_id)`,
  remediation: () =>
    'Send cart updates one after the other: the next one when the one before was taken, and of those that wait only the newest. Let the journey read the cart from an attribute or your own system when it sends, and not from the event that started it.',
  examples: [
    {
      title: 'The second of three states comes last',
      workspace: { calls: [cart(1, 1), cart(2, 120), cart(3, 1)] },
      findings: ['cart_updated'],
    },
    {
      title: 'The last of three states comes late',
      workspace: { calls: [cart(1, 1), cart(2, 1), cart(3, 3_000)] },
      findings: [],
    },
  ],
})

function told(place: 'place' | 'overtaken_by') {
  const value = place === 'place' ? sql`o.place` : sql`o.overtaken_by`
  return sql`case when o.counts then ${value}::bigint::varchar
    else strftime(make_timestamp((${value} * 1000000)::bigint), '%Y-%m-%dT%H:%M:%S.%gZ') end`
}
