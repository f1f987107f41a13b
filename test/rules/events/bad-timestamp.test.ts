import { expect, test } from 'vitest'
import rule from '../../../rules/events/bad-timestamp.ts'
import { judge } from '../support.ts'

const event = (n: number, at: string, name = 'cart_updated') => ({
  id: `e${n}`,
  cio_id: 'a1',
  name,
  at,
  data: {},
})

test('what is told', async () => {
  const judged = await judge(rule, {
    profiles: [{ cio_id: 'a1', id: 'u-1', email: 'ana@shop.test' }],
    events: [
      event(1, '2009-12-31T23:59:59Z'),
      event(2, '2026-11-23T12:05:01Z'),
      event(3, '2026-11-20T10:00:00Z'),
      event(4, '2026-11-20T10:00:00Z', 'other'),
    ],
  })
  expect(judged.findings).toEqual([
    {
      subject: { key: 'cart_updated', label: 'cart_updated' },
      message: '2 of 3 cart_updated events say a time that cannot be right: 1 in the future; 1 before 2010',
      affected: 2,
      unit: 'events',
      population: 3,
      firstSeen: '2009-12-31T23:59:59Z',
      lastSeen: '2026-11-23T12:05:01Z',
      events: ['cart_updated'],
    },
  ])
  expect(judged.population).toBe(4)
  expect(judged.evidence).toEqual([
    {
      subject: 'cart_updated',
      event: 'cart_updated',
      cio_id: 'a1',
      id: 'u-1',
      email: 'ana@shop.test',
      activity_id: 'e1',
      happened_at: '2009-12-31T23:59:59Z',
      received_at: null,
      kind: 'past',
      hours: null,
    },
    expect.objectContaining({ activity_id: 'e2', kind: 'future' }),
  ])
})

test('an event that was never seen at another time', async () => {
  const { findings, population } = await judge(rule, { events: [event(1, '1970-01-01T00:00:00Z')] })
  expect(findings.map(({ affected, population: own }) => [affected, own])).toEqual([[1, 1]])
  expect(population).toBe(1)
})

test.each([
  ['five minutes ahead', '2026-11-23T12:05:00Z', []],
  ['the first second of 2010', '2010-01-01T00:00:00Z', []],
  ['before the window', '2020-01-01T00:00:00Z', []],
  ['the last second in which seconds are meant', '5138-11-16T09:46:39Z', ['future']],
  ['milliseconds taken for seconds', '5138-11-16T09:46:40Z', ['milliseconds']],
])('%s', async (_, at, kinds) => {
  const { evidence, findings } = await judge(rule, { events: [event(1, at)] })
  expect(evidence.map((row) => row['kind'])).toEqual(kinds)
  if (kinds[0] === 'milliseconds') expect(findings[0]?.message).toContain('1 in milliseconds')
})

test('screens and changes are no events', async () => {
  const judged = await judge(rule, {
    calls: [{ kind: 'screen', at: '1999-01-01T00:00:00Z', user_id: 'u-1', name: 'home' }],
    activities: [{ cio_id: 'a1', type: 'attribute_change', at: '1999-01-01T00:00:00Z' }],
  })
  expect(judged.findings).toEqual([])
})

test('somebody in files has a name', async () => {
  const judged = await judge(rule, {
    calls: [
      { kind: 'identify', at: '2026-11-20T10:00:00Z', user_id: 'u-1', data: { email: 'ana@shop.test' } },
      { kind: 'event', at: '1999-01-01T00:00:00Z', user_id: 'u-1', name: 'purchase' },
      { kind: 'event', at: '1999-01-01T00:00:00Z', anonymous_id: 'v-1', name: 'purchase' },
    ],
  })
  expect(judged.evidence.map((row) => row['cio_id'])).toEqual(['anon:v-1', 'id:u-1'])
})

test('what came at a wrong time is among the events of its name already; screens of that name are not', async () => {
  const call = (minute: number, late: number, kind: 'event' | 'screen' = 'event') => {
    const at = Date.UTC(2026, 10, 12, 10, minute)
    return {
      kind,
      user_id: 'u-1',
      name: 'cart_updated',
      at: new Date(at).toISOString(),
      received: new Date(at + late * 1000).toISOString(),
    }
  }
  const judged = await judge(rule, {
    calls: [
      ...Array.from({ length: 20 }, (_, n) => call(n, 5 * 3600)),
      call(30, 80 * 3600 + 1800),
      call(31, 0),
      call(32, 0, 'screen'),
      call(33, 0, 'screen'),
      { kind: 'event', user_id: 'u-1', name: 'purchase', at: '1999-01-01T00:00:00Z' },
    ],
  })
  expect(judged.findings.map(({ message, population }) => [message, population])).toEqual([
    [
      '21 of 22 cart_updated events say a time that cannot be right: 20 off by whole hours (5), as when local time is sent as UTC; 1 received more than 72 hours late',
      22,
    ],
    ['1 of 1 purchase events say a time that cannot be right: 1 before 2010', 1],
  ])
  expect(judged.population).toBe(23)
  expect(judged.parts).toEqual([{ label: 'cart_updated', population: 22, event: 'cart_updated' }])
})

test('what only came late is not told as a wrong time', async () => {
  const calls = Array.from({ length: 3 }, (_, n) => ({
    kind: 'event' as const,
    user_id: 'u-1',
    name: 'cart_updated',
    at: `2026-11-1${n}T10:00:00Z`,
    received: `2026-11-1${n + 4}T10:30:00Z`,
  }))
  const { findings } = await judge(rule, { calls })
  expect(findings.map(({ message }) => message)).toEqual([
    '3 of 3 cart_updated events were received more than 72 hours late',
  ])
})

test('a name that only screens bear has no events', async () => {
  const { findings, parts } = await judge(rule, {
    events: [event(1, '1999-01-01T00:00:00Z', 'home')],
    calls: [{ kind: 'screen', at: '2026-11-20T10:00:00Z', user_id: 'u-1', name: 'home' }],
  })
  expect(findings.map(({ message, population }) => [message, population])).toEqual([
    ['1 of 1 home events say a time that cannot be right: 1 before 2010', 1],
  ])
  expect(parts).toEqual([])
})
