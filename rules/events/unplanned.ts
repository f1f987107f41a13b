import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'events/unplanned',
    title: 'The tracking plan knows what is sent',
    failureTitle: 'The tracking plan does not know some of what is sent',
    severity: 'info',
    checklist: [],
    needs: ['planned-events', 'activities'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'per-event',
    threshold: {},
    measuredBy: 'rule',
    subject: 'event-property',
    unit: 'events held against a plan of your own',
    docs: {
      why: 'What nobody has planned nobody owns: the property that a message shows today is gone with the next release, and a journey on a forgotten event stops one day without a word.',
      decides:
        'With a tracking plan of your own: events that it knows neither by name nor by alias, and properties that it does not name, of events for which it names any. One finding per event, and per event and property. Of an event that was sent more than 100,000 times a share is opened for its properties.',
      blind:
        "Keys inside of objects and lists (`items[]`) are not looked at. The built-in plan is nobody's contract: without a plan of your own the rule is skipped. Pages and screens are no events.",
    },
  },
  options: z.object({}),
  population: () => sql`select coalesce(sum(events), 0)::bigint as count from looked_at`,
  row: z.object({
    name: z.string(),
    property: z.string().nullable(),
    used: z.coerce.number(),
    people: z.coerce.number(),
    events: z.coerce.number(),
    first_seen: z.string(),
    last_seen: z.string(),
  }),
  query: () => sql`
    select u.name, u.property, sum(u.events)::bigint as used, count(distinct u.person) as people, l.events,
      min(u.first_at) as first_seen, max(u.last_at) as last_seen
    from unplanned_use u join looked_at l using (name) group by u.name, u.property, l.events`,
  finding: ({ name, property, used, people, events, first_seen, last_seen }) => {
    const key = property === null ? name : `${name}.${property}`
    return {
      subject: { key, label: key },
      message:
        property === null
          ? `${name} is not in the plan (${counted(used, 'event')} of ${counted(people, 'person', 'people')})`
          : `${property} of ${name} is not in the plan (${used} of ${events} events, ${counted(people, 'person', 'people')})`,
      affected: used,
      unit: 'events',
      firstSeen: first_seen,
      lastSeen: last_seen,
      events: [name],
    }
  },
  evidenceRow: z.object({
    event: z.string(),
    property: z.string().nullable(),
    cio_id: z.string().nullable(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    events: z.coerce.number(),
  }),
  evidence: () => sql`
    select u.name || coalesce('.' || u.property, '') as subject, u.name as event, u.property, n.cio_id, p.id, p.email, u.events
    from unplanned_use u left join person n using (person) left join profile p using (cio_id)`,
  remediation: () =>
    'Add it to the tracking plan with its type and an owner, or stop sending it. A former name of an event belongs into `aliases`.',
  examples: [
    {
      title: 'An event and a property that the plan does not know',
      workspace: {
        plan: {
          purchase: { properties: { revenue: { type: 'number', required: false, recommended: false } } },
        },
        events: [
          { cio_id: 'a1', name: 'purchase', at: '2026-11-20T10:00:00Z', data: { revenue: 5, coupon: 'X' } },
          { cio_id: 'a1', name: 'spin_wheel', at: '2026-11-20T10:00:00Z', data: { prize: 1 } },
        ],
      },
      findings: ['purchase.coupon', 'spin_wheel'],
    },
    {
      title: 'An alias, and an event of which the plan names no property',
      workspace: {
        plan: {
          purchase: {
            aliases: ['order'],
            properties: { revenue: { type: 'number', required: false, recommended: false } },
          },
          search: {},
        },
        events: [
          { cio_id: 'a1', name: 'order', at: '2026-11-20T10:00:00Z', data: { revenue: 5 } },
          { cio_id: 'a1', name: 'search', at: '2026-11-20T10:00:00Z', data: { query: 'boots' } },
        ],
      },
      findings: [],
    },
  ],
})
