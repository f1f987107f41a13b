import { expect, test } from 'vitest'
import rule from '../../../rules/attributes/wrong-type.ts'
import type { Plan } from '../../../src/core/plan.ts'
import { planOf } from '../../support/workspace.ts'
import { judge, nothing } from '../support.ts'

const value = { required: true, recommended: false, appliesTo: 'all' } as const
const plan: Plan = {
  ...planOf({ plan: {} }),
  attributes: { bought: { ...value, type: 'timestamp' }, land: { ...value, type: 'country' } },
}

test('what the values look like instead, and never what is missing', async () => {
  const profiles = [
    { cio_id: 'a1', id: 'u-1', attributes: { bought: '1763800000000', land: 'DE' } },
    { cio_id: 'a2', email: 'bo@shop.test', attributes: { bought: '2026-11-22', land: 'US' } },
    { cio_id: 'a3', attributes: { bought: '1763800000' } },
    { cio_id: 'a4', attributes: { land: 'FR' } },
  ]
  const { findings, evidence, population } = await judge(rule, { profiles }, { plan })
  expect(findings).toEqual([
    {
      subject: { key: 'bought', label: 'bought' },
      message: '2 of 3 values of bought do not read as timestamp: ISO date, milliseconds',
      affected: 2,
      unit: 'values',
      population: 3,
      attributes: ['bought'],
    },
  ])
  const told = { subject: 'bought', attribute: 'bought' }
  expect(evidence).toEqual([
    { ...told, cio_id: 'a1', id: 'u-1', email: null, found: 'milliseconds', value: '1763800000000' },
    { ...told, cio_id: 'a2', id: null, email: 'bo@shop.test', found: 'ISO date', value: '2026-11-22' },
  ])
  expect(population).toBe(6)
})

test('a value that reads as its type and is not allowed is told as that', async () => {
  const tier = { ...value, type: 'string', enum: ['gold', 'silver'] } as const
  const score = { ...value, type: 'number', max: 5 } as const
  const profiles = [
    { cio_id: 'a1', attributes: { tier: 'Gold', score: '5.5' } },
    { cio_id: 'a2', attributes: { tier: 'gold', score: 'five' } },
    { cio_id: 'a3', attributes: { tier: 'silver', score: '5' } },
  ]
  const { findings } = await judge(rule, { profiles }, { plan: { ...plan, attributes: { tier, score } } })
  expect(findings.map(({ message }) => message)).toEqual([
    '2 of 3 values of score are not what the plan says: a value that is not allowed, other text',
    '1 of 3 values of tier are not what the plan says: a value that is not allowed',
  ])
})

test('a recommended country that most people have in words fails nothing', async () => {
  const lands = (...all: string[]) => all.map((land, n) => ({ cio_id: `a${n}`, attributes: { land } }))
  const found = async (profiles: ReturnType<typeof lands>, more: object) => {
    const land = { ...value, required: false, recommended: true, type: 'country', ...more } as const
    const { findings } = await judge(rule, { profiles }, { plan: { ...plan, attributes: { land } } })
    return findings.map(({ affected, informative }) => [affected, informative])
  }
  const inWords = lands('Germany', 'Austria', 'DE')
  expect(await found(inWords, {})).toEqual([[2, 'warn']])
  expect(await found(inWords, { type: 'locale' })).toEqual([[2, 'warn']])
  // Half of them is no form of the shop; a plan that requires codes means codes; and a date in words is no date.
  expect(await found(lands('Germany', 'DE'), {})).toEqual([[1, undefined]])
  expect(await found(inWords, { required: true })).toEqual([[2, undefined]])
  expect(await found(inWords, { recommended: false })).toEqual([[2, undefined]])
  expect(await found(inWords, { type: 'timestamp' })).toEqual([[3, undefined]])
})

test('a plan without attributes judges no value', async () => {
  const workspace = { plan: {}, profiles: [{ cio_id: 'a1', id: 'u-1' }] }
  expect(await judge(rule, workspace)).toEqual(nothing)
})

test('values are native where all of them come from Pipelines files, and text where any other source has a share', () => {
  expect(rule.meta.evidence?.(new Set(['pipelines']))).toBe('native values, by what they mean as text')
  expect(rule.meta.evidence?.(new Set(['pipelines', 'app-api']))).toBe('values as text')
  expect(rule.meta.evidence?.(new Set(['people-export']))).toBe('values as text')
})
