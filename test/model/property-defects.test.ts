import { beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, snapshotRows } from '../support/workspace.ts'
import { event, must, of, orderEvents, orderPlan, rowsOf } from './order-plan.ts'

let db: Database
beforeAll(async () => {
  db = await modelOver(rowsOf(orderEvents), planOf({ plan: orderPlan }))
  return () => db.close()
})

test('what does not fit', async () => {
  const rows = await db.rows(
    raw('select id, path, defect, found, value from property_defect order by id, path'),
  )
  expect(rows.map((r) => [r['id'], r['path'], r['defect'], r['found'], r['value']].join(' | '))).toEqual([
    'alias | amount | wrong-type | number as text | 7',
    'blank | amount | missing | null | ',
    'first-moment | amount | wrong-type | number as text | 8',
    'formatted | amount | wrong-type | formatted number | 1,299.00 €',
    'half | size | wrong-value | a value that is not allowed | 2.5',
    'half-line | lines[].count | wrong-value | a value that is not allowed | [{"count":1},{"count":1.5},{"count":""}]',
    'last-moment | amount | wrong-type | number as text | 9',
    'line | lines[].price | wrong-type | JSON text | [{"price":"1"},{"price":2}]',
    'milliseconds | when | wrong-value | milliseconds | 1763800000000',
    'missing | amount | missing | null | ',
    'negative | amount | wrong-value | a value that is not allowed | -1',
    'nested | box.unit | wrong-value | a value that is not allowed | xx',
    'no-country | land | wrong-value | a value that is not allowed | UK',
    'no-currency | unit | wrong-value | a value that is not allowed | EURO',
    'no-data | amount | missing | null | ',
    'not-in-enum | kind | wrong-value | a value that is not allowed | bxc',
    'not-the-pattern | code | wrong-value | a value that is not allowed | abcd',
    'number-as-note | note | wrong-type | number | 1763800000000',
    'text | amount | wrong-type | number as text | 5',
    'too-much | amount | wrong-value | a value that is not allowed | 100.5',
  ])
})

test('an emptied cart is fine, an empty one that costs something is not', async () => {
  const properties = { items: must('array') }
  const plan = {
    cart: { intent: 'cart' as const, properties },
    order: { intent: 'purchase' as const, properties },
  }
  const events = [
    ['emptied', 'cart', { items: [], cart_value: 0 }],
    ['valueless', 'cart', { items: [] }],
    ['costly', 'cart', { items: [], cart_value: 0, total: 5 }],
    ['order', 'order', { items: [], revenue: 0 }],
  ] as const
  const model = await modelOver(
    snapshotRows({ events: events.map(([id, name, data]) => event(id, { ...data }, { name })) }),
    planOf({ plan }),
  )
  const rows = await model.rows(raw('select id, defect, found, value from property_defect order by id'))
  model.close()
  expect(rows).toEqual([
    { id: 'costly', defect: 'missing', found: 'empty list', value: null },
    { id: 'order', defect: 'missing', found: 'empty list', value: null },
  ])
})

test('keys that nobody planned change nothing, however many they are', async () => {
  const many = Array.from({ length: 1000 }, (_, n) => event(`free-${n}`, { amount: 5, [`k${n}`]: 1 }))
  const events = [
    ...many,
    event('text', { amount: '5', k1: 1 }),
    event('too-early', { amount: '5' }, { at: '2026-10-24T11:59:59Z' }),
    event('other', { amount: '5' }, { name: 'unplanned' }),
  ]
  const model = await modelOver(rowsOf(events), planOf({ plan: orderPlan }))
  const rows = await model.rows(raw('select id, path, defect, found from property_defect order by id'))
  model.close()
  expect(rows).toEqual([
    { id: 'no-data', path: 'amount', defect: 'missing', found: 'null' },
    { id: 'text', path: 'amount', defect: 'wrong-type', found: 'number as text' },
  ])
})

test('a name with a quote in it is judged like any other', async () => {
  const events = [
    event('quoted', { amount: 5, 'say "hi"': 'x' }),
    event('fine', { amount: 5, 'say "hi"': 1 }),
  ]
  const model = await modelOver(snapshotRows({ events }), planOf({ plan: orderPlan }))
  const rows = await model.rows(raw('select id, path, defect, value from property_defect order by defect'))
  model.close()
  const path = 'say "hi"'
  expect(rows).toEqual([
    { id: 'quoted', path, defect: 'wrong-type', value: 'x' },
    { id: 'quoted', path, defect: 'wrong-value', value: 'x' },
  ])
})

test('payloads that differ in a name alone are two forms, also beside a list of plain values', async () => {
  const events = [event('full', { tags: ['a'], amount: 1 }), event('bare', { tags: ['b'], size: 1 })]
  const model = await modelOver(snapshotRows({ events }), planOf({ plan: orderPlan }))
  const rows = await model.rows(raw('select id, path, defect from property_defect'))
  model.close()
  expect(rows).toEqual([{ id: 'bare', path: 'amount', defect: 'missing' }])
})

test('an empty list is missed where anything else would do', async () => {
  const plan = { order: { properties: { code: must('json'), note: of('json') } } }
  const events = [event('list', { code: [], note: [] }), event('object', { code: {} })]
  const model = await modelOver(snapshotRows({ events }), planOf({ plan }))
  const rows = await model.rows(raw('select id, path, found from property_defect'))
  model.close()
  expect(rows).toEqual([{ id: 'list', path: 'code', found: 'empty list' }])
})

test('an empty list is missing where any JSON or a list may stand, and no list elsewhere', async () => {
  const properties = { any: must('json'), list: must('array'), text: must('string') }
  const events = [
    event('empty', { any: [], list: [], text: [] }, { name: 'thing' }),
    event('filled', { any: {}, list: [1], text: 'x' }, { name: 'thing' }),
  ]
  const model = await modelOver(snapshotRows({ events }), planOf({ plan: { thing: { properties } } }))
  const rows = await model.rows(raw('select id, path, defect, found from property_defect order by path'))
  model.close()
  expect(rows).toEqual([
    { id: 'empty', path: 'any', defect: 'missing', found: 'empty list' },
    { id: 'empty', path: 'list', defect: 'missing', found: 'empty list' },
    { id: 'empty', path: 'text', defect: 'wrong-type', found: 'array' },
  ])
})

test('an element without its list and one with an empty list miss the same, once', async () => {
  const items = { sizes: { ...must('array'), items: { code: of('string') } } }
  const events = [
    event('both', { items: [{ sizes: [] }, {}] }, { name: 'thing' }),
    event('turned', { items: [{}, { sizes: [] }] }, { name: 'thing' }),
  ]
  const plan = { thing: { properties: { items: { ...of('array'), items } } } }
  const model = await modelOver(snapshotRows({ events }), planOf({ plan }))
  const rows = await model.rows(raw('select id, path, defect, found from property_defect order by id'))
  model.close()
  // Of the elements with one fault the last is told.
  expect(rows).toEqual([
    { id: 'both', path: 'items[].sizes', defect: 'missing', found: 'null' },
    { id: 'turned', path: 'items[].sizes', defect: 'missing', found: 'empty list' },
  ])
})

test('what is missing has no value, not even within a list that has one', async () => {
  const properties = { list: must('array', { items: { sku: must('string') } }) }
  const events = [event('gap', { list: [{ sku: 'a' }, {}] }, { name: 'thing' })]
  const model = await modelOver(snapshotRows({ events }), planOf({ plan: { thing: { properties } } }))
  const rows = await model.rows(raw('select path, defect, found, value from property_defect'))
  model.close()
  expect(rows).toEqual([{ path: 'list[].sku', defect: 'missing', found: 'null', value: null }])
})

test('an optional value that is empty is absent, and one deep within lists and objects is judged', async () => {
  const unit = of('currency')
  const box = of('object', { properties: { lines: of('array', { items: { unit } }) } })
  const properties = {
    unit,
    code: of('string', { pattern: '[a-z]{3}' }),
    kind: of('string', { enum: ['a'] }),
    box,
  }
  const events = [
    event(
      'empty',
      { unit: '', code: ' ', kind: ' \t', box: { lines: [{ unit: '' }, {}] } },
      { name: 'thing' },
    ),
    event('deep', { box: { lines: [{ unit: 'EUR' }, { unit: 'xx' }] } }, { name: 'thing' }),
  ]
  const model = await modelOver(snapshotRows({ events }), planOf({ plan: { thing: { properties } } }))
  const rows = await model.rows(raw('select id, path, defect from property_defect order by id, path'))
  model.close()
  expect(rows).toEqual([{ id: 'deep', path: 'box.lines[].unit', defect: 'wrong-value' }])
})
