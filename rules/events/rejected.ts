import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

const words: Readonly<Record<string, readonly [one: string, many: string]>> = {
  failed_event: ['event', 'events'],
  failed_attribute_change: ['change of attributes', 'changes of attributes'],
  failed_batch_update: ['batch', 'batches'],
}

export default defineRule({
  meta: {
    id: 'events/rejected',
    title: 'Customer.io applies what it receives',
    failureTitle: 'Customer.io refused some of what it received',
    severity: 'error',
    checklist: ['event-properties'],
    needs: ['activities'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'none' },
    sample: 'never',
    threshold: { maxRate: 0.005 },
    measuredBy: 'rule',
    subject: 'group',
    unit: 'activities',
    docs: {
      why: 'The Track API answers 200 before it looks: a cart that is too large, or an identify with an e-mail that belongs to somebody else, is thrown away later. The app believes that all is well, and the journey never starts.',
      decides:
        'The activities `failed_event`, `failed_attribute_change` and `failed_batch_update` of the window, against all activities that the App API shows. One finding per reason; references for support, addresses, values in quotes and words with a digit are taken out of the reason first, so that one cause is one finding.',
      blind:
        'What was refused at once (an answer of 400) leaves no activity. Customer.io keeps activities for 30 days. The shape of a reason is not documented: where it stands under an unknown key, the finding says "no reason given".',
    },
  },
  options: z.object({}),
  population: () => sql`select coalesce(sum(activities), 0)::bigint as count from activity_volume`,
  row: z.object({
    reason: z.string(),
    refused: z.coerce.number(),
    people: z.coerce.number(),
    types: z.array(z.string()),
    events: z.array(z.string()).nullable(),
    first_seen: z.string(),
    last_seen: z.string(),
  }),
  query: () => sql`
    select reason, count(*) as refused, count(distinct cio_id) as people, list(distinct type order by type) as types,
      list(distinct event order by event) filter (event is not null) as events,
      min(happened_at) as first_seen, max(happened_at) as last_seen
    from rejection group by reason`,
  finding: ({ reason, refused, people, types, events, first_seen, last_seen }) => ({
    subject: { key: reason, label: reason },
    message: `${refused} ${types.map((type) => words[type]?.[refused === 1 ? 0 : 1]).join(' and ')} of ${counted(people, 'person', 'people')} ${refused === 1 ? 'was' : 'were'} refused: ${reason}${events === null ? '' : ` (${told(events)})`}`,
    affected: refused,
    unit: 'activities',
    firstSeen: first_seen,
    lastSeen: last_seen,
    ...(events === null ? {} : { events }),
  }),
  evidenceRow: z.object({
    type: z.string(),
    event: z.string().nullable(),
    cio_id: z.string().nullable(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    activity_id: z.string().nullable(),
    happened_at: z.string(),
  }),
  evidence: () => sql`
    select reason as subject, r.type, r.event, r.cio_id, p.id, p.email, r.id as activity_id, r.happened_at
    from rejection r left join profile p using (cio_id)`,
  remediation: () =>
    'Open one of the activities in Customer.io to see what was sent. Keep events under 100 kB and attributes under 1,000 bytes, and send identifiers only for the person whom they belong to (`identity/conflict` names the owners).',
  examples: [
    {
      title: 'Two carts that were too large, each with a reference of its own',
      workspace: {
        activities: ['a1b2c3', 'd4e5f6'].map((reference) => ({
          cio_id: 'a1',
          type: 'failed_event',
          at: '2026-11-20T10:00:00Z',
          data: {
            name: 'cart_updated',
            reason: `event data is larger than 100000 bytes (reference ${reference})`,
          },
        })),
      },
      findings: ['event data is larger than … bytes'],
    },
    {
      title: 'A push that failed was no record that was refused',
      workspace: {
        activities: [
          { cio_id: 'a1', type: 'failed_push', at: '2026-11-20T10:00:00Z', data: { reason: 'no device' } },
        ],
      },
      findings: [],
    },
  ],
})

const mostTold = 3
const told = (events: readonly string[]): string =>
  events.length <= mostTold
    ? events.join(', ')
    : `${events.slice(0, mostTold).join(', ')} and ${events.length - mostTold} more`
