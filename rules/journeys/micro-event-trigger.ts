import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

/** Adding and removing are steps; what says what a cart is worth is the cart. */
const steps = sql`
  with cart as (
    select name, regexp_matches(lower(regexp_replace(name, '([a-z0-9])([A-Z])', '\\1_\\2', 'g')), '(^|[^a-z])(add|adds|added|adding|remove|removes|removed|removing)([^a-z]|$)') as step
    from event_name where intent = 'cart'
  ), full_cart as (
    select name, count(*) as events from event where amount is not null and name in (select name from cart where not step) group by name
  )
  select j.id, j.name, c.name as event, f.name as full_event, f.events
  from journey j join cart c on c.name = j.event_name and c.step, (select arg_max(name, (events, name)) as name, max(events) as events from full_cart having count(*) > 0) f
  where j.judged`

export default defineRule({
  meta: {
    id: 'journeys/micro-event-trigger',
    title: 'Cart journeys start from the whole cart',
    failureTitle: 'Some cart journeys start from single steps',
    severity: 'warn',
    checklist: ['event-taxonomy'],
    needs: ['campaigns', 'planned-events'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'never',
    threshold: { maxCount: 0 },
    measuredBy: 'rule',
    subject: 'journey',
    unit: 'running journeys',
    docs: {
      why: 'Whoever puts five things into the cart sends five "add to cart" events and starts the journey five times, each with one product and none with the cart. A cart event that carries all items and the value starts it with what the message needs.',
      decides:
        'A journey that runs, or was named with --journey, starts from a cart event whose name speaks of adding or removing, while another cart event of the window carries the value of the cart.',
      blind:
        'Only events that the plan counts as cart events are looked at. Where no full cart event comes in, there is nothing better to start from, and the rule is silent. An add-to-cart event that carries the whole cart is named too.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from journey where judged and event_name is not null`,
  row: z.object({
    id: z.coerce.string(),
    name: z.string(),
    event: z.string(),
    full_event: z.string(),
    events: z.coerce.number(),
  }),
  query: () => steps,
  finding: ({ id, name, event, full_event, events }) => ({
    subject: { key: id, label: name },
    message: `${name} starts from ${event}, a single step, while ${full_event} carries the cart (${counted(events, 'event')})`,
    affected: 1,
    unit: 'journeys',
    events: [event],
  }),
  evidenceRow: z.object({ journey: z.string(), event: z.string(), full_event: z.string() }),
  evidence: () => sql`select id::varchar as subject, name as journey, event, full_event from (${steps})`,
  remediation: () =>
    'Let the journey start from the event that carries the whole cart, and keep the steps for analysis.',
  examples: [
    {
      title: 'A cart journey on add_to_cart beside cart_updated',
      workspace: {
        journeys: [{ id: 5, event: 'add_to_cart' }],
        events: [
          { cio_id: 'a1', name: 'add_to_cart', at: '2026-11-20T10:00:00Z', data: { product_id: 'p' } },
          { cio_id: 'a1', name: 'cart_updated', at: '2026-11-20T10:00:01Z', data: { cart_value: 20 } },
        ],
      },
      findings: ['5'],
    },
    {
      title: 'There is no event that carries the cart',
      workspace: {
        journeys: [{ id: 5, event: 'add_to_cart' }],
        events: [{ cio_id: 'a1', name: 'add_to_cart', at: '2026-11-20T10:00:00Z', data: { price: 5 } }],
      },
      findings: [],
    },
  ],
})
