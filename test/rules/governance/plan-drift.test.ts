import { expect, test } from 'vitest'
import rule from '../../../rules/governance/plan-drift.ts'
import type { PlanComparison } from '../../../src/core/plan-history.ts'
import { judge, nothing } from '../support.ts'

type Change = PlanComparison['changes'][number]
const change = (path: string, rest: Partial<Change> = {}): Change => ({
  subject: 'events.purchase',
  kind: 'event',
  name: 'purchase',
  path,
  breaking: true,
  text: 'removed',
  ...rest,
})
const compared = (changes: readonly Change[], announced = false) =>
  judge(rule, {
    planComparison: { version: '1.3.0', earlierVersion: '1.2.0', announced, entries: 40, changes },
  })
const attribute = { subject: 'attributes.tier', kind: 'attribute', name: 'tier' } as const

test('one finding for each event or attribute, with what is said of it', async () => {
  const { findings, evidence, population, remark } = await compared([
    change('d'),
    change('b'),
    change('a'),
    change('c'),
    change('e', { breaking: false }),
    change('attributes.tier', attribute),
    change('attributes.tier.enum', { ...attribute, breaking: false }),
  ])
  expect(findings).toEqual([
    {
      subject: { key: 'attributes.tier', label: 'tier' },
      message: 'tier changed in 1 breaking way between version 1.2.0 and 1.3.0: attributes.tier removed',
      affected: 1,
      unit: 'changes',
      attributes: ['tier'],
    },
    {
      subject: { key: 'events.purchase', label: 'purchase' },
      message:
        'purchase changed in 4 breaking ways between version 1.2.0 and 1.3.0: a removed; b removed; c removed …',
      affected: 4,
      unit: 'changes',
      events: ['purchase'],
    },
  ])
  expect(evidence.map(({ subject, path }) => `${String(subject)} ${String(path)}`)).toEqual([
    'attributes.tier attributes.tier',
    'events.purchase a',
    'events.purchase b',
    'events.purchase c',
    'events.purchase d',
  ])
  expect([population, remark]).toEqual([40, 'compared with version 1.2.0 of the run before'])
})

test('three changes are told in full', async () => {
  const { findings } = await compared(['a', 'b', 'c'].map((path) => change(path)))
  expect(findings[0]?.message).toMatch(/: a removed; b removed; c removed$/)
})

test.each([
  ['nothing changed', [], false, ''],
  ['nothing that breaks', [change('a', { breaking: false })], false, ''],
  ['announced', [change('a')], true, ': a new major version, with 1 breaking change'],
  ['announced, twice', [change('a'), change('b')], true, ': a new major version, with 2 breaking changes'],
  ['a new major version that breaks nothing', [change('a', { breaking: false })], true, ''],
])('%s: fine', async (_, changes, announced, told) => {
  const { findings, evidence, population, remark } = await compared(changes, announced)
  expect([findings, evidence, population]).toEqual([[], [], 40])
  expect(remark).toBe(`compared with version 1.2.0 of the run before${told}`)
})

test('without an earlier plan there is nothing to compare', async () => {
  expect(await judge(rule, {})).toEqual(nothing)
})
