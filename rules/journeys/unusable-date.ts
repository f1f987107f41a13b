import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const choices = z.object({
  maxShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe('The share of values that are no Unix seconds which is borne.'),
})

/** Journeys whose attribute nobody has come with the number 0. */
const unusable = ({ maxShare }: z.output<typeof choices>) => sql`
  select d.journey, d.attribute, d.named, d.held, count(u.cio_id) as values, string_agg(distinct u.found, ', ' order by u.found) as found
  from journey_date d left join unusable_date u using (journey)
  group by d.journey, d.attribute, d.named, d.held
  having d.held = 0 or count(u.cio_id) > d.held * ${maxShare}::double`

export default defineRule({
  meta: {
    id: 'journeys/unusable-date',
    title: 'The dates that start journeys are dates to Customer.io',
    failureTitle: 'Some journeys start from an attribute that is no date to Customer.io',
    severity: 'error',
    checklist: ['event-properties'],
    needs: ['campaigns', 'people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'full', 'warehouse-sync': 'full', pipelines: 'none' },
    sample: 'never',
    threshold: { maxCount: 0 },
    measuredBy: 'rule',
    subject: 'journey',
    unit: 'dates that start journeys',
    docs: {
      why: 'The replenishment journey starts 60 days after `last_purchase_at`. The shop sends milliseconds, Customer.io reads them as text, and the journey never starts. There is no error anywhere.',
      decides:
        'The date attribute of a journey that runs, or was named with --journey. Customer.io uses Unix seconds as a date; milliseconds, ISO dates, local dates and days written as one number are text to it. More than `maxShare` of the filled values is a finding. An attribute that nobody has is one for a named journey; for others it is told as a warning that fails nothing.',
      blind:
        'Single values below the share are told by `attributes/wrong-type` where the plan knows the attribute. Seconds that mean a wrong day are not seen. Dates before 1970 are taken as they are.',
    },
  },
  options: choices,
  // An attribute that nobody has is one date that is missing.
  population: () => sql`select coalesce(sum(greatest(held, 1)), 0)::bigint as count from journey_date`,
  row: z.object({
    journey: z.coerce.string(),
    name: z.string(),
    attribute: z.string(),
    named: z.boolean(),
    held: z.coerce.number(),
    values: z.coerce.number(),
    found: z.string().nullable(),
  }),
  query: ({ options }) =>
    sql`select u.*, j.name from (${unusable(options)}) u join journey j on j.id = u.journey`,
  finding: ({ journey, name, attribute, named, held, values, found }) => ({
    subject: { key: journey, label: name },
    message:
      held === 0
        ? `${name} starts from ${attribute}, which nobody has`
        : `${name} starts from ${attribute}, and ${values} of ${held} values are no Unix seconds: ${found}`,
    affected: Math.max(values, 1),
    unit: held === 0 ? 'journeys' : 'values',
    ...(held === 0 && !named ? { informative: 'warn' as const } : {}),
  }),
  evidenceRow: z.object({
    journey: z.string(),
    attribute: z.string(),
    cio_id: z.string().nullable(),
    value: z.string().nullable(),
    found: z.string().nullable(),
  }),
  evidence: ({ options }) => sql`
    select u.journey::varchar as subject, j.name as journey, u.attribute, v.cio_id, v.value, v.found
    from (${unusable(options)}) u join journey j on j.id = u.journey left join unusable_date v on v.journey = u.journey`,
  remediation: () =>
    'Send the attribute as Unix seconds (10 digits) from every sender, and correct the stored values from the evidence file; the journey starts from then on.',
  examples: [
    {
      title: 'Milliseconds and an ISO date',
      workspace: {
        journeys: [{ id: 8, dateAttribute: 'last_purchase_at' }],
        profiles: [
          { cio_id: 'a1', attributes: { last_purchase_at: '1763800000000' } },
          { cio_id: 'a2', attributes: { last_purchase_at: '2026-11-22' } },
        ],
      },
      findings: ['8'],
    },
    {
      title: 'Unix seconds, and somebody without a date',
      workspace: {
        journeys: [{ id: 8, dateAttribute: 'last_purchase_at' }],
        profiles: [
          { cio_id: 'a1', attributes: { last_purchase_at: '1763800000' } },
          { cio_id: 'a2', attributes: { last_purchase_at: ' ' } },
        ],
      },
      findings: [],
    },
  ],
})
