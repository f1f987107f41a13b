import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Simulator } from '../../src/simulator/index.ts'
import { all, appOf, everyone, startShop, withStart, type App, type Json } from './support.ts'

interface Identifiers {
  readonly cio_id: string
  readonly id: string | null
  readonly email: string | null
}

let simulator: Simulator
let app: App
let people: Identifiers[]
beforeAll(async () => {
  simulator = await startShop()
  app = appOf(simulator)
  people = (await all(
    (cursor) => app.post(withStart('/v1/customers?limit=70', cursor), everyone),
    'identifiers',
  )) as unknown as Identifiers[]
})
afterAll(() => simulator.close())

const search = async (filter: unknown): Promise<string[]> => {
  const found = await all(
    (cursor) => app.post(withStart('/v1/customers?limit=100', cursor), { filter }),
    'identifiers',
  )
  return found.map((person) => String(person['cio_id']))
}

describe('paging neither loses nor repeats', () => {
  test('people', () => {
    expect(new Set(people.map((person) => person.cio_id)).size).toBe(300)
    expect(people).toHaveLength(300)
  })

  test.each(['', '&type=event', '&type=event&name=cart_updated', '&name=customer_tier'])(
    'activities%s, at any page size',
    async (query) => {
      const read = async (limit: number): Promise<unknown[]> => {
        const records = await all(
          (cursor) => app.get(withStart(`/v1/activities?limit=${limit}${query}`, cursor)),
          'activities',
        )
        return records.map((activity) => activity['id'])
      }
      const inHundreds = await read(100)
      expect(inHundreds.length).toBeGreaterThan(5)
      expect(new Set(inHundreds).size).toBe(inHundreds.length)
      expect(await read(37)).toEqual(inHundreds)
    },
  )

  test('the streams of the types sum up to the whole feed, newest first', async () => {
    const feed = await all((cursor) => app.get(withStart('/v1/activities?limit=100', cursor)), 'activities')
    const times = feed.map((activity) => Number(activity['timestamp']))
    expect(times).toEqual(times.toSorted((one, other) => other - one))
    const types = [...new Set(feed.map((activity) => String(activity['type'])))]
    const streams = await Promise.all(
      types.map((type) =>
        all((cursor) => app.get(withStart(`/v1/activities?limit=100&type=${type}`, cursor)), 'activities'),
      ),
    )
    expect(streams.flat().length).toBe(feed.length)
    expect(new Set(streams.flat().map((activity) => activity['id']))).toEqual(
      new Set(feed.map((activity) => activity['id'])),
    )
  })

  test('one person’s activities are those of the feed that name them', async () => {
    const feed = await all((cursor) => app.get(withStart('/v1/activities?limit=100', cursor)), 'activities')
    const busiest = String((feed[0]?.['customer_identifiers'] as Json | undefined)?.['cio_id'])
    const own = feed.filter((activity) => (activity['customer_identifiers'] as Json)['cio_id'] === busiest)
    const path = `/v1/customers/cio_${busiest}/activities?id_type=cio_id&limit=3`
    const asked = await all((cursor) => app.get(withStart(path, cursor)), 'activities')
    const restricted = await all(
      (cursor) =>
        app.get(withStart(`/v1/activities?customer_id=cio_${busiest}&id_type=cio_id&limit=3`, cursor)),
      'activities',
    )
    expect(asked).toEqual(own)
    expect(restricted).toEqual(own)
  })

  test('campaign actions come ten at a time', async () => {
    const first = await app.get('/v1/campaigns/5/actions')
    expect(first.body['actions']).toHaveLength(10)
    const actions = await all((cursor) => app.get(withStart('/v1/campaigns/5/actions', cursor)), 'actions')
    expect(actions).toHaveLength(12)
    expect(actions.some((action) => String(action['body']).includes('{{event.cart_value}}'))).toBe(true)
  })

  test('segment members are as many as the segment counts, in everyone', async () => {
    const members = await all(
      (cursor) => app.get(withStart('/v1/segments/2/membership?limit=33', cursor)),
      'identifiers',
    )
    const { body } = await app.get('/v1/segments/2/customer_count')
    expect(members).toHaveLength(Number(body['count']))
    expect(await search({ segment: { id: 2 } })).toEqual(members.map((person) => person['cio_id']))
  })

  test('the last page has an empty cursor', async () => {
    expect((await app.post('/v1/customers?limit=1000', everyone)).body['next']).toBe('')
    expect((await app.get('/v1/activities?type=no_such_type')).body).toEqual({ activities: [], next: '' })
  })

  test('default page sizes are 10 activities and 50 people', async () => {
    expect((await app.get('/v1/activities')).body['activities']).toHaveLength(10)
    expect((await app.post('/v1/customers', everyone)).body['identifiers']).toHaveLength(50)
  })
})

describe('people', () => {
  test('filters: eq, exists, not, or, and', async () => {
    const folded = people.map((person) => person.email?.trim().toLowerCase())
    const first = people.find(
      (_, at) => folded[at] && folded.filter((other) => other === folded[at]).length === 1,
    )
    const email = first?.email ?? ''
    const byEmail = { attribute: { field: 'email', operator: 'eq', value: email.toUpperCase() } }
    expect(await search(byEmail)).toEqual([first?.cio_id])
    const gold = await search({ attribute: { field: 'customer_tier', operator: 'eq', value: 'gold' } })
    const others = await search({
      not: { attribute: { field: 'customer_tier', operator: 'eq', value: 'gold' } },
    })
    expect(gold.length + others.length).toBe(300)
    const either = await search({
      or: [byEmail, { attribute: { field: 'customer_tier', operator: 'eq', value: 'gold' } }],
    })
    expect(new Set(either)).toEqual(new Set([...gold, first?.cio_id]))
    expect(
      await search({ and: [byEmail, { attribute: { field: 'no_such_attribute', operator: 'exists' } }] }),
    ).toEqual([])
  })

  test.each([
    [{ attribute: { field: 'email', operator: 'gt', value: '1' } }],
    [{ attribute: { field: 'email', operator: 'eq' } }],
    [{ attribute: { field: 'is_admin', operator: 'eq', value: true } }],
    [{ not: [{ attribute: { field: 'email', operator: 'exists' } }] }],
    [{ and: [] }],
    [{ and: [{ segment: { id: 1 } }], or: [{ segment: { id: 2 } }] }],
  ])('a malformed filter is a 400: %j', async (filter) => {
    expect((await app.post('/v1/customers', { filter })).status).toBe(400)
    expect((await app.post('/v1/customers', { filters: filter })).status).toBe(400)
  })

  test('`ids` has an empty text for whoever has no id', async () => {
    const { body } = await app.post('/v1/customers?limit=1000', everyone)
    const ids = body['ids'] as string[]
    const without = people.filter((person) => person.id === null || person.id === '')
    expect(without.length).toBeGreaterThan(0)
    expect(ids.filter((id) => id === '')).toHaveLength(without.length)
  })

  test('the bulk read leaves out whom it does not know, and all values are text', async () => {
    const asked = people.slice(0, 3).map((person) => person.cio_id)
    const { body } = await app.post('/v1/customers/attributes?id_type=cio_id', {
      ids: [...asked, 'd9c1ffffffff', 'cio_d9c1'],
    })
    const customers = (body['customers'] as { customer: Json }[]).map(({ customer }) => customer)
    expect(customers.map((customer) => (customer['identifiers'] as Json)['cio_id'])).toEqual(asked)
    const values = customers.flatMap((customer) => Object.values(customer['attributes'] as Json))
    expect(values.every((value) => typeof value === 'string' || value === null)).toBe(true)
  })

  test('the bulk read by e-mail finds everyone with that address', async () => {
    const email = 'support@northwindoutfitters.com'
    const { body } = await app.post('/v1/customers/attributes?id_type=email', { ids: [email] })
    expect(body['customers']).toHaveLength(people.filter((person) => person.email === email).length)
    expect((await app.get(`/v1/customers?email=${encodeURIComponent(email)}`)).body['results']).toHaveLength(
      3,
    )
  })

  test('an unencoded plus is a space: 200 and nobody, as in production', async () => {
    // The small broken shop has no free people left who could have a tag.
    const healthy = await startShop({ people: 1000, variant: 'healthy' })
    const its = appOf(healthy)
    const { identifiers } = (await its.post('/v1/customers?limit=1000', everyone)).body
    const tagged = (identifiers as Identifiers[]).find(({ email }) => email?.includes('+'))?.email ?? ''
    expect(tagged).toContain('+')
    expect((await its.get(`/v1/customers?email=${encodeURIComponent(tagged)}`)).body['results']).toHaveLength(
      1,
    )
    expect((await its.get(`/v1/customers?email=${tagged}`)).body).toEqual({ results: [] })
    await healthy.close()
  })

  test('the bulk read takes 1 to 100 ids', async () => {
    const ids = (count: number): { ids: string[] } => ({
      ids: Array.from({ length: count }, (_, index) => `u-${index}`),
    })
    expect((await app.post('/v1/customers/attributes', ids(100))).status).toBe(200)
    expect((await app.post('/v1/customers/attributes', ids(101))).status).toBe(400)
    expect((await app.post('/v1/customers/attributes', ids(0))).status).toBe(400)
  })

  test('a workspace that wants the prefix in the bulk read omits bare ids', async () => {
    const picky = await startShop({ people: 20, cioIdPrefix: 'required' })
    const pickyApp = appOf(picky)
    const { body } = await pickyApp.post('/v1/customers', everyone)
    const ids = (body['identifiers'] as Identifiers[]).map((person) => person.cio_id)
    const read = async (values: string[]) =>
      (await pickyApp.post('/v1/customers/attributes?id_type=cio_id', { ids: values })).body['customers']
    expect(await read(ids)).toEqual([])
    expect(await read(ids.map((id) => `cio_${id}`))).toHaveLength(20)
    await picky.close()
  })

  test('a cio_id in a path needs its prefix', async () => {
    const cioId = people[0]?.cio_id
    expect((await app.get(`/v1/customers/${cioId}/attributes?id_type=cio_id`)).status).toBe(404)
    expect((await app.get(`/v1/customers/cio_${cioId}/attributes?id_type=cio_id`)).status).toBe(200)
  })

  test('the workspace counts its people', async () => {
    expect((await app.get('/v1/workspaces')).body).toMatchObject({ workspaces: [{ id: 101, people: 300 }] })
  })
})

describe('keys', () => {
  const status = async (path: string, authorization: string | null): Promise<number> =>
    (await fetch(`${simulator.appUrl}${path}`, authorization === null ? {} : { headers: { authorization } }))
      .status

  test('the App API takes the App key only', async () => {
    const { appKey, siteId, trackKey } = simulator
    const basic = `Basic ${Buffer.from(`${siteId}:${trackKey}`).toString('base64')}`
    expect(await status('/v1/workspaces', `Bearer ${appKey}`)).toBe(200)
    expect(await status('/v1/workspaces', `Bearer ${trackKey}`)).toBe(401)
    expect(await status('/v1/workspaces', basic)).toBe(401)
    expect(await status('/v1/workspaces', null)).toBe(401)
    expect(await status('/api/v1/accounts/region', basic)).toBe(200)
    expect(await status('/api/v1/accounts/region', `Bearer ${appKey}`)).toBe(401)
  })

  test('journey metrics show a rhythm for living journeys and silence for zombies', async () => {
    const range = 'start=1787616000&end=1795392000&resolution=weekly'
    const started = async (id: number): Promise<number[]> =>
      (
        (await app.get(`/v1/campaigns/${id}/journey_metrics?${range}`)).body['journey_metric'] as {
          started: number[]
        }
      ).started
    const living = await started(5)
    expect(living).toHaveLength(13)
    expect(living.every((count) => count > 0)).toBe(true)
    expect((await started(12)).every((count) => count === 0)).toBe(true)
  })
})
