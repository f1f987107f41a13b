import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

/** A release: a word for the app, then two numbers (`ios_5_2_flag`), or `v` before them (`v5.2_banner`). */
const release = String.raw`(^|_)((i_?os|android|app|web|sdk|build|version|ver|release)_?v?[0-9]+_[0-9]+|v_?[0-9]+_[0-9]+)([^0-9]|$)`
const experiment = String.raw`(^|_)(experiments?|ab_?test|a_b_test|split_?test|exp_?[0-9]+)(_|$)`

const named = sql`
  with word as (
    select name, profiles, lower(regexp_replace(
        regexp_replace(name, '([a-z])([A-Z])|([a-zA-Z])([0-9]+[._-][0-9])', '\\1\\3_\\2\\4', 'g'), '[\\s.-]+', '_', 'g')) as words
    from (select name, sum(profiles)::bigint as profiles from attribute_kind group by name)
  )
  select name as attribute, profiles from word where regexp_matches(words, ${release}) or regexp_matches(words, ${experiment})`

export default defineRule({
  meta: {
    id: 'attributes/brittle',
    title: 'No attribute is named after a release or an experiment',
    failureTitle: 'Some attributes are named after a release or an experiment',
    severity: 'info',
    checklist: [],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'full', 'warehouse-sync': 'full', pipelines: 'none' },
    sample: 'per-profile',
    threshold: {},
    measuredBy: 'rule',
    subject: 'attribute',
    unit: 'attributes',
    docs: {
      why: 'A segment on `ios_5_2_flag` is right for three weeks. Then version 5.3 comes, nobody gets the flag any more, and the journey behind the segment dries up. Build segments on stable facts: customer_id, push_opt_in, last_purchase_at.',
      decides:
        'Names with a release in them (`ios_5_2_flag`, `appVersion5.2seen`, `v5_2_banner`) or an experiment (`experiment_checkout`, `exp_12`, `ab_test_colour`), in any case and with any separator.',
      blind:
        'Whether a segment uses the attribute cannot be read over the API. `app_version` itself is a fact and fine. What the plan names is taken as meant. A feature flag whose name says nothing of a release is not recognised.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from attribute_name where not reserved`,
  row: z.object({ attribute: z.string(), profiles: z.coerce.number() }),
  query: () => sql`select attribute, profiles from (${named})`,
  finding: ({ attribute, profiles }) => ({
    subject: { key: attribute, label: attribute },
    message: `${attribute} is named after a release or an experiment (on ${counted(profiles, 'profile')})`,
    affected: 1,
    unit: 'attributes',
    attributes: [attribute],
  }),
  evidenceRow: z.object({ attribute: z.string(), profiles: z.number() }),
  evidence: () => sql`select attribute as subject, attribute, profiles from (${named})`,
  remediation: () =>
    'Use stable facts in segments. Keep flags of releases and experiments in the system that runs them, and remove the attribute when the release is gone.',
  examples: [
    {
      title: 'A flag of one release, and an experiment',
      workspace: {
        profiles: [{ cio_id: 'a1', id: 'u-1', attributes: { ios_5_2_flag: 'true', 'Exp-12': 'b' } }],
      },
      findings: ['Exp-12', 'ios_5_2_flag'],
    },
    {
      title: 'Stable facts with numbers in their names',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', attributes: { app_version: '5.2', address_2: 'x', expires_2026: '1' } },
        ],
      },
      findings: [],
    },
  ],
})
