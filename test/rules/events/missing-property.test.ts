import { expect, test } from 'vitest'
import rule from '../../../rules/events/missing-property.ts'
import { judge } from '../support.ts'

const value = { type: 'number', required: true, recommended: false } as const
const plan = { order: { properties: { total: value } }, look: {} }
const event = (id: number, data: object, name = 'order') => ({
  id: String(id),
  cio_id: 'a1',
  name,
  at: `2026-11-20T10:00:0${id}Z`,
  data: { ...data },
})

test('only what is missing, against the events of that name', async () => {
  const events = [
    event(1, {}),
    event(2, { total: null }),
    event(3, { total: 5 }),
    event(4, { total: 'five' }),
    event(5, {}, 'look'),
  ]
  const { findings, evidence, population } = await judge(
    rule,
    { plan, events },
    { screens: ['order', 'order', 'other'] },
  )
  expect(findings).toEqual([
    {
      subject: { key: 'order.total', label: 'order.total' },
      message: 'total is missing in 2 of 4 order events',
      affected: 2,
      unit: 'events',
      population: 4,
      firstSeen: '2026-11-20T10:00:01Z',
      lastSeen: '2026-11-20T10:00:02Z',
      events: ['order'],
    },
  ])
  expect(evidence.map((row) => [row['subject'], row['activity_id']])).toEqual([
    ['order.total', '1'],
    ['order.total', '2'],
  ])
  // Neither `look`, which no property is asked of, nor the screens.
  expect(population).toBe(4)
})

test('no events, no population', async () => {
  expect((await judge(rule, { plan })).population).toBe(0)
})
