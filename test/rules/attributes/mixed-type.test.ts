import { expect, test } from 'vitest'
import rule from '../../../rules/attributes/mixed-type.ts'
import { planOf } from '../../support/workspace.ts'
import { judge, messages } from '../support.ts'

/** So many profiles with each of the values of one attribute. */
function holders(attribute: string, counts: Readonly<Record<string, number>>) {
  return Object.entries(counts).flatMap(([value, count]) =>
    Array.from({ length: count }, (_, n) => ({
      cio_id: `${attribute}-${value}-${n}`,
      id: `u-${n}`,
      attributes: { [attribute]: value },
    })),
  )
}

test('kinds are counted, and the values that are not of the commonest one are the evidence', async () => {
  const { findings, evidence, population } = await judge(rule, {
    profiles: [
      ...holders('since', { '1700000000': 30, ' 2024-03-01 ': 2, '2024-03-01T08:00:00Z': 1, true: 1 }),
      ...holders('other', { x: 1, id: 1 }),
    ],
  })
  expect(findings).toEqual([
    {
      subject: { key: 'since', label: 'since' },
      message: 'since holds values of several kinds: 30 number, 3 date, 1 boolean of 34',
      affected: 4,
      unit: 'values',
      attributes: ['since'],
    },
  ])
  expect(evidence.map(({ subject, found, value }) => [subject, found, value])).toEqual([
    ['since', 'date', '2024-03-01'],
    ['since', 'date', '2024-03-01'],
    ['since', 'date', '2024-03-01T08:00:00Z'],
    ['since', 'boolean', 'true'],
  ])
  expect(population).toBe(36)
})

test.each([
  ['a number and JSON', { '3': 29, '{"a":1}': 1 }, '29 number, 1 json'],
  ['true and text', { TRUE: 20, yes: 10 }, '20 boolean, 10 text'],
  ['JSON and text that only looks like it', { '[1]': 20, '[object Object]': 10 }, '20 json, 10 text'],
  ['numbers are half of the text', { '5': 15, five: 15 }, '15 number, 15 text'],
  ['numbers and one that begins with a zero', { '5': 101, '05': 1, five: 2 }, '101 number, 3 text'],
  ['a kind with exactly a hundredth', { '5': 99, '2024-01-01': 1 }, '99 number, 1 date'],
  ['of two equal kinds the order is fixed', { true: 15, '2024-01-01': 15 }, '15 boolean, 15 date'],
])('%s are two kinds', async (_, counts, words) => {
  const judged = await judge(rule, { profiles: holders('thing', counts) })
  expect(messages(judged)).toEqual([expect.stringContaining(`: ${words} of `)])
  expect(judged.evidence).toHaveLength(judged.findings[0]?.affected ?? -1)
})

test.each([
  ['whole, decimal, signed and scientific numbers', { '12': 20, '-12.5': 10, '1e3': 5 }],
  ['texts of which some are digits', { 'b 4': 16, '4': 15 }],
  ['codes with leading zeros', { '007': 20, x7: 20 }],
  ['codes of which few begin with a zero', { '1045': 99, '0045': 1 }],
  ['a kind under a hundredth', { '5': 100, '2024-01-01': 1 }],
  ['too few values', { '5': 14, '2024-01-01': 15 }],
  ['values of nothing', { '5': 30, ' ': 10, '': 5 }],
])('%s are one kind', async (_, counts) => {
  const { findings, evidence } = await judge(rule, { profiles: holders('thing', counts) })
  expect([findings, evidence]).toEqual([[], []])
})

test('digits among few texts of several kinds are text too', async () => {
  const judged = await judge(rule, { profiles: holders('thing', { x: 12, '5': 13, '2024-01-01': 15 }) })
  expect(messages(judged)).toEqual(['thing holds values of several kinds: 25 text, 15 date of 40'])
  expect(judged.evidence.map(({ found }) => found)).toEqual(Array.from({ length: 15 }, () => 'date'))
})

test('what the plan knows, postal codes and built-in attributes are not judged', async () => {
  const mixed = { '5': 20, '2024-01-01': 20 }
  const plan = planOf({ plan: {} })
  const type = { type: 'number', required: false, recommended: false, appliesTo: 'all' } as const
  const profiles = ['planned', 'Zip', 'post_code', 'postal-code', 'PLZ', '_own', 'anonymous_id'].flatMap(
    (name) => holders(name, mixed),
  )
  const judged = await judge(rule, { profiles }, { plan: { ...plan, attributes: { planned: type } } })
  expect(judged).toMatchObject({ findings: [], evidence: [], population: 160 })
})

test('names may hold whatever a name can hold', async () => {
  const name = `a"b/c~d'e$f.g`
  const judged = await judge(rule, { profiles: holders(name, { '5': 20, '2024-01-01': 20 }) })
  expect(judged.findings.map(({ subject }) => subject.key)).toEqual([name])
  expect(judged.evidence).toHaveLength(20)
})

test('what the plan names is not judged, also where somebody writes it in another way', async () => {
  const plan = planOf({ plan: {} })
  const type = { type: 'number', required: false, recommended: false, appliesTo: 'all' } as const
  const profiles = [...holders('tier', { '5': 20, '2024-01-01': 20 }), ...holders('Tier', { '5': 3 })]
  const judged = await judge(rule, { profiles }, { plan: { ...plan, attributes: { tier: type } } })
  expect(judged).toMatchObject({ findings: [], evidence: [], population: 3 })
})

test('people without attributes have no values', async () => {
  expect(await judge(rule, { profiles: [{ cio_id: 'a1' }] })).toMatchObject({ findings: [], population: 0 })
})
