import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'identity/merge-evidence',
    title: 'Anonymous activity is attached to new customers',
    failureTitle: 'No anonymous activity was attached to anybody',
    severity: 'error',
    checklist: ['anonymous-merge'],
    needs: ['people', 'attributes', 'planned-events', 'activities'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'none' },
    sample: 'absence',
    threshold: { maxCount: 0 },
    measuredBy: 'rule',
    subject: 'workspace',
    unit: 'new profiles that use the app',
    docs: {
      why: 'Somebody fills a cart in the app, then signs up. If Customer.io does not attach what was done before the login, the new customer has no cart: cart recovery waits for an event that lies with nobody, and it vanishes after 30 days.',
      decides:
        'Customer.io writes an `anon_merge` activity whenever it attaches anonymous activity to a profile. Not a single one in the window, while at least 10 known profiles were created that use the app (an event of the app, or a device used in the window), means that merging is switched off, or that the app never calls identify with its anonymous id.',
      blind:
        'It only sees that nothing at all was attached. Which visits were lost is shown by Pipelines files (`identity/unmerged-anonymous`), because the App API does not show anonymous activity. An app that sends nothing before login has nothing to attach: switch the rule off then.',
    },
  },
  options: z.object({
    minNewProfiles: z
      .number()
      .int()
      .positive()
      .default(10)
      .describe('new profiles that use the app; with fewer, no merge may be chance'),
  }),
  population: () => sql`select count(*) as count from new_profile where app_active`,
  row: z.object({
    profiles: z.coerce.number(),
    first_seen: z.string(),
    last_seen: z.string(),
  }),
  query: ({ options }) => sql`
    select count(*) as profiles, min(created_at) as first_seen, max(created_at) as last_seen from new_profile
    where app_active and not exists (from merged_visitor) having count(*) >= ${options.minNewProfiles}`,
  finding: ({ profiles, first_seen, last_seen }) => ({
    subject: { key: 'anonymous-merge', label: 'anonymous merging' },
    message: `${profiles} profiles were created that use the app, and anonymous activity was attached to none of them: merging is off, or identify is called without the anonymous id`,
    affected: profiles,
    unit: 'profiles',
    firstSeen: first_seen,
    lastSeen: last_seen,
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    created_at: z.string(),
  }),
  evidence: ({ options }) => sql`
    select 'anonymous-merge' as subject, n.cio_id, p.id, p.email, n.created_at from new_profile n join profile p using (cio_id)
    where n.app_active and not exists (from merged_visitor)
    qualify count(*) over () >= ${options.minNewProfiles}`,
  remediation: () =>
    'In Customer.io switch on the merging of anonymous activity (Settings, Workspace Settings, Anonymous event merge). In the app call identify through the SDK, with the same anonymous id as before the login; calls from your server need the anonymous_id of the app.',
  examples: [
    {
      title: 'Ten new customers use the app, and nothing was attached to any of them',
      workspace: newCustomers(10),
      findings: ['anonymous-merge'],
    },
    {
      title: 'One of them got what was done before the login',
      workspace: {
        ...newCustomers(10),
        activities: [
          { cio_id: 'a1', type: 'anon_merge', at: '2026-11-20T10:00:00Z', data: { merged_events: 3 } },
        ],
      },
      findings: [],
    },
  ],
})

function newCustomers(count: number) {
  return {
    profiles: Array.from({ length: count }, (_, n) => ({
      cio_id: `a${n + 1}`,
      id: `u-${n + 1}`,
      createdAt: '2026-11-10T10:00:00Z',
      devices: [{ token: String(n + 1).padStart(64, '0'), lastUsed: '2026-11-20T10:00:00Z' }],
    })),
  }
}
