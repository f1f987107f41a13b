import { expect, test } from 'vitest'
import rule from '../../../rules/events/missing-key.ts'
import { judge } from '../support.ts'

const plan = {
  order: { critical: true, dedupeKey: 'key' },
  look: { dedupeKey: 'key' },
  ping: { critical: true },
}

const event = (data: Readonly<Record<string, unknown>>, minute = 0, name = 'order') => ({
  cio_id: 'a1',
  name,
  at: `2026-11-20T10:${String(minute).padStart(2, '0')}:00Z`,
  data,
})

test('absent, null and blank keys and words for nothing are counted, against all events of that name', async () => {
  const events = [
    event({}),
    event({ key: null }, 1),
    event({ key: '' }, 2),
    event({ key: '  ' }, 3),
    event({ Key: 'k' }, 4),
    event({ order: { key: 'k' } }, 5),
    event({ key: 'k-1' }, 6),
    event({ key: 7 }, 7),
    event({ key: 'undefined' }, 8),
    event({ key: ' NULL ' }, 9),
    event({ key: 'undefined-8' }, 10),
  ]
  const { findings, evidence, population } = await judge(rule, {
    plan,
    profiles: [{ cio_id: 'a1', id: 'u-1', email: 'ana@shop.test' }],
    events,
  })
  expect(findings).toEqual([
    {
      subject: { key: 'order', label: 'order' },
      message: '8 of 11 order events carry no dedupe key',
      affected: 8,
      unit: 'events',
      population: 11,
      firstSeen: '2026-11-20T10:00:00Z',
      lastSeen: '2026-11-20T10:09:00Z',
      events: ['order'],
    },
  ])
  expect(evidence).toHaveLength(8)
  expect(evidence[0]).toMatchObject({ subject: 'order', event: 'order', cio_id: 'a1', id: 'u-1' })
  expect(population).toBe(11)
})

test('events that are not critical, have no key in the plan, or are screens are not judged', async () => {
  const { findings, evidence, population, parts } = await judge(
    rule,
    { plan, events: [event({}, 0, 'look'), event({}, 1, 'ping'), event({}, 2, 'other')] },
    { screens: ['order'] },
  )
  expect([findings, evidence, population, parts]).toEqual([[], [], 0, []])
})

/** Orders with keys, of which so many come twice under one key. */
const repeated = (copies: number) =>
  Array.from({ length: copies }, (_, n) => [
    event({ key: `k-${n}`, total: n }, n),
    event({ key: `k-${n}`, total: n }, n + 20),
  ]).flat()

/** Orders that come twice at one moment. */
const doubled = (copies: number) =>
  Array.from({ length: copies }, (_, n) => [event({ total: n }, n), event({ total: n }, n)]).flat()

test.each([
  ['2 keys that were repeated', repeated(2), undefined],
  ['3 keys that were repeated', repeated(3), 'error'],
  ['2 orders twice at one moment', doubled(2), undefined],
  ['3 orders twice at one moment', doubled(3), 'error'],
  ['3 copies of another event', repeated(3).map((e) => ({ ...e, name: 'look' })), undefined],
  [
    '3 orders again two seconds later, as two taps do',
    doubled(3).map((e, n) => ({ ...e, at: e.at.replace(':00Z', n % 2 ? ':02Z' : ':00Z') })),
    undefined,
  ],
])('beside %s it is %s', async (_, others, raised) => {
  const { findings } = await judge(rule, { plan, events: [event({}, 59), ...others] })
  expect(findings.map((finding) => finding.raised)).toEqual([raised])
  if (raised) expect(findings[0]?.message).toMatch(/, and 3 order events are copies$/)
})

test('the message id of files counts as a key', async () => {
  const calls = [
    { kind: 'event', name: 'order', user_id: 'u-1', at: '2026-11-20T10:00:00Z', data: {} },
    { kind: 'event', name: 'order', user_id: 'u-1', at: '2026-11-20T11:00:00Z', data: { key: 'k' } },
  ] as const
  const { findings, evidence, population } = await judge(rule, { plan, calls })
  expect([findings, evidence, population]).toEqual([[], [], 2])
})

test('events of the API that came without an id are judged', async () => {
  const { findings } = await judge(rule, { plan, events: [{ ...event({}), id: null }] })
  expect(findings.map(({ affected }) => affected)).toEqual([1])
})
