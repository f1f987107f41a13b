import { expect, test } from 'vitest'
import { builtInPlan } from '../../src/config/built-in-plan.ts'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, rowsOf, type Fields } from '../support/workspace.ts'

const happened = new Date('2026-11-20T10:00:00Z')
const track = (id: string, more: Fields = {}): Fields => ({
  id,
  type: 'event',
  name: 'purchase',
  source: 'pipelines',
  at: happened,
  data: '{"order_id":"o"}',
  ...more,
})
const api = (id: string, more: Fields = {}): Fields => track(id, { source: 'app-api', cio_id: 'c1', ...more })
const both = async (activities: readonly Fields[]): Promise<unknown> => {
  const profile = rowsOf('profile', [
    { source: 'app-api', cio_id: 'c1', id: 'u1', attributes: '{}', deleted: false, suppressed: false },
  ])
  const db = await modelOver({ ...profile, ...rowsOf('activity', activities) }, builtInPlan)
  return {
    kept: (
      await db.rows(raw('select a.id from event e join snap.activity a on a.rowid = e.seq order by a.id'))
    ).map(({ id }) => id),
    ...(await db.rows(raw('from double_source')))[0],
  }
}

test('of files alone nothing came both ways', async () => {
  const db = await modelOver(rowsOf('activity', [track('f1', { customer_id: 'u1' })]), builtInPlan)
  expect(await db.rows(raw('select (select count(*) from event)::integer as events'))).toEqual([
    { events: 1 },
  ])
  expect(await db.rows(raw('from double_source'))).toEqual([])
})

test('an event that came both ways is one: person, name, second and payload', async () => {
  const file = track('f1', {
    customer_id: 'u1',
    at: new Date(happened.getTime() + 400),
    data: '{"b":[1,2],"order_id":"o","n":104.0}',
  })
  expect(await both([api('a1', { data: '{"order_id":"o","n":104,"b":[1,2]}' }), file])).toEqual({
    kept: ['f1'],
    matched: 1,
    only_api: 0,
    only_files: 0,
  })
})

test.each([
  ['numbers in lists', '{"items":[{"p":104,"q":[1,2.5]}]}', '{"items":[{"p":104.0,"q":[1.00,2.50]}]}'],
  ['nulls that a column of Parquet gives', '{"a":1,"o":{"x":2}}', '{"a":1,"b":null,"o":{"x":2,"y":null}}'],
  ['the order of nested keys', '{"items":[{"p":1,"q":"a"}]}', '{"items":[{"q":"a","p":1}]}'],
  ['letters and spaces', '{"s":"é/\\"x","n":-1.5}', '{ "s" : "\\u00e9\\/\\"x", "n" : -1.50 }'],
  ['nothing', '{}', '{"a":null}'],
  ['powers of ten', '{"a":[1e+21,-5],"b":0.000001}', '{"a":[1e21,-5.0],"b":1e-6}'],
  [
    'more digits than a number holds',
    '{"a":{"id":12345678901234567000}}',
    '{"a":{"id":12345678901234567890}}',
  ],
])('one event, though the two ways write it differently: %s', async (_, said, written) => {
  const file = track('f1', { customer_id: 'u1', data: written })
  expect(await both([api('a1', { data: said }), file])).toMatchObject({ kept: ['f1'], matched: 1 })
})

test.each([
  ['a number and a text', '{"a":1}', '{"a":"1"}'],
  ['a text for a number in a list', '{"a":[{"b":10}]}', '{"a":[{"b":"10"}]}'],
  ['another key in a list', '{"a":[{"b":10}]}', '{"a":[{"c":10}]}'],
  ['one more in a list', '{"a":[1]}', '{"a":[1,1]}'],
  ['values that changed places', '{"a":1,"b":2}', '{"a":2,"b":1}'],
  ['a zero that counts', '{"a":100}', '{"a":10}'],
  ['a text that ends like a null', '{"a":"x:null"}', '{}'],
])('two events: %s', async (_, said, written) => {
  const file = track('f1', { customer_id: 'u1', data: written })
  expect(await both([api('a1', { data: said }), file])).toMatchObject({ matched: 0 })
})

test.each([
  ['another person', { customer_id: 'u2' }],
  ['another name', { customer_id: 'u1', name: 'refund' }],
  ['another second', { customer_id: 'u1', at: new Date(happened.getTime() + 1000) }],
  ['another payload', { customer_id: 'u1', data: '{"order_id":"p"}' }],
  ['another type', { customer_id: 'u1', type: 'screen' }],
])('near miss: %s', async (_, more) => {
  expect(await both([api('a1'), track('f1', more)])).toEqual({
    kept: ['a1', 'f1'],
    matched: 0,
    only_api: 1,
    only_files: 1,
  })
})

test('twice over the API and once in files: one is matched, the other stays a copy', async () => {
  const found = await both([api('a1'), api('a2'), track('f1', { customer_id: 'u1' })])
  expect(found).toMatchObject({
    matched: 1,
    only_api: 1,
    only_files: 0,
    kept: [expect.stringMatching(/^a[12]$/), 'f1'],
  })
})
