import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'identity/email-variant',
    title: 'No two profiles have variants of one e-mail address',
    failureTitle: 'Some profiles have variants of one e-mail address',
    severity: 'info',
    checklist: [],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'full', 'warehouse-sync': 'full', pipelines: 'none' },
    sample: 'found',
    threshold: {},
    measuredBy: 'rule',
    subject: 'profile-cluster',
    unit: 'profiles with e-mail',
    docs: {
      why: 'Plus-addresses and gmail dots are mostly coupon hunters: one mailbox, several welcome discounts. A winback journey counts each of them as a lapsed customer.',
      decides:
        'Addresses are variants when they are equal without a `+tag`, and for gmail.com and googlemail.com without dots as well.',
      blind:
        'It only informs: many mailboxes with a tag are real second accounts, so they are never merged and never fail a launch. Tags of other kinds (`ana-shop@…`) are not recognised.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from profile where email_norm is not null`,
  row: z.object({ address: z.string(), profiles: z.coerce.number(), addresses: z.coerce.number() }),
  query: () => sql`select address, profiles, addresses from varied_email`,
  finding: ({ address, profiles, addresses }) => ({
    subject: { key: `email:${address}`, label: address },
    message: `${profiles} profiles use ${addresses} variants of ${address}`,
    affected: profiles,
    unit: 'profiles',
    informative: 'info',
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string(),
    created_at: z.string().nullable(),
  }),
  evidence: () => sql`
    select 'email:' || v.address as subject, p.cio_id, p.id, p.email, p.created_at
    from varied_email v join profile p on p.email_variant = v.address and p.email_joins`,
  remediation: () =>
    'Decide whether a tagged address may have a second welcome offer; if not, compare addresses without tag before the offer is sent.',
  examples: [
    {
      title: 'Dots and tags of one gmail mailbox',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', email: 'ana.lee@gmail.com' },
          { cio_id: 'a2', id: 'u-2', email: 'analee+promo@googlemail.com' },
        ],
      },
      findings: ['email:analee@gmail.com'],
    },
    {
      title: 'Dots matter at every other provider',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', email: 'ana.lee@shop.test' },
          { cio_id: 'a2', id: 'u-2', email: 'analee@shop.test' },
        ],
      },
      findings: [],
    },
  ],
})
