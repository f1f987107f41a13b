import { expect, test } from 'vitest'
import { readJourneys, unreadNotices } from '../../src/audit/journeys.ts'
import { modelOver, planOf, snapshotRows } from '../support/workspace.ts'

const broken = (id: number) => ({ id, type: 'push', name: `Push ${id}`, body: '{{ event.a' })

test('messages that could not be read are told, five by name', async () => {
  const one = await modelOver(
    snapshotRows({ journeys: [{ id: 1, name: 'Cart', actions: [broken(10)] }] }),
    planOf({}),
  )
  expect(await unreadNotices(one)).toEqual([
    expect.stringMatching(
      /^The Liquid of "Push 10" in Cart could not be read \(.+\): what it uses is not known\.$/,
    ),
  ])
  one.close()
  const actions = [10, 11, 12, 13, 14, 15, 16].map(broken)
  const many = await modelOver(snapshotRows({ journeys: [{ id: 1, actions }] }), planOf({}))
  const told = await unreadNotices(many)
  expect(told).toHaveLength(6)
  expect(told[5]).toBe('The Liquid of 2 more messages could not be read.')
  many.close()
  const six = await modelOver(snapshotRows({ journeys: [{ id: 1, actions: actions.slice(1) }] }), planOf({}))
  expect((await unreadNotices(six))[5]).toBe('The Liquid of 1 more message could not be read.')
  six.close()
})

test('a journey uses the date that starts it and the attributes in its messages', async () => {
  const actions = [
    { id: 10, type: 'push', body: '{{ customer.b | default: 1 }} {{ customer.a.x }} {{ event.c }}' },
  ]
  const journeys = [
    { id: 1, dateAttribute: 'due', actions },
    { id: 2, event: 'cart' },
    { id: 3, state: 'draft' as const, event: 'cart' },
  ]
  const db = await modelOver(snapshotRows({ journeys }), planOf({}))
  const uses = await readJourneys(db)
  db.close()
  expect(uses.map(({ id, eventName, attributes }) => [id, eventName, [...attributes]])).toEqual([
    [1, null, ['a', 'b', 'due']],
    [2, 'cart', []],
  ])
})
