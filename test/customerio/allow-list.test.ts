import { describe, expect, test } from 'vitest'
import { assertAllowed, isAllowed } from '../../src/customerio/allow-list.ts'
import { createHttp } from '../../src/customerio/http.ts'
import { readBaseUrl } from '../../src/customerio/base-url.ts'
import { createPace } from '../../src/customerio/pace.ts'
import { serve } from './server.ts'

describe('the list of allowed reads', () => {
  test.each([
    ['app', 'GET', '/v1/workspaces'],
    ['app', 'POST', '/v1/customers'],
    ['app', 'POST', '/v1/customers/attributes'],
    ['app', 'GET', '/v1/customers/ana%40example.com/attributes'],
    ['app', 'GET', '/v1/segments/7/customer_count'],
    ['app', 'GET', '/v1/campaigns/5/journey_metrics'],
    ['track', 'GET', '/api/v1/accounts/region'],
  ] as const)('%s %s %s goes out', (surface, method, path) => {
    expect(isAllowed(surface, method, path)).toBe(true)
  })

  test.each([
    ['app', 'DELETE', '/v1/customers/u-1'],
    ['app', 'PUT', '/v1/customers/u-1'],
    ['app', 'POST', '/v1/send/push'],
    ['app', 'POST', '/v1/exports/customers'],
    ['app', 'POST', '/v1/activities'],
    ['app', 'GET', '/v1/activities/../customers'],
    ['app', 'GET', '/v1/customers/../attributes'],
    ['app', 'GET', '/v1/customers/a/b/attributes'],
    ['app', 'GET', '//evil.example/v1/workspaces'],
    ['app', 'GET', 'https://evil.example/v1/workspaces'],
    ['app', 'GET', '/v1/workspaces?x=1'],
    ['app', 'GET', '/api/v1/accounts/region'],
    ['track', 'GET', '/v1/workspaces'],
    ['track', 'PUT', '/api/v1/customers/u-1'],
    ['track', 'POST', '/api/v1/merge_customers'],
  ] as const)('%s %s %s does not', (surface, method, path) => {
    expect(isAllowed(surface, method, path)).toBe(false)
    expect(() => assertAllowed(surface, method, path)).toThrow('not on the list')
  })

  test('a request that is not on it never reaches the server', async () => {
    const server = await serve(() => ({ status: 200, body: '{}' }))
    const http = createHttp({
      surface: 'app',
      base: readBaseUrl(server.url, 'CIO_APP_API_URL'),
      authorization: 'Bearer k',
      secret: 'k',
      pace: createPace(null),
    })
    await expect(http.send({ method: 'POST', path: '/v1/send/email', body: {} })).rejects.toThrow(
      'not on the list',
    )
    expect(server.requests).toEqual([])
    expect(http.count()).toBe(0)
    await http.send({ method: 'GET', path: '/v1/workspaces' })
    expect(server.requests.map(({ path }) => path)).toEqual(['/v1/workspaces'])
  })
})
