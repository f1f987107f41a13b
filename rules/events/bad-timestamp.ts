import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const cart = (n: number, at: string) => ({
  id: `e${n}`,
  cio_id: 'a1',
  name: 'cart_updated',
  at,
  data: { items: [], cart_value: 0, currency: 'EUR' },
})

export default defineRule({
  meta: {
    id: 'events/bad-timestamp',
    title: 'Events happened when they say',
    failureTitle: 'Some events say a time that cannot be right',
    severity: 'error',
    checklist: ['event-properties'],
    needs: ['planned-events'],
    sources: { 'app-api': 'partial', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'per-event',
    threshold: { maxRate: 0.005 },
    measuredBy: 'finding',
    subject: 'event',
    unit: 'events',
    docs: {
      why: 'An app sends the time of the shop in Chicago as if it were UTC: a cart of this minute looks five hours old, and the push "You left something behind" goes out while the customer is still paying.',
      decides:
        'A time more than five minutes after the audit, or before 2010. In Pipelines files also: an event that starts a journey (a critical one where no journeys are known) and was received more than 72 hours after it happened; and at least 20 events of one name that were received the same whole number of hours, to within a minute before and five after, off the time they say, when at least half of the delays around that hour are so (local time sent as UTC). One finding per event, measured against all events of that name.',
      blind:
        'A time in milliseconds is taken for "now" by Customer.io before anybody sees it, so over the App API it looks like any other; there only times that cannot be true are seen. Events received in one hour that happened over more than seven days are a backfill and fine. Zones of half an hour are not looked for. Without a time of receipt nothing is late.',
    },
  },
  options: z.object({}),
  population: () => sql`
    select (select coalesce(sum(events), 0) from event_name where type = 'event')::bigint
      + (select count(*) from bad_time where kind in ('future', 'past', 'milliseconds')) as count`,
  parts: () =>
    sql`select name as label, events as population, name as event from event_name where type = 'event'`,
  row: z.object({
    name: z.string(),
    bad: z.coerce.number(),
    future: z.coerce.number(),
    past: z.coerce.number(),
    milliseconds: z.coerce.number(),
    shifted: z.coerce.number(),
    hours: z.string().nullable(),
    late: z.coerce.number(),
    events: z.coerce.number(),
    first_seen: z.string(),
    last_seen: z.string(),
  }),
  query: () => sql`
    select b.name, count(*) as bad, count(*) filter (kind = 'future') as future, count(*) filter (kind = 'past') as past,
      count(*) filter (kind = 'milliseconds') as milliseconds, count(*) filter (kind = 'shifted') as shifted,
      string_agg(distinct hours::varchar, ', ' order by hours::varchar) as hours, count(*) filter (kind = 'late') as late,
      coalesce(any_value(n.events), 0) + count(*) filter (kind in ('future', 'past', 'milliseconds')) as events,
      min(happened_at) as first_seen, max(happened_at) as last_seen
    from bad_time b left join event_name n on n.name = b.name and n.type = 'event' group by b.name`,
  finding: ({ name, bad, events, first_seen, last_seen, ...row }) => {
    const kinds = [
      [row.future, 'in the future'],
      [row.past, 'before 2010'],
      [row.milliseconds, 'in milliseconds'],
      [row.shifted, `off by whole hours (${row.hours ?? ''}), as when local time is sent as UTC`],
      [row.late, 'received more than 72 hours late'],
    ] as const
    const told = kinds.flatMap(([count, words]) => (count > 0 ? [`${count} ${words}`] : []))
    return {
      subject: { key: name, label: name },
      // What came late may say the right time.
      message: `${bad} of ${events} ${name} events ${
        row.late === bad
          ? 'were received more than 72 hours late'
          : `say a time that cannot be right: ${told.join('; ')}`
      }`,
      affected: bad,
      unit: 'events',
      population: events,
      firstSeen: first_seen,
      lastSeen: last_seen,
      events: [name],
    }
  },
  evidenceRow: z.object({
    event: z.string(),
    cio_id: z.string().nullable(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    activity_id: z.string().nullable(),
    happened_at: z.string(),
    received_at: z.string().nullable(),
    kind: z.string(),
    hours: z.coerce.number().nullable(),
  }),
  evidence: () => sql`
    select b.name as subject, b.name as event, b.cio_id, p.id, p.email, b.id as activity_id, happened_at, received_at, kind, hours
    from bad_time b left join profile p using (cio_id)`,
  remediation: () =>
    'Send times as Unix seconds in UTC, from the clock of the server where the phone may be wrong, and send what was held up without starting journeys (a backfill under another name).',
  examples: [
    {
      title: 'A clock that was never set, and one a day ahead',
      workspace: {
        events: [
          cart(1, '1970-01-01T00:00:00Z'),
          cart(2, '2026-11-24T12:00:00Z'),
          cart(3, '2026-11-20T12:00:00Z'),
        ],
      },
      findings: ['cart_updated'],
    },
    {
      title: 'Four minutes ahead, and an order of 2011 that was imported',
      workspace: { events: [cart(1, '2026-11-23T12:04:00Z'), cart(2, '2011-01-01T00:00:00Z')] },
      findings: [],
    },
  ],
})
