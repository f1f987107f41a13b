import { z } from 'zod'
import { defineRule, sql, type Query } from '../../src/audit/rule.ts'

interface Limits {
  readonly maxDevices: number
  readonly maxEmails: number
}

/** Profiles that hold more than one person does; what is within its limit is null. */
const overMerged = ({ maxDevices, maxEmails }: Limits): Query => sql`
  with held as (
    select cio_id, count(*) as devices, max(last_used) as last_used from device
    group by cio_id having count(*) > ${maxDevices}
  ), named as (
    select cio_id, count(*) as emails, min(first_at) as first_at, max(last_at) as last_at,
      string_agg(mailbox, ', ' order by mailbox) as mailboxes
    from address_history group by cio_id having count(*) > ${maxEmails}
  )
  select p.cio_id, p.id, p.email, coalesce(p.id, p.email_norm, p.cio_id) as identity, h.devices, n.emails, n.mailboxes,
    n.first_at, greatest(h.last_used, n.last_at) as last_seen
  from profile p left join held h using (cio_id) left join named n using (cio_id)
  where h.devices is not null or n.emails is not null`

export default defineRule({
  meta: {
    id: 'identity/over-merged',
    title: 'Every profile is one person',
    failureTitle: 'Some profiles gather several people',
    severity: 'warn',
    checklist: ['canonical-identifier'],
    needs: ['people', 'attributes', 'activities'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'partial' },
    sample: 'per-profile',
    threshold: { maxRate: 0.001 },
    measuredBy: 'rule',
    subject: 'profile',
    unit: 'profiles',
    docs: {
      why: 'A till, a test account or a constant id in the app collects strangers on one profile. Their carts lie on top of each other: the cart push shows one customer the cart of another, on the phone of a third.',
      decides:
        'A profile with more than 10 devices, or whose changes in the window name more than 3 different e-mail addresses. Spellings, `+tags` and gmail dots of one mailbox are one address, and placeholders are none. Both limits are options.',
      blind:
        'It cannot tell a family account from an accident. Addresses that changed before the window are not seen. Pipelines files show only the people and devices that came by, so they prove nothing by themselves.',
    },
  },
  options: z.object({
    maxDevices: z.number().int().positive().default(10).describe('devices that one person may have'),
    maxEmails: z
      .number()
      .int()
      .positive()
      .default(3)
      .describe('different addresses that the changes of one person may name'),
  }),
  population: () => sql`select count(*) as count from profile`,
  row: z.object({
    cio_id: z.string(),
    identity: z.string(),
    devices: z.coerce.number().nullable(),
    emails: z.coerce.number().nullable(),
    first_at: z.string().nullable(),
    last_seen: z.string().nullable(),
  }),
  query: ({ options }) =>
    sql`select cio_id, identity, devices, emails, first_at, last_seen from (${overMerged(options)})`,
  finding: ({ cio_id, identity, devices, emails, first_at, last_seen }) => ({
    subject: { key: cio_id, label: cio_id },
    identity,
    message: `The profile ${[
      ...(devices === null ? [] : [`has ${devices} devices`]),
      ...(emails === null ? [] : [`had ${emails} different e-mail addresses in the window`]),
    ].join(' and ')}: it gathers several people`,
    affected: 1,
    unit: 'profiles',
    firstSeen: first_at,
    lastSeen: last_seen,
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    devices: z.coerce.number().nullable(),
    emails: z.coerce.number().nullable(),
    addresses: z.string().nullable(),
  }),
  evidence: ({ options }) => sql`
    select cio_id as subject, identity, cio_id, id, email, devices, emails, mailboxes as addresses
    from (${overMerged(options)})`,
  remediation: () =>
    'Find what sends this id for everybody (a till, a test build, a default value before login) and let it send nothing instead. Merged people cannot be taken apart: delete the profile, and let each person log in again.',
  examples: [
    {
      title: 'A till writes the address of each customer on its own profile',
      workspace: {
        profiles: [{ cio_id: 'a1', id: 'till-7', email: 'dan@shop.test' }],
        activities: ['ana', 'bo', 'cy'].map((name, n) => ({
          cio_id: 'a1',
          type: 'attribute_change',
          at: `2026-11-2${n}T10:00:00Z`,
          data: { email: { from: `${name}@shop.test`, to: `${['bo', 'cy', 'dan'][n]}@shop.test` } },
        })),
      },
      findings: ['a1'],
    },
    {
      title: 'One person who corrected the address three times, tags and spellings included',
      workspace: {
        profiles: [{ cio_id: 'a1', id: 'u-1', email: 'ana.lee@shop.test' }],
        activities: [
          ['ana@shop.test', 'ANA@shop.test'],
          ['ANA@shop.test', 'ana+app@shop.test'],
          ['ana+app@shop.test', 'anna@shop.test'],
          ['anna@shop.test', 'ana.lee@shop.test'],
        ].map(([from, to], n) => ({
          cio_id: 'a1',
          type: 'attribute_change',
          at: `2026-11-2${n}T10:00:00Z`,
          data: { email: { from, to } },
        })),
      },
      findings: [],
    },
  ],
})
