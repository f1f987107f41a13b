import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

/**
 * What counts as noise.
 *
 * SEAM: `events/noisy` names further events by their volume. When the model has them, they join here with a `union all`
 * (columns `name`, `events`, `why`), and nothing else of this rule changes.
 */
const noise = sql`
  select name, events, 'noise by the plan or its name' as why from event_name where type = 'event' and intent = 'noise'`

const noisy = sql`
  select j.id, j.name, n.name as event, n.events, n.why from journey j join (${noise}) n on n.name = j.event_name where j.judged`

export default defineRule({
  meta: {
    id: 'journeys/noisy-trigger',
    title: 'No journey starts from noise',
    failureTitle: 'Some journeys start from an event that means nothing',
    severity: 'error',
    checklist: ['event-taxonomy'],
    needs: ['campaigns', 'planned-events'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    threshold: { maxCount: 0 },
    measuredBy: 'rule',
    subject: 'journey',
    unit: 'running journeys',
    docs: {
      why: 'A journey on "app opened" starts whenever somebody looks at the phone. People get a push for nothing that they did, and switch pushes off.',
      decides:
        'The trigger event of a journey that runs, or was named with --journey, has the intent `noise` in the plan; without a plan of your own, its name is one of the usual ones (app opened, session started, screen viewed, heartbeat …). It must have come in the window.',
      blind:
        'A trigger that did not come in the window is judged by `journeys/dead-trigger`. An event that is noise by its volume alone is told by `events/noisy`. A welcome journey that is guarded by "first time only" is named too; waive it.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from journey where judged and event_name is not null`,
  row: z.object({
    id: z.coerce.string(),
    name: z.string(),
    event: z.string(),
    events: z.coerce.number(),
    why: z.string(),
  }),
  query: () => noisy,
  finding: ({ id, name, event, events, why }) => ({
    subject: { key: id, label: name },
    message: `${name} starts from ${event}, which is ${why} (${events} events)`,
    affected: 1,
    unit: 'journeys',
    events: [event],
  }),
  evidenceRow: z.object({
    journey: z.string(),
    event: z.string(),
    events: z.coerce.number(),
    why: z.string(),
  }),
  evidence: () => sql`select id::varchar as subject, name as journey, event, events, why from (${noisy})`,
  remediation: () =>
    'Start the journey from an event that says what the person wants (a product, a cart, a purchase), and keep noise out of triggers.',
  examples: [
    {
      title: 'A journey on app opens',
      workspace: {
        journeys: [{ id: 5, name: 'Hello again', event: 'App Opened' }],
        events: [{ cio_id: 'a1', name: 'App Opened', at: '2026-11-20T10:00:00Z' }],
      },
      findings: ['5'],
    },
    {
      title: 'A journey on carts, while the app is opened too',
      workspace: {
        journeys: [{ id: 5, event: 'cart_updated' }],
        events: [
          { cio_id: 'a1', name: 'App Opened', at: '2026-11-20T10:00:00Z' },
          { cio_id: 'a1', name: 'cart_updated', at: '2026-11-20T10:01:00Z' },
        ],
      },
      findings: [],
    },
  ],
})
