import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'identity/unreachable',
    title: 'Profiles can be reached on some channel',
    failureTitle: 'Many profiles can be reached on no channel',
    severity: 'warn',
    checklist: [],
    needs: ['people', 'attributes'],
    sources: {
      'app-api': 'full',
      'people-export': 'partial',
      'warehouse-sync': 'partial',
      pipelines: 'none',
    },
    sample: 'per-profile',
    threshold: { maxRate: 0.05 },
    measuredBy: 'rule',
    subject: 'group',
    unit: 'profiles',
    docs: {
      why: 'Customer.io is paid by the profile. Somebody without e-mail, phone and device costs as much as a customer, is counted in every segment, and never gets a message: a winback that "reaches" 40,000 people and sends 22,000 looks like a bad journey.',
      decides:
        'A profile without a valid e-mail address, without a phone and without any device. Placeholders (`test@test.com`, `0000000000`) reach nobody. There is one finding for each day (UTC) on which such profiles were created. A day is called a surge when it has 10 or more of them, and more than five times what the other days on which profiles were created have on average.',
      blind:
        'It asks whether there is an address at all, not whether it works: bounced devices are `devices/undeliverable-token`, and unsubscribed people are left to the push ledger. Any text that is no placeholder counts as a phone. Exports and warehouse files show no devices, so there the findings are an upper limit and nothing is judged.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from profile`,
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
    select day, affected, created, usual, surge, first_seen, last_seen from creation_day where lack = 'contact'`,
  finding: ({ day, affected, created, usual, surge, first_seen, last_seen }) => ({
    subject: { key: day, label: day },
    message: `${affected} of ${created} profiles that were created ${day === 'unknown' ? 'at an unknown time' : `on ${day}`} are paid for and cannot be reached${
      surge ? `: a surge, other days have ${(usual ?? 0).toFixed(1)} on average` : ''
    }`,
    affected,
    unit: 'profiles',
    firstSeen: first_seen,
    lastSeen: last_seen,
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    created_at: z.string().nullable(),
  }),
  evidence: () => sql`
    select s.day as subject, p.cio_id, p.id, p.email, p.phone, p.created_at
    from shortcoming s join profile p using (cio_id) where s.lack = 'contact'`,
  remediation: () =>
    'Stop what creates profiles before there is an address (often a tool that forwards every visitor), and delete those that have done nothing for a year.',
  examples: [
    {
      title: 'An id and nothing else',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1' },
          { cio_id: 'a2', id: 'u-2', email: 'noemail' },
        ],
      },
      findings: ['2026-01-01'],
    },
    {
      title: 'One channel is enough',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', devices: [{ token: 'a'.repeat(64) }] },
          { cio_id: 'a2', id: 'u-2', email: 'bo@shop.test' },
          { cio_id: 'a3', id: 'u-3', attributes: { phone: '+14155552671' } },
        ],
      },
      findings: [],
    },
  ],
})
