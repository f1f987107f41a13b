import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Simulator } from '../../src/simulator/index.ts'
import { appOf, everyone, startShop, type Answer, type App, type Json } from './support.ts'

const schemaFile = new URL('../../fixtures/customerio-api.schema.json', import.meta.url)
const ajv = new Ajv2020({ strict: false, allErrors: true })
const published = JSON.parse(readFileSync(schemaFile, 'utf8')) as { $defs: { device: Json } }
/** The broken shop breaks one promise of the schema on purpose: some of its devices do not say their platform as they must. */
const device = {
  ...published.$defs.device,
  properties: { ...(published.$defs.device['properties'] as Json), platform: { type: ['string', 'null'] } },
}
ajv.addSchema({ ...published, $defs: { ...published.$defs, device } }, 'cio')

/** Campaign actions and journey metrics have no definition in the published file: these say what its words say. */
const action = {
  type: 'object',
  required: ['id', 'type'],
  properties: {
    id: { type: 'integer' },
    campaign_id: { type: 'integer' },
    type: { type: 'string' },
    name: { type: 'string' },
    subject: { type: 'string' },
    body: { type: 'string' },
    created: { type: 'integer', minimum: 0 },
    updated: { type: 'integer', minimum: 0 },
  },
}
ajv.addSchema(
  {
    type: 'object',
    required: ['actions', 'next'],
    properties: {
      actions: { type: 'array', maxItems: 10, items: action },
      next: { type: ['string', 'null'] },
    },
  },
  'campaignActions',
)
ajv.addSchema(
  {
    type: 'object',
    required: ['journey_metric'],
    properties: {
      journey_metric: {
        type: 'object',
        minProperties: 1,
        additionalProperties: { type: 'array', items: { type: 'integer', minimum: 0 } },
      },
    },
  },
  'journeyMetrics',
)

function expectValid(answer: Answer, definition: string): Json {
  const reference = ajv.getSchema(definition) === undefined ? `cio#/$defs/${definition}` : definition
  const validate = ajv.compile({ $ref: reference })
  const isValid = validate(answer.body)
  expect(validate.errors ?? []).toEqual([])
  expect(isValid).toBe(true)
  return answer.body
}

let simulator: Simulator
let app: App
let cioIds: string[]
beforeAll(async () => {
  simulator = await startShop()
  app = appOf(simulator)
  const { body } = await app.post('/v1/customers?limit=100', everyone)
  cioIds = (body['identifiers'] as { cio_id: string }[]).map((identifiers) => identifiers.cio_id)
})
afterAll(() => simulator.close())

describe('every answer of the App API validates against the published schema', () => {
  test.each([
    ['/v1/workspaces', 'workspacesResponse'],
    ['/v1/activities?limit=100', 'activitiesResponse'],
    ['/v1/activities?type=event&name=purchase&limit=100', 'activitiesResponse'],
    ['/v1/activities?type=attribute_change', 'activitiesResponse'],
    ['/v1/activities?type=device_change', 'activitiesResponse'],
    ['/v1/activities?type=sent_push', 'activitiesResponse'],
    ['/v1/activities?type=page', 'activitiesResponse'],
    ['/v1/activities?type=no_such_type', 'activitiesResponse'],
    ['/v1/customers?email=info%40northwindoutfitters.com', 'customersByEmailResponse'],
    ['/v1/segments', 'segmentsResponse'],
    ['/v1/segments/2', 'segmentResponse'],
    ['/v1/segments/2/customer_count', 'segmentCustomerCountResponse'],
    ['/v1/segments/2/membership?limit=50', 'segmentMembershipResponse'],
    ['/v1/segments/2/used_by', 'segmentUsedByResponse'],
    ['/v1/campaigns', 'campaignsResponse'],
    ['/v1/campaigns/5/actions', 'campaignActions'],
    ['/v1/campaigns/5/journey_metrics?start=1792800000&end=1795392000&resolution=daily', 'journeyMetrics'],
    ['/v1/campaigns/5/messages', 'messagesResponse'],
    ['/v1/messages?type=email', 'messagesResponse'],
  ])('GET %s', async (path, definition) => {
    const answer = await app.get(path)
    expect(answer.status).toBe(200)
    expectValid(answer, definition)
  })

  test('all activities, every type the shop has', async () => {
    const types = new Set<unknown>()
    let next = ''
    do {
      const body = expectValid(
        await app.get(`/v1/activities?limit=100${next === '' ? '' : `&start=${encodeURIComponent(next)}`}`),
        'activitiesResponse',
      )
      for (const activity of body['activities'] as Json[]) {
        types.add(activity['type'])
        expect(activity['id']).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/)
      }
      next = String(body['next'])
    } while (next !== '')
    expect([...types]).toEqual(
      expect.arrayContaining([
        'event',
        'screen',
        'page',
        'attribute_change',
        'device_change',
        'profile_create',
        'sent_push',
      ]),
    )
  })

  test('one campaign is wrapped like the list’s items', async () => {
    const { body } = await app.get('/v1/campaigns/5')
    expectValid(
      { status: 200, headers: new Headers(), text: '', body: { campaigns: [body['campaign']] } },
      'campaignsResponse',
    )
  })

  test('people: search, bulk read, one person', async () => {
    expectValid(await app.post('/v1/customers?limit=1000', everyone), 'customersSearchResponse')
    const bulk = await app.post('/v1/customers/attributes?id_type=cio_id', { ids: cioIds })
    expect(expectValid(bulk, 'customersAttributesResponse')['customers']).toHaveLength(100)
    expectValid(
      await app.get(`/v1/customers/cio_${cioIds[0]}/attributes?id_type=cio_id`),
      'customerAttributesResponse',
    )
    expectValid(
      await app.get(`/v1/customers/cio_${cioIds[0]}/activities?id_type=cio_id`),
      'activitiesResponse',
    )
  })

  test('people in the bare shape', async () => {
    const bare = await startShop({ bulkShape: 'bare', people: 50 })
    const bareApp = appOf(bare)
    const { body } = await bareApp.post('/v1/customers', everyone)
    const ids = (body['identifiers'] as { cio_id: string }[]).map((identifiers) => identifiers.cio_id)
    const answer = expectValid(
      await bareApp.post('/v1/customers/attributes?id_type=cio_id', { ids }),
      'customersAttributesResponse',
    )
    expect(answer['customers']).toHaveLength(50)
    expect((answer['customers'] as Json[])[0]).toHaveProperty('attributes.cio_id')
    await bare.close()
  })
})

describe('errors come in the documented envelopes', () => {
  test.each([
    ['/v1/activities?limit=101', 400, 'errorsEnvelope'],
    ['/v1/activities?limit=0', 400, 'errorsEnvelope'],
    ['/v1/activities?start=not-a-cursor', 400, 'errorsEnvelope'],
    ['/v1/activities?customer_id=nobody', 404, 'errorsEnvelope'],
    ['/v1/customers/nobody/attributes', 404, 'errorsEnvelope'],
    ['/v1/customers/491511/attributes?id_type=phone', 400, 'errorsEnvelope'],
    ['/v1/customers', 400, 'errorsEnvelope'],
    ['/v1/segments/999', 404, 'errorsEnvelope'],
    ['/v1/segments/2/membership?limit=1001', 400, 'errorsEnvelope'],
    ['/v1/campaigns/999', 404, 'errorsEnvelope'],
    ['/v1/campaigns/5/journey_metrics', 400, 'errorsEnvelope'],
    ['/v1/campaigns/5/journey_metrics?start=1&end=2&resolution=yearly', 400, 'errorsEnvelope'],
    ['/v1/no-such-path', 404, 'errorsEnvelope'],
  ])('GET %s is %i', async (path, status, definition) => {
    const answer = await app.get(path)
    expect(answer.status).toBe(status)
    expectValid(answer, definition)
  })

  test('status is text today and a number on older endpoints', async () => {
    expect((await app.get('/v1/activities?limit=101')).body).toMatchObject({ errors: [{ status: '400' }] })
    expect((await app.get('/v1/segments/999')).body).toMatchObject({ errors: [{ status: 404 }] })
  })

  test('Track answers 400 in its own envelopes and 401 with nothing', async () => {
    const { trackUrl, siteId, trackKey } = simulator
    const headers = { authorization: `Basic ${Buffer.from(`${siteId}:${trackKey}`).toString('base64')}` }
    const noName = await fetch(`${trackUrl}/api/v1/customers/u-1/events`, {
      method: 'POST',
      headers,
      body: '{}',
    })
    expect(noName.status).toBe(400)
    expectValid(
      { status: 400, headers: noName.headers, text: '', body: (await noName.json()) as Json },
      'metaErrorsEnvelope',
    )
    const noMerge = await fetch(`${trackUrl}/api/v1/merge_customers`, { method: 'POST', headers, body: '{}' })
    expect(noMerge.status).toBe(400)
    expectValid(
      { status: 400, headers: noMerge.headers, text: '', body: (await noMerge.json()) as Json },
      'metaErrorEnvelope',
    )
    const noEntity = await fetch(`${trackUrl}/api/v2/entity`, {
      method: 'POST',
      headers,
      body: '{"type":"person"}',
    })
    expect(noEntity.status).toBe(400)
    expectValid(
      { status: 400, headers: noEntity.headers, text: '', body: (await noEntity.json()) as Json },
      'trackErrorsEnvelope',
    )
    const refused = await fetch(`${trackUrl}/api/v1/accounts/region`, {
      headers: { authorization: 'Basic bm86bm8=' },
    })
    expect([refused.status, await refused.text()]).toEqual([401, ''])
    const region = await fetch(`${trackUrl}/api/v1/accounts/region`, { headers })
    expectValid(
      { status: 200, headers: region.headers, text: '', body: (await region.json()) as Json },
      'trackRegionResponse',
    )
  })
})
