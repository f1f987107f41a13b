import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'events/missing-key',
    title: 'Critical events carry their dedupe key',
    failureTitle: 'Some critical events carry no dedupe key',
    severity: 'warn',
    checklist: ['event-dedupe'],
    needs: ['planned-events', 'people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'per-event',
    threshold: { maxRate: 0.05 },
    measuredBy: 'finding',
    subject: 'event',
    unit: 'critical events',
    docs: {
      why: 'A phone loses the answer of the server and sends the cart again. Without a key in the event nobody can tell the copy from a second cart: the journey starts twice, and the customer gets two pushes.',
      decides:
        'Critical events whose dedupe key (of the plan; for the built-in plan `event_id` and its usual other names) is absent, null, blank or a word for nothing such as `none` or `0`, against all events of that name. A warning by itself. It is an error where the same event also has copies: at least `defaults.minAffected` that repeat a key, or came twice at one moment with one payload.',
      blind:
        'In Pipelines files the message id of the SDK counts as a key; over the App API it cannot be seen. A guard in the journey ("has not received this message in the last hours") does the same job and cannot be seen either: attest it, or set the severity in the config, which then holds for copies too. Events for which the plan names no key are not judged.',
    },
  },
  options: z.object({}),
  population: () =>
    sql`select coalesce(sum(events), 0)::bigint as count from event_name where critical and keyed`,
  parts: () =>
    sql`select name as label, events as population, name as event from event_name where critical and keyed`,
  row: z.object({
    name: z.string(),
    missing: z.coerce.number(),
    events: z.coerce.number(),
    /** Null where there are none. */
    copies: z.number().nullable(),
    first_seen: z.string(),
    last_seen: z.string(),
  }),
  query: () => sql`
    with repeated as (
      select name, count(*) as copies from key_copy where number > 1 group by name
    ), twice as (
      select name, count(*) as copies from burst_copy where certain group by name
    )
    select k.name, count(*) as missing, n.events, greatest(r.copies, t.copies) as copies,
      min(k.happened_at) as first_seen, max(k.happened_at) as last_seen
    from keyless_event k join event_name n on n.name = k.name and n.type = 'event'
    left join repeated r on r.name = k.name left join twice t on t.name = k.name
    group by k.name, n.events, r.copies, t.copies`,
  finding: ({ name, missing, events, copies, first_seen, last_seen }, { settings }) => {
    const hasCopies = copies !== null && copies >= settings.defaults.minAffected
    return {
      subject: { key: name, label: name },
      message: `${missing} of ${events} ${name} events carry no dedupe key${hasCopies ? `, and ${copies} ${name} events are copies` : ''}`,
      affected: missing,
      unit: 'events',
      population: events,
      firstSeen: first_seen,
      lastSeen: last_seen,
      events: [name],
      ...(hasCopies ? { raised: 'error' as const } : {}),
    }
  },
  evidenceRow: z.object({
    event: z.string(),
    cio_id: z.string().nullable(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    activity_id: z.string().nullable(),
    happened_at: z.string(),
  }),
  evidence: () => sql`
    select k.name as subject, k.name as event, k.cio_id, p.id, p.email, k.id as activity_id, k.happened_at
    from keyless_event k left join profile p using (cio_id)`,
  remediation: () =>
    'Make a key once where the event is born (a ULID or a UUID that is kept with it until the server has answered), send it with every retry, best as the event id of the Track API too, and guard the journey with "has not received this message in the last hours".',
  examples: [
    {
      title: 'A cart without its key, and a checkout whose key is blank',
      workspace: {
        events: [
          { cio_id: 'a1', name: 'cart_updated', at: '2026-11-20T10:00:00Z', data: { cart_value: 5 } },
          { cio_id: 'a1', name: 'checkout_started', at: '2026-11-20T11:00:00Z', data: { event_id: ' ' } },
        ],
      },
      findings: ['cart_updated', 'checkout_started'],
    },
    {
      title: 'A cart under another usual name of the key, and a product view, which is not critical',
      workspace: {
        events: [
          { cio_id: 'a1', name: 'cart_updated', at: '2026-11-20T10:00:00Z', data: { eventId: 'k-1' } },
          { cio_id: 'a1', name: 'product_viewed', at: '2026-11-20T11:00:00Z', data: { price: 5 } },
        ],
      },
      findings: [],
    },
  ],
})
