import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'identity/duplicate-phone',
    title: 'Every phone number belongs to one person',
    failureTitle: 'Some people are on several profiles with one phone number',
    severity: 'error',
    checklist: ['canonical-identifier'],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'full', 'warehouse-sync': 'full', pipelines: 'none' },
    sample: 'found',
    threshold: { maxRate: 0.005 },
    measuredBy: 'rule',
    subject: 'profile-cluster',
    unit: 'profiles with phone',
    docs: {
      why: 'The till asks for the phone, the app for the e-mail: one customer, two profiles. The purchase in the shop is on the first, the cart of the app on the second, and the cart push asks for what was bought an hour ago.',
      decides:
        'Numbers are compared in international form (E.164); one without a country code is read as one of `identity.defaultCountry`. Two or more profiles with one number are a finding, up to `identity.maxShare` profiles, as long as their e-mail addresses do not contradict: no address, one address, or variants of one. An id that is an e-mail address is one, and so is the address of another profile of the same person.',
      blind:
        'A number on profiles with different e-mail addresses, or on more than `identity.maxShare` profiles, is a family, a till or a number that was given to somebody else: see `identity/shared-contact`. Numbers that are not valid in their country, and placeholders, are compared with nothing.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from profile where phone <> ''`,
  row: z.object({
    subject: z.string(),
    value: z.string(),
    profiles: z.coerce.number(),
    spellings: z.coerce.number(),
    first_seen: z.string().nullable(),
    last_seen: z.string().nullable(),
  }),
  query: () => sql`
    select subject, value, profiles, spellings, first_seen, last_seen from shared_contact where reason = 'duplicate'`,
  finding: ({ subject, value, profiles, spellings, first_seen, last_seen }) => ({
    subject: { key: subject, label: value },
    message: `${profiles} profiles share the phone ${value}${spellings > 1 ? ', written differently' : ''}, and no e-mail speaks against one person`,
    affected: profiles,
    unit: 'profiles',
    firstSeen: first_seen,
    lastSeen: last_seen,
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string(),
    created_at: z.string().nullable(),
    devices: z.number(),
    intent_events: z.number(),
  }),
  evidence: () => sql`
    select h.subject, p.cio_id, p.id, p.email, p.phone, p.created_at,
      (select count(*) from device d where d.cio_id = p.cio_id) as devices, a.intent_events
    from contact_holder h join profile p using (cio_id) join audience a using (cio_id) where h.reason = 'duplicate'`,
  remediation: () =>
    'Look up the customer by phone before a new profile is made, and send your customer id from every system. Merge each pair in Customer.io (People, Merge), keeping the profile that has the id and the device.',
  examples: [
    {
      title: 'The till knows the number, the app the e-mail',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', email: 'ana@shop.test', attributes: { phone: '+1 415 555 2671' } },
          { cio_id: 'a2', attributes: { phone: '(415) 555-2671' } },
        ],
      },
      findings: ['phone:+14155552671'],
    },
    {
      title: 'A couple with one number',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', email: 'ana@shop.test', attributes: { phone: '+14155552671' } },
          { cio_id: 'a2', id: 'u-2', email: 'bo@shop.test', attributes: { phone: '+14155552671' } },
        ],
      },
      findings: [],
    },
  ],
})
