import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

const words: Readonly<Record<string, (attribute: string, profiles: number, size: number) => string>> = {
  'too-many': (_, profiles, size) =>
    `More than 300 attributes are on ${counted(profiles, 'profile')} (up to ${size}): Customer.io takes no more`,
  'long-name': (attribute, profiles, size) =>
    `The name ${attribute.slice(0, 40)}… has ${size} bytes, allowed are 150 (${counted(profiles, 'profile')})`,
  'long-value': (attribute, profiles, size) =>
    `${attribute} has values of up to ${size} bytes on ${counted(profiles, 'profile')}, allowed are 1,000`,
}

export default defineRule({
  meta: {
    id: 'attributes/limits',
    title: 'Attributes keep to the limits of Customer.io',
    failureTitle: 'Some attributes pass the limits of Customer.io',
    severity: 'warn',
    checklist: [],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'full', 'warehouse-sync': 'full', pipelines: 'none' },
    sample: 'found',
    threshold: { maxCount: 0 },
    measuredBy: 'rule',
    subject: 'attribute',
    unit: 'profiles',
    docs: {
      why: 'What passes a limit is cut off or refused, without an error that anybody reads: the list of favourites ends in the middle of a word, and the identify call that carried it changed nothing.',
      decides:
        'A person may have 300 attributes; a name may have 150 bytes and a value 1,000. A name that begins with `_` belongs to Customer.io and works in no segment. `created_at` must be a time and `unsubscribed` true or false.',
      blind:
        'What Customer.io has refused already is not on the profile any more; `events/rejected` counts that. `created_at` as ISO text is let through, since bulk files write it so.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from profile`,
  row: z.object({
    attribute: z.string(),
    breach: z.string(),
    profiles: z.coerce.number(),
    size: z.coerce.number(),
  }),
  query: () => sql`
    select attribute, min(breach) as breach, count(distinct cio_id) as profiles, max(size) as size from attribute_breach group by attribute`,
  finding: ({ attribute, breach, profiles, size }) => ({
    subject: { key: attribute, label: attribute === '*' ? 'more than 300 attributes' : attribute },
    message:
      words[breach]?.(attribute, profiles, size) ??
      `${attribute} is a reserved name, and not used as Customer.io means it (${counted(profiles, 'profile')})`,
    affected: profiles,
    unit: 'profiles',
    attributes: [attribute],
  }),
  evidenceRow: z.object({
    attribute: z.string(),
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    breach: z.string(),
    size: z.number(),
  }),
  evidence: () => sql`
    select b.attribute as subject, b.attribute, b.cio_id, p.id, p.email, b.breach, b.size
    from attribute_breach b join profile p using (cio_id)`,
  remediation: () =>
    'Send less: lists and histories belong into events or objects, not into attributes. Rename what begins with an underscore, and send `created_at` in Unix seconds.',
  examples: [
    {
      title: 'A value of 1,001 bytes, a name of 151, an underscore, and a time that is none',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', attributes: { notes: 'x'.repeat(1001), _score: '5' } },
          { cio_id: 'a2', id: 'u-2', attributes: { ['n'.repeat(151)]: '1', created_at: '1700000000000' } },
        ],
      },
      findings: ['_score', 'created_at', 'n'.repeat(151), 'notes'],
    },
    {
      title: 'Just within the limits',
      workspace: {
        profiles: [
          {
            cio_id: 'a1',
            id: 'u-1',
            attributes: {
              notes: 'x'.repeat(1000),
              ['n'.repeat(150)]: '1',
              created_at: '1700000000',
              unsubscribed: 'false',
            },
          },
        ],
      },
      findings: [],
    },
  ],
})
