import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, snapshotRows } from '../support/workspace.ts'

test('the cart value of the latest cart or checkout of each person', async () => {
  const event = (cio_id: string, name: string, day: number, data: object) => ({
    cio_id,
    name,
    at: `2026-11-0${day}T10:00:00Z`,
    data: { ...data },
  })
  const events = [
    event('buyer', 'cart_updated', 1, { currency: 'USD', cart_value: 99 }),
    event('buyer', 'checkout_started', 2, { currency: 'eur', cart_value: 'none', total: 12.5 }),
    event('buyer', 'purchase', 3, { currency: 'GBP', total: 7 }),
    event('looker', 'product_viewed', 1, { currency: 'EUR', value: 3 }),
    event('vague', 'cart_updated', 1, {}),
    event('endless', 'cart_updated', 1, { cart_value: 1e12, total: -1e13, amount: 999_999_999_999 }),
  ]
  const db = await modelOver(snapshotRows({ events }), planOf({}))
  const rows = await db.rows(raw('select * from cart_value order by cio_id'))
  db.close()
  expect(rows).toEqual([
    { cio_id: 'buyer', currency: 'EUR', amount: 12.5 },
    { cio_id: 'endless', currency: null, amount: 999_999_999_999 },
    { cio_id: 'vague', currency: null, amount: null },
  ])
})

test('journeys, and which of them send a push', async () => {
  const campaign = (id: bigint) => [id, `J${id}`, 'running', 'cart_updated', null, '[]', '[]', null]
  const action = (campaignId: bigint, type: string) => [campaignId, 1n, type, 'Step', null, null, null]
  const rows = {
    campaign: [campaign(1n), campaign(2n), campaign(3n)],
    campaign_action: [action(1n, 'email'), action(1n, 'Push notification'), action(2n, 'email')],
  }
  const db = await modelOver(rows, planOf({}))
  const journeys = await db.rows(raw('select id, has_push from journey order by id'))
  db.close()
  expect(journeys).toEqual([
    { id: 1, has_push: true },
    { id: 2, has_push: false },
    { id: 3, has_push: false },
  ])
})
