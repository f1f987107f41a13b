import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const named = sql`
  select t.*, coalesce(j.name, 'journey ' || t.journey) as name from tester_send t left join journey j on j.id = t.journey`

export default defineRule({
  meta: {
    id: 'journeys/testers-included',
    title: 'Journeys go to customers, not to testers',
    failureTitle: 'Some journeys send to test profiles',
    severity: 'warn',
    checklist: [],
    needs: ['messages', 'people', 'attributes'],
    sources: { 'app-api': 'none', 'people-export': 'none', 'warehouse-sync': 'full', pipelines: 'none' },
    sample: 'per-profile',
    threshold: { maxRate: 0.01 },
    measuredBy: 'rule',
    subject: 'journey',
    unit: 'recipients of journeys',
    docs: {
      why: 'The test team fills a cart in each release and gets the recovery series for it. Nobody of them buys, or all of them do, with a card that is not real: the conversion of the series and its holdout group say something about the team, and mails to addresses that do not exist bounce.',
      decides:
        'Deliveries of warehouse files by push and e-mail: who of the people whom a journey sent to is a test profile, by the address as in `governance/test-profiles`, or by `testProfiles.attribute` of the config. Those who are marked count too: the mark should have kept them out. One finding for each journey; the rate is taken over all recipients, each counted once per journey.',
      blind:
        'Over the App API an activity says that a message was sent, but not by which journey, so it cannot be judged there. What a team does on purpose is left out as far as it can be told: journeys that went to testers alone, and, where the App API is read too, drafts and journeys whose name says that they are a test (QA, internal, staging, testers, or test as the first word). A few colleagues who read along stay under the limit. Newsletters are not looked at.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from (select distinct journey, cio_id from send)`,
  row: z.object({
    id: z.coerce.string(),
    name: z.string(),
    testers: z.coerce.number(),
    marked: z.coerce.number(),
    first_at: z.string(),
    last_at: z.string(),
  }),
  query: () => sql`
    select journey as id, name, count(*) as testers, count(*) filter (marked) as marked, min(first_at) as first_at, max(last_at) as last_at
    from (${named}) group by journey, name`,
  finding: ({ id, name, testers, marked, first_at, last_at }) => ({
    subject: { key: id, label: name },
    message: `${name} sent to ${testers} test ${testers === 1 ? 'profile' : 'profiles'}${marked === 0 ? '' : `, ${marked} of them marked as such`}`,
    affected: testers,
    unit: 'profiles',
    firstSeen: first_at,
    lastSeen: last_at,
  }),
  evidenceRow: z.object({
    journey: z.string(),
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    reason: z.string(),
    marked: z.boolean(),
    sends: z.coerce.number(),
    first_at: z.string(),
    last_at: z.string(),
  }),
  evidence: () => sql`
    select n.journey::varchar as subject, n.name as journey, n.cio_id, p.id, p.email, n.reason, n.marked, n.sends, n.first_at, n.last_at
    from (${named}) n join profile p using (cio_id)`,
  remediation: () =>
    'Make a segment of the test profiles (by an attribute such as is_test, or by their addresses) and keep it out of every journey with a filter. Try a journey out with test sends, or in a workspace of its own.',
  examples: [
    {
      title: 'A tester among the customers',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', email: 'ana@shop.com' },
          { cio_id: 'a2', id: 'u-2', email: 'checkout@example.com' },
        ],
        deliveries: [
          { id: 'd1', cio_id: 'a1', type: 'push', journey: 5, action: 50, at: '2026-11-20T10:00:00Z' },
          { id: 'd2', cio_id: 'a2', type: 'push', journey: 5, action: 50, at: '2026-11-20T10:01:00Z' },
        ],
      },
      findings: ['5'],
    },
    {
      title: 'A journey that goes to testers alone',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', email: 'ana@shop.com' },
          { cio_id: 'a2', id: 'u-2', email: 'checkout@example.com' },
        ],
        deliveries: [
          { id: 'd1', cio_id: 'a1', type: 'push', journey: 5, action: 50, at: '2026-11-20T10:00:00Z' },
          { id: 'd2', cio_id: 'a2', type: 'push', journey: 6, action: 60, at: '2026-11-20T10:01:00Z' },
        ],
      },
      findings: [],
    },
  ],
})
