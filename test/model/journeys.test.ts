import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, rowsOf, snapshotRows } from '../support/workspace.ts'

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
    event('half-known', 'cart_updated', 1, { cart_value: -5 }),
    event('half-known', 'checkout_started', 1, {}),
    event('half-named', 'cart_updated', 1, { cart_value: 5, currency: 'EUR' }),
    event('half-named', 'checkout_started', 1, { cart_value: 5 }),
    event('vague', 'cart_updated', 1, {}),
    event('endless', 'cart_updated', 1, { cart_value: 1e12, total: -1e13, amount: 999_999_999_999 }),
  ]
  const db = await modelOver(snapshotRows({ events }), planOf({}))
  const rows = await db.rows(raw('select * from cart_value order by cio_id'))
  db.close()
  expect(rows).toEqual([
    { cio_id: 'buyer', currency: 'EUR', amount: 12.5 },
    { cio_id: 'endless', currency: null, amount: 999_999_999_999 },
    { cio_id: 'half-known', currency: null, amount: -5 },
    { cio_id: 'half-named', currency: 'EUR', amount: 5 },
    { cio_id: 'vague', currency: null, amount: null },
  ])
})

test('a journey without a name is called by its id', async () => {
  const campaign = (id: bigint, name: string | null) => [id, name, 'running', 'x', null, '[]', '[]', null]
  const rows = { campaign: [campaign(1n, null), campaign(2n, ' '), campaign(3n, ' J ')] }
  const db = await modelOver(rows, planOf({}))
  const journeys = await db.rows(raw('select name from journey order by id'))
  db.close()
  expect(journeys).toEqual([{ name: 'journey 1' }, { name: 'journey 2' }, { name: ' J ' }])
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

test('segments of journeys; what is no list of ids names none', async () => {
  const campaign = (id: bigint, triggers: string | null, filters: string | null) => [
    id,
    `J${id}`,
    'running',
    null,
    null,
    triggers,
    filters,
    null,
  ]
  const rows = {
    campaign: [campaign(1n, '[7]', '[null, 8]'), campaign(2n, 'broken', 'broken'), campaign(3n, null, '[]')],
    ...rowsOf('segment', [{ id: 8n, name: 'Ready', state: 'finished', people: 4n }]),
  }
  const db = await modelOver(rows, planOf({}))
  const segments = await db.rows(raw('select * from journey_segment order by segment'))
  db.close()
  expect(segments.map((row) => Object.values(row))).toEqual([
    [1, 'trigger', 7, null, null, null, false],
    [1, 'filter', 8, 'Ready', 'finished', 4, true],
  ])
})

test('the channel of a step is told by its type; of what sends nothing it is the type', async () => {
  const types = ['Push notification', 'email_action', 'Twilio SMS', 'delay']
  const actions = types.map((type, n) => ({ id: n, type }))
  const db = await modelOver(snapshotRows({ journeys: [{ id: 1, actions }] }), planOf({}))
  const steps = await db.rows(raw('select channel from journey_message order by action'))
  db.close()
  expect(steps.map((row) => row['channel'])).toEqual(['push', 'email', 'sms', 'delay'])
})
