import { APIClient, FilterOperator, IdentifierType, TrackClient } from 'customerio-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Simulator } from '../../src/simulator/index.ts'
import { appOf, now, startShop, type App, type Json } from './support.ts'

let simulator: Simulator
let app: App
let track: TrackClient
let api: APIClient
beforeAll(async () => {
  simulator = await startShop({ people: 40, variant: 'healthy', region: 'eu' })
  app = appOf(simulator)
  const { appUrl, trackUrl, siteId, trackKey, appKey } = simulator
  track = new TrackClient(siteId, trackKey, { url: `${trackUrl}/api/v1`, retry: { maxRetries: 0 } })
  api = new APIClient(appKey, { url: `${appUrl}/v1`, retry: { maxRetries: 0 } })
})
afterAll(() => simulator.close())

const nowSeconds = now.getTime() / 1000
const profile = async (id: string): Promise<Json> => (await api.getAttributes(id))['customer'] as Json
const feed = async (id: string, type?: string): Promise<Json[]> =>
  (
    await app.get(
      `/v1/customers/${encodeURIComponent(id)}/activities?limit=100${type === undefined ? '' : `&type=${type}`}`,
    )
  ).body['activities'] as Json[]

describe('what Customer.io’s own client writes, the App API reads', () => {
  test('identify, a device, an event', async () => {
    await track.identify('u-1', {
      email: 'Ana@shop.example',
      plan: 'pro',
      score: 17,
      is_admin: true,
      tags: ['a'],
      created_at: nowSeconds - 60,
    })
    await track.addDevice('u-1', 'a'.repeat(64), 'ios', {
      last_used: nowSeconds,
      push_enabled: true,
      app_version: '3.2.0',
    })
    await track.track('u-1', {
      name: ' cart_updated ',
      data: { cart_value: 23.45, items: [{ product_id: 'P1' }] },
      timestamp: nowSeconds - 30,
    })

    const person = await profile('u-1')
    expect(person['attributes']).toMatchObject({
      id: 'u-1',
      email: 'Ana@shop.example',
      plan: 'pro',
      score: '17',
      is_admin: 'true',
      tags: '["a"]',
    })
    expect(person['attributes']).toMatchObject({ created_at: String(nowSeconds - 60) })
    expect(person['devices']).toEqual([
      {
        id: 'a'.repeat(64),
        platform: 'ios',
        last_used: nowSeconds,
        attributes: { push_enabled: 'true', app_version: '3.2.0', _last_status: '' },
      },
    ])
    const [event] = await feed('u-1', 'event')
    expect(event).toMatchObject({
      name: 'cart_updated',
      timestamp: nowSeconds - 30,
      data: { cart_value: 23.45, items: [{ product_id: 'P1' }] },
    })
    expect((await feed('u-1')).map((activity) => activity['type'])).toEqual([
      'event',
      'device_change',
      'attribute_change',
      'profile_create',
    ])
  })

  test('new activity stands at the head of the feed and does not shift a cursor', async () => {
    const before = await app.get('/v1/activities?limit=5')
    await track.track('u-1', { name: 'app_opened' })
    const head = (await app.get('/v1/activities?limit=1')).body['activities'] as Json[]
    expect(head[0]).toMatchObject({ name: 'app_opened', timestamp: nowSeconds })
    const older = (await app.get(`/v1/activities?limit=5&start=${String(before.body['next'])}`)).body[
      'activities'
    ] as Json[]
    const ids = new Set((before.body['activities'] as Json[]).map((activity) => activity['id']))
    expect(older.some((activity) => ids.has(activity['id']))).toBe(false)
  })

  test('search, look-up by e-mail, devices away, people away', async () => {
    await track.identify('u-2', { email: 'bo@shop.example' })
    await track.addDevice('u-2', 'b'.repeat(64), 'android')
    await track.deleteDevice('u-2', 'b'.repeat(64))
    expect((await profile('u-2'))['devices']).toEqual([])
    expect(await api.getCustomersByEmail('BO@shop.example')).toMatchObject({ results: [{ id: 'u-2' }] })
    const filter = { attribute: { field: 'email', operator: FilterOperator.Eq, value: 'bo@shop.example' } }
    expect(await api.searchCustomers(filter)).toMatchObject({ ids: ['u-2'] })
    const people = (await app.get('/v1/workspaces')).body
    await track.destroy('u-2')
    await expect(api.getAttributes('u-2')).rejects.toMatchObject({ statusCode: 404 })
    expect(await api.getCustomersByEmail('bo@shop.example')).toEqual({ results: [] })
    const count = (body: Json): number => (body['workspaces'] as { people: number }[])[0]?.people ?? 0
    expect(count((await app.get('/v1/workspaces')).body)).toBe(count(people) - 1)
    // The deleted are only shown to who asks for them.
    const gone = (await app.get('/v1/activities?deleted=true&type=profile_delete')).body[
      'activities'
    ] as Json[]
    expect(gone).toMatchObject([{ customer_identifiers: { id: 'u-2' } }])
    expect((await app.get('/v1/activities?type=profile_delete')).body['activities']).toEqual([])
  })

  test('a repeated event id is a retry; a page and a screen keep their type', async () => {
    await track.identify('u-3')
    const id = '01J9Z6W3Q0K4V0S3R1TB5N8E7M'
    for (const _ of [1, 2]) await track.track('u-3', { name: 'purchase', id, data: {} })
    await track.trackPageView('u-3', '/sale')
    expect(await feed('u-3', 'event')).toHaveLength(1)
    expect(await feed('u-3', 'page')).toMatchObject([{ url: '/sale' }])
  })

  test('a time that is no Unix second becomes now', async () => {
    await track.identify('u-4')
    for (const timestamp of [nowSeconds * 1000, '2026-11-20T10:00:00Z'])
      await track.track('u-4', { name: 'late', timestamp })
    expect((await feed('u-4', 'event')).map((event) => event['timestamp'])).toEqual([nowSeconds, nowSeconds])
  })

  test('anonymous events wait for their person', async () => {
    await track.trackAnonymous('anon-1', {
      name: 'product_viewed',
      data: { product_id: 'P1' },
      timestamp: nowSeconds - 3_600,
    })
    await track.trackAnonymous('anon-1', { name: 'too_old', timestamp: nowSeconds - 40 * 86_400 })
    expect((await app.get('/v1/activities?type=event&name=too_old')).body['activities']).toEqual([])
    await track.identify('u-5', { anonymous_id: 'anon-1' })
    expect(await feed('u-5', 'event')).toMatchObject([
      { name: 'product_viewed', timestamp: nowSeconds - 3_600 },
    ])
    expect(await feed('u-5', 'anon_merge')).toMatchObject([
      { data: { anonymous_id: 'anon-1', merged_events: 1 } },
    ])
  })

  test('merging moves what happened and deletes the other', async () => {
    await track.identify('u-6', { email: 'cy@shop.example' })
    await track.identify('u-7', { plan: 'pro' })
    await track.track('u-7', { name: 'purchase' })
    await track.mergeCustomers(IdentifierType.Id, 'u-6', IdentifierType.Id, 'u-7')
    expect((await profile('u-6'))['attributes']).toMatchObject({ email: 'cy@shop.example', plan: 'pro' })
    expect(await feed('u-6', 'event')).toHaveLength(1)
    await expect(api.getAttributes('u-7')).rejects.toMatchObject({ statusCode: 404 })
  })

  test('a batch is taken in parts', async () => {
    const identified = {
      type: 'person',
      action: 'identify',
      identifiers: { id: 'u-8' },
      attributes: { plan: 'free' },
    }
    const device = {
      type: 'person',
      action: 'add_device',
      identifiers: { id: 'u-8' },
      device: { token: 'c'.repeat(64), platform: 'ios' },
    }
    const event = {
      type: 'person',
      action: 'event',
      identifiers: { id: 'u-8' },
      name: 'app_opened',
      attributes: { source: 'push' },
    }
    expect(await track.batch([identified, device, event] as never)).toEqual({})
    const person = await profile('u-8')
    expect([person['attributes'], person['devices']]).toMatchObject([
      { plan: 'free' },
      [{ id: 'c'.repeat(64) }],
    ])
    expect(await feed('u-8', 'event')).toMatchObject([{ name: 'app_opened', data: { source: 'push' } }])
    expect(
      await track.batch([{ type: 'person', action: 'event', identifiers: { id: 'u-8' } }, event] as never),
    ).toMatchObject({ errors: [{ batch_index: 0, field: 'name' }] })
    expect(await feed('u-8', 'event')).toHaveLength(2)
  })

  test('region and workspace', async () => {
    const basic = Buffer.from(`${simulator.siteId}:${simulator.trackKey}`).toString('base64')
    const region = await fetch(`${simulator.trackUrl}/api/v1/accounts/region`, {
      headers: { authorization: `Basic ${basic}` },
    })
    expect(await region.json()).toEqual({
      url: 'https://track-eu.customer.io',
      region: 'eu',
      environment_id: 101,
    })
  })
})

describe('identify rules', () => {
  test('a known e-mail under a new id gives that person the id', async () => {
    await track.identify('dee@shop.example', { plan: 'free' })
    await track.identify('u-10', { email: 'dee@shop.example', plan: 'pro' })
    expect(await api.getCustomersByEmail('dee@shop.example')).toMatchObject({ results: [{ id: 'u-10' }] })
    expect((await profile('u-10'))['attributes']).toMatchObject({ plan: 'pro' })
  })

  test('identifiers of two people: accepted, and failed in the feed', async () => {
    await track.identify('u-11', { email: 'eve@shop.example' })
    await track.identify('u-12', { email: 'eve@shop.example', plan: 'pro' })
    expect(await feed('u-11', 'failed_attribute_change')).toHaveLength(1)
    await track.identify('u-13', { email: 'fay@shop.example' })
    await track.identify('u-13', { email: 'eve@shop.example' })
    expect(await feed('u-13', 'failed_attribute_change')).toHaveLength(1)
    expect((await profile('u-13'))['attributes']).toMatchObject({ email: 'fay@shop.example' })
  })

  test('an id changes only by cio_id; an unknown cio_id does nothing', async () => {
    await track.identify('u-14', { plan: 'free' })
    await track.identify('u-14', { id: 'u-15' })
    expect(await feed('u-14', 'failed_attribute_change')).toHaveLength(1)
    const cioId = ((await profile('u-14'))['identifiers'] as Json)['cio_id']
    await track.identify(`cio_${String(cioId)}`, { id: 'u-15' })
    expect((await profile('u-15'))['attributes']).toMatchObject({ plan: 'free' })
    await track.identify('cio_d9c1nobody', { plan: 'pro' })
    await expect(api.getAttributes('u-14')).rejects.toMatchObject({ statusCode: 404 })
  })

  test('_update prevents creation; empty text removes; unsubscribed reads as documented', async () => {
    await track.identify('u-16', { _update: true, plan: 'pro' })
    await expect(api.getAttributes('u-16')).rejects.toMatchObject({ statusCode: 404 })
    await track.identify('u-17', { plan: 'pro', unsubscribed: '1' })
    await track.identify('u-17', { plan: '' })
    const person = await profile('u-17')
    expect(person['unsubscribed']).toBe(true)
    expect(person['attributes']).not.toHaveProperty('plan')
    await track.identify('u-17', { unsubscribed: 'yes' })
    expect((await profile('u-17'))['unsubscribed']).toBe(false)
  })

  test('limits are 400 in Track’s own envelope', async () => {
    const tooMany = Object.fromEntries(Array.from({ length: 301 }, (_, index) => [`a${index}`, '1']))
    await expect(track.identify('u-18', tooMany)).rejects.toMatchObject({ statusCode: 400 })
    await expect(track.identify('u-18', { note: 'x'.repeat(1_001) })).rejects.toMatchObject({
      statusCode: 400,
    })
    await expect(track.track('u-18', { name: 'x'.repeat(101) })).rejects.toMatchObject({ statusCode: 400 })
  })
})
