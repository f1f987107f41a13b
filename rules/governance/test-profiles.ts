import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

const unmarked = sql`select t.*, t.reason as subject from tester t where not t.marked`

const labels: Readonly<Record<string, string>> = {
  pattern: 'a pattern of the config',
  domain: 'a reserved or throw-away domain',
  tag: 'an address with +test',
}

export default defineRule({
  meta: {
    id: 'governance/test-profiles',
    title: 'Profiles of testers are marked as such',
    failureTitle: 'Some profiles look like testers and are not marked',
    severity: 'warn',
    checklist: [],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'full', 'warehouse-sync': 'full', pipelines: 'full' },
    sample: 'found',
    threshold: { maxCount: 0 },
    measuredBy: 'rule',
    subject: 'group',
    unit: 'profiles',
    docs: {
      why: 'Testers fill carts that nobody means and buy for a million in a test shop. They get the cart series, they count in its conversion rate, and the holdout group that should prove its worth holds three of them.',
      decides:
        'Profiles whose e-mail address matches `testProfiles.emails` of the config, has a domain that is reserved for tests (example.com, anything under .test, .example, .invalid, .localhost) or is a well-known throw-away one (mailinator.com and the like), or carries the tag +test or +qa. Those on which `testProfiles.attribute` of the config is true are marked and fine. One finding for each reason.',
      blind:
        'Testers who use an ordinary address: name your own domain in `testProfiles.emails`. Without `testProfiles.attribute` nobody counts as marked. Events and purchases are those that the sources show, over the API those of 30 days.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from profile`,
  row: z.object({
    subject: z.string(),
    profiles: z.coerce.number(),
    events: z.coerce.number(),
    purchases: z.coerce.number(),
  }),
  query: () => sql`
    select subject, count(*) as profiles, sum(events) as events, sum(purchases) as purchases
    from (${unmarked}) group by subject`,
  finding: ({ subject, profiles, events, purchases }) => ({
    subject: { key: subject, label: labels[subject] ?? subject },
    message: `${counted(profiles, 'profile')} with ${labels[subject] ?? subject} ${profiles === 1 ? 'is not marked as a tester' : 'are not marked as testers'}, with ${counted(events, 'event')} and ${counted(purchases, 'purchase')}`,
    affected: profiles,
    unit: 'profiles',
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string(),
    events: z.coerce.number(),
    purchases: z.coerce.number(),
    revenue: z.string().nullable(),
  }),
  evidence: () => sql`
    select u.subject, u.cio_id, p.id, p.email, u.events, u.purchases, u.revenue from (${unmarked}) u join profile p using (cio_id)`,
  remediation: () =>
    'Set an attribute such as is_test on these profiles, name it in testProfiles.attribute, and leave them out of journeys and reports with a segment. Delete those that nobody needs.',
  examples: [
    {
      title: 'Two testers whom nothing tells from customers',
      workspace: {
        profiles: [
          { cio_id: 'c1', id: 'u-1', email: 'Checkout@Example.com' },
          { cio_id: 'c2', id: 'u-2', email: 'ana+test3@gmail.com' },
        ],
        events: [
          {
            cio_id: 'c1',
            name: 'purchase',
            at: '2026-11-20T10:00:00Z',
            data: { order_id: 'T-1', revenue: 12_000, currency: 'EUR' },
          },
        ],
      },
      findings: ['domain', 'tag'],
    },
    {
      title: 'Addresses that only remind of a test',
      workspace: {
        profiles: [
          { cio_id: 'c1', id: 'u-1', email: 'ana@notexample.com' },
          { cio_id: 'c2', id: 'u-2', email: 'ana+testimonials@gmail.com' },
          { cio_id: 'c3', id: 'u-3', email: 'test@contest.org' },
        ],
      },
      findings: [],
    },
  ],
})
