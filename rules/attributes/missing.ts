import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const audiences: Record<string, string> = {
  all: 'profiles',
  known: 'known profiles',
  'app-users': 'app users',
  customers: 'customers',
}

export default defineRule({
  meta: {
    id: 'attributes/missing',
    title: 'Profiles have the attributes that the plan requires',
    failureTitle: 'Profiles lack attributes that the plan requires',
    severity: 'error',
    checklist: ['identify-at-login'],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'full', 'warehouse-sync': 'full', pipelines: 'partial' },
    sample: 'per-profile',
    threshold: { maxRate: 0.05 },
    measuredBy: 'finding',
    subject: 'attribute',
    unit: 'profiles asked for a required attribute',
    docs: {
      why: 'A segment on an attribute that a tenth of the customers do not have leaves a tenth of the customers out, and nothing says so.',
      decides:
        'For each required attribute: the share of profiles that it applies to (`appliesTo`) on which it is absent or empty. A device that says whether push is allowed stands in for the opt-in attribute.',
      blind:
        'Where no connected source shows events to the end, nobody knows who is an app user or a customer: a plan that requires an attribute of those makes the rule inconclusive. Recommended attributes are told as information and fail nothing; a plan that requires none proves nothing, so the rule is skipped then. Whether a value is true is for the sender to know.',
    },
  },
  options: z.object({}),
  population: () => sql`select coalesce(max(applies), 0) as count from attribute_plan where required`,
  parts: () =>
    sql`select attribute as label, applies as population, null as event from attribute_plan where required`,
  doubt: () => sql`
    select 'who of the people is ' || case p.applies_to when 'customers' then 'a customer' else 'an app user' end
      || ', and so needs ' || string_agg(p.attribute, ', ' order by p.attribute) || ', is not known: ' || u.reason as reason
    from attribute_plan p join unmet_need u on u.need = 'planned-events'
    where p.required and p.applies_to in ('app-users', 'customers') group by p.applies_to, u.reason`,
  row: z.object({
    attribute: z.string(),
    profiles: z.coerce.number(),
    applies: z.coerce.number(),
    applies_to: z.string(),
    required: z.boolean(),
  }),
  query: () => sql`
    select d.attribute, count(*) as profiles, p.applies, p.applies_to, p.required
    from attribute_defect d join attribute_plan p using (attribute) where d.defect = 'missing'
    group by d.attribute, p.applies, p.applies_to, p.required`,
  finding: ({ attribute, profiles, applies, applies_to, required }) => ({
    subject: { key: attribute, label: attribute },
    message: `${attribute} is absent or empty on ${profiles} of ${applies} ${audiences[applies_to] ?? applies_to}`,
    affected: profiles,
    unit: 'profiles',
    population: applies,
    attributes: [attribute],
    ...(required ? {} : { informative: 'info' as const }),
  }),
  evidenceRow: z.object({
    attribute: z.string(),
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
  }),
  evidence: () => sql`
    select d.attribute as subject, d.attribute, d.cio_id, p.id, p.email
    from attribute_defect d join profile p using (cio_id) where d.defect = 'missing'`,
  remediation: () =>
    'Send the attribute with identify right after login and signup, and fill it once for the profiles in the evidence file.',
  examples: [
    {
      title: 'A recommended attribute that nobody has is told',
      workspace: {
        profiles: [{ cio_id: 'a1', id: 'u-1', email: 'ana@shop.test', attributes: { country: ' ' } }],
      },
      findings: ['country', 'customer_id', 'locale'],
    },
    {
      title: 'An anonymous profile is not asked for attributes of known people',
      workspace: { profiles: [{ cio_id: 'a1' }] },
      findings: [],
    },
  ],
})
