import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Fault, Simulator } from '../../src/simulator/index.ts'
import { appOf, everyone, startShop, type App, type Json } from './support.ts'

let simulator: Simulator
let app: App
beforeAll(async () => {
  simulator = await startShop({ people: 120 })
  app = appOf(simulator)
})
afterEach(() => simulator.setFaults([]))
afterAll(() => simulator.close())

const activities = '/v1/activities?limit=20'
const statuses = async (count: number, path = activities): Promise<number[]> => {
  const seen: number[] = []
  for (let request = 0; request < count; request += 1) seen.push((await app.get(path)).status)
  return seen
}

describe('refusals', () => {
  test.each([true, false])('a strict limit per second, Retry-After %s', async (retryAfter) => {
    simulator.setFaults([{ kind: 'rate-limit', perSecond: 5, retryAfter }])
    const answers = await Promise.all(Array.from({ length: 8 }, () => app.get(activities)))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(3)
    expect(refused[0]?.headers.get('retry-after')).toBe(retryAfter ? '1' : null)
    expect(refused[0]?.body).toMatchObject({
      errors: [{ status: '429', detail: expect.stringContaining('rate limited to 5 requests per 1s') }],
    })
    // Refused requests do not lengthen the wait: a second after the answers there is room again.
    await new Promise((resolve) => setTimeout(resolve, 1_050))
    expect((await app.get(activities)).status).toBe(200)
  })

  test('a burst of server errors, once or again and again', async () => {
    simulator.setFaults([{ kind: 'server-error', status: 502, count: 2 }])
    expect(await statuses(5)).toEqual([502, 502, 200, 200, 200])
    simulator.setFaults([{ kind: 'server-error', status: 503, count: 1, every: 3, after: 1 }])
    expect(await statuses(7)).toEqual([200, 503, 200, 200, 503, 200, 200])
    simulator.setFaults([{ kind: 'server-error', status: 500, count: 9, times: 1 }])
    expect(await statuses(3)).toEqual([500, 200, 200])
  })

  test('forbidden on one endpoint, by the beginning of its path or by a pattern', async () => {
    simulator.setFaults([{ kind: 'forbidden', endpoint: '/v1/campaigns' }])
    expect([
      (await app.get('/v1/campaigns/5/actions')).status,
      (await app.get('/v1/segments')).status,
    ]).toEqual([403, 200])
    simulator.setFaults([{ kind: 'forbidden', endpoint: '^/v1/campaigns/\\d+/actions$' }])
    expect([
      (await app.get('/v1/campaigns/5/actions')).status,
      (await app.get('/v1/campaigns')).status,
    ]).toEqual([403, 200])
  })

  test('the wrong region refuses everything, on both APIs', async () => {
    simulator.setFaults([{ kind: 'wrong-region' }])
    const answer = await app.get('/v1/workspaces')
    expect([answer.status, answer.body]).toMatchObject([401, { errors: [{ code: 'invalid_credentials' }] }])
    const basic = Buffer.from(`${simulator.siteId}:${simulator.trackKey}`).toString('base64')
    const track = await fetch(`${simulator.trackUrl}/api/v1/accounts/region`, {
      headers: { authorization: `Basic ${basic}` },
    })
    expect(track.status).toBe(401)
  })

  test('an HTML page, as proxies send it', async () => {
    simulator.setFaults([{ kind: 'html', status: 502 }])
    const answer = await app.get(activities)
    expect(answer.status).toBe(502)
    expect(answer.headers.get('content-type')).toContain('text/html')
    expect(answer.text).toContain('<html>')
    simulator.setFaults([{ kind: 'html', status: 200 }])
    expect((await app.get(activities)).status).toBe(200)
  })
})

describe('broken answers', () => {
  test('the line is cut in mid body', async () => {
    simulator.setFaults([{ kind: 'reset', times: 1 }])
    const response = await app.raw(activities)
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow()
    expect(await statuses(1)).toEqual([200])
  })

  test('JSON that ends too early, with 200', async () => {
    const whole = await app.get(activities)
    simulator.setFaults([{ kind: 'truncate' }])
    const response = await app.raw(activities)
    const text = await response.text()
    expect(response.status).toBe(200)
    expect(whole.text.startsWith(text)).toBe(true)
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError)
  })

  test('a slow answer', async () => {
    simulator.setFaults([{ kind: 'slow', ms: 200 }])
    const began = performance.now()
    await app.get(activities)
    expect(performance.now() - began).toBeGreaterThanOrEqual(195)
  })

  test('an empty page whose cursor lives and loses nothing', async () => {
    const path = '/v1/activities?limit=50'
    const first = await app.get(path)
    const second = await app.get(`${path}&start=${encodeURIComponent(String(first.body['next']))}`)
    simulator.setFaults([{ kind: 'empty-page', times: 1 }])
    const empty = await app.get(`${path}&start=${encodeURIComponent(String(first.body['next']))}`)
    expect(empty.body['activities']).toEqual([])
    expect(empty.body['next']).not.toBe(first.body['next'])
    const again = await app.get(`${path}&start=${encodeURIComponent(String(empty.body['next']))}`)
    expect(again.body['activities']).toEqual(second.body['activities'])
    simulator.setFaults([{ kind: 'empty-page', endpoint: '/v1/customers', times: 1 }])
    const nobody = await app.post('/v1/customers', everyone)
    expect(nobody.body).toMatchObject({ identifiers: [], ids: [] })
    const everybody = await app.post(
      `/v1/customers?start=${encodeURIComponent(String(nobody.body['next']))}`,
      everyone,
    )
    expect(everybody.body['identifiers']).toHaveLength(50)
  })

  test('a cursor that comes back', async () => {
    simulator.setFaults([{ kind: 'repeat-cursor' }])
    const first = await app.get(activities)
    const start = String(first.body['next'])
    const second = await app.get(`${activities}&start=${encodeURIComponent(start)}`)
    expect(second.body['next']).toBe(start)
    expect(second.body['activities']).not.toEqual(first.body['activities'])
  })

  test('records of unknown shape stand beside the good ones', async () => {
    const good = await app.get(activities)
    simulator.setFaults([{ kind: 'unknown-shape', count: 4, times: 1 }])
    const page = (await app.get(activities)).body['activities'] as unknown[]
    expect(page).toHaveLength(24)
    expect(page.slice(4)).toEqual(good.body['activities'])
    expect(page[0]).not.toHaveProperty('id')
    expect(page[1]).toMatchObject({ timestamp: 'yesterday' })
    expect(page.slice(2, 4)).toEqual([null, 'a line of text'])

    const { body } = await app.post('/v1/customers?limit=2', everyone)
    const ids = (body['identifiers'] as { cio_id: string }[]).map((person) => person.cio_id)
    simulator.setFaults([{ kind: 'unknown-shape', endpoint: '/v1/customers/attributes', count: 2 }])
    const customers = (await app.post('/v1/customers/attributes?id_type=cio_id', { ids })).body[
      'customers'
    ] as { customer: Json }[]
    expect(customers).toHaveLength(4)
    expect(customers[0]?.customer['attributes']).toEqual(['plan', 'pro'])
    const bare = await startShop({
      people: 3,
      bulkShape: 'bare',
      faults: [{ kind: 'unknown-shape', count: 1 }],
    })
    const bareApp = appOf(bare)
    const named = (await bareApp.post('/v1/customers', everyone)).body['identifiers'] as Json[]
    const cioId = String(named[1]?.['cio_id'])
    const bareRead = await bareApp.post('/v1/customers/attributes?id_type=cio_id', { ids: [cioId] })
    expect(bareRead.body['customers']).toMatchObject([
      { attributes: ['plan', 'pro'] },
      { attributes: { cio_id: cioId } },
    ])
    await bare.close()
    simulator.setFaults([{ kind: 'unknown-shape', count: 1 }])
    const strangers = (await app.post('/v1/customers?limit=2', everyone)).body['identifiers'] as unknown[]
    expect(strangers).toHaveLength(3)
    expect(strangers[0]).not.toHaveProperty('cio_id')
  })
})

describe('the control door', () => {
  const control = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`${simulator.appUrl}/__control/${path}`, init)

  test('sets and clears faults', async () => {
    const faults: Fault[] = [{ kind: 'forbidden', endpoint: '/v1/segments' }]
    expect((await control('faults', { method: 'POST', body: JSON.stringify(faults) })).status).toBe(200)
    expect((await app.get('/v1/segments')).status).toBe(403)
    expect((await control('faults', { method: 'DELETE' })).status).toBe(200)
    expect((await app.get('/v1/segments')).status).toBe(200)
    const wrong = await control('faults', { method: 'POST', body: '[{"kind":"earthquake"}]' })
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { error: expect.any(Array) }])
  })

  test('tells the facts and the requests, which do not count control calls', async () => {
    expect(await (await control('facts')).json()).toEqual({ facts: simulator.facts })
    await app.get('/v1/activities?limit=3&type=event')
    const { requests } = (await (await control('requests')).json()) as { requests: Json[] }
    expect(requests.at(-1)).toEqual({
      method: 'GET',
      path: '/v1/activities',
      query: { limit: '3', type: 'event' },
      status: 200,
    })
    expect(requests.some((request) => String(request['path']).startsWith('/__control'))).toBe(false)
    expect(simulator.requests()).toEqual(requests)
  })

  test('faults can be there from the start', async () => {
    const sick = await startShop({ people: 5, faults: [{ kind: 'server-error', status: 500, count: 1 }] })
    const sickApp = appOf(sick)
    expect([(await sickApp.get('/v1/segments')).status, (await sickApp.get('/v1/segments')).status]).toEqual([
      500, 200,
    ])
    await sick.close()
  })
})
