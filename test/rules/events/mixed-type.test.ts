import { expect, test } from 'vitest'
import rule from '../../../rules/events/mixed-type.ts'
import { judge, messages, nothing } from '../support.ts'

const event = (n: number, data: object, name = 'quiz') => ({
  id: `e${n}`,
  cio_id: 'a1',
  name,
  at: new Date(Date.UTC(2026, 10, 1, 0, n)).toISOString(),
  data: { ...data },
})
const many = (count: number, data: object, name?: string) =>
  Array.from({ length: count }, (_, n) => event(n, data, name))

test('what is told', async () => {
  const judged = await judge(rule, {
    profiles: [{ cio_id: 'a1', id: 'u-1', email: 'ana@shop.test' }],
    events: [...many(3, { size: 1 }), event(10, { size: 'a "b"' }), event(11, { size: [2] })],
  })
  expect(judged.findings).toEqual([
    {
      subject: { key: 'quiz.size', label: 'quiz.size' },
      message: 'size of quiz is of several types: 3 number, 1 array, 1 text of 5',
      affected: 2,
      unit: 'events',
      firstSeen: '2026-11-01T00:10:00Z',
      lastSeen: '2026-11-01T00:11:00Z',
      events: ['quiz'],
    },
  ])
  expect(judged.population).toBe(5)
  expect(judged.evidence).toEqual([
    {
      subject: 'quiz.size',
      event: 'quiz',
      property: 'size',
      cio_id: 'a1',
      id: 'u-1',
      email: 'ana@shop.test',
      activity_id: 'e10',
      happened_at: '2026-11-01T00:10:00Z',
      found: 'text',
      usual: 'number',
      value: 'a "b"',
    },
    expect.objectContaining({ activity_id: 'e11', found: 'array', value: '[2]' }),
  ])
})

test.each([
  ['a number and text', 1, '1', ['a.x']],
  ['true and 1', true, 1, ['a.x']],
  ['a list and text', ['a'], 'a', ['a.x']],
  ['an object and a list', { a: 1 }, ['a'], ['a.x']],
  ['truth and text', true, 'true', ['a.x']],
  ['whole and decimal', 1, 1.5, []],
  ['negative', -1, 1, []],
  ['two lists', ['a'], [1], []],
  ['two objects', { a: 1 }, { b: 'c' }, []],
  ['text and null', 'a', null, []],
  ['text and nothing', 'a', undefined, []],
])('%s', async (_, one, other, keys) => {
  const { findings } = await judge(rule, { events: [event(1, { x: one }, 'a'), event(2, { x: other }, 'a')] })
  expect(findings.map(({ subject }) => subject.key)).toEqual(keys)
})

test('a type counts from one in a hundred', async () => {
  expect(
    messages(await judge(rule, { events: [...many(99, { x: 1 }), event(200, { x: '1' })] })),
  ).toHaveLength(1)
  expect(messages(await judge(rule, { events: [...many(100, { x: 1 }), event(200, { x: '1' })] }))).toEqual(
    [],
  )
  // A third type, too seldom to be told, is not counted among the others.
  const rare = await judge(rule, {
    events: [...many(148, { x: 1 }), event(200, { x: 'a' }), event(201, { x: 'b' }), event(202, { x: true })],
  })
  expect(messages(rare)).toEqual(['x of quiz is of several types: 148 number, 2 text of 151'])
  expect(rare.evidence).toHaveLength(2)
})

test('each event and each property by itself; hostile names', async () => {
  const names = ['a "b"', "it's", '$.x', 'ä', 'x', 'X']
  const both = (value: unknown) => Object.fromEntries(names.map((name) => [name, value]))
  const { findings } = await judge(rule, {
    events: [
      event(1, both(1)),
      event(2, both('1')),
      event(3, { y: 1 }, 'one'),
      event(4, { y: '1' }, 'other'),
    ],
  })
  expect(findings.map(({ subject, affected }) => [subject.key, affected])).toEqual(
    names.toSorted().map((name) => [`quiz.${name}`, 1]),
  )
})

test('events of the plan, noise and screens are left out', async () => {
  const mixed = (name: string) => [event(1, { free: 1 }, name), event(2, { free: '1' }, name)]
  const events = [...mixed('purchase'), ...mixed('session_started')]
  expect(messages(await judge(rule, { events }, { screens: ['quiz'] }))).toEqual([])
  expect(messages(await judge(rule, { plan: { quiz: {} }, events: mixed('quiz') }))).toEqual([])
})

test('what a screen of the same name says is no value of the event', async () => {
  const screen = { kind: 'screen', name: 'quiz', user_id: 'u-1', at: '2026-11-01T10:00:00Z' } as const
  const judged = await judge(rule, {
    events: [event(1, { size: 1 }), event(2, { size: 'x' })],
    calls: [{ ...screen, data: { size: [1] } }],
  })
  expect(messages(judged)).toEqual(['size of quiz is of several types: 1 number, 1 text of 2'])
})

test.each([
  ['a list', [1]],
  ['a list of objects', [{ size: 1 }]],
  ['a text', 'size'],
  ['nothing', null],
  ['an object without them', { size: null }],
])('a payload that is %s has no properties', async (_, data) => {
  const odd = [1, 2].map((n) => ({ ...event(n, {}), data: data as unknown as Record<string, unknown> }))
  const judged = await judge(rule, {
    events: [...odd, event(3, { size: 1 }), event(4, { size: 'x' })],
  })
  expect(messages(judged)).toEqual(['size of quiz is of several types: 1 number, 1 text of 2'])
})

test('of nothing there is nothing to say', async () => {
  expect(await judge(rule, {})).toEqual(nothing)
})
