import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'attributes/name-collision',
    title: 'Every attribute is written in one way',
    failureTitle: 'Some attributes exist in several spellings',
    severity: 'warn',
    checklist: ['event-taxonomy'],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'full', 'warehouse-sync': 'full', pipelines: 'full' },
    sample: 'found',
    threshold: { maxCount: 0 },
    measuredBy: 'rule',
    subject: 'attribute',
    unit: 'profiles',
    docs: {
      why: 'Customer.io tells `first_name` and `First_name` apart. When the app sends one and the shop the other, half of the push messages begin with "Hello ," and a segment on either name leaves the other half out.',
      decides:
        'Names are compared without case, spaces, `_`, `-`, `.` and camelCase. Two names that are then equal and both hold values are a finding, named by that plain form; affected are the people who have a spelling that is not in the plan, or else the rarer one.',
      blind:
        'Built-in attributes (`created_at`, `email` …) and names that begin with `_` are not compared. A spelling on fewer than `minProfiles` people is taken for a test. Words that mean the same (`tier`, `level`) cannot be seen.',
    },
  },
  options: z.object({
    minProfiles: z
      .number()
      .int()
      .min(1)
      .default(3)
      .describe('A spelling that fewer people have is not told.'),
  }),
  population: () => sql`select count(*) as count from profile`,
  row: z.object({
    folded: z.string(),
    commonest: z.string(),
    most: z.coerce.number(),
    names: z.array(z.string()),
    spellings: z.string(),
    profiles: z.coerce.number(),
  }),
  query: ({ options }) => sql`
    with told as (from rare_spelling where profiles >= ${options.minProfiles})
    select t.folded, t.commonest, t.most, list(t.name order by t.profiles desc, t.name) as names,
      string_agg(t.name || ' (' || t.profiles || ')', ', ' order by t.profiles desc, t.name) as spellings,
      (select count(distinct s.cio_id) from attribute_spelling s where s.folded = t.folded and s.name in (select name from told)) as profiles
    from told t group by t.folded, t.commonest, t.most`,
  finding: ({ folded, commonest, most, names, spellings, profiles }) => ({
    subject: { key: folded, label: [commonest, ...names].join(', ') },
    message: `${commonest} (${counted(most, 'person', 'people')}) is also written ${spellings}`,
    affected: profiles,
    unit: 'profiles',
    attributes: [commonest, ...names],
  }),
  evidenceRow: z.object({
    attribute: z.string(),
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
  }),
  evidence: ({ options }) => sql`
    select s.folded as subject, string_agg(s.name, ', ' order by s.name) as attribute, s.cio_id, p.id, p.email
    from attribute_spelling s join profile p using (cio_id)
    where s.name in (select name from rare_spelling where profiles >= ${options.minProfiles})
    group by s.folded, s.cio_id, p.id, p.email`,
  remediation: () =>
    'Choose one spelling, best the one that the tracking plan has, change the other senders, copy the values over for the people in the evidence file, and remove the other attribute.',
  examples: [
    {
      title: 'The app writes firstName, the shop first_name',
      workspace: {
        profiles: ['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7'].map((cio_id, n) => ({
          cio_id,
          id: `u-${n}`,
          attributes: n < 4 ? { first_name: 'Ana' } : { firstName: 'Bo' },
        })),
      },
      findings: ['firstname'],
    },
    {
      title: 'A spelling whose values are all empty is not in use',
      workspace: {
        profiles: ['a1', 'a2', 'a3', 'a4'].map((cio_id, n) => ({
          cio_id,
          id: `u-${n}`,
          attributes: { first_name: 'Ana', firstName: ' ' },
        })),
      },
      findings: [],
    },
  ],
})
