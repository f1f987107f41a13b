import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'events/duplicate-key',
    title: 'Each dedupe key arrives once',
    failureTitle: 'Some dedupe keys arrived more than once',
    severity: 'error',
    checklist: ['event-dedupe'],
    needs: ['planned-events', 'people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'found',
    threshold: { maxRate: 0.001 },
    measuredBy: 'finding',
    subject: 'event',
    unit: 'events with a dedupe key',
    docs: {
      why: 'A retry after a lost answer sends the same event again. Customer.io does not know your key, so the cart journey starts twice and the customer gets two pushes for one cart.',
      decides:
        'Events of one person (all profiles of a cluster) and one name with the same value of the dedupe key of the plan, under different activity ids. The surplus copies are counted, measured against the events of that name that carry a key. Each finding says which guard in the journey would have stopped 99 % of all copies of the event, and how many true repeats it would have swallowed.',
      blind:
        'Customer.io drops a repeated message id by itself before anybody sees it. One key on two strangers is not compared.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from event where key_hash is not null`,
  row: z.object({
    name: z.string(),
    copies: z.coerce.number(),
    people: z.coerce.number(),
    events: z.coerce.number(),
    first_seen: z.string(),
    last_seen: z.string(),
    advice: z.string().nullable(),
  }),
  query: () => sql`
    with keyed as (select name, count(*) as events from event where key_hash is not null group by name)
    select c.name, count(*) as copies, count(distinct c.cluster) as people, k.events, min(c.happened_at) as first_seen, max(c.happened_at) as last_seen, g.advice
    from key_copy c join keyed k using (name) left join guard_advice g using (name) where c.number > 1 group by c.name, k.events, g.advice`,
  finding: ({ name, copies, people, events, first_seen, last_seen, advice }) => ({
    subject: { key: name, label: name },
    message: `${copies} of ${events} ${name} events repeat a dedupe key that was there already (${counted(people, 'person', 'people')})`,
    affected: copies,
    unit: 'events',
    population: events,
    firstSeen: first_seen,
    lastSeen: last_seen,
    events: [name],
    ...(advice === null
      ? {}
      : {
          remediation: `Send the key as the event id of the Track API (a ULID, \`id\`), so that Customer.io drops repeats. ${advice}`,
        }),
  }),
  evidenceRow: z.object({
    event: z.string(),
    cio_id: z.string().nullable(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    activity_id: z.string().nullable(),
    happened_at: z.string(),
    key: z.string(),
    first_activity_id: z.string().nullable(),
  }),
  evidence: () => sql`
    select name as subject, name as event, k.cio_id, p.id, p.email, k.id as activity_id, happened_at, key, first_id as first_activity_id
    from key_copy k left join profile p using (cio_id) where number > 1`,
  remediation: () =>
    'Send the key as the event id of the Track API (a ULID, `id`), so that Customer.io drops repeats, and guard the journey with "has not received this message in the last hours".',
  examples: [
    {
      title: 'A retry sent the same key again, a minute later',
      workspace: {
        events: [
          {
            cio_id: 'a1',
            name: 'purchase',
            at: '2026-11-20T10:00:00Z',
            data: { order_id: 'o-1', revenue: 5, items: [], event_id: 'k-1' },
          },
          {
            cio_id: 'a1',
            name: 'purchase',
            at: '2026-11-20T10:01:00Z',
            data: { order_id: 'o-1', revenue: 5, items: [], event_id: 'k-1' },
          },
        ],
      },
      findings: ['purchase'],
    },
    {
      title: 'The same key on two strangers, and two purchases with a key each',
      workspace: {
        events: [
          {
            cio_id: 'a1',
            name: 'purchase',
            at: '2026-11-20T10:00:00Z',
            data: { order_id: 'o-1', revenue: 5, items: [], event_id: 'k-1' },
          },
          {
            cio_id: 'a1',
            name: 'purchase',
            at: '2026-11-20T10:01:00Z',
            data: { order_id: 'o-2', revenue: 5, items: [], event_id: 'k-2' },
          },
          {
            cio_id: 'a2',
            name: 'purchase',
            at: '2026-11-20T10:01:00Z',
            data: { order_id: 'o-3', revenue: 5, items: [], event_id: 'k-1' },
          },
        ],
      },
      findings: [],
    },
  ],
})
