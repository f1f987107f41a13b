import { describe, expect, test } from 'vitest'
import { raw, sql } from '../../src/engine/sql.ts'
import { modelOver, planOf, snapshotRows } from '../support/workspace.ts'
import { orderEvents, orderPlan, rowsOf } from './order-plan.ts'

test('names, with what the plan says of them', async () => {
  const db = await modelOver(rowsOf(orderEvents), planOf({ plan: orderPlan }))
  const rows = await db.rows(
    raw(
      'select name, type, events, intent, critical, planned, held, keyed, unplanned, trigger from event_name order by name, type',
    ),
  )
  db.close()
  const seen = (name: string, events: number, rest: object, type = 'event') => ({
    name,
    type,
    events,
    intent: null,
    critical: false,
    planned: false,
    held: false,
    keyed: false,
    unplanned: false,
    trigger: false,
    ...rest,
  })
  const order = { intent: 'purchase', critical: true, planned: true, held: true, keyed: true }
  expect(rows).toEqual([
    seen('bought', 1, order),
    seen('look', 1, { intent: 'product', planned: true }),
    seen('order', 25, order),
    seen('order', 1, { intent: 'noise' }, 'page'),
    seen('order', 1, { intent: 'noise' }, 'screen'),
    seen('unplanned', 1, { unplanned: true }),
  ])
})

test('a plan waits for its critical events, under their own names and former ones', async () => {
  const at = '2026-11-10T10:00:00Z'
  const plan = {
    add_item: { critical: true, intent: 'cart' as const },
    order_paid: { critical: true, aliases: ['paid', 'settled'] },
    look: { critical: false },
  }
  const names = ['addFriend', 'new.item', 'itemList', 'item_a', 'item_b', 'settled', 'look']
  const db = await modelOver(
    snapshotRows({ events: names.map((name) => ({ cio_id: 'p', name, at })) }),
    planOf({ plan }),
  )
  const rows = await db.rows(raw('select * from expectation order by name'))
  db.close()
  expect(rows).toEqual([
    {
      name: 'add_item',
      intent: 'cart',
      origin: 'plan',
      seen_as: [],
      candidates: ['itemList', 'item_a', 'item_b'],
    },
    { name: 'order_paid', intent: null, origin: 'plan', seen_as: ['settled'], candidates: [] },
  ])
})

describe('running journeys', () => {
  const at = '2026-11-10T10:00:00Z'
  test('make triggers of their events; drafts and other kinds of journeys do not', async () => {
    const events = ['a', 'b', 'c'].map((name, n) => ({ cio_id: 'p', name, at, id: String(n), data: {} }))
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
      ...rowsOf(events, [['screen', 'screen', 'a', {}]]),
      campaign: [campaign(1n, 'running', 'a'), campaign(2n, 'draft', 'b'), campaign(3n, 'running', null)],
    }
    const db = await modelOver(rows, planOf({}))
    const names = await db.rows(raw('select name, type, trigger from event_name order by name, type'))
    db.close()
    expect(names).toEqual([
      { name: 'a', type: 'event', trigger: true },
      { name: 'a', type: 'screen', trigger: false },
      { name: 'b', type: 'event', trigger: false },
      { name: 'c', type: 'event', trigger: false },
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
    // Without a plan of the team nothing can be missing in it.
    expect(await db.rows(raw('select name from event_name where unplanned'))).toEqual([])
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
    const waits = await db.rows(raw('select name, intent, seen_as from expectation order by intent'))
    expect(waits).toEqual([
      { name: 'cart_updated', intent: 'cart', seen_as: ['cart_updated', 'add_to_cart'] },
      { name: 'checkout_started', intent: 'checkout', seen_as: [] },
      { name: 'product_viewed', intent: 'product', seen_as: [] },
      { name: 'purchase', intent: 'purchase', seen_as: ['Order Completed'] },
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
