import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

/** As `events/noisy` asks. */
const choices = z.object({
  maxShare: z.number().min(0).max(1).default(0.6).describe('Of all events; as in events/noisy.'),
  perDay: z
    .number()
    .int()
    .min(1)
    .default(100)
    .describe('Events of one name, person and day; as in events/noisy.'),
  minPersonDays: z
    .number()
    .int()
    .min(1)
    .default(10)
    .describe('With fewer days of people it may be a test phone; as in events/noisy.'),
})
type Choices = z.output<typeof choices>

/** `told`: an event that the plan does not know may still mean something, however much of that there is. */
const noisy = ({ maxShare, perDay, minPersonDays }: Choices) => sql`
  with noise as (
    select l.name, l.events, n.intent is distinct from 'noise' and l.busiest is null as told,
      case when n.intent = 'noise' then 'noise by the plan or its name'
        when l.busiest is not null then 'noise by its volume: it comes ' || l.busiest || ' times and more on one day in twenty of a person'
        else 'not in the plan, among so many events that are not either' end as why
    from loud_event(${maxShare}::double, ${perDay}::bigint, ${minPersonDays}::bigint) l
    join event_name n on n.name = l.name and n.type = 'event'
    where n.intent = 'noise' or l.busiest is not null or l.drowns
  )
  select j.id, j.name, n.name as event, n.events, n.why, n.told from journey j join noise n on n.name = j.event_name where j.judged`

export default defineRule({
  meta: {
    id: 'journeys/noisy-trigger',
    title: 'No journey starts from noise',
    failureTitle: 'Some journeys start from an event that means nothing',
    severity: 'error',
    checklist: ['event-taxonomy'],
    needs: ['campaigns', 'planned-events'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'never',
    threshold: { maxCount: 0 },
    measuredBy: 'rule',
    subject: 'journey',
    unit: 'running journeys',
    docs: {
      why: 'A journey on "app opened" starts whenever somebody looks at the phone. People get a push for nothing that they did, and switch pushes off.',
      decides:
        'The trigger event of a journey that runs, or was named with --journey, has the intent `noise` in the plan; without a plan of your own, its name is one of the usual ones (app opened, session started, screen viewed, heartbeat …). Or `events/noisy` names it: for one that comes so often that the busiest twentieth of its person-days have more than `perDay` of it, over at least `minPersonDays` of them. It must have come in the window.',
      blind:
        'A trigger that did not come in the window is judged by `journeys/dead-trigger`. An event that your own plan does not know, where such events and noise are more than `maxShare` of all, is told and fails nothing: the plan may be behind. The limits are options of this rule; where you change those of `events/noisy`, change these too. A welcome journey that is guarded by "first time only" is named too; waive it.',
    },
  },
  options: choices,
  population: () => sql`select count(*) as count from journey where judged and event_name is not null`,
  row: z.object({
    id: z.coerce.string(),
    name: z.string(),
    event: z.string(),
    events: z.coerce.number(),
    why: z.string(),
    told: z.boolean(),
  }),
  query: ({ options }) => noisy(options),
  finding: ({ id, name, event, events, why, told }) => ({
    subject: { key: id, label: name },
    message: `${name} starts from ${event}, which is ${why} (${counted(events, 'event')})`,
    affected: 1,
    unit: 'journeys',
    events: [event],
    ...(told ? { informative: 'warn' as const } : {}),
  }),
  evidenceRow: z.object({
    journey: z.string(),
    event: z.string(),
    events: z.coerce.number(),
    why: z.string(),
  }),
  evidence: ({ options }) => sql`
    select id::varchar as subject, name as journey, event, events, why from (${noisy(options)})`,
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
