import { beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, rowsOf as rowsOfTable, snapshotRows, type Fields } from '../support/workspace.ts'
import { at, event, must, of, orderEvents, orderPlan, rowsOf } from './order-plan.ts'

let db: Database
beforeAll(async () => {
  db = await modelOver(rowsOf(orderEvents), planOf({ plan: orderPlan }))
  return () => db.close()
})

/** Events by the id that they were read with. */
const rowsBy = (model: Database, columns: string, rest = '') =>
  model.rows(raw(`select h.id, ${columns} from event e join happening h using (seq) ${rest} order by h.id`))

test('events, pages and screens of the window that have a name', async () => {
  const rows = await rowsBy(db, 'e.name')
  const outside = new Set(['too-early', 'too-late'])
  expect(rows.map((row) => String(row['id'])).toSorted()).toEqual(
    [...orderEvents.map(({ id }) => id), 'no-data', 'screen', 'page']
      .filter((id) => !outside.has(id))
      .toSorted(),
  )
})

test('the dedupe key, where it says something, and of events alone', async () => {
  expect(await rowsBy(db, "e.key_hash = hash('k1') as is_k1", 'where e.key_hash is not null')).toEqual([
    { id: 'fine', is_k1: true },
  ])
})

test('the first key of several that says something', async () => {
  // The longest of the words that mean nothing.
  const nil = '00000000-0000-0000-0000-000000000000'
  const keyed: Record<string, Record<string, unknown>> = {
    first: { event_id: 'e', message_id: 'm' },
    second: { message_id: 'm' },
    'first-blank': { event_id: ' ', message_id: 'm' },
    nil: { event_id: nil },
    none: {},
  }
  const events = Object.entries(keyed).map(([id, data]) => event(id, data, { name: 'purchase' }))
  const model = await modelOver(snapshotRows({ events }), planOf({}))
  const rows = await rowsBy(
    model,
    `list_filter(['e', 'm', '${nil}'], lambda key: hash(key) = e.key_hash)[1] as key`,
  )
  model.close()
  expect(rows).toEqual([
    { id: 'first', key: 'e' },
    { id: 'first-blank', key: 'm' },
    { id: 'nil', key: null },
    { id: 'none', key: null },
    { id: 'second', key: 'm' },
  ])
})

test('what is in doubt is what does not fit, and of events alone', async () => {
  const suspects = await rowsBy(db, 'e.type', 'where e.suspect')
  const wrong = await db.rows(raw('select distinct id from property_defect order by id'))
  expect(suspects.map((row) => row['id'])).toEqual(wrong.map((row) => row['id']))
  expect(suspects.length).toBeGreaterThan(15)
})

test('texts that only look odd are cleared', async () => {
  const fine = ['ähnlich', '~', '\\', '"', '\u3042', 'a', 'A', '\u0001', '\u00a0a', ' a']
  const blank = ['', ' ', '\n', '\u00a0', '\u3000 \ufeff', '\v']
  const plan = { order: { properties: { must: { ...must('string') }, may: { ...of('string') } } } }
  const events = [
    ...fine.map((text, n) => event(`fine-${n}`, { must: text, may: text })),
    ...blank.map((text, n) => event(`blank-${n}`, { must: text, may: text })),
  ]
  const model = await modelOver(snapshotRows({ events }), planOf({ plan }))
  const rows = await model.rows(raw('select id, path, defect from property_defect order by id'))
  model.close()
  expect(rows).toEqual(blank.map((_, n) => ({ id: `blank-${n}`, path: 'must', defect: 'missing' })))
})

test('what is mobile, and whose it is', async () => {
  const events = [
    event('ios', { platform: 'iOS' }),
    event('android', { platform: 'android' }),
    event('web', { platform: 'web' }),
    event('silent', {}, { cio_id: 'unknown' }),
  ]
  const model = await modelOver(rowsOf(events), planOf({ plan: {} }))
  const rows = await rowsBy(
    model,
    'e.mobile, p.cio_id as cluster',
    'left join person p on p.person = e.cluster',
  )
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

test('what a cart is worth, what was paid, and in which currency', async () => {
  const plan = {
    cart: { intent: 'cart' as const },
    till: { intent: 'checkout' as const },
    paid: { intent: 'purchase' as const },
    look: { intent: 'product' as const },
  }
  const said: [id: string, name: string, data: Record<string, unknown>][] = [
    ['cart', 'cart', { cart_value: 5, revenue: 6, currency: 'eur' }],
    ['checkout', 'till', { total: '7.5', currency: ' usd and more than twenty letters' }],
    ['order', 'paid', { revenue: 8, cart_value: 9 }],
    ['refund', 'paid', { revenue: -8 }],
    ['second-name', 'cart', { cart_value: 'none', total: 4 }],
    ['just-plausible', 'cart', { cart_value: 999_999_999_999 }],
    ['implausible', 'cart', { cart_value: 1e12 }],
    ['silent', 'paid', {}],
    ['product', 'look', { cart_value: 5, revenue: 6, currency: 'eur' }],
  ]
  const events = said.map(([id, name, data]) => event(id, data, { name }))
  const model = await modelOver(snapshotRows({ events }), planOf({ plan }))
  const rows = await rowsBy(model, 'e.amount, e.currency')
  model.close()
  expect(Object.fromEntries(rows.map((row) => [row['id'], [row['amount'], row['currency']]]))).toEqual({
    cart: [5, 'EUR'],
    checkout: [7.5, 'USD AND MORE THAN TW'],
    order: [8, null],
    refund: [-8, null],
    'second-name': [4, null],
    'just-plausible': [999_999_999_999, null],
    implausible: [null, null],
    silent: [null, null],
    product: [null, null],
  })
})

test('platform and versions: what the event says, else the context, of those that are asked', async () => {
  const plan = {
    cart: { intent: 'cart' as const },
    held: { properties: { note: of('string') } },
    look: { intent: 'product' as const },
  }
  const context = { platform: 'android', app_version: '2.0', sdk_version: '9.1', source: 'pipelines' }
  const activity = (id: string, name: string, data: object): Fields => ({
    id,
    type: 'event',
    name,
    at,
    customer_id: 'u',
    data: JSON.stringify(data),
    ...context,
  })
  const own = { platform: ' iOS ', app_version: ' 3.1 ' }
  const rows = rowsOfTable('activity', [
    activity('cart', 'cart', own),
    activity('cart-context', 'cart', {}),
    activity('held', 'held', own),
    activity('held-blank', 'held', { platform: ' ', app_version: '' }),
    activity('product', 'look', own),
  ])
  const model = await modelOver(rows, planOf({ plan }))
  const found = await rowsBy(model, 'e.platform, e.app_version, e.sdk_version')
  model.close()
  expect(found.map(({ id, ...said }) => [id, ...Object.values(said)])).toEqual([
    ['cart', 'ios', null, null],
    ['cart-context', 'android', null, null],
    ['held', 'ios', '3.1', '9.1'],
    ['held-blank', 'android', '2.0', '9.1'],
    ['product', null, null, null],
  ])
})
