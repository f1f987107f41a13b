import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'identity/email-as-id',
    title: 'No e-mail address is used as an id',
    failureTitle: 'Some profiles have an e-mail address as their id',
    severity: 'error',
    checklist: ['canonical-identifier'],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'full', 'warehouse-sync': 'full', pipelines: 'partial' },
    sample: 'per-profile',
    threshold: { maxRate: 0.001 },
    measuredBy: 'rule',
    subject: 'profile',
    unit: 'profiles with an id',
    docs: {
      why: 'One place identifies with the e-mail address, another one with the customer id. The same customer is then two profiles: the app sends the cart to one, the newsletter tool writes to the other, and both get the welcome offer.',
      decides:
        'The id is an e-mail address, although the canonical id is none: `identity.canonicalId` says so, or, when it is `auto`, another format has more ids. The finding says when another profile has that address as its e-mail, because then the customer exists twice already.',
      blind:
        'Where as many ids are e-mail addresses as have any other format, nobody can say which is the mistake, and nothing is found: set `identity.canonicalId`. Placeholders such as test@test.com are `identity/placeholder-id`.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from profile where id_known`,
  row: z.object({
    cio_id: z.string(),
    id: z.string(),
    identity: z.string(),
    created_at: z.string().nullable(),
    mate: z.string().nullable(),
  }),
  query: () => sql`
    select cio_id, id, identity, created_at, mate from email_as_id`,
  finding: ({ cio_id, id, identity, created_at, mate }) => ({
    subject: { key: cio_id, label: id },
    identity,
    message: `${id} is used as an id${mate === null ? '' : `, and the profile ${mate} has it as its e-mail: one customer on two profiles`}`,
    affected: 1,
    unit: 'profiles',
    firstSeen: created_at,
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    id: z.string(),
    email: z.string().nullable(),
    created_at: z.string().nullable(),
    mate: z.string().nullable(),
  }),
  evidence: () => sql`
    select cio_id as subject, identity, cio_id, id, email, created_at, mate from email_as_id`,
  remediation: () =>
    'Find the place that identifies with the e-mail address and send your customer id there, with the e-mail as an attribute. Merge the profile into the one that has the customer id (People, Merge), or give it the id when there is no other.',
  examples: [
    {
      title: 'One of four was identified with the e-mail',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: '1001', email: 'ana@shop.test' },
          { cio_id: 'a2', id: '1002' },
          { cio_id: 'a3', id: '1003' },
          { cio_id: 'a4', id: ' Ana@Shop.test' },
        ],
      },
      findings: ['a4'],
    },
    {
      title: 'A shop whose ids are e-mail addresses',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'ana@shop.test', email: 'ana@shop.test' },
          { cio_id: 'a2', id: 'bo@shop.test', email: 'bo@shop.test' },
          { cio_id: 'a3', id: '1003' },
        ],
      },
      findings: [],
    },
  ],
})
