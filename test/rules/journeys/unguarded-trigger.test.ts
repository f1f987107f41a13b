import { expect, test } from 'vitest'
import rule from '../../../rules/journeys/unguarded-trigger.ts'
import { settings } from '../../support/workspace.ts'
import { judge } from '../support.ts'

const keyed = { order: { dedupeKey: 'key' } }
const journeys = [{ id: 1, name: 'Thanks', event: 'order' }]
/** One event a minute, each with a key of its own unless told otherwise. */
const orders = (count: number, keyOf: (n: number) => string | null = (n) => `k${n}`) =>
  Array.from({ length: count }, (_, n) => {
    const key = keyOf(n)
    return {
      cio_id: 'a1',
      name: 'order',
      at: new Date(Date.parse('2026-11-20T00:00:00Z') + n * 60_000).toISOString(),
      data: { n, ...(key === null ? {} : { key }) },
    }
  })
const reasonOf = async (
  events: ReturnType<typeof orders>,
  plan: Record<string, object> | undefined = keyed,
  changed = settings,
): Promise<string[]> =>
  (
    await judge(rule, { ...(plan === undefined ? {} : { plan }), journeys, events }, { settings: changed })
  ).findings.map(({ message }) => message.replace('Thanks starts from order, of which ', ''))

test('more than five in a hundred without a key', async () => {
  expect(await reasonOf(orders(100, (n) => (n < 5 ? null : `k${n}`)))).toEqual([])
  expect(await reasonOf(orders(100, (n) => (n < 6 ? null : `k${n}`)))).toEqual([
    '6 of 100 carry no dedupe key',
  ])
  expect(await reasonOf(orders(100, (n) => (n < 6 ? ' ' : `k${n}`)))).toEqual([
    '6 of 100 carry no dedupe key',
  ])
})

test('at least three copies, and more than one in two hundred', async () => {
  expect(await reasonOf(orders(100, (n) => (n < 3 ? 'same' : `k${n}`)))).toEqual([])
  expect(await reasonOf(orders(100, (n) => (n < 4 ? 'same' : `k${n}`)))).toEqual([
    '3 of 100 are surplus copies',
  ])
  expect(await reasonOf(orders(600, (n) => (n < 4 ? 'same' : `k${n}`)))).toEqual([])
  expect(await reasonOf(orders(599, (n) => (n < 4 ? 'same' : `k${n}`)))).toEqual([
    '3 of 599 are surplus copies',
  ])
})

test('copies at the same moment count, those some seconds later do not', async () => {
  const at = (second: number) => (n: number) => ({
    cio_id: 'a1',
    name: 'order',
    at: `2026-11-20T10:0${n}:0${second}Z`,
    data: { n, key: `k${n}-${second}` },
  })
  const turns = [0, 1, 2]
  expect(await reasonOf([...turns.map(at(0)), ...turns.map(at(0))] as never)).toEqual([
    '3 of 6 are surplus copies',
  ])
  expect(await reasonOf([...turns.map(at(0)), ...turns.map(at(4))] as never)).toEqual([])
})

test('a copy by its key and by its moment is one copy', async () => {
  const twice = [0, 1, 2].flatMap((n) =>
    orders(3)
      .slice(n, n + 1)
      .flatMap((order) => [order, order]),
  )
  expect(await reasonOf(twice)).toEqual(['3 of 6 are surplus copies'])
})

test('an event of the plan without a key, and one that the plan does not know', async () => {
  expect(await reasonOf(orders(4), { order: {} })).toEqual(['4 of 4 carry no dedupe key'])
  expect(await reasonOf(orders(4), { other: {} })).toEqual([])
})

test('noise is named elsewhere, and a draft is not judged', async () => {
  expect(await reasonOf(orders(4), { order: { intent: 'noise' } })).toEqual([])
  const draft = [{ id: 1, event: 'order', state: 'draft' as const }]
  expect((await judge(rule, { plan: { order: {} }, journeys: draft, events: orders(4) })).findings).toEqual(
    [],
  )
})

test('of several journeys on one event only those that run or were named are told, and asked', async () => {
  const workspace = {
    plan: { order: {} },
    journeys: [
      ...journeys,
      { id: 2, event: 'order', state: 'draft' as const },
      { id: 3, event: 'order', state: 'stopped' as const },
      { id: 4, triggerSegments: [1] },
    ],
    events: orders(4),
  }
  const keysOf = async (named: readonly number[]) => {
    const { findings, population } = await judge(rule, workspace, { named })
    return [findings.map(({ subject }) => subject.key), population]
  }
  expect(await keysOf([])).toEqual([['1'], 1])
  expect(await keysOf([2])).toEqual([['1', '2'], 2])
})

test('the message id of Pipelines files is a key', async () => {
  const calls = [0, 1, 2, 3].map((n) => ({
    kind: 'event' as const,
    at: `2026-11-20T10:0${n}:00Z`,
    user_id: 'u-1',
    name: 'order',
    data: { n },
  }))
  expect((await judge(rule, { plan: keyed, journeys, calls })).findings).toEqual([])
})

test('files whose events carry a key say nothing of those that come over the API without one', async () => {
  const calls = [0, 1, 2, 3].map((n) => ({
    kind: 'event' as const,
    at: `2026-11-21T10:0${n}:00Z`,
    user_id: 'u-1',
    name: 'order',
    data: { key: `f${n}` },
  }))
  const { findings } = await judge(rule, { plan: keyed, journeys, calls, events: orders(4, () => null) })
  expect(findings.map(({ message }) => message)).toEqual([
    'Thanks starts from order, of which 4 of 8 carry no dedupe key',
  ])
})

test('the options, and what a finding and its evidence say', async () => {
  const options = { maxKeyless: 0.5, maxCopies: 0.1, minCopies: 2 }
  const changed = { ...settings, rules: { 'journeys/unguarded-trigger': { enabled: true, options } } }
  const both = (n: number) => (n < 11 ? null : n < 14 ? 'same' : `k${n}`)
  const { findings, evidence, population } = await judge(
    rule,
    { plan: keyed, journeys, events: orders(19, both) },
    { settings: changed },
  )
  expect(findings).toEqual([
    {
      subject: { key: '1', label: 'Thanks' },
      message:
        'Thanks starts from order, of which 2 of 19 are surplus copies and 11 of 19 carry no dedupe key',
      affected: 1,
      unit: 'journeys',
      events: ['order'],
    },
  ])
  expect(evidence).toEqual([
    { subject: '1', journey: 'Thanks', event: 'order', events: 19, without_key: 11, copies: 2 },
  ])
  expect(population).toBe(1)
})
