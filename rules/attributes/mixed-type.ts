import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const choices = z.object({
  minShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe('The share of the values from which a kind counts.'),
  minValues: z.number().int().min(1).default(30).describe('Attributes with fewer values are not judged.'),
})

/** One row per attribute that is mixed and kind that counts. */
const mixed = ({ minShare, minValues }: z.output<typeof choices>) => sql`
  with kind as (
    select k.name, k.kind, sum(k.profiles)::bigint as profiles, sum(sum(k.profiles)) over (partition by k.name)::bigint as held
    from attribute_kind k join attribute_name n using (name)
    where not n.planned and not regexp_matches(k.name, '(?i)(zip|post(al)?[_-]?code|plz)')
    group by k.name, k.kind
  )
  select * from kind where held >= ${minValues} and profiles >= held * ${minShare}::double
  qualify count(*) over (partition by name) > 1`

export default defineRule({
  meta: {
    id: 'attributes/mixed-type',
    title: 'The values of an attribute are of one kind',
    failureTitle: 'Some attributes hold values of several kinds',
    severity: 'warn',
    checklist: ['event-properties'],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'full', 'warehouse-sync': 'full', pipelines: 'full' },
    sample: 'never',
    threshold: { maxCount: 0 },
    measuredBy: 'rule',
    subject: 'attribute',
    unit: 'values of attributes that the plan does not know',
    docs: {
      why: 'Two senders write one attribute in two ways: the shop sends `loyalty_since` as Unix seconds, the till sends a date. A segment "more than a year ago" then holds only the customers of the shop, and nobody sees who is missing.',
      decides:
        'Attributes that the plan does not name. Each filled value is a number, true or false, an ISO date, JSON, or text. Two kinds with a hundredth of the values each are a finding. Whole and decimal numbers are one kind; a number with a leading zero is a code, so it is text, and where a hundredth of the values are such codes, all numbers there are.',
      blind:
        'Values are judged by what they mean as text, because the App API gives nothing else: the number 5 and the text "5" are one kind. Where texts are the greater part, values that happen to be digits count as text (house numbers, sizes). Names of postal codes are left out: some countries write digits, others letters. Attributes with fewer than 30 values, and all but the 2,000 most used ones, are not judged. What the plan names is judged by `attributes/wrong-type`.',
    },
  },
  options: choices,
  population: () => sql`
    select coalesce(sum(k.profiles), 0)::bigint as count from attribute_kind k join attribute_name n using (name) where not n.planned`,
  row: z.object({
    attribute: z.string(),
    kinds: z.string(),
    values: z.coerce.number(),
    odd: z.coerce.number(),
  }),
  query: ({ options }) => sql`
    select name as attribute, string_agg(profiles || ' ' || kind, ', ' order by profiles desc, kind) as kinds, any_value(held) as values,
      (sum(profiles) - max(profiles))::bigint as odd
    from (${mixed(options)}) group by name`,
  finding: ({ attribute, kinds, values, odd }) => ({
    subject: { key: attribute, label: attribute },
    message: `${attribute} holds values of several kinds: ${kinds} of ${values}`,
    affected: odd,
    unit: 'values',
    attributes: [attribute],
  }),
  evidenceRow: z.object({
    attribute: z.string(),
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    found: z.string(),
    value: z.string(),
  }),
  evidence: ({ options }) => sql`
    select o.name as subject, o.name as attribute, o.cio_id, p.id, p.email, o.kind as found, o.value
    from attribute_oddity o join (${mixed(options)}) using (name, kind) join profile p using (cio_id)`,
  remediation: () =>
    'Agree on one kind (dates as Unix seconds, yes and no as true and false), put the attribute into the tracking plan with its type, and correct the stored values from the evidence file.',
  examples: [
    {
      title: 'Unix seconds from the shop, dates from the till',
      workspace: {
        profiles: [
          ...people(20, (n) => ({ loyalty_since: `17000000${10 + n}` }), 'shop'),
          ...people(10, (n) => ({ loyalty_since: `2024-03-${10 + n}` }), 'till'),
        ],
      },
      findings: ['loyalty_since'],
    },
    {
      title: 'Whole and decimal numbers are one kind, and so are texts of which some are digits',
      workspace: {
        profiles: [
          ...people(20, (n) => ({ basket_mean: '12', street_number: `${n}b` }), 'a'),
          ...people(10, (n) => ({ basket_mean: '12.5', street_number: `${n}` }), 'b'),
        ],
      },
      findings: [],
    },
  ],
})

/** So many people with attributes of their own. */
function people(count: number, attributesOf: (n: number) => Readonly<Record<string, string>>, of: string) {
  return Array.from({ length: count }, (_, n) => ({
    cio_id: `${of}-${n}`,
    id: `u-${of}-${n}`,
    attributes: attributesOf(n),
  }))
}
