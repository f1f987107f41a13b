import { expect, test } from 'vitest'
import rule from '../../../rules/journeys/double-send.ts'
import { judge } from '../support.ts'

const profiles = [
  { cio_id: 'a1', id: 'u-1', email: 'ana@shop.test' },
  { cio_id: 'a2', email: 'ana@shop.test' },
  { cio_id: 'b1', id: 'u-2', email: 'ben@shop.test' },
]
const delivery = (id: string, at: string, other: object = {}) => ({
  id,
  cio_id: 'a1',
  type: 'push',
  journey: 5,
  action: 50,
  at: `2026-11-${at}Z`,
  ...other,
})
const event = (id: string, second: number, data: object) => ({
  id,
  cio_id: 'b1',
  name: 'cart_updated',
  at: `2026-11-20T09:00:0${second}Z`,
  data: { ...data },
})
const first = delivery('d1', '20T10:00:00')
const named = async (...deliveries: ReturnType<typeof delivery>[]): Promise<string[]> =>
  (await judge(rule, { profiles, deliveries: [first, ...deliveries] })).findings.map(
    ({ subject }) => subject.key,
  )

test.each([
  ['at the same moment', delivery('d2', '20T10:00:00')],
  ['a day later to the second', delivery('d2', '21T10:00:00')],
  ['by another name of the channel', delivery('d2', '20T10:01:00', { type: 'Push' })],
  ['and it bounced', delivery('d2', '20T10:01:00', { metrics: ['Bounced'] })],
  ['and nothing says what became of it', delivery('d2', '20T10:01:00', { metrics: [] })],
  ['first dropped, then sent', delivery('d2', '20T10:01:00', { metrics: ['dropped', 'sent'] })],
])('sent again %s', async (_, again) => {
  expect(await named(again)).toEqual(['a1'])
})

test.each([
  ['more than a day later', delivery('d2', '21T10:00:01')],
  ['by another step', delivery('d2', '20T10:01:00', { action: 51 })],
  ['by another journey', delivery('d2', '20T10:01:00', { journey: 6 })],
  ['to somebody else', delivery('d2', '20T10:01:00', { cio_id: 'b1' })],
  ['but dropped', delivery('d2', '20T10:01:00', { metrics: ['dropped'] })],
  ['but only drafted', delivery('d2', '20T10:01:00', { metrics: ['drafted'] })],
  ['by a newsletter', delivery('d2', '20T10:01:00', { journey: null })],
  ['by no step', delivery('d2', '20T10:01:00', { action: null })],
  ['by webhook', delivery('d2', '20T10:01:00', { type: 'webhook' })],
  ['in the same delivery, read twice', delivery('d1', '20T10:01:00')],
])('not sent again %s', async (_, again) => {
  expect(await named(again)).toEqual([])
})

test('two strangers are not one person', async () => {
  expect(
    await named(
      delivery('d2', '20T10:00:00', { cio_id: 'yy' }),
      delivery('d3', '20T10:01:00', { cio_id: 'zz' }),
    ),
  ).toEqual([])
})

test('two strangers who were sent something twice are two people', async () => {
  const twice = ['yy', 'zz'].flatMap((cio_id) => [
    delivery(`${cio_id}1`, '20T10:00:00', { cio_id }),
    delivery(`${cio_id}2`, '20T10:01:00', { cio_id }),
  ])
  expect((await named(...twice)).toSorted()).toEqual(['yy', 'zz'])
})

test('outside the window nothing counts', async () => {
  const early = [delivery('d8', '20T10:00:00'), delivery('d9', '20T10:01:00')].map((each) => ({
    ...each,
    at: each.at.replace('2026-11', '2026-09'),
  }))
  expect(await named(...early)).toEqual([])
})

test('two profiles of one person, and how it is told', async () => {
  const { findings, evidence, population } = await judge(rule, {
    profiles,
    journeys: [{ id: 5, name: 'Cart' }],
    deliveries: [
      first,
      delivery('d2', '20T11:00:00', { cio_id: 'a2' }),
      delivery('d3', '20T12:00:00', { cio_id: 'a2', journey: 6, action: 60 }),
      delivery('d4', '20T13:00:00', { cio_id: 'b1' }),
    ],
  })
  expect(findings).toEqual([
    {
      subject: { key: 'a2', label: 'ana@shop.test' },
      identity: 'ana@shop.test',
      message: 'ana@shop.test got a message of Cart again within a day: they have more than one profile',
      affected: 1,
      unit: 'people',
      firstSeen: '2026-11-20T11:00:00Z',
      lastSeen: '2026-11-20T11:00:00Z',
    },
  ])
  expect(evidence.map((row) => [row['cio_id'], row['cause'], row['sends']])).toEqual([['a2', 'profile', 1]])
  expect(population).toBe(2)
})

test('several journeys are told by their names, or their numbers, in order', async () => {
  const { findings } = await judge(rule, {
    profiles,
    journeys: [{ id: 6, name: 'till' }],
    deliveries: [5, 6].flatMap((journey) => [
      delivery(`d${journey}`, '20T10:00:00', { journey }),
      delivery(`e${journey}`, '20T11:00:00', { journey }),
    ]),
  })
  expect(findings.map(({ message }) => message)).toEqual([
    'u-1 got a message of journey 5, till again within a day, 2 times: why is not known',
  ])
})

test('a person on many profiles is one person', async () => {
  const turns = ['a1', 'a2', 'a3', 'a2'].map((cio_id, n) => delivery(`d${n}`, `20T10:0${n}:00`, { cio_id }))
  const { findings, evidence, population } = await judge(rule, {
    profiles: [...profiles, { cio_id: 'a3', email: 'ana@shop.test' }],
    deliveries: turns,
  })
  expect(findings.map(({ subject, message, affected }) => [subject.key, message, affected])).toEqual([
    [
      'a2',
      'ana@shop.test got a message of journey 5 again within a day, 3 times: they have more than one profile',
      1,
    ],
  ])
  expect(evidence.map((row) => [row['cio_id'], row['sends']])).toEqual([['a2', 3]])
  expect(population).toBe(1)
})

test('an event that came twice is the cause, or one that started it twice', async () => {
  const causeOf = async (event1: string, event2: string) =>
    (
      await judge(rule, {
        plan: { cart_updated: { dedupeKey: 'event_id' } },
        profiles,
        events: [event('e1', 0, { event_id: 'k', n: 0 }), event('e2', 3, { event_id: 'k', n: 3 })],
        deliveries: [
          delivery('d1', '20T10:00:00', { cio_id: 'b1', event: event1 }),
          delivery('d2', '20T10:01:00', { cio_id: 'b1', event: event2 }),
        ],
      })
    ).findings.map(({ message }) => message.split(': ')[1])
  expect(await causeOf('e1', 'e2')).toEqual(['the event that started it came twice'])
  expect(await causeOf('x1', 'x1')).toEqual(['the event that started it came twice'])
  expect(await causeOf('x1', 'x2')).toEqual(['why is not known'])
})

test('an event that is the same as the one before, without a key, is the cause too', async () => {
  const { findings } = await judge(rule, {
    profiles,
    events: [event('e1', 0, { sku: 'x' }), event('e2', 3, { sku: 'x' })],
    deliveries: [
      delivery('d1', '20T10:00:00', { cio_id: 'b1', event: 'e1' }),
      delivery('d2', '20T10:01:00', { cio_id: 'b1', event: 'e2' }),
    ],
  })
  expect(findings.map(({ message }) => message.split(': ')[1])).toEqual([
    'the event that started it came twice',
  ])
})

test('several times, by several journeys, of people who are no profiles', async () => {
  const turns = ['d1', 'd2', 'd3'].map((id, n) => delivery(id, `20T10:0${n}:00`, { cio_id: 'zz' }))
  const other = ['e1', 'e2'].map((id, n) => delivery(id, `20T10:0${n}:00`, { cio_id: 'zz', journey: 6 }))
  const { findings, evidence, population } = await judge(rule, {
    profiles,
    deliveries: [...turns, ...other],
  })
  expect(findings.map(({ message }) => message)).toEqual([
    'zz got a message of journey 5, journey 6 again within a day, 3 times: why is not known',
  ])
  expect(evidence).toMatchObject([{ subject: 'zz', cio_id: 'zz', id: null, email: null, sends: 3 }])
  expect(population).toBe(1)
})
