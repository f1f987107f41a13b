import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'attributes/wrong-type',
    title: 'Attribute values read as the planned type',
    failureTitle: 'Some attribute values do not read as the planned type',
    severity: 'error',
    checklist: ['event-properties'],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'full', 'warehouse-sync': 'full', pipelines: 'full' },
    sample: 'per-profile',
    threshold: { maxRate: 0.005 },
    measuredBy: 'finding',
    subject: 'attribute',
    unit: 'values',
    evidence: (kinds) =>
      kinds.has('pipelines') && kinds.size === 1
        ? 'native values, by what they mean as text'
        : 'values as text',
    docs: {
      why: 'A date in milliseconds or as ISO text is no date to Customer.io: the replenishment journey on `last_purchase_at` never starts for these people.',
      decides:
        'Each value is read as the type of the plan: a boolean as true, false, 1 or 0; a timestamp as Unix seconds; a country as ISO 3166-1 and a currency as ISO 4217; enum, min, max and pattern where the plan has them. Empty values are not judged here. Where most values of a country or locale that is only recommended are of another form (`Germany`), that form is the one of the shop: it is told as a warning and fails nothing.',
      blind:
        'The App API gives every attribute as text, so a number that was sent as text cannot be told from a number. Attributes that the plan does not name are not judged.',
    },
  },
  options: z.object({}),
  population: () => sql`select coalesce(sum(held), 0)::bigint as count from attribute_plan`,
  parts: () => sql`select attribute as label, held as population, null as event from attribute_plan`,
  row: z.object({
    attribute: z.string(),
    type: z.string(),
    found: z.string(),
    values: z.coerce.number(),
    held: z.coerce.number(),
    own_form: z.boolean(),
  }),
  // A segment on the country works with words as well as with codes, unlike one on a date that is none.
  query: () => sql`
    select d.attribute, p.type, string_agg(distinct d.found, ', ' order by d.found) as found, count(*) as values, p.held,
      p.recommended and not p.required and p.type in ('country', 'locale') and 2 * count(*) > p.held as own_form
    from attribute_defect d join attribute_plan p using (attribute) where d.defect = 'wrong-type'
    group by d.attribute, p.type, p.required, p.recommended, p.held`,
  finding: ({ attribute, type, found, values, held, own_form }) => ({
    subject: { key: attribute, label: attribute },
    // Of those that read as the type, and are none of the values or limits of the plan, the type says nothing.
    message: `${values} of ${held} values of ${attribute} ${found.includes('not allowed') ? 'are not what the plan says' : `do not read as ${type}`}: ${found}`,
    affected: values,
    unit: 'values',
    population: held,
    ...(own_form ? { informative: 'warn' as const } : {}),
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
  evidence: () => sql`
    select d.attribute as subject, d.attribute, d.cio_id, p.id, p.email, d.found, d.value
    from attribute_defect d join profile p using (cio_id) where d.defect = 'wrong-type'`,
  remediation: () =>
    'Send the planned type from every sender (dates as Unix seconds, booleans as true or false), then correct the stored values from the evidence file.',
  examples: [
    {
      title: 'Milliseconds and an ISO date where Unix seconds are planned',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', attributes: { last_purchase_at: '1763800000000' } },
          { cio_id: 'a2', id: 'u-2', attributes: { last_purchase_at: '2026-11-22' } },
        ],
      },
      findings: ['last_purchase_at'],
    },
    {
      title: 'Unix seconds as text are the way the API shows a date',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', attributes: { last_purchase_at: '1763800000', country: 'de' } },
        ],
      },
      findings: [],
    },
  ],
})
