import { expect, test } from 'vitest'
import type { AuditReport } from '../../src/core/report.ts'
import { fileOf, xmlAll, xmlOf, type XmlElement } from '../support/formats.ts'
import { generatedAudit, hundredThousand } from '../support/generated-audit.ts'
import { fixedAudit } from '../support/report-fixture.ts'

const suitesOf = async (input = fixedAudit()): Promise<XmlElement> => xmlOf(await fileOf('junit', input))
const outcomeOf = (element: XmlElement): string =>
  ['failure', 'error', 'skipped'].find((name) => xmlAll(element, name).length > 0) ?? 'passed'

test('a suite for each category, a case for each rule: what blocks fails, what nobody could judge is an error', async () => {
  const cases = xmlAll(await suitesOf(), 'testcase')
  const told = Object.fromEntries(cases.map((one) => [one.attributes['name'], outcomeOf(one)]))
  expect(told).toMatchObject({
    'attributes/missing': 'passed',
    'attributes/wrong-type': 'failure',
    'devices/orphaned-token': 'error',
    'devices/shared-token': 'passed',
    'events/duplicate-key': 'skipped',
    // It warns, and only --fail-on warn makes that a failure of the job.
    'events/missing-property': 'passed',
    'identity/duplicate-email': 'failure',
  })
})

test('a warning is not lost: it stands in system-out, with what was found', async () => {
  const warned = xmlAll(await suitesOf(), 'testcase').find(
    ({ attributes }) => attributes['name'] === 'events/missing-property',
  )
  expect(warned && xmlAll(warned, 'system-out')[0]?.text).toMatch(
    /^Warning: Purchase: 9\.5 % of events, allowed 1 %\.\n1 finding; 38 of 400 events\.\n- 38 of 400 purchase/,
  )
})

test('the counts of each suite, and of all, are those of their cases', async () => {
  const root = await suitesOf()
  for (const element of [root, ...xmlAll(root, 'testsuite')]) {
    const cases = xmlAll(element, 'testcase')
    const of = (outcome: string): string => String(cases.filter((one) => outcomeOf(one) === outcome).length)
    expect(element.attributes).toMatchObject({
      tests: String(cases.length),
      failures: of('failure'),
      errors: of('error'),
      skipped: of('skipped'),
    })
  }
})

test('a question that nobody has proved is no success, and one that somebody vouches for is', async () => {
  const report: AuditReport = {
    ...fixedAudit().report,
    rules: [],
    verdict: { decision: 'inconclusive', reason: '1 item is unproven', blocking: [], inconclusive: [] },
  }
  const cases = xmlAll(await suitesOf({ ...fixedAudit(), report }), 'testcase')
  const of = (item: string): string | undefined =>
    cases.filter(({ attributes }) => attributes['name']?.startsWith(`${item}: `)).map(outcomeOf)[0]
  expect(of('spot-check')).toBe('error')
  expect(of('event-dedupe')).toBe('passed')
  expect(of('canonical-identifier')).toBe('failure')
})

test('of 100,000 findings the file tells the worst of each rule, and how many more there are', async () => {
  const text = await fileOf('junit', generatedAudit(hundredThousand))
  expect(text.length).toBeLessThan(50_000)
  expect(text).toMatch(/40,000 findings \(8,000 known, 8,000 waived\)/)
  expect(text).toMatch(/\n- and 39,990 more\n/)
})
