import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'identity/missing-id',
    title: 'Known profiles have an id',
    failureTitle: 'Many known profiles have no id',
    severity: 'warn',
    checklist: ['canonical-identifier'],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'full', 'warehouse-sync': 'full', pipelines: 'none' },
    sample: 'per-profile',
    threshold: { maxRate: 0.02 },
    measuredBy: 'rule',
    subject: 'group',
    unit: 'known profiles',
    docs: {
      why: 'A profile that is known by its e-mail alone cannot be met by the app, which sends the customer id. At the first login a second profile is made: the newsletter stays on the first one, the cart and the device are on the second one, and the cart push does not know the name.',
      decides:
        'A known profile (with an e-mail or a phone) whose id is absent, empty or only space. There is one finding for each day (UTC) on which such profiles were created. A day is called a surge when it has 10 or more of them, and more than five times what the other days on which profiles were created have on average: an import or a form often stands behind it.',
      blind:
        'Subscribers who never bought have no customer id in many shops. Where that is normal, raise `maxRate` to the share that you expect (for example 0.4), so that a surge is still seen in the findings. A placeholder such as "null" is an id that means nobody: see `identity/placeholder-id`. Anonymous profiles are `identity/anonymous-profile`.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from profile where not anonymous`,
  row: z.object({
    day: z.string(),
    affected: z.coerce.number(),
    created: z.coerce.number(),
    usual: z.number().nullable(),
    surge: z.boolean(),
    first_seen: z.string().nullable(),
    last_seen: z.string().nullable(),
  }),
  query: () => sql`
    select day, affected, created, usual, surge, first_seen, last_seen from creation_day where lack = 'id'`,
  finding: ({ day, affected, created, usual, surge, first_seen, last_seen }) => ({
    subject: { key: day, label: day },
    message: `${affected} of ${created} known profiles that were created ${day === 'unknown' ? 'at an unknown time' : `on ${day}`} have no id${
      surge ? `: a surge, other days have ${(usual ?? 0).toFixed(1)} on average` : ''
    }`,
    affected,
    unit: 'profiles',
    firstSeen: first_seen,
    lastSeen: last_seen,
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    created_at: z.string().nullable(),
  }),
  evidence: () => sql`
    select s.day as subject, p.cio_id, p.email, p.phone, p.created_at
    from shortcoming s join profile p using (cio_id) where s.lack = 'id'`,
  remediation: () =>
    'Find what created these profiles (a form, an import, a till) and let it send your customer id. Give the existing profiles their id with one import that is matched by e-mail.',
  examples: [
    {
      title: 'A form that knows the e-mail only',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', email: 'ana@shop.test' },
          { cio_id: 'a2', email: 'bo@shop.test' },
        ],
      },
      findings: ['2026-01-01'],
    },
    {
      title: 'Nobody knows who an anonymous profile is, and a placeholder is another defect',
      workspace: { profiles: [{ cio_id: 'a1' }, { cio_id: 'a2', id: 'null', email: 'bo@shop.test' }] },
      findings: [],
    },
  ],
})
