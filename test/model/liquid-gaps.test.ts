import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, snapshotRows } from '../support/workspace.ts'

const profiles = [
  { cio_id: 'a1', id: 'u-1', attributes: { nick: 'Ana', due: '1763800000' } },
  { cio_id: 'a2', id: 'u-2', attributes: { nick: ' ', city: 'Lyon', born: '1', due: '1763800000' } },
  { cio_id: 'a3', id: 'u-3' },
]
const journey = (id: number, start: object, body: string) => ({
  id,
  ...start,
  actions: [{ id: id * 10, type: 'push', body }],
})
const journeys = [
  journey(
    1,
    { event: 'order' },
    '{{ event.note }} {{ event.items[0].name }} {{ event.phone }} {{ event.nick }} {{ customer.nick }} {{ customer.phone }}',
  ),
  journey(2, { dateAttribute: 'due' }, '{{ customer.nick }} {{ customer.city }} {{ event.note }}'),
  journey(3, { event: 'visit' }, '{{ trigger.place }} {{ event.note }}'),
  journey(
    4,
    { event: 'order' },
    '{{ trigger.note }} {{ trigger.gone }} {{ trigger.place }} {{ customer.city | default: "here" }}',
  ),
  journey(5, { event: 'never' }, '{{ event.note }} {{ customer.nick }}'),
  journey(6, { triggerSegments: [1] }, '{{ customer.nick }}'),
  journey(7, { dateAttribute: 'due' }, '{{ event.note }}'),
  journey(8, { dateAttribute: 'born' }, '{{ customer.nick }}'),
]
const order = (id: string, cio_id: string, data: Readonly<Record<string, unknown>>, name = 'order') => ({
  id,
  cio_id,
  name,
  at: '2026-11-20T10:00:00Z',
  data,
})
const events = [
  order('o1', 'a1', { note: 'x', items: [], place: 'Lyon' }),
  order('o2', 'a2', { note: null, items: [{}] }),
  order('o3', 'nobody', {}),
  order('v1', 'a3', { note: '' }, 'visit'),
  order('v2', 'a3', { note: 'y' }, 'visit'),
]
const calls = [{ kind: 'screen' as const, name: 'order', user_id: 'u-1', at: '2026-11-20T11:00:00Z' }]

test('who would read a hole, and of how many', async () => {
  const db = await modelOver(snapshotRows({ profiles, journeys, events, calls }), planOf({}))
  const renders = await db.rows(raw('select * from liquid_render order by journey'))
  const gaps = await db.rows(
    raw('select journey, cio_id, activity_id, label from liquid_gap order by journey, cio_id, label'),
  )
  db.close()
  expect(renders.map((row) => Object.values(row))).toEqual([
    [1, 2],
    [2, 2],
    [3, 2],
    [4, 2],
    [5, 0],
    [8, 1],
  ])
  expect(gaps.map((row) => Object.values(row))).toEqual([
    [1, 'a1', 'o1', 'event.nick'],
    [1, 'a1', 'o1', 'event.phone'],
    [1, 'a2', null, 'customer.nick'],
    [1, 'a2', 'o2', 'event.items[0].name'],
    [1, 'a2', 'o2', 'event.nick'],
    [1, 'a2', 'o2', 'event.note'],
    [1, 'a2', 'o2', 'event.phone'],
    [2, 'a1', null, 'customer.city'],
    [2, 'a2', null, 'customer.nick'],
    [3, 'a3', 'v1', 'event.note'],
    [4, 'a2', 'o2', 'trigger.note'],
    [4, 'a2', 'o2', 'trigger.place'],
    [8, 'a2', null, 'customer.nick'],
  ])
})
