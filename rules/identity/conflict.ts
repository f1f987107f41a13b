import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'identity/conflict',
    title: 'Nobody is refused an identifier that belongs to somebody else',
    failureTitle: 'Some profiles want an identifier that belongs to somebody else',
    severity: 'error',
    checklist: ['canonical-identifier'],
    needs: ['people', 'attributes', 'activities'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'partial' },
    sample: 'found',
    threshold: { maxRate: 0.001 },
    measuredBy: 'rule',
    subject: 'profile',
    unit: 'profiles',
    docs: {
      why: 'The app identifies a customer by id, the newsletter form knows the same customer by e-mail. When the app then sends the e-mail too, Customer.io refuses it, because another profile has it: both profiles live on, the cart on one, the consent on the other, and nobody sees an error.',
      decides:
        'An update that Customer.io refused or skipped (`failed_attribute_change`, `failed_event`, `skipped_update`) and that names the id, the e-mail or the cio_id of another profile. In Pipelines files: a second user who was identified with the anonymous id of the first, so that what was done before the login stays with the first. One finding for each profile that was refused.',
      blind:
        'How Customer.io writes down a refusal is not documented: identifiers are looked for under the usual keys and in the words of the reason, a bare number only right behind the word "id". Phones are not looked at, because families share them. Of a failed event only the reason is read: its properties may name a friend. Role mailboxes and placeholders belong to nobody.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from profile`,
  row: z.object({
    cio_id: z.string(),
    identity: z.string(),
    refusals: z.coerce.number(),
    kind: z.string(),
    value: z.string(),
    wants: z.coerce.number(),
    owner: z.string(),
    same_person: z.boolean().nullable(),
    first_seen: z.string(),
    last_seen: z.string(),
  }),
  query: () => sql`
    select cio_id, identity, refusals, kind, value, wants, owner, same_person, first_seen, last_seen from refused_profile`,
  finding: ({ cio_id, identity, refusals, kind, value, wants, owner, ...row }) => ({
    subject: { key: cio_id, label: cio_id },
    identity,
    message: `${cio_id} wanted the ${kind} ${value}${wants > 1 ? ` and ${wants - 1} more` : ''} of ${owner}${refusals > 1 ? `, ${refusals} times` : ''}${row.same_person ? (wants > 1 ? ': one of the owners looks like the same person' : ': the two look like one person') : ''}`,
    affected: 1,
    unit: 'profiles',
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    wanted: z.string(),
    owners: z.string(),
    same_person: z.boolean().nullable(),
    refusals: z.coerce.number(),
    activities: z.string(),
    last_seen: z.string(),
  }),
  evidence: () => sql`
    select cio_id as subject, identity, cio_id, id, email, wanted, owners, same_person, refusals, activities, last_seen
    from refused_profile`,
  remediation: () =>
    'Where the two are one person, merge them in Customer.io (People, Merge) and keep the profile with the id. Then let every sender use the same id, and send the e-mail as an attribute. After a logout, let the app reset its anonymous id (clearIdentify) before the next login.',
  examples: [
    {
      title: 'The app sends an e-mail that the newsletter profile has already',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1' },
          { cio_id: 'a2', email: 'ana@shop.test' },
        ],
        activities: [
          {
            cio_id: 'a1',
            type: 'failed_attribute_change',
            at: '2026-11-20T10:00:00Z',
            data: { email: { from: '', to: 'Ana@shop.test' }, reason: 'identifier is already in use' },
          },
        ],
      },
      findings: ['a1'],
    },
    {
      title: 'Two users of one phone: the anonymous id belongs to the first',
      workspace: {
        calls: [
          { kind: 'identify', at: '2026-11-20T10:00:00Z', user_id: 'u-1', anonymous_id: 'anon-1' },
          { kind: 'identify', at: '2026-11-21T10:00:00Z', user_id: 'u-2', anonymous_id: 'anon-1' },
        ],
      },
      findings: ['id:u-2'],
    },
    {
      title: 'A refusal that is about the value, and an event that names a friend',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', email: 'bo@shop.test' },
          { cio_id: 'a2', id: '100000', email: 'ana@shop.test' },
        ],
        activities: [
          {
            cio_id: 'a1',
            type: 'failed_event',
            at: '2026-11-20T10:00:00Z',
            data: { name: 'invite_sent', email: 'ana@shop.test', reason: 'larger than 100000 bytes' },
          },
        ],
      },
      findings: [],
    },
  ],
})
