import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

/**
 * Not listed: it was deleted, and nobody is in it, unless the list was not read to its end. A segment that is rebuilt still has
 * its people.
 */
const empty = sql`
  select s.*, j.name as journey_name from journey_segment s join journey j on j.id = s.journey
  where j.judged and (s.people = 0 or s.people is null and s.state is distinct from 'finished')
    and (s.listed or not exists (from unmet_need where need = 'segments'))`

export default defineRule({
  meta: {
    id: 'journeys/empty-segment',
    title: 'The segments of running journeys have people in them',
    failureTitle: 'Some running journeys hang on an empty segment',
    severity: 'error',
    checklist: ['event-taxonomy'],
    needs: ['campaigns', 'segments'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'none' },
    sample: 'whole',
    threshold: { maxCount: 0 },
    measuredBy: 'rule',
    subject: 'journey',
    unit: 'segments of running journeys',
    docs: {
      why: 'An app release renames an attribute, and the segment "push ready" counts nobody from that day on. Every journey that filters by it goes on running, and sends nothing. Nobody gets an error.',
      decides:
        'The trigger and filter segments of journeys that run, or that were named with --journey. A segment that counts 0 is a finding, and so is one that was never built to the end, or that is gone.',
      blind:
        'The conditions of segments cannot be read over the App API, so why a segment is empty is not said. A segment that holds far fewer people than it should is not seen. One that is being rebuilt and has people counts as sound.',
    },
  },
  options: z.object({}),
  population: () =>
    sql`select count(*) as count from journey_segment s join journey j on j.id = s.journey where j.judged`,
  row: z.object({
    journey: z.coerce.string(),
    journey_name: z.string(),
    segments: z.coerce.number(),
    words: z.string(),
  }),
  query: () => sql`
    select journey, journey_name, count(*) as segments,
      string_agg(role || ' segment ' || coalesce(name, segment::varchar) || case when not listed then ' (gone)'
        when state is distinct from 'finished' then ' (never finished building)' else ' (0 people)' end, ', ' order by role desc, segment) as words
    from (${empty}) group by journey, journey_name`,
  finding: ({ journey, journey_name, segments, words }) => ({
    subject: { key: journey, label: journey_name },
    message: `${journey_name} hangs on ${counted(segments, 'segment that nobody is in', 'segments that nobody is in')}: ${words}`,
    affected: segments,
    unit: 'segments',
  }),
  evidenceRow: z.object({
    journey: z.string(),
    segment_id: z.coerce.string(),
    segment: z.string().nullable(),
    role: z.string(),
    state: z.string().nullable(),
    people: z.coerce.number().nullable(),
  }),
  evidence: () => sql`
    select journey::varchar as subject, journey_name as journey, segment as segment_id, name as segment, role, state, people from (${empty})`,
  remediation: () =>
    'Open the segment in Customer.io and compare its conditions with the events and attributes that arrive today; then rebuild it, or pause the journey.',
  examples: [
    {
      title: 'A journey that filters by a segment without people',
      workspace: {
        journeys: [{ id: 5, event: 'cart_updated', filterSegments: [2] }],
        segments: [{ id: 2, name: 'Push ready', people: 0 }],
      },
      findings: ['5'],
    },
    {
      title: 'A draft, and a running journey whose segment has one person',
      workspace: {
        journeys: [
          { id: 5, event: 'cart_updated', filterSegments: [2] },
          { id: 6, state: 'draft', filterSegments: [3] },
        ],
        segments: [
          { id: 2, people: 1 },
          { id: 3, people: 0 },
        ],
      },
      findings: [],
    },
  ],
})
