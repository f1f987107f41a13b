import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, settings, snapshotRows } from '../support/workspace.ts'

const push = (id: number, body: string, subject?: string) => ({
  id,
  type: 'push',
  name: `Push ${id}`,
  body,
  ...(subject === undefined ? {} : { subject }),
})

test('the variables of running and named journeys, with the place of their value', async () => {
  const workspace = {
    journeys: [
      {
        id: 1,
        actions: [
          push(10, '{{ event.items[0].name }} {{ customer["a/b"] | default: 1 }}', 'For {{ customer.name }}'),
          push(11, '{% for i in event.items %}{{ i.price }}{% endfor %}'),
          { id: 12, type: 'delay', name: 'Wait' },
        ],
      },
      { id: 2, state: 'draft' as const, actions: [push(20, '{{ event.draft }}')] },
      { id: 3, state: 'draft' as const, actions: [push(30, '{{ event.named }}'), push(31, '{{ broken')] },
      { id: 4, state: 'stopped' as const, actions: [push(40, '{{ event.stopped }}')] },
    ],
  }
  const db = await modelOver(snapshotRows(workspace), planOf({}), settings, 2, [3])
  const variables = await db.rows(
    raw('select journey, action, label, name, pointer, bare from journey_variable order by all'),
  )
  const unread = await db.rows(raw('select journey, action, message from journey_unread'))
  const journeys = await db.rows(raw('select id, named, judged from journey order by id'))
  db.close()
  expect(variables.map((row) => Object.values(row))).toEqual([
    [1, 10, 'customer.a/b', 'a/b', '/a~1b', false],
    [1, 10, 'customer.name', 'name', '/name', true],
    [1, 10, 'event.items[0].name', 'items', '/items/0/name', true],
    [1, 11, 'event.items', 'items', '/items', true],
    [1, 11, 'event.items[].price', 'items', '/items', true],
    [3, 30, 'event.named', 'named', '/named', true],
  ])
  expect(unread).toEqual([{ journey: 3, action: 31, message: 'Push 31' }])
  expect(journeys.map((row) => Object.values(row))).toEqual([
    [1, false, true],
    [2, false, false],
    [3, true, true],
    [4, false, false],
  ])
})

test('a message without any text has no variables, and a step without a name bears its type', async () => {
  const rows = {
    campaign: [[1n, 'J', 'running', 'x', null, 'broken', null, null]],
    campaign_action: [
      [1n, 5n, 'push', null, null, null, null],
      [1n, 6n, 'email', null, '{{ event.a }}', null, null],
      [1n, 7n, null, null, null, '{{ event.b }}', null],
    ],
  }
  const db = await modelOver(rows, planOf({}))
  const found = await db.rows(raw('select action, message, label from journey_variable order by all'))
  db.close()
  expect(found.map((row) => Object.values(row))).toEqual([
    [6, 'email', 'event.a'],
    [7, 'step 7', 'event.b'],
  ])
})
