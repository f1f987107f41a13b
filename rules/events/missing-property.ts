import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'events/missing-property',
    title: 'Events carry the properties that the plan requires',
    failureTitle: 'Events lack properties that the plan requires',
    severity: 'error',
    checklist: ['event-properties'],
    needs: ['planned-events'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'per-event',
    threshold: { maxRate: 0.01 },
    measuredBy: 'finding',
    subject: 'event-property',
    unit: 'events',
    docs: {
      why: 'An add-to-cart without the product id cannot show the product; a purchase without its value cannot be left out of the winback. The message goes out with a hole in it.',
      decides:
        'A required property that is absent, null, empty text or an empty list. Inside `items[]` one element without the key is enough. One finding per event and property, measured against the number of those events. Suspects: the narrowest platform, app version or SDK version that sends most of at least 20 cases and has the defect ten times as often as everything else is named, with the hour in which it began.',
      blind:
        'An emptied cart (`items: []` in a cart or checkout event with a value of 0) is fine. Children of a property that is itself missing or of a wrong type are not counted again. Events that the plan does not name are not judged. A defect that is spread evenly, or that fewer than three people send, names no suspect; over the API platform and version are what the event says of itself (`platform`, `app_version`).',
    },
  },
  options: z.object({}),
  population: () => sql`select coalesce(sum(events), 0)::bigint as count from event_name where held`,
  parts: () => sql`select name as label, events as population, name as event from event_name where held`,
  row: z.object({
    name: z.string(),
    path: z.string(),
    missing: z.coerce.number(),
    events: z.coerce.number(),
    first_seen: z.string(),
    last_seen: z.string(),
    suspect: z.string().nullable(),
  }),
  query: () => sql`
    select d.name, d.path, count(*) as missing, n.events, min(d.happened_at) as first_seen, max(d.happened_at) as last_seen, s.told as suspect
    from property_defect d join event_name n on n.name = d.name and n.type = 'event'
    left join suspect s on s.name = d.name and s.path = d.path and s.missing
    where d.defect = 'missing' group by d.name, d.path, n.events, s.told`,
  finding: ({ name, path, missing, events, first_seen, last_seen, suspect }) => ({
    subject: { key: `${name}.${path}`, label: `${name}.${path}` },
    message: `${path} is missing in ${missing} of ${events} ${name} events${suspect === null ? '' : `. ${suspect}`}`,
    affected: missing,
    unit: 'events',
    population: events,
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
    platform: z.string().nullable(),
    app_version: z.string().nullable(),
  }),
  evidence: () => sql`
    select name || '.' || path as subject, name as event, path as property, d.cio_id, p.id, p.email, d.id as activity_id, happened_at, d.platform, d.app_version
    from property_defect d left join profile p using (cio_id) where defect = 'missing'`,
  remediation: () =>
    'Give engineering the evidence file: it names each event, its time and its person. Until it is mended, give the Liquid in the message a default, or filter such events out of the trigger.',
  examples: [
    {
      title: 'A purchase without its order id, and one with an empty revenue and no items',
      workspace: {
        events: [
          { cio_id: 'a1', name: 'purchase', at: '2026-11-20T10:00:00Z', data: { revenue: 10, items: [{}] } },
          {
            cio_id: 'a1',
            name: 'purchase',
            at: '2026-11-21T10:00:00Z',
            data: { order_id: 'o-2', revenue: null, items: [] },
          },
        ],
      },
      findings: ['purchase.items', 'purchase.order_id', 'purchase.revenue'],
    },
    {
      title: 'An emptied cart is a fine cart',
      workspace: {
        events: [
          {
            cio_id: 'a1',
            name: 'cart_updated',
            at: '2026-11-20T10:00:00Z',
            data: { items: [], cart_value: 0, currency: 'EUR' },
          },
        ],
      },
      findings: [],
    },
  ],
})
