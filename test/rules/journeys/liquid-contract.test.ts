import { expect, test } from 'vitest'
import rule from '../../../rules/journeys/liquid-contract.ts'
import { settings } from '../../support/workspace.ts'
import { judge } from '../support.ts'

const profiles = [
  { cio_id: 'a1', id: 'u-1', email: 'ana@shop.test', attributes: { nick: 'Ana', empty: ' ' } },
  { cio_id: 'a2', id: 'u-2' },
]
const push = (body: string, id = 50) => ({ id, type: 'push', body })
const order = (data: object, cio_id = 'a1', minute = 0) => ({
  cio_id,
  name: 'order',
  at: `2026-11-20T10:${String(minute).padStart(2, '0')}:00Z`,
  data: { ...data },
})
const journey = (body: string) => ({ id: 5, name: 'Thanks', event: 'order', actions: [push(body)] })
const told = async (body: string, ...data: readonly object[]): Promise<string[]> => {
  const events = data.map((each, minute) => order(each, 'a1', minute))
  const { findings } = await judge(rule, { profiles, journeys: [journey(body)], events })
  return findings.map(({ message }) => message.replace(' messages of Thanks would have a hole', ''))
}

test.each([
  ['absent', {}],
  ['null', { note: null }],
  ['empty', { note: '' }],
  ['white space', { note: '  ' }],
])('a property that is %s leaves a hole', async (_, data) => {
  expect(await told('{{ event.note }}', data)).toEqual(['1 of 1: event.note (1)'])
})

test.each([
  ['text', { note: 'x' }],
  ['0', { note: 0 }],
  ['false', { note: false }],
  ['an object', { note: {} }],
  ['an empty list', { note: [] }],
])('%s leaves none', async (_, data) => {
  expect(await told('{{ event.note }}', data)).toEqual([])
})

test('paths into lists and objects, and names with signs of their own', async () => {
  const body = '{{ event.items[0].name }} {{ event["a/b"].c }}'
  expect(await told(body, { items: [{ name: 'Tent' }], 'a/b': { c: 1 } })).toEqual([])
  expect(await told(body, { items: [], 'a/b': { c: 1 } })).toEqual([])
  expect(await told(body, { items: [{ title: 'Tent' }], 'a/b': {} })).toEqual([
    '1 of 1: event.a/b.c (1), event.items[0].name (1)',
  ])
  expect(await told(body, { items: '[{"name":"Tent"}]', 'a/b': { c: 1 } })).toEqual([
    '1 of 1: event.items[0].name (1)',
  ])
})

test.each([
  ['in an empty list that lies in an object', { cart: { items: [] } }, []],
  ['in a list that is not there', { cart: {} }, ['1 of 1: event.cart.items[0].name (1)']],
  ['of an element', { cart: { items: [{}] } }, ['1 of 1: event.cart.items[0].name (1)']],
])('what lies %s', async (_, data, expected) => {
  expect(await told('{{ event.cart.items[0].name }}', data)).toEqual(expected)
})

test('in a loop the list is asked for, not its elements', async () => {
  const body = '{% for i in event.items %}{{ i.name }}{% endfor %}'
  expect(await told(body, { items: [{}] })).toEqual([])
  expect(await told(body, {})).toEqual(['1 of 1: event.items (1), event.items[].name (1)'])
})

test.each([
  ['a default', '{{ event.note | default: "x" }}'],
  ['a question', '{% if event.note %}{{ event.note }}{% endif %}'],
  ['no such variable', '{{ event_note }}'],
])('%s leaves none', async (_, body) => {
  expect(await told(body, {})).toEqual([])
})

test('attributes of the person, identifiers aside', async () => {
  const { findings, evidence, population } = await judge(rule, {
    profiles,
    journeys: [
      journey(
        '{{ customer.nick }} {{ customer.empty }} {{ customer.email }} {{ customer.phone }} {{ event.n }}',
      ),
    ],
    events: [order({ n: 1 }), order({ n: 2 }, 'a2', 5), order({}, 'nobody', 7)],
  })
  expect(findings).toEqual([
    {
      subject: { key: '5', label: 'Thanks' },
      message: '2 of 2 messages of Thanks would have a hole: customer.empty (2), customer.nick (1)',
      affected: 2,
      unit: 'messages',
      population: 2,
      firstSeen: '2026-11-20T10:00:00Z',
      lastSeen: '2026-11-20T10:05:00Z',
    },
  ])
  expect(
    evidence.map((row) => [row['cio_id'], row['id'], row['email'], row['variables'], row['happened_at']]),
  ).toEqual([
    ['a1', 'u-1', 'ana@shop.test', 'customer.empty', '2026-11-20T10:00:00Z'],
    ['a2', 'u-2', null, 'customer.empty, customer.nick', '2026-11-20T10:05:00Z'],
  ])
  expect(population).toBe(2)
})

test('a variable that is absent in one of a hundred is left out, and the option says how many', async () => {
  const events = (absent: number) =>
    Array.from({ length: 60 }, (_, n) => order(n < absent ? {} : { note: 'x' }, 'a1', n))
  const at = async (absent: number, minShare: number) => {
    const options = { minShare }
    const changed = { ...settings, rules: { 'journeys/liquid-contract': { enabled: true, options } } }
    const workspace = { profiles, journeys: [journey('{{ event.note }}')], events: events(absent) }
    return (await judge(rule, workspace, { settings: changed })).findings.map(({ affected }) => affected)
  }
  expect(await at(6, 0.1)).toEqual([])
  expect(await at(7, 0.1)).toEqual([7])
})

test('trigger variables count only where some payload has them', async () => {
  expect(await told('{{ trigger.note }}', {}, {})).toEqual([])
  expect(await told('{{ trigger.note }}', {}, { note: 'x' })).toEqual(['1 of 2: trigger.note (1)'])
  expect(await told('{{ trigger.note }}{{ event.note }}', {})).toEqual(['1 of 1: event.note (1)'])
})

test('a journey that a date starts is read for those who have the date', async () => {
  const dated = {
    id: 6,
    name: 'Refill',
    dateAttribute: 'due',
    actions: [push('{{ customer.nick }} {{ event.x }}')],
  }
  const holders = [
    { cio_id: 'a1', attributes: { due: '1763800000', nick: 'Ana' } },
    { cio_id: 'a2', attributes: { due: '1763800000' } },
    { cio_id: 'a3', attributes: { due: ' ' } },
    { cio_id: 'a4' },
  ]
  const { findings, evidence } = await judge(rule, { profiles: holders, journeys: [dated] })
  expect(findings.map(({ message, firstSeen }) => [message, firstSeen])).toEqual([
    ['1 of 2 messages of Refill would have a hole: customer.nick (1)', null],
  ])
  expect(evidence.map((row) => [row['cio_id'], row['activity_id']])).toEqual([['a2', null]])
})

test('segments, drafts and stopped journeys are not read; what stands in two messages counts once', async () => {
  const workspace = {
    profiles,
    events: [order({})],
    journeys: [
      {
        id: 1,
        event: 'order',
        actions: [push('{{ event.note }}', 1), push('{{ event.note }} {{ event.other }}', 2)],
      },
      { id: 2, triggerSegments: [1], actions: [push('{{ customer.gone }}')] },
      { id: 3, event: 'order', state: 'draft' as const, actions: [push('{{ event.note }}')] },
      { id: 4, event: 'order', state: 'stopped' as const, actions: [push('{{ event.note }}')] },
    ],
  }
  const { findings } = await judge(rule, workspace)
  expect(findings.map(({ message }) => message)).toEqual([
    '1 of 1 messages of Journey 1 would have a hole: event.note (1), event.other (1)',
  ])
  const named = await judge(rule, workspace, { named: [3] })
  expect(named.findings.map(({ subject }) => subject.key)).toEqual(['1', '3'])
})

test('events of another name and screens are no renders', async () => {
  const other = { ...order({}), name: 'other' }
  const workspace = { profiles, journeys: [journey('{{ event.note }}')], events: [other] }
  const { findings, population } = await judge(rule, workspace, { screens: ['order'] })
  expect(findings).toEqual([])
  expect(population).toBe(0)
})

test('each journey is told with its own variables, and is a part of its own', async () => {
  const workspace = {
    profiles,
    journeys: [
      journey('{{ event.note }}'),
      { id: 6, name: 'Visit', event: 'visit', actions: [push('{{ event.place }}', 60)] },
      {
        id: 7,
        name: 'Refill',
        dateAttribute: 'nick',
        actions: [push('{{ customer.empty }} {{ customer.city }}', 70)],
      },
    ],
    events: [order({}), order({}, 'a1', 1), { ...order({}, 'a2', 2), name: 'visit' }],
  }
  const { findings, population } = await judge(rule, workspace)
  expect(findings.map(({ message }) => message)).toEqual([
    '2 of 2 messages of Thanks would have a hole: event.note (2)',
    '1 of 1 messages of Visit would have a hole: event.place (1)',
    '1 of 1 messages of Refill would have a hole: customer.city (1), customer.empty (1)',
  ])
  expect(population).toBe(4)
  expect((await judge(rule, workspace)).parts).toEqual([
    { label: 'Refill', population: 1, event: null },
    { label: 'Thanks', population: 2, event: 'order' },
    { label: 'Visit', population: 1, event: 'visit' },
  ])
})

test('without a journey that prints anything there are no messages', async () => {
  expect(await judge(rule, { profiles, events: [order({})] })).toMatchObject({ findings: [], population: 0 })
})
