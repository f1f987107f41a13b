import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const perDay = (rate: number): string => (rate >= 10 ? String(Math.round(rate)) : rate.toFixed(1))

export default defineRule({
  meta: {
    id: 'events/renamed',
    title: 'Events keep their names',
    failureTitle: 'Some events were renamed on the way',
    severity: 'error',
    checklist: ['event-taxonomy'],
    needs: ['planned-events', 'people', 'activities'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'never',
    threshold: { maxCount: 0 },
    measuredBy: 'rule',
    subject: 'event-pair',
    unit: 'people',
    docs: {
      why: 'A release tidies up and sends `checkout_started` as `Checkout Begun`. Nothing breaks in the app. In Customer.io the journey waits for the old name for ever, and the segments that are built on it shrink day by day.',
      decides:
        'One name stopped when another one began (from 3 days before to 2 days after), in the middle of the data: at least 20 events would have come while either is silent. Both had about as many events a day (up to 1.7 times), at least 30 % of the people under the rarer name are under the other one too, and of the properties that most other events do not have, at least 70 % are the same (where there are none, the names share a word). A name of noise is told only. Affected are the people who send the new name. The finding names the journeys that start on the old one.',
      blind:
        'A name that could have become two others is taken for a test, names of seasons and experiments are left out, and so is a change that the plan knows (`aliases`). A rename that takes weeks until all have updated their app, events that few people send twice, and one that lies outside of the data are not seen. Conditions of segments cannot be read over the API: look for segments that shrank since that day.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(distinct person) as count from event where type = 'event'`,
  row: z.object({
    old_name: z.string(),
    new_name: z.string(),
    before: z.number(),
    after: z.number(),
    noise: z.boolean(),
    people: z.coerce.number(),
    died_at: z.string(),
    born_at: z.string(),
    last_seen: z.string(),
  }),
  query: () => sql`
    select r.old_name, r.new_name, r.before, r.after, r.died_at, r.born_at, n.last_at as last_seen,
      (select count(distinct e.person) from event e where e.type = 'event' and e.name = r.new_name) as people,
      o.intent is not distinct from 'noise' or n.intent is not distinct from 'noise' as noise
    from renamed_event r join event_name o on o.name = r.old_name and o.type = 'event'
    join event_name n on n.name = r.new_name and n.type = 'event'`,
  finding: ({ old_name, new_name, before, after, noise, people, died_at, born_at, last_seen }) => ({
    subject: { key: `${old_name}>${new_name}`, label: `${old_name}, ${new_name}` },
    message: `${old_name} seems to be called ${new_name} now: it stopped on ${died_at.slice(0, 10)} (${perDay(before)} events a day before), the other began on ${born_at.slice(0, 10)} (${perDay(after)} a day since), from the same people with the same properties`,
    affected: people,
    unit: 'people',
    firstSeen: born_at,
    lastSeen: last_seen,
    events: [old_name],
    ...(noise ? { informative: 'info' as const } : {}),
  }),
  evidenceRow: z.object({
    old_event: z.string(),
    event: z.string(),
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    events: z.coerce.number(),
  }),
  evidence: () => sql`
    select r.old_name || '>' || r.new_name as subject, r.old_name as old_event, r.new_name as event, p.cio_id, f.id, f.email, s.events
    from renamed_event r
    join (
      -- equivalent mutants [and true]: the join leaves the others out; to count them all takes memory
      select name, person, count(*) as events from event where type = 'event' and name in (select new_name from renamed_event)
      group by name, person
    ) s on s.name = r.new_name
    join person p using (person) left join profile f using (cio_id)`,
  remediation: () =>
    'Ask who changed it. Send the old name again, or move each journey and segment that uses it to the new one, and write the old name into `aliases` of the tracking plan.',
  examples: [
    {
      title: 'A checkout that has another name since the tenth',
      workspace: monthOf('checkout_started', 'began_checkout'),
      findings: ['checkout_started>began_checkout'],
    },
    {
      title: 'A feature that came on the day on which another one went',
      workspace: monthOf('checkout_started', 'map_zoomed', { level: 3 }),
      findings: [],
    },
  ],
})

/** Two people send the one event every day for twelve days, and then the other. */
function monthOf(old: string, next: string, other?: Readonly<Record<string, unknown>>) {
  const data = { cart_value: 5, items: [] }
  const daily = (name: string, first: number, own: Readonly<Record<string, unknown>>) =>
    Array.from({ length: 12 }, (_, day) =>
      ['a1', 'a2'].map((cio_id) => ({
        cio_id,
        name,
        at: new Date(Date.UTC(2026, 9, first + day, 10)).toISOString(),
        data: own,
      })),
    ).flat()
  return { events: [...daily(old, 30, data), ...daily(next, 42, other ?? data)] }
}
