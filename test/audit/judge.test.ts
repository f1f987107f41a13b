import { expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { judge, policyOf, type Tally } from '../../src/audit/judge.ts'
import type { Rule } from '../../src/audit/rule.ts'
import { settings } from '../support/workspace.ts'

const { meta } = rules.find((rule) => rule.meta.id === 'events/missing-key') as Rule
const policy = policyOf(meta, settings)
const finding = (label: string, affected: number, severity: 'warn' | 'error') => ({
  label,
  affected,
  population: 100,
  severity,
})
const outcome = (...measured: Tally['measured']) => {
  const affected = measured.reduce((sum, own) => sum + own.affected, 0)
  return judge(meta, policy, { population: 300, affected, measured })
}

test('a rule is as severe as the worst finding that passes the limit', () => {
  expect(outcome(finding('a', 20, 'warn'))).toMatchObject({ status: 'fail', severity: 'warn', rate: 0.2 })
  expect(outcome(finding('a', 20, 'warn'), finding('b', 10, 'error'))).toEqual({
    status: 'fail',
    severity: 'error',
    rate: 0.1,
    reason: '10 % of b, allowed 5.0 %',
  })
})

test('a rule that passes says what it found that does not count', () => {
  const { meta: own } = rules.find((rule) => rule.meta.id === 'identity/duplicate-email') as Rule
  const reason = (known: number, waived: number, informative: number) => {
    const tally = { population: 45, affected: 0, measured: [], uncounted: { known, waived, informative } }
    return judge(own, policyOf(own, settings), tally).reason
  }
  const unit = own.unit
  expect(reason(0, 0, 0)).toBe(`none of 45 ${unit}`)
  expect(reason(9, 0, 0)).toBe(`no new ones among 45 ${unit} (9 findings: 9 known)`)
  expect(reason(9, 3, 0)).toBe(`no new ones among 45 ${unit} (12 findings: 9 known, 3 waived)`)
  expect(reason(0, 1, 0)).toBe(`no new ones among 45 ${unit} (1 finding: 1 waived)`)
  expect(reason(1, 0, 2)).toBe(`none that counts among 45 ${unit} (3 findings: 1 known, 2 for information)`)
})

test('a finding under the limit raises nothing', () => {
  expect(outcome(finding('a', 20, 'warn'), finding('b', 5, 'error'))).toMatchObject({
    status: 'fail',
    severity: 'warn',
    rate: 0.2,
  })
  const passing = outcome(finding('b', 5, 'error'))
  expect(passing).toEqual({ status: 'pass', rate: 0.05, reason: '5.0 % of b' })
})

test('whoever sets the severity in the config has settled it', () => {
  expect(policy).toMatchObject({ severity: 'warn', settled: false })
  const own = { ...settings, rules: { [meta.id]: { severity: 'warn' as const } } }
  expect(policyOf(meta, own as never)).toMatchObject({ severity: 'warn', settled: true })
})

test('a rate of nobody is not judged, whatever was found', () => {
  const split = rules.find((rule) => rule.meta.id === 'identity/split-history') as Rule
  const limits = policyOf(split.meta, settings)
  const of = (affected: number) => judge(split.meta, limits, { population: 0, affected, measured: [] })
  expect(of(10)).toEqual({
    status: 'inconclusive',
    reason: 'only 0 records, 30 are needed to judge a rate',
    rate: null,
  })
  expect(of(0)).toMatchObject({ status: 'skipped' })
  const one = judge(split.meta, limits, { population: 1, affected: 1, measured: [] })
  expect(one.reason).toBe('only 1 record, 30 are needed to judge a rate')
})

test('of several findings that are too few to judge the worst is told, whichever was found first', () => {
  const few = ['b', 'a', 'c'].map((label, n) => ({
    ...finding(label, n === 2 ? 12 : 10, 'warn'),
    population: 20,
  }))
  const told = { status: 'inconclusive', reason: 'only 20 c, 30 are needed to judge a rate' }
  expect(outcome(...few)).toMatchObject(told)
  expect(outcome(...few.toReversed())).toMatchObject(told)
  const alike = { reason: 'only 20 a, 30 are needed to judge a rate' }
  expect(outcome(...few.slice(0, 2))).toMatchObject(alike)
  expect(outcome(...few.slice(0, 2).toReversed())).toMatchObject(alike)
})
