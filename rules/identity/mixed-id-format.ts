import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'identity/mixed-id-format',
    title: 'All ids are of one format',
    failureTitle: 'Ids are of several formats',
    severity: 'error',
    checklist: ['canonical-identifier'],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'full', 'warehouse-sync': 'full', pipelines: 'partial' },
    sample: 'per-profile',
    threshold: { maxRate: 0.01 },
    measuredBy: 'rule',
    subject: 'group',
    unit: 'ids',
    docs: {
      why: 'Two formats of ids mean two systems that name the same customers: the app sends the number of the account, the till sends the number of its card. Each system makes profiles of its own, so the cart is on one and the purchase on the other, and a customer who has bought still gets the cart push.',
      decides:
        'Each id has a format: e-mail, uuid, integer, ulid, hex of 24, 32, 40 or 64 digits, a prefix (`user_123`, `C000123`), a way to log in with a number (`auth0|5f7c`, `google-oauth2|117` are one format), a code of a fixed length, or other. The canonical format is what `identity.canonicalId` says; with `auto` it is the format of at least 80 % of the ids. Every other format is one finding, with examples, the day on which most of these profiles were created, and the platform of their devices where it is out of line. Space around an id and its case do not count here (a regular expression of your own sees the case). A prefix counts as a format of its own from three ids and from 0.1 % of the ids on.',
      blind:
        'Where no format has 80 % of the ids, or where the ids follow no format that is known, the rule is inconclusive and asks you to set `identity.canonicalId`: it does not guess. Two systems that both use integers look like one. Placeholders and anonymous ids are other defects and not counted.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from profile where id_known`,
  doubt: () => sql`
    select case when top = 'other' then 'the ids follow no format that is known: give a regular expression as identity.canonicalId'
      else 'no format of ids is clearly the canonical one (' || top || ' has ' || round(share * 100)::integer || ' %): set identity.canonicalId' end as reason
    from canonical_id where name is null`,
  row: z.object({
    format: z.string(),
    ids: z.coerce.number(),
    all_ids: z.coerce.number(),
    canonical: z.string(),
    given: z.boolean(),
    examples: z.string(),
    first_seen: z.string().nullable(),
    last_seen: z.string().nullable(),
    day: z.string().nullable(),
    day_ids: z.coerce.number(),
    platform: z.string().nullable(),
  }),
  query: () => sql`
    select format, ids, all_ids, canonical, given, examples, first_seen, last_seen, day, day_ids, platform from misfit_format`,
  finding: (row) => ({
    subject: { key: row.format, label: row.format },
    message: [
      `${row.ids} of ${row.all_ids} ids (${((row.ids / row.all_ids) * 100).toFixed(1)} %) are ${row.format} and not ${row.canonical}${row.given ? ', as the settings want it' : ''}: ${row.examples}`,
      ...(row.ids > 1 && row.day_ids * 2 > row.ids ? [`${row.day_ids} were created on ${row.day}`] : []),
      ...(row.platform === null ? [] : [`their devices are ${row.platform}`]),
    ].join('; '),
    affected: row.ids,
    unit: 'ids',
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    id: z.string(),
    email: z.string().nullable(),
    created_at: z.string().nullable(),
  }),
  evidence: () => sql`
    select m.format as subject, p.cio_id, p.id, p.email, p.created_at from id_misfit m join profile p using (cio_id) where m.told`,
  remediation: () =>
    'Decide which system names your customers and let every sender use its id; keep the other id as an attribute. Then merge the profiles of the other format into those of the customers (People, Merge), and set `identity.canonicalId` so that a new sender is seen at once.',
  examples: [
    {
      title: 'Four numbers and the number of a loyalty card',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: '1001' },
          { cio_id: 'a2', id: '1002' },
          { cio_id: 'a3', id: '1003' },
          { cio_id: 'a4', id: '1004' },
          { cio_id: 'a5', id: 'card 77' },
        ],
      },
      findings: ['other'],
    },
    {
      title: 'Leading zeros and space are still integers, and "null" is no id',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: '1001' },
          { cio_id: 'a2', id: ' 1002' },
          { cio_id: 'a3', id: '0001003' },
          { cio_id: 'a4', id: 'null' },
        ],
      },
      findings: [],
    },
  ],
})
