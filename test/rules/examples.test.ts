import { expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { contextOf } from '../../src/audit/run-rule.ts'
import { asOf, modelOver, planOf, settings, snapshotRows } from '../support/workspace.ts'

const cases = rules.flatMap((rule) =>
  rule.examples.map((example) => ({ rule, example, name: `${rule.meta.id}: ${example.title}` })),
)

test.each(cases)('$name', async ({ rule, example }) => {
  const { workspace } = example
  const db = await modelOver(snapshotRows(workspace), planOf(workspace), settings, 2, [], workspace)
  const context = contextOf(rule, settings, asOf)
  const rows = await db.rows(rule.query(context))
  const found = rows.map((row) => rule.finding(rule.row.parse(row) as never, context))
  expect(found.map(({ subject }) => subject.key).toSorted()).toEqual(example.findings)
  const evidence = await db.rows(rule.evidence(context))
  expect([...new Set(evidence.map((row) => String(row['subject'])))].toSorted()).toEqual(example.findings)
  for (const row of evidence) rule.evidenceRow.parse(row)
  // One row of evidence for each affected record, so that the files prove the counts.
  for (const { subject, affected } of found) {
    expect(evidence.filter((row) => row['subject'] === subject.key)).toHaveLength(affected)
  }
  expect(Number(await db.scalar(rule.population(context)))).toBeGreaterThanOrEqual(0)
  db.close()
})

test.each(rules.map((rule) => ({ rule, id: rule.meta.id })))(
  '$id shows a defect and a near miss',
  ({ rule }) => {
    expect(rule.examples.some(({ findings }) => findings.length > 0)).toBe(true)
    expect(rule.examples.some(({ findings }) => findings.length === 0)).toBe(true)
  },
)
