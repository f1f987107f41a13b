import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const choices = z.object({
  minShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe('A variable that is absent less often than this is left out.'),
})

/** One row per message that would have a hole, with the variables that leave it. */
const holes = ({ minShare }: z.output<typeof choices>) => sql`
  with share as (
    select g.journey, g.label, count(*) as gaps, any_value(r.renders) as renders from liquid_gap g join liquid_render r using (journey)
    group by g.journey, g.label having count(*) > any_value(r.renders) * ${minShare}::double
  )
  select g.journey, g.render, any_value(g.cio_id) as cio_id, max(g.activity_id) as activity_id, any_value(g.happened_at) as happened_at,
    string_agg(g.label, ', ' order by g.label) as variables, any_value(s.renders) as renders
  from liquid_gap g join share s using (journey, label) group by g.journey, g.render`

export default defineRule({
  meta: {
    id: 'journeys/liquid-contract',
    title: 'What messages print is there',
    failureTitle: 'Some messages print what is not always there',
    severity: 'warn',
    checklist: ['event-properties'],
    needs: ['campaigns', 'journey-steps', 'planned-events', 'people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'per-event',
    threshold: { maxRate: 0.01 },
    measuredBy: 'finding',
    subject: 'journey',
    unit: 'messages that would be printed',
    docs: {
      why: 'A push says "Your {{event.items[0].name}} is waiting". Android sends the name as `title`, so every third push says "Your  is waiting", and nobody in the team gets one of those.',
      decides:
        'The variables `event.…`, `trigger.…` and `customer.…` in subjects and bodies of journeys that run, or were named with --journey, as the Liquid parser reads them; loops and assigned names are followed. A variable counts where it is printed without a `default` and nothing in the message asks for it with `if`. It is compared with each payload of the trigger event in the window and with the attributes of its person, or with everybody who has the date that starts the journey. Absent, null and empty text leave a hole. A variable that is absent in more than `minShare` is named; the rate is that of messages with any hole of this kind.',
      blind:
        'Who reaches which step cannot be read (branches, filters), so everybody who starts counts: a message behind a branch that asks for its variable is named although it is fine; give it a default or waive it. Of journeys that a segment starts nothing is judged. Inside a loop the list alone is looked at, and an empty list is fine. Identifiers are left out. A message whose Liquid cannot be read is told in a notice.',
    },
  },
  options: choices,
  population: () => sql`select coalesce(sum(renders), 0)::bigint as count from liquid_render`,
  parts: () =>
    sql`select j.name as label, r.renders as population, j.event_name as event from liquid_render r join journey j on j.id = r.journey`,
  row: z.object({
    journey: z.coerce.string(),
    name: z.string(),
    holes: z.coerce.number(),
    renders: z.coerce.number(),
    variables: z.string(),
    first_at: z.string().nullable(),
    last_at: z.string().nullable(),
  }),
  query: ({ options }) => sql`
    with hole as (${holes(options)}), told as (
      select journey, label, count(*) as times from (select journey, unnest(string_split(variables, ', ')) as label from hole) group by journey, label
    )
    select h.journey, j.name, count(*) as holes, any_value(h.renders) as renders, min(h.happened_at) as first_at, max(h.happened_at) as last_at,
      (select string_agg(label || ' (' || times || ')', ', ' order by times desc, label) from told t where t.journey = h.journey) as variables
    from hole h join journey j on j.id = h.journey group by h.journey, j.name`,
  finding: ({ journey, name, holes: affected, renders, variables, first_at, last_at }) => ({
    subject: { key: journey, label: name },
    message: `${affected} of ${renders} messages of ${name} would have a hole: ${variables}`,
    affected,
    unit: 'messages',
    population: renders,
    firstSeen: first_at,
    lastSeen: last_at,
  }),
  evidenceRow: z.object({
    journey: z.string(),
    variables: z.string(),
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    activity_id: z.string().nullable(),
    happened_at: z.string().nullable(),
  }),
  evidence: ({ options }) => sql`
    select h.journey::varchar as subject, j.name as journey, h.variables, h.cio_id, p.id, p.email, h.activity_id, h.happened_at
    from (${holes(options)}) h join journey j on j.id = h.journey left join profile p using (cio_id)`,
  remediation: () =>
    'Give the variable a default (`{{ customer.first_name | default: "there" }}`) or ask for it with `if`, and have the senders of the evidence file send it.',
  examples: [
    {
      title: 'A name that half of the carts lack, without a default',
      workspace: {
        profiles: [{ cio_id: 'a1', id: 'u-1' }],
        journeys: [
          {
            id: 5,
            event: 'cart_updated',
            actions: [{ id: 50, type: 'push', body: '{{ event.items[0].name }} is waiting' }],
          },
        ],
        events: [
          {
            cio_id: 'a1',
            name: 'cart_updated',
            at: '2026-11-20T10:00:00Z',
            data: { items: [{ name: 'Tent' }] },
          },
          {
            cio_id: 'a1',
            name: 'cart_updated',
            at: '2026-11-20T11:00:00Z',
            data: { items: [{ title: 'Tent' }] },
          },
        ],
      },
      findings: ['5'],
    },
    {
      title: 'With a default, and an emptied cart',
      workspace: {
        profiles: [{ cio_id: 'a1', id: 'u-1' }],
        journeys: [
          {
            id: 5,
            event: 'cart_updated',
            actions: [
              {
                id: 50,
                type: 'push',
                body: '{{ customer.first_name | default: "Hi" }}: {{ event.items[0].name }}',
              },
            ],
          },
        ],
        events: [{ cio_id: 'a1', name: 'cart_updated', at: '2026-11-20T10:00:00Z', data: { items: [] } }],
      },
      findings: [],
    },
  ],
})
