import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'events/wrong-type',
    title: 'Event properties have the planned types',
    failureTitle: 'Some event properties have another type than planned',
    severity: 'error',
    checklist: ['event-properties'],
    needs: ['planned-events'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'per-event',
    threshold: { maxRate: 0.005 },
    measuredBy: 'finding',
    subject: 'event-property',
    unit: 'events',
    docs: {
      why: 'A cart value sent as the text "49.90" is no number to a segment: "cart over 40" never matches, and a sum in the message joins two texts instead of adding them.',
      decides:
        'The JSON type of each planned property, then enum, min, max and pattern, whole numbers, country and currency codes. One finding per event and property, measured against the number of those events. Suspects: the narrowest platform, app version or SDK version that sends most of at least 20 cases and has the defect ten times as often as everything else is named, with the hour in which it began.',
      blind:
        'Empty values are `events/missing-property`. Values inside `items[]` are judged by JSON type only. Events that the plan does not name are not judged. A defect that is spread evenly, or that fewer than three people send, names no suspect; over the API platform and version are what the event says of itself (`platform`, `app_version`).',
    },
  },
  options: z.object({}),
  population: () => sql`select coalesce(sum(events), 0)::bigint as count from event_name where held`,
  parts: () => sql`select name as label, events as population, name as event from event_name where held`,
  row: z.object({
    name: z.string(),
    path: z.string(),
    wrong: z.coerce.number(),
    found: z.string(),
    events: z.coerce.number(),
    first_seen: z.string(),
    last_seen: z.string(),
    suspect: z.string().nullable(),
  }),
  query: () => sql`
    select d.name, d.path, count(distinct d.seq) as wrong, string_agg(distinct d.found, ', ' order by d.found) as found,
      n.events, min(d.happened_at) as first_seen, max(d.happened_at) as last_seen, s.told as suspect
    from property_defect d join event_name n on n.name = d.name and n.type = 'event'
    left join suspect s on s.name = d.name and s.path = d.path and not s.missing
    where d.defect in ('wrong-type', 'wrong-value') group by d.name, d.path, n.events, s.told`,
  finding: ({ name, path, wrong, found, events, first_seen, last_seen, suspect }) => ({
    subject: { key: `${name}.${path}`, label: `${name}.${path}` },
    message: `${path} is not what the plan says in ${wrong} of ${events} ${name} events: ${found}${suspect === null ? '' : `. ${suspect}`}`,
    affected: wrong,
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
    found: z.string(),
    value: z.string().nullable(),
    platform: z.string().nullable(),
    app_version: z.string().nullable(),
  }),
  evidence: () => sql`
    with once as (
      -- A window spills to disk where distinct on holds every row.
      select * from property_defect where defect in ('wrong-type', 'wrong-value')
      qualify row_number() over (partition by seq, path order by defect) = 1
    )
    select o.name || '.' || o.path as subject, o.name as event, o.path as property, o.cio_id, p.id, p.email,
      o.id as activity_id, o.happened_at, o.found, o.value, o.platform, o.app_version
    from once o left join profile p using (cio_id)`,
  remediation: () =>
    'Send numbers as JSON numbers and lists as JSON arrays in every SDK call; the evidence file shows what came instead, and from whom.',
  examples: [
    {
      title: 'A number as text, and an array as JSON text',
      workspace: {
        events: [
          {
            cio_id: 'a1',
            name: 'cart_updated',
            at: '2026-11-20T10:00:00Z',
            data: { items: '[]', cart_value: '49.90', currency: 'EUR' },
          },
        ],
      },
      findings: ['cart_updated.cart_value', 'cart_updated.items'],
    },
    {
      title: 'Whole and decimal numbers are one type',
      workspace: {
        events: [
          {
            cio_id: 'a1',
            name: 'cart_updated',
            at: '2026-11-20T10:00:00Z',
            data: { items: [], cart_value: 50, currency: 'EUR' },
          },
          {
            cio_id: 'a1',
            name: 'cart_updated',
            at: '2026-11-20T11:00:00Z',
            data: { items: [], cart_value: 49.9, currency: 'EUR' },
          },
        ],
      },
      findings: [],
    },
  ],
})
