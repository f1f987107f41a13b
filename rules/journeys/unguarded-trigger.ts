import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const choices = z.object({
  maxKeyless: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe('The share of events without a dedupe key that is borne.'),
  maxCopies: z.number().min(0).max(1).default(0.005).describe('The share of surplus copies that is borne.'),
  minCopies: z.number().int().min(1).default(3).describe('Fewer copies than this are chance.'),
})

/** A dedupe key can only be missed where the plan says what it would be, or says that there is none. */
const unguarded = ({ maxKeyless, maxCopies, minCopies }: z.output<typeof choices>) => sql`
  with judged as (
    select *, planned and keyless > events * ${maxKeyless}::double as no_key,
      copies >= ${minCopies} and copies > events * ${maxCopies}::double as copied
    from trigger_guard
  )
  select j.id, j.name, t.name as event, t.events, t.keyless, t.copies, t.no_key, t.copied
  from journey j join judged t on t.name = j.event_name where j.judged and (t.no_key or t.copied)`

export default defineRule({
  meta: {
    id: 'journeys/unguarded-trigger',
    title: 'The trigger events of running journeys come once',
    failureTitle: 'Some running journeys can start twice for one act',
    severity: 'warn',
    checklist: ['event-dedupe'],
    needs: ['campaigns', 'planned-events', 'people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'never',
    threshold: { maxCount: 0 },
    measuredBy: 'rule',
    subject: 'journey',
    unit: 'running journeys',
    docs: {
      why: 'Two SDKs in one app, or a retry without a key, send each cart twice. The journey starts twice, and the person gets two pushes about one cart.',
      decides:
        'The trigger event of a journey that runs, or was named with --journey: more than `maxCopies` of its events (and at least `minCopies`) are surplus copies, with a key that was there already or alike at the same moment; or the plan knows the event and more than `maxKeyless` of its events carry no dedupe key. In Pipelines files the message id is a key.',
      blind:
        'A guard inside the journey ("has not received it in the last hours") cannot be read over the App API: then waive the finding, or attest `event-dedupe`. The message id of the SDK is not shown by the API either. Of an event that the plan does not know, only copies are told.',
    },
  },
  options: choices,
  population: () => sql`select count(*) as count from journey where judged and event_name is not null`,
  row: z.object({
    id: z.coerce.string(),
    name: z.string(),
    event: z.string(),
    events: z.coerce.number(),
    keyless: z.coerce.number(),
    copies: z.coerce.number(),
    no_key: z.boolean(),
    copied: z.boolean(),
  }),
  query: ({ options }) => unguarded(options),
  finding: ({ id, name, event, events, keyless, copies, no_key, copied }) => {
    const reasons = [
      ...(copied ? [`${copies} of ${events} are surplus copies`] : []),
      ...(no_key ? [`${keyless} of ${events} carry no dedupe key`] : []),
    ]
    return {
      subject: { key: id, label: name },
      message: `${name} starts from ${event}, of which ${reasons.join(' and ')}`,
      affected: 1,
      unit: 'journeys',
      events: [event],
    }
  },
  evidenceRow: z.object({
    journey: z.string(),
    event: z.string(),
    events: z.coerce.number(),
    without_key: z.coerce.number(),
    copies: z.coerce.number(),
  }),
  evidence: ({ options }) => sql`
    select id::varchar as subject, name as journey, event, events, keyless as without_key, copies from (${unguarded(options)})`,
  remediation: () =>
    'Send a dedupe key with the event and name it in the plan; until then let the journey ask "has not received this message in the last 12 hours" first.',
  examples: [
    {
      title: 'The plan names a key, and the events do not carry it',
      workspace: {
        plan: { cart_updated: { dedupeKey: 'event_id' } },
        journeys: [{ id: 5, event: 'cart_updated' }],
        events: [{ cio_id: 'a1', name: 'cart_updated', at: '2026-11-20T10:00:00Z' }],
      },
      findings: ['5'],
    },
    {
      title: 'One copy is chance, and every event has its key',
      workspace: {
        plan: { cart_updated: { dedupeKey: 'event_id' } },
        journeys: [{ id: 5, event: 'cart_updated' }],
        events: [
          { cio_id: 'a1', name: 'cart_updated', at: '2026-11-20T10:00:00Z', data: { event_id: 'k' } },
          { cio_id: 'a1', name: 'cart_updated', at: '2026-11-20T10:00:09Z', data: { event_id: 'k' } },
        ],
      },
      findings: [],
    },
  ],
})
