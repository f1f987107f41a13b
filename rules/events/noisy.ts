import { z } from 'zod'
import { type Query, counted, defineRule, sql } from '../../src/audit/rule.ts'

interface Limits {
  readonly maxShare: number
  readonly perDay: number
  readonly minPersonDays: number
}

const loud = ({ maxShare, perDay, minPersonDays }: Limits): Query => sql`
  select name, events, share, noisy_share, drowns, busiest
  from loud_event(${maxShare}::double, ${perDay}::bigint, ${minPersonDays}::bigint)`

const senders = (limits: Limits): Query => sql`
  select e.name, e.person, count(*) as events, min(e.happened_at) as first_at, max(e.happened_at) as last_at
  from event e where e.type = 'event' and e.person is not null
    and e.name in (select name from (${loud(limits)}) where drowns or busiest is not null)
  group by e.name, e.person`

const percent = (share: number): string => `${Math.round(share * 100)} %`

export default defineRule({
  meta: {
    id: 'events/noisy',
    title: 'Events say something about the customer',
    failureTitle: 'Noise drowns the events that matter',
    severity: 'warn',
    checklist: ['event-taxonomy'],
    needs: ['planned-events', 'activities'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'never',
    threshold: { maxCount: 0 },
    measuredBy: 'rule',
    subject: 'event',
    unit: 'people',
    docs: {
      why: 'Scrolls, heartbeats and app opens fill the feeds, cost money, and hide the one cart that matters. A journey or a segment that is built on them starts for everybody, all day long.',
      decides:
        'Two ways to be noisy. Events with the intent noise, with your own plan also those that it does not know, are together more than `maxShare` of all events: then each of them is named. Or one event comes so often that the busiest twentieth of its person-days have more than `perDay` of it, over at least `minPersonDays` person-days (UTC). Affected are the people who send it.',
      blind:
        'Screens and pages are left out of the volume: SDKs send them by themselves. With the built-in plan an event that it does not know is not called noise.',
    },
  },
  options: z.object({
    maxShare: z.number().min(0).max(1).default(0.6).describe('Of all events; more noise is told.'),
    perDay: z.number().int().min(1).default(100).describe('Events of one name, person and day.'),
    minPersonDays: z
      .number()
      .int()
      .min(1)
      .default(10)
      .describe('With fewer days of people it may be a test phone.'),
  }),
  population: () => sql`select count(distinct person) as count from event where type = 'event'`,
  row: z.object({
    name: z.string(),
    events: z.coerce.number(),
    share: z.number(),
    noisy_share: z.number(),
    drowns: z.boolean(),
    busiest: z.coerce.number().nullable(),
    people: z.coerce.number(),
    first_seen: z.string(),
    last_seen: z.string(),
  }),
  query: ({ options }) => sql`
    select l.*, count(*) as people, min(s.first_at) as first_seen, max(s.last_at) as last_seen
    from (${loud(options)}) l join (${senders(options)}) s using (name) group by all`,
  finding: (
    { name, events, share, noisy_share, drowns, busiest, people, first_seen, last_seen },
    { options },
  ) => ({
    subject: { key: name, label: name },
    message: `${name} (${counted(events, 'event')}) ${[
      ...(busiest === null
        ? []
        : [`comes ${busiest} times and more on one day in twenty of a person, allowed ${options.perDay}`]),
      ...(drowns
        ? [
            `is ${percent(share)} of all events; noise is ${percent(noisy_share)} of them, allowed ${percent(options.maxShare)}`,
          ]
        : []),
    ].join(', and ')}`,
    affected: people,
    unit: 'people',
    firstSeen: first_seen,
    lastSeen: last_seen,
    events: [name],
  }),
  evidenceRow: z.object({
    event: z.string(),
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    events: z.coerce.number(),
  }),
  evidence: ({ options }) => sql`
    select s.name as subject, s.name as event, p.cio_id, f.id, f.email, s.events
    from (${senders(options)}) s join person p using (person) left join profile f using (cio_id)`,
  remediation: () =>
    'Keep such events in product analytics and do not send them to Customer.io, or send a fact in their place (an attribute such as `last_seen_at`, once a day). Never start a journey on them.',
  examples: [
    {
      title: 'Two app opens for each thing that matters',
      workspace: {
        events: ['app_opened', 'product_viewed', 'app_opened'].map((name, n) => ({
          cio_id: 'a1',
          name,
          at: `2026-11-2${n}T10:00:00Z`,
        })),
      },
      findings: ['app_opened'],
    },
    {
      title: 'Half noise and half not',
      workspace: {
        events: ['app_opened', 'product_viewed', 'app_opened', 'purchase'].map((name, n) => ({
          cio_id: 'a1',
          name,
          at: `2026-11-1${n}T10:00:00Z`,
        })),
      },
      findings: [],
    },
  ],
})
