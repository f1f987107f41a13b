import { expect, test } from 'vitest'
import type { ChecklistItem } from '../../src/core/checklist.ts'
import type { AuditReport } from '../../src/core/report.ts'
import { answer } from '../../src/reports/signs.ts'
import { fixedAudit } from '../support/report-fixture.ts'

type Rule = AuditReport['rules'][number]

const [any] = fixedAudit().report.rules
const rule = (category: Rule['category'], status: Rule['status'], item: ChecklistItem): Rule => ({
  ...any!,
  category,
  status,
  checklist: [item],
})
const word = (item: ChecklistItem, ...rules: readonly (readonly [Rule['category'], Rule['status']])[]) =>
  answer(
    { item, status: 'pass', rules: [], attested: null },
    { rules: rules.map(([category, status]) => rule(category, status, item)) },
  ).word

test('a question about events that attributes alone have answered says so', () => {
  const few = 'yes, as far as attributes show it: no event was judged'
  expect(word('event-taxonomy', ['attributes', 'pass'], ['events', 'skipped'])).toBe(few)
  expect(word('event-properties', ['attributes', 'pass'], ['journeys', 'skipped'])).toBe(few)
  expect(word('event-properties', ['attributes', 'pass'], ['events', 'pass'])).toBe('yes')
  expect(word('event-properties', ['attributes', 'skipped'], ['journeys', 'fail'])).toBe('yes')
  expect(word('canonical-identifier', ['attributes', 'pass'])).toBe('yes')
})
