import { beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, snapshotRows } from '../support/workspace.ts'
import { event, orderEvents, orderPlan, rowsOf } from './order-plan.ts'

let db: Database
beforeAll(async () => {
  db = await modelOver(rowsOf(orderEvents), planOf({ plan: orderPlan }))
  return () => db.close()
})

test('events, pages and screens of the window that have a name', async () => {
  const rows = await db.rows(raw('select id from event'))
  const outside = new Set(['too-early', 'too-late'])
  expect(rows.map((row) => String(row['id'])).toSorted()).toEqual(
    [...orderEvents.map(({ id }) => id), 'no-data', 'screen', 'page']
      .filter((id) => !outside.has(id))
      .toSorted(),
  )
})

test('the dedupe key, where it says something, and of events alone', async () => {
  expect(await db.rows(raw('select id, key from event where key is not null'))).toEqual([
    { id: 'fine', key: 'k1' },
  ])
})

test('the first key of several that says something', async () => {
  const keyed: Record<string, Record<string, unknown>> = {
    first: { event_id: 'e', message_id: 'm' },
    second: { message_id: 'm' },
    'first-blank': { event_id: ' ', message_id: 'm' },
    none: {},
  }
  const events = Object.entries(keyed).map(([id, data]) => event(id, data, { name: 'purchase' }))
  const model = await modelOver(snapshotRows({ events }), planOf({}))
  const rows = await model.rows(raw('select id, key from event order by id'))
  model.close()
  expect(rows).toEqual([
    { id: 'first', key: 'e' },
    { id: 'first-blank', key: 'm' },
    { id: 'none', key: null },
    { id: 'second', key: 'm' },
  ])
})

test('only what the plan asks properties of has a signature', async () => {
  const rows = await db.rows(raw('select distinct name from event where signature is not null order by name'))
  expect(rows.map((row) => row['name'])).toEqual(['bought', 'order'])
})

test('only values that the JSON type does not settle are looked at', async () => {
  const rows = await db.rows(raw("select path from value_check where name = 'order' order by position"))
  expect(rows.map((row) => row['path'])).toEqual([
    'amount',
    'size',
    'unit',
    'land',
    'kind',
    'code',
    'when',
    'box.unit',
    'lines[].count',
  ])
})

test('what is mobile, and whose it is', async () => {
  const events = [
    event('ios', { platform: 'iOS' }),
    event('android', { platform: 'android' }),
    event('web', { platform: 'web' }),
    event('silent', {}, { cio_id: 'unknown' }),
  ]
  const model = await modelOver(rowsOf(events), planOf({ plan: {} }))
  const rows = await model.rows(raw('select id, mobile, cluster from event order by id'))
  model.close()
  expect(rows.map((row) => [row['id'], row['mobile'], row['cluster']])).toEqual([
    ['android', true, 'p'],
    ['ios', true, 'p'],
    ['no-data', false, 'p'],
    ['page', false, 'p'],
    ['screen', true, 'p'],
    ['silent', false, 'unknown'],
    ['web', false, 'p'],
  ])
})

test('payloads of one form have one signature, and an empty text is another form', async () => {
  const groups = [
    [
      { amount: 1, code: 'a"b\\' },
      { amount: 22.5, code: 'x:"y' },
      { amount: -1e3, code: '{"z":1}' },
    ],
    [{ code: 'a' }, { code: '' }, { code: ' ' }, { code: 1 }, { code: null }, { code: true }],
    [{ tags: ['a', 'b'] }, { tags: ['c', 'd'] }, { tags: [1, 2] }, { tags: [] }],
    // Beside a list of plain values the other names still count.
    [
      { tags: ['a', 'b', 'c'], size: 1, code: 'x' },
      { tags: ['d', 'e', 'f'], amount: 1, code: 'x' },
      { tags: ['g', 'h', 'i'], amount: 2, code: 'y' },
    ],
  ]
  const events = groups.flatMap((group, g) => group.map((data, n) => event(`${g}-${n}`, data)))
  const model = await modelOver(snapshotRows({ events }), planOf({ plan: orderPlan }))
  const rows = await model.rows(
    raw(
      "select split_part(id, '-', 1) as g, count(distinct signature) as forms from event group by g order by g",
    ),
  )
  model.close()
  const [plain, mixed, lists, beside] = rows.map((row) => row['forms'])
  expect([plain, mixed, beside]).toEqual([1, 6, 2])
  expect(lists).toBeLessThanOrEqual(3)
})
