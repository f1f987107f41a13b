import { z } from 'zod'
import { counted, defineRule, duration, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'events/duplicate-burst',
    title: 'No event arrives twice at the same moment',
    failureTitle: 'Some events arrived twice at the same moment',
    severity: 'error',
    checklist: ['event-dedupe'],
    needs: ['planned-events', 'people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'found',
    threshold: { maxRate: 0.005 },
    measuredBy: 'finding',
    subject: 'event',
    unit: 'critical and trigger events',
    evidence: (kinds) =>
      kinds.has('pipelines')
        ? `milliseconds in Pipelines files${kinds.has('app-api') ? ', whole seconds over the API' : ''}`
        : 'whole seconds',
    docs: {
      why: 'Two SDKs in one app, or a listener that is registered twice, fire each event twice. Every cart journey starts twice.',
      decides:
        'Certain: the same person (all profiles of a cluster), name, moment and payload, dedupe keys and volatile fields aside. Likely: the same payload again within `window`. Certain copies of critical and trigger events count; everything else is told. Each finding says which guard in the journey would have stopped 99 % of the copies, and how many true repeats it would have swallowed.',
      blind:
        'The App API knows whole seconds only. Two quick taps on "+" look like likely copies, which is why those never fail. Noise events are left out. A guard is asked of one profile: it stops no copy on another profile of the person. Where all copies are likely ones no guard is named.',
    },
  },
  options: z.object({
    window: duration('10s').describe(
      'Within this time equal events of one person are taken for likely copies.',
    ),
  }),
  population: () => sql`
    select coalesce(sum(events), 0)::bigint as count from event_name
    where (critical or trigger) and intent is distinct from 'noise'`,
  row: z.object({
    name: z.string(),
    certain: z.boolean(),
    counts: z.boolean(),
    copies: z.coerce.number(),
    likely: z.coerce.number(),
    people: z.coerce.number(),
    events: z.coerce.number(),
    first_seen: z.string(),
    last_seen: z.string(),
    advice: z.string().nullable(),
  }),
  query: () => sql`
    with told as (
      select *, bool_or(certain) over (partition by name) as any_certain, count(case when not certain then 1 end) over (partition by name) as likely
      from burst_copy
    )
    select c.name, any_certain as certain, any_certain and (n.critical or n.trigger) as counts, count(*) as copies, c.likely,
      count(distinct c.cluster) as people, n.events, min(c.happened_at) as first_seen, max(c.happened_at) as last_seen,
      case when any_certain then g.advice end as advice
    from told c join event_name n on n.name = c.name and n.type = 'event' left join guard_advice g on g.name = c.name
    where c.certain or not any_certain
    group by c.name, any_certain, c.likely, n.critical, n.trigger, n.events, g.advice`,
  finding: ({ name, certain, counts, copies, likely, people, events, first_seen, last_seen, advice }) => ({
    subject: { key: name, label: name },
    message: certain
      ? `${copies} of ${events} ${name} events came twice at the same moment with the same payload (${counted(people, 'person', 'people')})${likely > 0 ? `; ${likely} more repeat the one just before them` : ''}`
      : `${copies} of ${events} ${name} events repeat the one just before them; two taps look the same (${counted(people, 'person', 'people')})`,
    affected: copies,
    unit: 'events',
    population: events,
    firstSeen: first_seen,
    lastSeen: last_seen,
    events: [name],
    ...(advice === null
      ? {}
      : { remediation: `Look for a second SDK or a listener that is registered twice. ${advice}` }),
    ...(counts ? {} : { informative: certain ? ('info' as const) : ('warn' as const) }),
  }),
  evidenceRow: z.object({
    event: z.string(),
    cio_id: z.string().nullable(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    activity_id: z.string().nullable(),
    happened_at: z.string(),
    certain: z.boolean(),
    previous_activity_id: z.string().nullable(),
  }),
  evidence: () => sql`
    with told as (
      select *, bool_or(certain) over (partition by name) as any_certain from burst_copy
    )
    select name as subject, name as event, t.cio_id, p.id, p.email, t.id as activity_id, happened_at, certain, previous_id as previous_activity_id
    from told t left join profile p using (cio_id) where certain or not any_certain`,
  remediation: () =>
    'Look for a second SDK or a listener that is registered twice, and guard the journey with "has not received this message in the last minutes".',
  examples: [
    {
      title: 'Two cart events in one second, alike but for their keys',
      workspace: {
        events: [
          {
            cio_id: 'a1',
            name: 'cart_updated',
            at: '2026-11-20T10:00:00Z',
            data: { items: [], cart_value: 0, currency: 'EUR', event_id: 'k-1' },
          },
          {
            cio_id: 'a1',
            name: 'cart_updated',
            at: '2026-11-20T10:00:00Z',
            data: { currency: 'EUR', items: [], cart_value: 0, event_id: 'k-2' },
          },
        ],
      },
      findings: ['cart_updated'],
    },
    {
      title: 'Two different carts in one second',
      workspace: {
        events: [
          {
            cio_id: 'a1',
            name: 'cart_updated',
            at: '2026-11-20T10:00:00Z',
            data: { items: [], cart_value: 0, currency: 'EUR' },
          },
          {
            cio_id: 'a1',
            name: 'cart_updated',
            at: '2026-11-20T10:00:00Z',
            data: { items: [], cart_value: 5, currency: 'EUR' },
          },
        ],
      },
      findings: [],
    },
  ],
})
