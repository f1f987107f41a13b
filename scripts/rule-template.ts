/** A rule that works: profiles without an e-mail address. Its author replaces what it asks and says. */
export function ruleTemplate(id: string): string {
  return `import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: '${id}',
    title: 'Every profile has an e-mail address',
    failureTitle: 'Some profiles have no e-mail address',
    severity: 'warn',
    checklist: [],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'full', 'warehouse-sync': 'full', pipelines: 'none' },
    sample: 'per-profile',
    threshold: { maxRate: 0.05 },
    measuredBy: 'rule',
    subject: 'profile',
    unit: 'profiles',
    docs: {
      why: 'Say what goes wrong for a retention programme, with a scenario.',
      decides: 'Say in words what the query below asks.',
      blind: 'Say what it does not see, and where it stays quiet on purpose.',
    },
  },
  options: z.object({}),
  population: () => sql\`select count(*) as count from profile\`,
  row: z.object({ cio_id: z.string(), label: z.string(), identity: z.string() }),
  query: () => sql\`
    select cio_id, coalesce(id, cio_id) as label, coalesce('id:' || id, cio_id) as identity
    from profile where email_norm is null\`,
  finding: ({ cio_id, label, identity }) => ({
    subject: { key: cio_id, label },
    identity,
    message: \`\${label} has no e-mail address\`,
    affected: 1,
    unit: 'profiles',
  }),
  evidenceRow: z.object({ cio_id: z.string(), id: z.string().nullable() }),
  evidence: () => sql\`
    select cio_id as subject, coalesce('id:' || id, cio_id) as identity, cio_id, id from profile where email_norm is null\`,
  remediation: () => 'Say what to do, in the imperative, and where.',
  examples: [
    {
      title: 'A profile without an e-mail address',
      workspace: { profiles: [{ cio_id: 'a1', id: 'u-1' }] },
      findings: ['a1'],
    },
    {
      title: 'A profile that has one',
      workspace: { profiles: [{ cio_id: 'a1', id: 'u-1', email: 'ana@shop.test' }] },
      findings: [],
    },
  ],
})
`
}

export function testTemplate(id: string): string {
  return `import { expect, test } from 'vitest'
import rule from '../../../rules/${id}.ts'
import { contextOf } from '../../../src/audit/run-rule.ts'
import { builtInPlan } from '../../../src/config/index.ts'
import { asOf, modelOver, settings, snapshotRows } from '../../support/workspace.ts'

// Cases beyond the examples: nulls, case, white space, time zones, doubled records, near misses that differ in one fact.
test.each([
  ['nobody at all', [], []],
  ['an address of nothing but space', [{ cio_id: 'a1', email: '  ' }], ['a1']],
])('%s', async (_, profiles, expected) => {
  const db = await modelOver(snapshotRows({ profiles }), builtInPlan)
  const context = contextOf(rule, settings, asOf)
  const rows = await db.rows(rule.query(context))
  const found = rows.map((row) => rule.finding(rule.row.parse(row), context).subject.key)
  expect(found.toSorted()).toEqual(expected)
  db.close()
})
`
}
