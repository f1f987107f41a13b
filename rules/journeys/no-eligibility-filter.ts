import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

/** Whoever is in the segment that starts a journey may well be eligible by it. The model holds messages of judged journeys alone. */
const unfiltered = sql`
  select j.id, j.name, m.action, m.name as message from journey j join journey_message m on m.journey = j.id
  where m.channel = 'push' and j.id not in (select journey from journey_segment)`

export default defineRule({
  meta: {
    id: 'journeys/no-eligibility-filter',
    title: 'Journeys with a push filter by who can get one',
    failureTitle: 'Some journeys send pushes without asking who can get one',
    severity: 'info',
    checklist: ['push-permission'],
    needs: ['campaigns', 'journey-steps'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'none' },
    sample: 'whole',
    threshold: { maxCount: 0 },
    measuredBy: 'rule',
    subject: 'journey',
    unit: 'running journeys',
    docs: {
      why: 'Eligibility comes before intent: without a segment "has push permission and a device" the journey tries to push to everybody who touched a cart, and its results say more about permission than about the message.',
      decides:
        'A journey that runs, or was named with --journey, has a push among its steps and names neither a trigger segment nor a filter segment. One row of evidence for each such push.',
      blind:
        'Conditions of a branch inside the journey cannot be read over the App API: a journey that asks for permission there is listed although it is fine, which is why this only informs. Whether the segment is about push is not known either.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from journey where judged and has_push`,
  row: z.object({ id: z.coerce.string(), name: z.string(), pushes: z.coerce.number() }),
  query: () => sql`select id, name, count(*) as pushes from (${unfiltered}) group by id, name`,
  finding: ({ id, name, pushes }) => ({
    subject: { key: id, label: name },
    message: `${name} sends ${pushes === 1 ? 'a push' : `${pushes} pushes`} and filters by no segment`,
    affected: pushes,
    unit: 'pushes',
  }),
  evidenceRow: z.object({ journey: z.string(), action_id: z.coerce.string(), message: z.string() }),
  evidence: () =>
    sql`select id::varchar as subject, name as journey, action as action_id, message from (${unfiltered})`,
  remediation: () =>
    'Make a segment "opted in and has a device" and add it as a filter of the journey, before any condition about what people want.',
  examples: [
    {
      title: 'A push after a cart, for everybody',
      workspace: {
        journeys: [{ id: 5, event: 'cart_updated', actions: [{ id: 50, type: 'push' }] }],
      },
      findings: ['5'],
    },
    {
      title: 'The same with a filter, and an e-mail without one',
      workspace: {
        journeys: [
          { id: 5, event: 'cart_updated', filterSegments: [2], actions: [{ id: 50, type: 'push' }] },
          { id: 6, event: 'purchase', actions: [{ id: 60, type: 'email' }] },
        ],
        segments: [{ id: 2, people: 10 }],
      },
      findings: [],
    },
  ],
})
