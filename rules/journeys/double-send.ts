import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const causes: Readonly<Record<string, string>> = {
  profile: 'they have more than one profile',
  event: 'the event that started it came twice',
  unknown: 'why is not known',
}

const people = sql`
  with again as (
    -- A person on four profiles is one person, as in the population.
    select min(cio_id) as cio_id, count(*) as sends, min("at") as first_at, max("at") as last_at,
      string_agg(distinct coalesce(j.name, 'journey ' || d.journey), ', ' order by coalesce(j.name, 'journey ' || d.journey)) as journeys,
      min(d.cause) as cause
    from double_send d left join journey j on j.id = d.journey group by coalesce(d."cluster"::varchar, d.cio_id)
  )
  select a.*, p.id, p.email, coalesce(nullif(p.id, ''), p.email_norm, a.cio_id) as identity from again a left join profile p using (cio_id)`

export default defineRule({
  meta: {
    id: 'journeys/double-send',
    title: 'Nobody gets one message of a journey twice in a day',
    failureTitle: 'Some people got one message of a journey twice in a day',
    severity: 'error',
    checklist: ['event-dedupe'],
    needs: ['messages', 'people'],
    sources: { 'app-api': 'none', 'people-export': 'none', 'warehouse-sync': 'full', pipelines: 'none' },
    sample: 'found',
    threshold: { maxRate: 0.001 },
    measuredBy: 'rule',
    subject: 'profile',
    unit: 'people sent to',
    docs: {
      why: 'Two profiles with one e-mail address, or a cart event that came twice, start the cart journey twice. The person gets the same push twice within a minute, and switches pushes off.',
      decides:
        'Deliveries of warehouse files: the same step of the same journey, sent to the same person (all profiles of a cluster) again within 24 hours of the time before, by push or e-mail. Where the second went to another profile, that is named as the cause; else, where events are known too, whether the event that started it is a copy.',
      blind:
        'Over the App API an activity says that a message was sent, but not by which journey, so it cannot be judged there. One phone that is registered with two people who are not known to be one is not seen: deliveries do not name the token. Newsletters are not looked at. A journey that may be entered again within a day is named: shorten it, or waive the finding.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(distinct coalesce("cluster"::varchar, cio_id)) as count from send`,
  row: z.object({
    cio_id: z.string(),
    identity: z.string(),
    sends: z.coerce.number(),
    journeys: z.string(),
    cause: z.string(),
    first_at: z.string(),
    last_at: z.string(),
  }),
  query: () => people,
  finding: ({ cio_id, identity, sends, journeys, cause, first_at, last_at }) => ({
    subject: { key: cio_id, label: identity },
    identity,
    message: `${identity} got a message of ${journeys} again within a day${sends === 1 ? '' : `, ${sends} times`}: ${causes[cause] ?? cause}`,
    affected: 1,
    unit: 'people',
    firstSeen: first_at,
    lastSeen: last_at,
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    journeys: z.string(),
    sends: z.coerce.number(),
    cause: z.string(),
    first_at: z.string(),
    last_at: z.string(),
  }),
  evidence: () => sql`
    select cio_id as subject, identity, cio_id, id, email, journeys, sends, cause, first_at, last_at from (${people})`,
  remediation: () =>
    'Merge the duplicate profiles, send a dedupe key with the trigger event, and let the journey ask first "has not received this message in the last day".',
  examples: [
    {
      title: 'The same push again after a minute',
      workspace: {
        profiles: [{ cio_id: 'a1', id: 'u-1' }],
        deliveries: [
          { id: 'd1', cio_id: 'a1', type: 'push', journey: 5, action: 50, at: '2026-11-20T10:00:00Z' },
          { id: 'd2', cio_id: 'a1', type: 'push', journey: 5, action: 50, at: '2026-11-20T10:01:00Z' },
        ],
      },
      findings: ['a1'],
    },
    {
      title: 'Another step of the journey, and the same step two days later',
      workspace: {
        profiles: [{ cio_id: 'a1', id: 'u-1' }],
        deliveries: [
          { id: 'd1', cio_id: 'a1', type: 'push', journey: 5, action: 50, at: '2026-11-20T10:00:00Z' },
          { id: 'd2', cio_id: 'a1', type: 'push', journey: 5, action: 51, at: '2026-11-20T10:01:00Z' },
          { id: 'd3', cio_id: 'a1', type: 'push', journey: 5, action: 50, at: '2026-11-22T10:00:00Z' },
        ],
      },
      findings: [],
    },
  ],
})
