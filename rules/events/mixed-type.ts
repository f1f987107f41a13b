import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const answered = (n: number, data: Readonly<Record<string, unknown>>) => ({
  cio_id: 'a1',
  name: 'quiz_answered',
  at: `2026-11-20T10:00:${String(n).padStart(2, '0')}Z`,
  data,
})
const three = [1, 2, 3]

export default defineRule({
  meta: {
    id: 'events/mixed-type',
    title: 'Properties of unplanned events are of one type',
    failureTitle: 'Some properties of unplanned events are of several types',
    severity: 'warn',
    checklist: ['event-properties'],
    needs: ['activities'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'never',
    threshold: { maxCount: 0 },
    measuredBy: 'rule',
    subject: 'event-property',
    unit: 'events',
    docs: {
      why: 'The web sends the size as the number 42, the app as the text "42". A segment that asks for 42 finds only those of the web, and nobody notices, because both look the same on the screen.',
      decides:
        'Properties of events that the plan does not name: text, number, boolean, array and object are told apart, and a property has several types where each of two or more is that of at least 1 % of its values. The values that are not of the most frequent type are named.',
      blind:
        'Whole and decimal numbers are one type, and null is none. Events of the plan are judged by `events/wrong-type`, and properties that they have beside it are not judged. Noise (app opened, session started) is left out. Inside arrays and objects nothing is compared. At most 50 properties are told.',
    },
  },
  options: z.object({}),
  population: () =>
    sql`select coalesce(sum(events), 0)::bigint as count from event_name where type = 'event'`,
  row: z.object({
    name: z.string(),
    path: z.string(),
    others: z.coerce.number(),
    values: z.coerce.number(),
    shares: z.string(),
    first_seen: z.string(),
    last_seen: z.string(),
  }),
  query: () => sql`
    select name, path, count(*) as others, any_value("values") as "values", any_value(shares) as shares,
      min(happened_at) as first_seen, max(happened_at) as last_seen
    from mixed_property group by name, path`,
  finding: ({ name, path, others, values, shares, first_seen, last_seen }) => ({
    subject: { key: `${name}.${path}`, label: `${name}.${path}` },
    message: `${path} of ${name} is of several types: ${shares} of ${values}`,
    affected: others,
    unit: 'events',
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
    usual: z.string(),
    value: z.string(),
  }),
  evidence: () => sql`
    select name || '.' || path as subject, name as event, path as property, m.cio_id, p.id, p.email, m.id as activity_id,
      happened_at, kind as found, usual, value
    from mixed_property m left join profile p using (cio_id)`,
  remediation: () =>
    'Agree on one type, put the event into the tracking plan with it, and mend the senders that the evidence names.',
  examples: [
    {
      title: 'A number, and the same as text',
      workspace: { events: [...three.map((n) => answered(n, { size: 42 })), answered(9, { size: '42' })] },
      findings: ['quiz_answered.size'],
    },
    {
      title: 'Whole and decimal numbers, and nothing at all',
      workspace: {
        events: [
          ...three.map((n) => answered(n, { size: 42 })),
          answered(7, { size: 42.5 }),
          answered(8, { size: null }),
          answered(9, {}),
        ],
      },
      findings: [],
    },
  ],
})
