import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'identity/id-variant',
    title: 'Every id is written in one way',
    failureTitle: 'Some ids are written in several ways',
    severity: 'error',
    checklist: ['canonical-identifier'],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'full', 'warehouse-sync': 'full', pipelines: 'partial' },
    sample: 'found',
    threshold: { maxRate: 0.001 },
    measuredBy: 'rule',
    subject: 'profile-cluster',
    unit: 'profiles with an id',
    docs: {
      why: 'Customer.io takes "U-17", "u-17" and "u-17 " for three people. The app sends one, the server another: the cart is on the first profile, the purchase on the second, and the winback goes to a customer who bought yesterday.',
      decides:
        'Ids are compared without the space around them and without regard to case. Ids that differ in leading zeros or in a prefix (`007` and `7`, `user_17` and `17`) count only where the profiles also have the same e-mail address, phone or device token, and no e-mail against it; behind a prefix there must be a number of three or more digits, a UUID or a long code.',
      blind:
        'Where two different e-mail addresses have the id, the case may mean something (short random codes): this is told as a warning and fails nothing. Where ten and more ids are so, and nearly all that have addresses, the case tells people apart and is not looked at. Prefixes and zeros without an address or phone that agrees are not compared: two systems may number different people with 17. Placeholders are no ids.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from profile where id_known`,
  row: z.object({
    subject: z.string(),
    profiles: z.coerce.number(),
    writings: z.array(z.string()),
    written: z.boolean(),
    contradicts: z.boolean(),
    first_seen: z.string().nullable(),
    last_seen: z.string().nullable(),
  }),
  query: () => sql`
    select v.subject, count(*) as profiles, list_slice(list(p.id order by p.id, p.cio_id), 1, 3) as writings, v.written, v.contradicts,
      min(p.created_at) as first_seen, max(p.created_at) as last_seen
    from id_variant v join profile p using (cio_id) group by v.subject, v.written, v.contradicts`,
  finding: ({ subject, profiles, writings, written, contradicts, first_seen, last_seen }) => ({
    subject: { key: subject, label: subject.slice('id:'.length) },
    message: `${profiles} profiles have one id in several writings: ${writings.map((id) => JSON.stringify(id)).join(', ')}${
      contradicts
        ? '; their e-mail addresses differ, so perhaps the case of an id means something'
        : written
          ? '; an e-mail address, a phone or a device agrees'
          : ''
    }`,
    affected: profiles,
    unit: 'profiles',
    ...(contradicts ? { informative: 'warn' as const } : {}),
    firstSeen: first_seen,
    lastSeen: last_seen,
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    id: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    created_at: z.string().nullable(),
    devices: z.number(),
    intent_events: z.number(),
  }),
  evidence: () => sql`
    select v.subject, p.cio_id, p.id, p.email, p.phone, p.created_at,
      (select count(*) from device d where d.cio_id = p.cio_id) as devices, a.intent_events
    from id_variant v join profile p using (cio_id) join audience a using (cio_id)`,
  remediation: () =>
    'Put the id into one form (no space, one case, no zeros, one prefix) in the one function that calls identify, on every platform. Then merge the profiles (People, Merge), keeping the one whose id has that form.',
  examples: [
    {
      title: 'Case, space, and leading zeros with the same e-mail',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'U-17' },
          { cio_id: 'a2', id: 'u-17 ' },
          { cio_id: 'b1', id: '0042', email: 'bo@shop.test' },
          { cio_id: 'b2', id: '42', email: 'Bo@shop.test' },
        ],
      },
      findings: ['id:42', 'id:u-17'],
    },
    {
      title: 'Two systems that both have a number 17',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'user_17', email: 'ana@shop.test' },
          { cio_id: 'a2', id: '17', email: 'bo@shop.test' },
          { cio_id: 'a3', id: 'card-17' },
        ],
      },
      findings: [],
    },
  ],
})
