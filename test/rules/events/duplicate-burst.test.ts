import { beforeAll, expect, test } from 'vitest'
import rule from '../../../rules/events/duplicate-burst.ts'
import { inOrder, judge, messages, type Judged } from '../support.ts'

const plan = {
  order: { intent: 'purchase' as const, critical: true },
  tap: { intent: 'cart' as const, critical: true },
  start: { intent: 'lifecycle' as const },
  browse: { intent: 'product' as const },
  ping: { intent: 'noise' as const, critical: true },
}
const event = (name: string, second: number, cio_id = 'a1') => ({
  cio_id,
  name,
  id: `${name}-${String(second).padStart(2, '0')}-${cio_id}`,
  at: new Date(Date.UTC(2026, 10, 10, 10, 0, second)).toISOString(),
})
/** Two at one moment: their ids differ. */
const pair = (name: string, cio_id = 'a1') => [
  event(name, 0, cio_id),
  { ...event(name, 0, cio_id), id: `${name}-00-${cio_id}-again` },
]
const events = [
  ...pair('order'),
  ...pair('order', 'a2'),
  event('order', 5),
  event('order', 40),
  ...pair('start'),
  event('tap', 0),
  event('tap', 4),
  event('tap', 30),
  ...pair('browse'),
  ...pair('ping'),
]

let judged: Judged
beforeAll(async () => {
  judged = await judge(
    rule,
    { plan, events },
    { triggers: ['start', 'ping'], screens: ['order', 'tap', 'ping'] },
  )
})

test('certain copies of critical and trigger events count; likely ones and others are told', () => {
  const told = judged.findings.map(({ subject, affected, population, informative }) => ({
    key: subject.key,
    affected,
    population,
    informative,
  }))
  expect(told).toEqual([
    { key: 'browse', affected: 1, population: 2, informative: 'info' },
    { key: 'order', affected: 2, population: 6, informative: undefined },
    { key: 'start', affected: 1, population: 2, informative: undefined },
    { key: 'tap', affected: 1, population: 3, informative: 'warn' },
  ])
  expect(messages(judged)).toEqual([
    '1 of 2 browse events came twice at the same moment with the same payload (1 person)',
    '2 of 6 order events came twice at the same moment with the same payload (2 people); 1 more repeat the one just before them',
    '1 of 2 start events came twice at the same moment with the same payload (1 person)',
    '1 of 3 tap events repeat the one just before them; two taps look the same (1 person)',
  ])
  expect(judged.findings[1]).toMatchObject({
    firstSeen: '2026-11-10T10:00:00Z',
    lastSeen: '2026-11-10T10:00:00Z',
  })
})

test('a guard is named where copies are certain', () => {
  expect(judged.findings.map(({ remediation }) => remediation)).toEqual([
    expect.stringContaining('in the last 10 s": it stops 100 % of the copies'),
    'Look for a second SDK or a listener that is registered twice. Guard the journey with "has not received this message in the last 10 s": it stops 100 % of the copies and swallows 0 % of the true repeats (1 min: 100 % and 100 %; 24 h: 100 % and 100 %).',
    expect.stringContaining('in the last 10 s": it stops 100 % of the copies'),
    undefined,
  ])
})

test('the evidence holds what was counted', () => {
  const rows = judged.evidence.map((row) => [
    row['subject'],
    row['activity_id'],
    row['previous_activity_id'],
    row['certain'],
  ])
  expect(inOrder(rows)).toEqual([
    ['browse', 'browse-00-a1-again', 'browse-00-a1', true],
    ['order', 'order-00-a1-again', 'order-00-a1', true],
    ['order', 'order-00-a2-again', 'order-00-a2', true],
    ['start', 'start-00-a1-again', 'start-00-a1', true],
    ['tap', 'tap-04-a1', 'tap-00-a1', false],
  ])
})

test('the population is the critical and trigger events that are no noise', () => {
  expect(judged.population).toBe(11)
})

test('no events, no population', async () => {
  expect((await judge(rule, { plan })).population).toBe(0)
})

test.each([
  ['in one order', ['a1', 'a2']],
  ['in the other', ['a2', 'a1']],
])('events of files that give no ids are told by their profiles, read %s', async (_, order) => {
  const { findings, evidence } = await judge(rule, {
    plan,
    profiles: ['a1', 'a2'].map((cio_id) => ({ cio_id, email: 'ana@shop.test' })),
    events: order.map((cio_id) => ({ ...event('order', 0, cio_id), id: null })),
  })
  expect(findings.map(({ affected }) => affected)).toEqual([1])
  expect(evidence.map((row) => [row['cio_id'], row['activity_id'], row['certain']])).toEqual([
    ['a2', null, true],
  ])
})

test('advice that other copies of the event led to is not given for likely ones', async () => {
  const keyed = { ...plan, tap: { ...plan.tap, dedupeKey: 'key' } }
  const tap = (second: number) => ({ ...event('tap', second), data: { key: 'k-1' } })
  const { findings } = await judge(rule, { plan: keyed, events: [tap(0), tap(4)] })
  expect(findings.map(({ informative, remediation }) => [informative, remediation])).toEqual([
    ['warn', undefined],
  ])
})
