import { expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { judge, type Judged } from './support.ts'

const cases = rules.flatMap((rule) =>
  rule.examples.map((example) => ({ rule, example, name: `${rule.meta.id}: ${example.title}` })),
)

/** Times that cannot be right lie outside the window, and so are no part of what was seen in it. */
const ownParts = new Set(['events/bad-timestamp'])
/** Screens are what people do, too: whoever looked at one did not only open the app. */
const ofScreens = new Set(['events/background-opens'])

test.each(cases)('$name', async ({ rule, example }) => {
  const { workspace } = example
  const judged = await judge(rule, workspace)
  const { findings, evidence, population } = judged
  expect(findings.map(({ subject }) => subject.key)).toEqual(example.findings)
  expect([...new Set(evidence.map((row) => String(row['subject'])))].toSorted()).toEqual(example.findings)
  // One row of evidence for each affected record, so that the files prove the counts.
  for (const { subject, affected } of findings) {
    expect(evidence.filter((row) => row['subject'] === subject.key)).toHaveLength(affected)
  }
  expect(Number(population)).toBeGreaterThanOrEqual(0)
  const { meta } = rule
  if (rule.parts !== undefined && !ownParts.has(meta.id)) areMeasuredAgainstTheirParts(judged)
  if (/^(?:events|journeys)\//.test(meta.id) && !ofScreens.has(meta.id)) {
    // Screens have names too, and those can be the names of events: they change nothing.
    const named = [...(workspace.events ?? []), ...(workspace.calls ?? [])].flatMap(({ name }) => name ?? [])
    expect(await judge(rule, workspace, { screens: [...new Set(named)] })).toEqual(judged)
  }
})

function areMeasuredAgainstTheirParts({ findings, parts }: Judged): void {
  const counted = findings
    .filter(({ informative }) => informative === undefined)
    .map(({ subject, population }) => ({ label: subject.label ?? subject.key, population }))
  const own = counted.map(({ label }) =>
    parts.find(({ label: part }) => part === label || label.startsWith(`${String(part)}.`)),
  )
  expect(own.map((part) => part?.['population'])).toEqual(counted.map(({ population }) => population))
}

test.each(rules.map((rule) => ({ rule, id: rule.meta.id })))(
  '$id judges a workspace without anything',
  async ({ rule }) => {
    const { findings, evidence, population } = await judge(rule, {})
    expect(findings.filter(({ informative }) => informative === undefined)).toHaveLength(evidence.length)
    expect(population).toBeTypeOf('number')
  },
)

test.each(rules.map((rule) => ({ rule, id: rule.meta.id })))(
  '$id shows a defect and a near miss',
  ({ rule }) => {
    expect(rule.examples.some(({ findings }) => findings.length > 0)).toBe(true)
    expect(rule.examples.some(({ findings }) => findings.length === 0)).toBe(true)
  },
)
