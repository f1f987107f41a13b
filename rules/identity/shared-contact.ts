import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const words = {
  contradiction: (value: string, profiles: number, addresses: number) =>
    `${profiles} profiles with ${addresses} different e-mail addresses share the phone ${value}: a family, or a number that was given to somebody else`,
  mass: (value: string, profiles: number) =>
    `${profiles} profiles have the phone ${value}: a till, or a number that somebody fills in`,
  role: (value: string, profiles: number) =>
    `${profiles} profiles have ${value}, the mailbox of a job and not of a person`,
} as const

export default defineRule({
  meta: {
    id: 'identity/shared-contact',
    title: 'No contact is shared by several people',
    failureTitle: 'Some contacts are shared by several people',
    severity: 'info',
    checklist: [],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'full', 'warehouse-sync': 'full', pipelines: 'none' },
    sample: 'found',
    threshold: {},
    measuredBy: 'rule',
    subject: 'profile-cluster',
    unit: 'profiles with a contact',
    docs: {
      why: 'A text message to a shared number reaches the wrong person, and reaches them several times. The number of a till on four hundred profiles sends four hundred cart reminders to one phone in the shop.',
      decides:
        'A phone on profiles whose e-mail addresses are different (variants aside), a phone on more than `identity.maxShare` profiles, or the mailbox of a job (info@, support@, orders@ …) on two or more profiles. None of them is taken for a sign that two profiles are one person.',
      blind:
        'It only informs: families share a phone, and firms share a mailbox. A number of one person on several profiles is `identity/duplicate-phone`. Who of the holders has the number today cannot be seen.',
    },
  },
  options: z.object({}),
  population: () => sql`
    select count(*) as count from profile where phone <> '' or email_norm is not null`,
  row: z.object({
    subject: z.string(),
    value: z.string(),
    profiles: z.coerce.number(),
    addresses: z.coerce.number(),
    reason: z.enum(['contradiction', 'mass', 'role']),
    first_seen: z.string().nullable(),
    last_seen: z.string().nullable(),
  }),
  query: () => sql`
    select subject, value, profiles, addresses, reason, first_seen, last_seen from shared_contact where reason <> 'duplicate'`,
  finding: ({ subject, value, profiles, addresses, reason, first_seen, last_seen }) => ({
    subject: { key: subject, label: value },
    message: words[reason](value, profiles, addresses),
    affected: profiles,
    unit: 'profiles',
    informative: 'info',
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
    select h.subject, p.cio_id, p.id, p.email, p.phone, p.created_at
    from contact_holder h join profile p using (cio_id) where h.reason <> 'duplicate'`,
  remediation: () =>
    'Leave the number empty where the customer gave none, and do not send text messages to a number that several people have.',
  examples: [
    {
      title: 'A couple on one phone, and a mailbox of a firm',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', email: 'ana@shop.test', attributes: { phone: '+14155552671' } },
          { cio_id: 'a2', id: 'u-2', email: 'bo@shop.test', attributes: { phone: '+14155552671' } },
          { cio_id: 'b1', id: 'u-3', email: 'info@firm.test' },
          { cio_id: 'b2', id: 'u-4', email: 'Info@firm.test' },
        ],
      },
      findings: ['email:info@firm.test', 'phone:+14155552671'],
    },
    {
      title: 'One person in two writings of one address',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', email: 'ana@shop.test', attributes: { phone: '+14155552671' } },
          { cio_id: 'a2', id: 'u-2', email: 'ana+app@shop.test', attributes: { phone: '+14155552671' } },
          { cio_id: 'b1', id: 'u-3', email: 'info@firm.test' },
        ],
      },
      findings: [],
    },
  ],
})
