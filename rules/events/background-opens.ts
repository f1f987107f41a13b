import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'events/background-opens',
    title: 'People who count as active did something',
    failureTitle: 'Most active people did nothing but open the app',
    severity: 'warn',
    checklist: ['event-taxonomy'],
    needs: ['people', 'planned-events', 'activities'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'per-profile',
    threshold: { maxRate: 0.5 },
    measuredBy: 'rule',
    subject: 'group',
    unit: 'active people',
    docs: {
      why: 'A phone wakes the app up for a silent push or a refresh in the background, and the SDK reports an app open. The segment "not active for 30 days" then leaves out people who have not looked at the shop for a year, and the winback never reaches them.',
      decides:
        'Profiles with any event, page or screen in the window are active. Those of whom nothing but app opens was seen (`app_opened`, `Application Opened`, session starts and ends, in any spelling) are counted; a screen or a page is enough to be left out, since an app in the background shows none.',
      blind:
        'An app that tracks neither screens nor searches looks the same, even if people do look at it. Anonymous visitors are not counted. Whether a segment is built on app opens cannot be read over the API.',
    },
  },
  options: z.object({}),
  population: () => sql`
    select count(*) as count from (select distinct person from event) join person using (person) join profile using (cio_id)`,
  row: z.object({
    people: z.coerce.number(),
    opens: z.coerce.number(),
    names: z.array(z.string()),
    first_seen: z.string(),
    last_seen: z.string(),
  }),
  query: () => sql`
    select count(*) as people, sum(opens)::bigint as opens, (select list(name order by name) from opening) as names,
      min(first_at) as first_seen, max(last_at) as last_seen
    from opens_only having count(*) > 0`,
  finding: ({ people, opens, names, first_seen, last_seen }) => ({
    subject: { key: 'app-opens', label: 'app opens only' },
    message: `${counted(people, 'person', 'people')} did nothing but open the app (${names.join(', ')}; ${counted(opens, 'event')})`,
    affected: people,
    unit: 'people',
    firstSeen: first_seen,
    lastSeen: last_seen,
    events: names,
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    opens: z.coerce.number(),
    last_opened_at: z.string(),
  }),
  evidence: () => sql`
    select 'app-opens' as subject, cio_id, id, email, opens, last_at as last_opened_at from opens_only`,
  remediation: () =>
    'Send the event only when the app comes to the foreground, and build inactivity on what people do (product views, carts, purchases), not on app opens.',
  examples: [
    {
      title: 'One opens the app in the background, every day',
      workspace: {
        profiles: [{ cio_id: 'a1', id: 'u-1' }],
        events: ['2026-11-20T04:00:00Z', '2026-11-21T04:00:00Z'].map((at) => ({
          cio_id: 'a1',
          name: 'app_opened',
          at,
        })),
      },
      findings: ['app-opens'],
    },
    {
      title: 'Somebody searched once',
      workspace: {
        profiles: [{ cio_id: 'a1', id: 'u-1' }],
        events: ['app_opened', 'search_performed', 'app_opened'].map((name, n) => ({
          cio_id: 'a1',
          name,
          at: `2026-11-2${n}T04:00:00Z`,
        })),
      },
      findings: [],
    },
  ],
})
