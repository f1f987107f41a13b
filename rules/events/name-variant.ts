import { z } from 'zod'
import { counted, defineRule, duration, sql } from '../../src/audit/rule.ts'

const words: Readonly<Record<string, string>> = {
  spelling: 'another spelling of',
  tense: 'another tense of',
  typo: 'one letter away from',
}

/** Without regard to which of the two is the commoner one today: else another count would make another finding. */
const identity = sql`least(v.name, v.meant) || '>' || greatest(v.name, v.meant)`

export default defineRule({
  meta: {
    id: 'events/name-variant',
    title: 'Every event has one name',
    failureTitle: 'Some events arrive under two names',
    severity: 'error',
    checklist: ['event-taxonomy'],
    needs: ['planned-events', 'activities'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'never',
    threshold: { maxCount: 0 },
    measuredBy: 'rule',
    subject: 'event-pair',
    unit: 'events',
    docs: {
      why: 'iOS sends `add_to_cart`, Android `Add To Cart`. To Customer.io these are two events: the journey that waits for the one never hears of the carts of the other half.',
      decides:
        'Names that are equal without case, spaces, `_`, `-`, `.`, `:`, `/` and camelCase; names that differ from one of the plan in the tense of a verb alone (`added_to_cart`); names one letter away from a name of the plan that has at least 8 letters and at least 20 times as many events. It is an error where the smaller of the two has at least `minShare` of the events of both and was seen within `recent`, and one of the two is critical or starts a running journey; everything else is told.',
      blind:
        'Two names that your own plan knows (aliases too) are never variants of each other. A plural, another digit or a word in its own right makes another event (`product_viewed`, `products_viewed`; `cart_updated`, `card_updated`). Words that mean the same (`basket`, `cart`) and another order of words cannot be seen. An old spelling that has stopped is told only; see `events/renamed`.',
    },
  },
  options: z.object({
    minShare: z
      .number()
      .min(0)
      .max(0.5)
      .default(0.01)
      .describe('Of the events under both names; a smaller side is told only.'),
    recent: duration('7d').describe('A smaller side that was not seen for longer is told only.'),
  }),
  population: () =>
    sql`select coalesce(sum(events), 0)::bigint as count from event_name where type = 'event'`,
  row: z.object({
    name: z.string(),
    meant: z.string(),
    identity: z.string(),
    kind: z.string(),
    events: z.coerce.number(),
    meant_events: z.coerce.number(),
    counts: z.boolean(),
    first_seen: z.string(),
    last_seen: z.string(),
  }),
  query: ({ options, asOf }) => sql`
    select v.name, v.meant, ${identity} as identity, v.kind, o.events, m.events as meant_events, o.first_at as first_seen, o.last_at as last_seen,
      (o.critical or o.trigger or m.critical or m.trigger)
        and least(o.events, m.events) >= ${options.minShare} * (o.events + m.events)
        and case when o.events <= m.events then o.last_at else m.last_at end >= ${asOf}::timestamp - to_seconds(${options.recent}) as counts
    from name_variant v join event_name o on o.name = v.name and o.type = 'event'
    join event_name m on m.name = v.meant and m.type = 'event'`,
  finding: ({ name, meant, identity: pair, kind, events, meant_events, counts, first_seen, last_seen }) => ({
    subject: { key: `${name}>${meant}`, label: `${name}, ${meant}` },
    identity: pair,
    message: `${name} (${counted(events, 'event')}) is ${words[kind]} ${meant} (${counted(meant_events, 'event')})`,
    affected: events,
    unit: 'events',
    firstSeen: first_seen,
    lastSeen: last_seen,
    events: [name, meant],
    ...(counts ? {} : { informative: 'info' as const }),
  }),
  evidenceRow: z.object({
    event: z.string(),
    cio_id: z.string().nullable(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    activity_id: z.string().nullable(),
    happened_at: z.string(),
  }),
  evidence: () => sql`
    select e.name || '>' || v.meant as subject, ${identity} as identity, e.name as event, e.cio_id, p.id, p.email, e.id as activity_id, e.happened_at
    from variant_event e join name_variant v using (name) left join profile p using (cio_id)`,
  remediation: () =>
    'Choose one name, best the one of the tracking plan, and change the other senders. Until they are out, let the journey start on both names, and write the old one into `aliases` of the plan.',
  examples: [
    {
      title: 'A cart journey on cart_updated, and an app that sends Cart Updated',
      workspace: {
        events: ['cart_updated', 'cart_updated', 'Cart Updated'].map((name, n) => ({
          cio_id: 'a1',
          name,
          at: `2026-11-2${n}T10:00:00Z`,
        })),
      },
      findings: ['Cart Updated>cart_updated'],
    },
    {
      title: 'A view of a list of products is another event than the view of one',
      workspace: {
        events: ['product_viewed', 'product_viewed', 'products_viewed'].map((name, n) => ({
          cio_id: 'a1',
          name,
          at: `2026-11-2${n}T10:00:00Z`,
        })),
      },
      findings: [],
    },
  ],
})
