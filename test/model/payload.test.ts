import { expect, test } from 'vitest'
import { payloadDefects } from '../support/payload-oracle.ts'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, snapshotRows } from '../support/workspace.ts'
import { event, must, of } from './order-plan.ts'

const plan = {
  id: must('string'),
  value: must('number', { alternatives: ['total'] }),
  note: of('string'),
  on: of('boolean'),
  when: of('timestamp'),
  day: of('date'),
  any: of('json'),
  box: of('object', { properties: { size: must('integer') } }),
  items: must('array', { items: { sku: must('string'), price: of('number') } }),
  tags: of('array'),
}
const good = { id: 'a', value: 1, items: [{ sku: 's', price: 1 }] }
const cases: [string, unknown, string[]][] = [
  ['all well', good, []],
  ['absent', { ...good, id: undefined }, ['id missing null']],
  ['null', { ...good, id: null }, ['id missing null']],
  ['blank text', { ...good, id: ' \n' }, ['id missing null']],
  ['zero and false are values', { ...good, value: 0, on: false }, []],
  ['an optional property may be empty', { ...good, note: null, on: '' }, []],
  ['an alternative name', { id: 'a', total: 3, items: [{ sku: 's' }] }, []],
  ['an empty property and a filled alternative', { ...good, value: '', total: 3 }, []],
  ['a number as text', { ...good, value: '1' }, ['value wrong-type text']],
  ['a wrong alternative', { id: 'a', total: '3', items: [{ sku: 's' }] }, ['total wrong-type text']],
  ['a number where text is planned', { ...good, id: 7 }, ['id wrong-type number']],
  ['a text where a boolean is planned', { ...good, on: 'true' }, ['on wrong-type text']],
  ['an ISO date where Unix seconds are planned', { ...good, when: '2026-11-22' }, ['when wrong-type text']],
  ['a number where a date is planned', { ...good, day: 20261122 }, ['day wrong-type number']],
  ['anything where anything is planned', { ...good, any: [{}] }, []],
  ['an emptied list', { ...good, items: [] }, ['items missing empty list']],
  ['an optional list may be empty', { ...good, tags: [] }, []],
  ['a list as text', { ...good, items: '[]' }, ['items wrong-type text']],
  ['an object where a list is planned', { ...good, items: {} }, ['items wrong-type object']],
  ['a list where an object is planned', { ...good, box: [] }, ['box wrong-type array']],
  ['a nested property', { ...good, box: { size: 'L' } }, ['box.size wrong-type text']],
  ['a nested property that is missing', { ...good, box: {} }, ['box.size missing null']],
  [
    'one element of several',
    { ...good, items: [{ sku: 's' }, { price: 2 }, {}] },
    ['items[].sku missing null'],
  ],
  [
    'both defects within a list',
    { ...good, items: [{ sku: 's', price: '1' }, {}] },
    ['items[].price wrong-type text', 'items[].sku missing null'],
  ],
  ['an element that is no object', { ...good, items: ['s'] }, ['items[].sku missing null']],
  ['no payload at all', null, ['id missing null', 'value missing null', 'items missing null']],
  ['a payload that is a list', [], ['id missing null', 'value missing null', 'items missing null']],
  ['names of the language itself', { ...good, id: undefined, constructor: 1 }, ['id missing null']],
]

test.each(cases)('%s', (_, payload, expected) => {
  expect(payloadDefects(payload, plan).map((d) => `${d.path} ${d.defect} ${d.found}`)).toEqual(expected)
})

test('the model says the same', async () => {
  const events = cases.map(([title, data]) => event(title, data as Record<string, unknown>))
  const model = await modelOver(snapshotRows({ events }), planOf({ plan: { order: { properties: plan } } }))
  const rows = await model.rows(
    raw("select id, path, defect from property_defect where defect <> 'wrong-value'"),
  )
  model.close()
  const told = cases.flatMap(([title, , expected]) =>
    expected.map((words) => `${title}: ${words.split(' ').slice(0, 2).join(' ')}`),
  )
  expect(rows.map((row) => `${row['id']}: ${row['path']} ${row['defect']}`).toSorted()).toEqual(
    told.toSorted(),
  )
})
