import { expect, test } from 'vitest'
import rule from '../../../rules/journeys/unusable-date.ts'
import { settings } from '../../support/workspace.ts'
import { judge } from '../support.ts'

const journeys = [{ id: 8, name: 'Refill', dateAttribute: 'due' }]
const people = (...values: readonly string[]) =>
  values.map((due, n) => ({ cio_id: `a${String(n).padStart(3, '0')}`, attributes: { due } }))

test.each([
  ['1763800000000', 'milliseconds'],
  ['1763800000000.5', 'milliseconds'],
  ['176380000000', 'milliseconds'],
  ['20261122', 'a day as one number'],
  ['2026-11-22', 'ISO date'],
  ['2026-11-22T10:00:00Z', 'ISO date'],
  ['22.11.2026', 'local date'],
  ['11/22/26', 'local date'],
  ['next week', 'text'],
  ['null', 'text'],
  ['1763800000 s', 'text'],
])('%s is no date to Customer.io: %s', async (value, found) => {
  const { findings, evidence } = await judge(rule, { journeys, profiles: people(value) })
  expect(findings).toEqual([
    {
      subject: { key: '8', label: 'Refill' },
      message: `Refill starts from due, and 1 of 1 values are no Unix seconds: ${found}`,
      affected: 1,
      unit: 'values',
    },
  ])
  expect(evidence).toEqual([
    { subject: '8', journey: 'Refill', attribute: 'due', cio_id: 'a000', value, found },
  ])
})

test.each([
  '1763800000',
  ' 1763800000 ',
  '1763800000.25',
  '-86400',
  '0',
  '99999999999',
  '20261322',
  '20261132',
])('%s is one', async (value) => {
  expect((await judge(rule, { journeys, profiles: people(value) })).findings).toEqual([])
})

test('more than one value in a hundred; empty ones are no values', async () => {
  const fine = Array.from({ length: 99 }, () => '1763800000')
  expect((await judge(rule, { journeys, profiles: people(...fine, 'soon', '', '  ') })).findings).toEqual([])
  const { findings } = await judge(rule, { journeys, profiles: people(...fine.slice(1), 'soon', '') })
  expect(findings.map(({ message }) => message)).toEqual([
    'Refill starts from due, and 1 of 99 values are no Unix seconds: text',
  ])
})

test('an attribute that nobody has: told of a running journey, an error for a named one', async () => {
  const workspace = { journeys, profiles: people('') }
  const running = await judge(rule, workspace)
  expect(running.findings).toEqual([
    {
      subject: { key: '8', label: 'Refill' },
      message: 'Refill starts from due, which nobody has',
      affected: 1,
      unit: 'journeys',
      informative: 'warn',
    },
  ])
  expect(running.evidence).toEqual([
    { subject: '8', journey: 'Refill', attribute: 'due', cio_id: null, value: null, found: null },
  ])
  expect(running.population).toBe(1)
  const named = await judge(rule, workspace, { named: [8] })
  expect(named.findings.map(({ informative }) => informative)).toEqual([undefined])
})

test('names with signs of their own, drafts and stopped journeys, and the share as an option', async () => {
  const changed = {
    ...settings,
    rules: { 'journeys/unusable-date': { enabled: true, options: { maxShare: 0.5 } } },
  }
  const workspace = {
    journeys: [
      { id: 1, name: 'Signs', dateAttribute: 'a/b~c' },
      { id: 2, state: 'draft' as const, dateAttribute: 'a/b~c' },
      { id: 3, state: 'stopped' as const, dateAttribute: 'a/b~c' },
      { id: 4, event: 'x' },
    ],
    profiles: ['x', 'y', '1', '2', '3'].map((value, n) => ({
      cio_id: `a${n}`,
      attributes: { 'a/b~c': value },
    })),
  }
  const { findings, population } = await judge(rule, workspace)
  expect(findings.map(({ subject, affected }) => [subject.key, affected])).toEqual([['1', 2]])
  expect(population).toBe(5)
  expect((await judge(rule, workspace, { settings: changed })).findings).toEqual([])
})
