import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'identity/duplicate-email',
    title: 'Every e-mail address belongs to one profile',
    failureTitle: 'Some profiles share an e-mail address',
    severity: 'error',
    checklist: ['canonical-identifier'],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'full', 'warehouse-sync': 'full', pipelines: 'partial' },
    sample: 'found',
    threshold: { maxRate: 0.005 },
    measuredBy: 'rule',
    subject: 'profile-cluster',
    unit: 'profiles with e-mail',
    docs: {
      why: 'One customer on two profiles gets the cart push twice, or never: the cart event sits on one profile and the device on the other. Most duplicates come from identifying with the e-mail in one place and with the customer id in another.',
      decides:
        'Addresses are compared after Unicode normalisation (NFKC), without surrounding space and without regard to case. Two or more profiles with one address are a finding. An address on more profiles than `identity.maxShare` is one finding of its own: something creates profiles in a loop. The evidence says for each profile by what it was joined to the others (`email`, `id-as-email`, `id-spelling`, `id-core`, `phone`, `token`), what it has in common with others and why that did not join them (`token: ids` is an account switch, `phone: emails` a family or a till), and which profile should survive a merge: the one with the canonical id, else with a deliverable device, else the one that was active last.',
      blind:
        'Placeholders and mailboxes of a role (info@, support@ …) belong to nobody in particular and are left out; so are loops on test domains. Plus-addresses and gmail dots are `identity/email-variant`. Text that is no address is never compared.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from profile where email_norm is not null`,
  row: z.object({
    address: z.string(),
    profiles: z.coerce.number(),
    spellings: z.coerce.number(),
    mass: z.boolean(),
    first_seen: z.string().nullable(),
    last_seen: z.string().nullable(),
  }),
  query: () => sql`
    select address, profiles, spellings, mass, first_seen, last_seen from shared_email`,
  finding: ({ address, profiles, spellings, mass, first_seen, last_seen }) => ({
    subject: { key: `email:${address}`, label: address },
    message: mass
      ? `${profiles} profiles were made with the e-mail ${address}: something creates profiles in a loop`
      : `${profiles} profiles share the e-mail ${address}${spellings > 1 ? ', written differently' : ''}`,
    affected: profiles,
    unit: 'profiles',
    firstSeen: first_seen,
    lastSeen: last_seen,
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string(),
    created_at: z.string().nullable(),
    devices: z.number(),
    intent_events: z.number(),
    joined_by: z.string().nullable(),
    kept_apart: z.string().nullable(),
    survivor: z.string().nullable(),
    survivor_reason: z.string().nullable(),
  }),
  evidence: () => sql`
    select 'email:' || s.address as subject, p.cio_id, p.id, p.email, p.created_at,
      (select count(*) from device d where d.cio_id = p.cio_id) as devices, a.intent_events,
      r.joined_by, r.kept_apart, v.cio_id as survivor, v.reason as survivor_reason
    from shared_email s join profile p on p.email_norm = s.address join audience a on a.cio_id = p.cio_id
    join member m on m.cio_id = p.cio_id left join profile_reason r on r.cio_id = p.cio_id left join survivor v on v.cluster = m.cluster`,
  remediation: () =>
    'Identify everywhere with one id (your customer id) and send the e-mail as an attribute; then merge each pair in Customer.io (People, Merge), keeping the profile that has the id and the device.',
  examples: [
    {
      title: 'The same address in two spellings is one person on two profiles',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', email: 'Ana@Shop.test' },
          { cio_id: 'a2', email: ' ana@shop.test' },
        ],
      },
      findings: ['email:ana@shop.test'],
    },
    {
      title: 'A role mailbox and a placeholder belong to nobody',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', email: 'info@shop.test' },
          { cio_id: 'a2', id: 'u-2', email: 'info@shop.test' },
          { cio_id: 'a3', id: 'u-3', email: 'test@test.com' },
          { cio_id: 'a4', id: 'u-4', email: 'test@test.com' },
        ],
      },
      findings: [],
    },
  ],
})
