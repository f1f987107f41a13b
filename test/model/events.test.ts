import { beforeAll, describe, expect, test } from 'vitest'
import type { PlannedProperty } from '../../src/core/plan.ts'
import type { Database } from '../../src/engine/database.ts'
import { raw, sql } from '../../src/engine/sql.ts'
import { payloadDefects } from '../../src/model/payload.ts'
import { modelOver, planOf, snapshotRows } from '../support/workspace.ts'

const of = (type: PlannedProperty['type'], rest: Partial<PlannedProperty> = {}): PlannedProperty => ({
  type,
  required: false,
  recommended: false,
  ...rest,
})
const must = (type: PlannedProperty['type'], rest: Partial<PlannedProperty> = {}) =>
  of(type, { required: true, ...rest })

describe('one payload against the plan', () => {
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
  test.each<[string, unknown, string[]]>([
    ['all well', good, []],
    ['absent', { ...good, id: undefined }, ['id missing null']],
    ['null', { ...good, id: null }, ['id missing null']],
    ['blank text', { ...good, id: ' \n' }, ['id missing null']],
    ['zero and false are values', { ...good, value: 0, on: false }, []],
    ['an optional property may be empty', { ...good, note: null, on: '' }, []],
    ['an alternative name', { id: 'a', total: 3, items: [{ sku: 's' }] }, []],
    ['an empty property and a filled alternative', { ...good, value: '', total: 3 }, []],
    ['a number as text', { ...good, value: '1' }, ['value wrong-type text']],
    ['a wrong alternative', { id: 'a', total: '3', items: [{ sku: 's' }] }, ['value wrong-type text']],
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
  ])('%s', (_, payload, expected) => {
    expect(payloadDefects(payload, plan).map((d) => `${d.path} ${d.defect} ${d.found}`)).toEqual(expected)
  })
})

describe("events of a plan of one's own", () => {
  const plan = {
    order: {
      intent: 'purchase' as const,
      critical: true,
      dedupeKey: 'key',
      aliases: ['bought'],
      properties: {
        amount: must('number', { min: 0, max: 100 }),
        size: of('integer'),
        unit: of('currency'),
        land: of('country'),
        kind: of('string', { enum: ['a', 'b.c'] }),
        code: of('string', { pattern: '[a-z]{3}' }),
        when: of('timestamp'),
        box: of('object', { properties: { unit: of('currency') } }),
        tags: of('array'),
        lines: of('array', { items: { price: of('number'), count: of('integer') } }),
      },
    },
  }
  const at = '2026-11-10T10:00:00Z'
  const event = (
    id: string,
    data: Record<string, unknown>,
    rest: { name?: string; at?: string; cio_id?: string } = {},
  ) => ({ cio_id: 'p', name: 'order', at, ...rest, id, data })
  const events = [
    event('fine', {
      amount: 5,
      size: 2,
      unit: 'eur',
      land: 'de',
      kind: 'b.c',
      code: 'abc',
      when: 1763800000,
      box: { unit: 'USD' },
      key: 'k1',
    }),
    event('decimal-zero', { amount: 5, size: 2.0, key: ' ' }),
    event('negative', { amount: -1 }),
    event('limits', { amount: 100 }),
    event('zero', { amount: 0 }),
    event('too-much', { amount: 100.5 }),
    event('half', { amount: 5, size: 2.5 }),
    event('no-currency', { amount: 5, unit: 'EURO' }),
    event('no-country', { amount: 5, land: 'UK' }),
    event('not-in-enum', { amount: 5, kind: 'bxc' }),
    event('not-the-pattern', { amount: 5, code: 'abcd' }),
    event('milliseconds', { amount: 5, when: 1763800000000 }),
    event('nested', { amount: 5, box: { unit: 'xx' } }),
    event('tags-1', { amount: 5, tags: ['a', 1] }),
    event('line', { amount: 5, lines: [{ price: '1' }, { price: 2 }] }),
    event('half-line', { amount: 5, lines: [{ count: 1 }, { count: 1.5 }, { count: '' }] }),
    event('whole-lines', { amount: 5, lines: [{ count: 1 }, {}, { count: null }] }),
    event('text', { amount: '5' }),
    event('formatted', { amount: '1,299.00 €' }),
    event('missing', {}),
    event('alias', { amount: '7' }, { name: 'bought' }),
    event('too-early', { amount: '7' }, { at: '2026-10-24T11:59:59Z' }),
    event('first-moment', { amount: '8' }, { at: '2026-10-24T12:00:00Z' }),
    event('last-moment', { amount: '9' }, { at: '2026-11-23T12:00:00Z' }),
    event('too-late', { amount: '7' }, { at: '2026-11-23T12:00:01Z' }),
    event('other', { amount: '7' }, { name: 'unplanned' }),
  ]
  let db: Database
  beforeAll(async () => {
    db = await modelOver(snapshotRows({ events }), planOf({ plan }))
    return () => db.close()
  })

  test('what does not fit', async () => {
    const rows = await db.rows(
      raw('select id, path, defect, found, value from property_defect order by id, path'),
    )
    expect(rows.map((r) => [r['id'], r['path'], r['defect'], r['found'], r['value']].join(' | '))).toEqual([
      'alias | amount | wrong-type | number as text | 7',
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
      'not-in-enum | kind | wrong-value | a value that is not allowed | bxc',
      'not-the-pattern | code | wrong-value | a value that is not allowed | abcd',
      'text | amount | wrong-type | number as text | 5',
      'too-much | amount | wrong-value | a value that is not allowed | 100.5',
    ])
  })

  test('names, with what the plan says of them', async () => {
    const rows = await db.rows(
      raw('select name, events, intent, critical, planned, held from event_name order by name'),
    )
    expect(rows).toEqual([
      { name: 'bought', events: 1, intent: 'purchase', critical: true, planned: true, held: true },
      { name: 'order', events: 22, intent: 'purchase', critical: true, planned: true, held: true },
      { name: 'unplanned', events: 1, intent: null, critical: false, planned: false, held: false },
    ])
  })

  test('the dedupe key, where it says something', async () => {
    expect(await db.rows(raw('select id, key from event where key is not null'))).toEqual([
      { id: 'fine', key: 'k1' },
    ])
  })

  test('payloads of one form have one signature, and an empty text is another form', async () => {
    const forms = async (...data: Record<string, unknown>[]) => {
      const own = data.map((d, index) => event(String(index), d))
      const model = await modelOver(snapshotRows({ events: own }), planOf({ plan }))
      const count = await model.scalar(raw('select count(distinct signature) from event'))
      model.close()
      return count
    }
    expect(
      await forms(
        { amount: 1, code: 'a"b\\' },
        { amount: 22.5, code: 'x:"y' },
        { amount: -1e3, code: '{"z":1}' },
      ),
    ).toBe(1)
    expect(
      await forms({ code: 'a' }, { code: '' }, { code: ' ' }, { code: 1 }, { code: null }, { code: true }),
    ).toBe(6)
    expect(
      await forms({ tags: ['a', 'b'] }, { tags: ['c', 'd'] }, { tags: [1, 2] }, { tags: [] }),
    ).toBeLessThanOrEqual(3)
  })
})

test('an emptied cart is fine, an empty one that costs something is not', async () => {
  const at = '2026-11-10T10:00:00Z'
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
  ].map(([id, name, data]) => ({
    id: id as string,
    name: name as string,
    data: data as Record<string, unknown>,
    at,
    cio_id: 'p',
  }))
  const db = await modelOver(snapshotRows({ events }), planOf({ plan }))
  const rows = await db.rows(raw('select id, defect, found from property_defect order by id'))
  db.close()
  expect(rows).toEqual([
    { id: 'costly', defect: 'missing', found: 'empty list' },
    { id: 'order', defect: 'missing', found: 'empty list' },
  ])
})

describe('running journeys', () => {
  const at = '2026-11-10T10:00:00Z'
  test('make triggers of their events; drafts and other kinds of journeys do not', async () => {
    const events = ['a', 'b', 'c'].map((name) => ({ cio_id: 'p', name, at }))
    const campaign = (id: bigint, state: string, event: string | null) => [
      id,
      `J${id}`,
      state,
      event,
      null,
      '[]',
      '[]',
      null,
    ]
    const rows = {
      ...snapshotRows({ events }),
      campaign: [campaign(1n, 'running', 'a'), campaign(2n, 'draft', 'b'), campaign(3n, 'running', null)],
    }
    const db = await modelOver(rows, planOf({}))
    const names = await db.rows(raw('select name, trigger from event_name order by name'))
    db.close()
    expect(names).toEqual([
      { name: 'a', trigger: true },
      { name: 'b', trigger: false },
      { name: 'c', trigger: false },
    ])
  })
})

describe('the built-in plan by intent', () => {
  const at = '2026-11-10T10:00:00Z'
  test('the best known name carries the requirements, a step beside it does not', async () => {
    const events = [
      'add_to_cart',
      'cart_updated',
      'Order Completed',
      'app_opened',
      'screen_view',
      'wishlist_shared',
    ].map((name, i) => ({ cio_id: 'p', name, at, data: {}, id: String(i) }))
    const db = await modelOver(snapshotRows({ events }), planOf({}))
    const names = await db.rows(raw('select name, intent, critical, held from event_name order by name'))
    expect(names).toEqual([
      { name: 'Order Completed', intent: 'purchase', critical: true, held: true },
      { name: 'add_to_cart', intent: 'cart', critical: false, held: false },
      { name: 'app_opened', intent: 'noise', critical: false, held: false },
      { name: 'cart_updated', intent: 'cart', critical: true, held: true },
      { name: 'screen_view', intent: 'noise', critical: false, held: false },
      { name: 'wishlist_shared', intent: null, critical: false, held: false },
    ])
    const missing = await db.rows(
      raw("select distinct name || '.' || path as path from property_defect order by path"),
    )
    expect(missing.map((row) => row['path'])).toEqual([
      'Order Completed.items',
      'Order Completed.order_id',
      'Order Completed.revenue',
      'cart_updated.cart_value',
      'cart_updated.currency',
      'cart_updated.items',
    ])
    const waits = await db.rows(raw('select intent, seen_as from expectation order by intent'))
    expect(waits).toEqual([
      { intent: 'cart', seen_as: ['cart_updated', 'add_to_cart'] },
      { intent: 'checkout', seen_as: [] },
      { intent: 'product', seen_as: [] },
      { intent: 'purchase', seen_as: ['Order Completed'] },
    ])
    db.close()
  })

  test('observed names that share a word are offered as candidates', async () => {
    const events = [{ cio_id: 'p', name: 'myCheckoutBegun', at, data: {} }]
    const db = await modelOver(snapshotRows({ events }), planOf({}))
    expect(await db.scalar(sql`select candidates from expectation where intent = 'checkout'`)).toEqual([
      'myCheckoutBegun',
    ])
    db.close()
  })
})
