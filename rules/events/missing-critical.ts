import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'events/missing-critical',
    title: 'Every critical event of the plan arrives',
    failureTitle: 'Critical events of the plan never arrived',
    severity: 'error',
    checklist: ['event-taxonomy'],
    needs: ['planned-events'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'absence',
    threshold: { maxCount: 0 },
    measuredBy: 'rule',
    subject: 'event',
    unit: 'critical events',
    docs: {
      why: 'Renaming `add_to_cart` to `added_to_cart` silences every journey that waits for the old name. Nothing fails; the messages just stop.',
      decides:
        'A critical event of your own plan that was not seen in the window, under its name or a former one (`aliases`), is a finding. Without a plan of your own the built-in one looks for product, cart, checkout and purchase events by their usual names; one that it cannot find makes the rule inconclusive, never failed, because you never wrote those names.',
      blind:
        'The App API shows 30 days. An event that is rarer than that looks missing: give it `critical: false`.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from expectation`,
  doubt: () => sql`
    select 'no ' || intent || ' event was found under a usual name'
      || case when len(candidates) > 0 then ' (is it ' || array_to_string(candidates, ', ') || '?)' else '' end
      || ': name it in tracking-plan.yaml' as reason
    from expectation where origin = 'built-in' and len(seen_as) = 0`,
  row: z.object({ name: z.string(), candidates: z.array(z.string()) }),
  query: () => sql`select name, candidates from expectation where origin = 'plan' and len(seen_as) = 0`,
  finding: ({ name, candidates }) => ({
    subject: { key: name, label: name },
    message: `${name} was not seen once${candidates.length > 0 ? `; similar names that were: ${candidates.join(', ')}` : ''}`,
    affected: 1,
    unit: 'events',
    events: [name],
  }),
  evidenceRow: z.object({ event: z.string(), cio_id: z.string(), similar_names: z.string() }),
  evidence: () => sql`
    select name as subject, name as event, '' as cio_id, array_to_string(candidates, ' ') as similar_names
    from expectation where origin = 'plan' and len(seen_as) = 0`,
  remediation: () =>
    'Ask engineering whether the event was renamed or removed in a release. If it was renamed on purpose, add the old name under `aliases` and move the journeys over.',
  examples: [
    {
      title: 'Nobody wrote the names of the built-in plan, so nothing is missing',
      workspace: { profiles: [{ cio_id: 'a1', id: 'u-1' }] },
      findings: [],
    },
    {
      title: 'A critical event of your own plan that never came',
      workspace: { profiles: [{ cio_id: 'a1', id: 'u-1' }], plan: { cart_updated: { critical: true } } },
      findings: ['cart_updated'],
    },
  ],
})
