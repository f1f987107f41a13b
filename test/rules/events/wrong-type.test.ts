import { expect, test } from 'vitest'
import rule from '../../../rules/events/wrong-type.ts'
import { judge } from '../support.ts'

const value = { type: 'number', required: true, recommended: false, max: 10 } as const
const line = { type: 'integer', required: false, recommended: false, max: 10 } as const
const plan = {
  order: {
    properties: {
      total: value,
      lines: { type: 'array', required: false, recommended: false, items: { count: line } } as const,
    },
  },
  look: {},
}
const event = (id: number, data: object, name = 'order') => ({
  id: String(id),
  cio_id: 'a1',
  name,
  at: `2026-11-20T10:00:0${id}Z`,
  data: { ...data },
})

test('wrong types and values, each event once, and never what is missing', async () => {
  const events = [
    event(1, {}),
    event(2, { total: '5' }),
    event(3, { total: 11 }),
    event(4, { total: 5 }),
    // One element of a wrong type and one of a wrong value: two defects of one path in one event.
    event(5, { total: 5, lines: [{ count: '1' }, { count: 11 }] }),
    event(6, { total: 'x' }, 'look'),
  ]
  const { findings, evidence, population } = await judge(
    rule,
    { plan, events },
    { screens: ['order', 'order', 'other'] },
  )
  expect(findings).toMatchObject([
    {
      message: expect.stringMatching(/^lines\[\]\.count is not what the plan says in 1 of 5 order events: /),
    },
    {
      subject: { key: 'order.total', label: 'order.total' },
      message:
        'total is not what the plan says in 2 of 5 order events: a value that is not allowed, number as text',
      affected: 2,
      population: 5,
      firstSeen: '2026-11-20T10:00:02Z',
      lastSeen: '2026-11-20T10:00:03Z',
    },
  ])
  expect(evidence.map((row) => [row['subject'], row['activity_id']])).toEqual([
    ['order.lines[].count', '5'],
    ['order.total', '2'],
    ['order.total', '3'],
  ])
  expect(population).toBe(5)
})

test('events of a file that gives no message ids count one by one', async () => {
  const nameless = [event(1, { total: '5' }), event(2, { total: '6' })].map((one) => ({ ...one, id: null }))
  const { findings, evidence } = await judge(rule, { plan, events: nameless })
  expect(findings).toMatchObject([{ affected: 2, population: 2 }])
  expect(evidence.map((row) => [row['activity_id'], row['happened_at']])).toEqual([
    [null, '2026-11-20T10:00:01Z'],
    [null, '2026-11-20T10:00:02Z'],
  ])
})

test('no events, no population', async () => {
  expect((await judge(rule, { plan })).population).toBe(0)
})
