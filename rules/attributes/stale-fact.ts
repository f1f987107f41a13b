import { z } from 'zod'
import { defineRule, duration, sql } from '../../src/audit/rule.ts'

const choices = z.object({
  grace: duration('24h').describe('How long a fact may take to follow its event.'),
})

/** Facts that are older than the newest event behind them. */
const stale = ({ grace }: z.output<typeof choices>) => sql`
  select * from derived_fact where stated_at + to_seconds(${grace}) < newest_at`

export default defineRule({
  meta: {
    id: 'attributes/stale-fact',
    title: 'Attributes that follow from events are up to date',
    failureTitle: 'Some attributes are older than the events that they follow from',
    severity: 'warn',
    checklist: ['event-properties'],
    needs: ['people', 'attributes', 'planned-events'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'per-profile',
    threshold: { maxRate: 0.02 },
    measuredBy: 'finding',
    subject: 'attribute',
    unit: 'profiles with the attribute and such an event',
    docs: {
      why: 'The win-back journey asks for a `last_purchase_at` of more than 90 days ago. When the app sends purchases but only the web shop sets the attribute, customers who bought yesterday get "We miss you, here is 20 %".',
      decides:
        '`last_purchase_at`, and each attribute with `derivedFrom` in the plan, is held against the newest such event of the same profile in the window. More than a day behind (`grace`) is stale. Refunds are no purchases.',
      blind:
        'A missing attribute is `attributes/missing`, one that does not read as Unix seconds `attributes/wrong-type`. A fact that is newer than every event is fine: the order may have come another way. Events of another profile of the same person are not looked at.',
    },
  },
  options: choices,
  population: () => sql`select count(stated_at) as count from derived_fact`,
  parts: () =>
    sql`select attribute as label, count(stated_at) as population, null as event from derived_fact group by attribute`,
  row: z.object({
    attribute: z.string(),
    profiles: z.coerce.number(),
    held: z.coerce.number(),
    days: z.coerce.number(),
  }),
  query: ({ options }) => sql`
    select s.attribute, count(*) as profiles, max(h.held) as held, floor(median(epoch(s.newest_at - s.stated_at)) / 86400)::bigint as days
    from (${stale(options)}) s join (select attribute, count(stated_at) as held from derived_fact group by attribute) h using (attribute)
    group by s.attribute`,
  finding: ({ attribute, profiles, held, days }) => ({
    subject: { key: attribute, label: attribute },
    message: `${attribute} is older than the newest such event on ${profiles} of ${held} profiles, half of them by ${days} days and more`,
    affected: profiles,
    unit: 'profiles',
    population: held,
    attributes: [attribute],
  }),
  evidenceRow: z.object({
    attribute: z.string(),
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    stated_at: z.string(),
    newest_at: z.string(),
  }),
  evidence: ({ options }) => sql`
    select s.attribute as subject, s.attribute, s.cio_id, p.id, p.email, s.stated_at, s.newest_at
    from (${stale(options)}) s join profile p using (cio_id)`,
  remediation: () =>
    'Set the attribute where the event is sent, with the same time, in every sender; or let a journey set it from the event. Then correct the profiles in the evidence file.',
  examples: [
    {
      title: 'Bought on Friday, and last_purchase_at says March',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', email: 'ana@shop.test', attributes: { last_purchase_at: '1772000000' } },
        ],
        events: [
          {
            cio_id: 'a1',
            name: 'purchase',
            at: '2026-11-20T10:00:00Z',
            data: { order_id: 'o-1', revenue: 5, items: [], event_id: 'k-1' },
          },
        ],
      },
      findings: ['last_purchase_at'],
    },
    {
      title: 'Set in the night after, and a refund that is no purchase',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', attributes: { last_purchase_at: '1795140000' } },
          { cio_id: 'a2', id: 'u-2', attributes: { last_purchase_at: '1794300000' } },
        ],
        events: [
          {
            cio_id: 'a1',
            name: 'purchase',
            at: '2026-11-20T10:00:00Z',
            data: { order_id: 'o-1', revenue: 5, items: [], event_id: 'k-1' },
          },
          {
            cio_id: 'a2',
            name: 'purchase',
            at: '2026-11-20T10:00:00Z',
            data: { order_id: 'o-2', revenue: -5, items: [], event_id: 'k-2' },
          },
        ],
      },
      findings: [],
    },
  ],
})
