import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { InterruptedError, RefusedError, SourceError } from '../../src/core/errors.ts'
import { ApiError, checkTrackKey, createClient } from '../../src/customerio/index.ts'
import type { ClientOptions, RetryNotice } from '../../src/customerio/index.ts'
import { serve } from './server.ts'
import type { Reply } from './server.ts'

const key = 'canary-app-key-71f3'
const workspaces = '{"workspaces":[{"id":101,"name":"Prod","people":3}]}'

function clientFor(url: string, options: Partial<ClientOptions> = {}) {
  return createClient({ appKey: { reveal: () => key }, baseUrl: url, backOffBaseMs: 1, ...options })
}

async function failureOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => expect.fail('it should have failed'),
    (cause: Error) => cause,
  )
}

/** Everything that a log or a crash report could show of an error. */
function everythingIn(cause: unknown): string {
  return (
    inspect(cause, { depth: null, showHidden: true, getters: true }) +
    JSON.stringify(cause, Object.getOwnPropertyNames(cause))
  )
}

describe('what passes by itself is asked again', () => {
  const passing: [string, Reply | 'reset' | 'half'][] = [
    ...[408, 429, 500, 502, 503, 504, 522, 524].map((status): [string, Reply] => [
      `HTTP ${status}`,
      { status },
    ]),
    [
      'HTML with status 200',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>sorry</html>' },
    ],
    ['half of the JSON', { status: 200, body: workspaces.slice(0, 20) }],
    ['an empty answer', { status: 200, body: '' }],
    ['a line that is cut before the answer', 'reset'],
    ['a line that is cut in the answer', 'half'],
  ]
  test.each(passing)('%s', async (_, reply) => {
    const server = await serve((n, __, { response }) => {
      if (n > 1) return { status: 200, body: workspaces }
      if (reply === 'reset') response.destroy()
      else if (reply === 'half')
        response
          .writeHead(200, { 'content-length': '1000' })
          .write(workspaces.slice(0, 20), () => response.destroy())
      else return reply
      return null
    })
    const notices: RetryNotice[] = []
    const client = clientFor(server.url, { onRetry: (notice) => notices.push(notice) })
    const { records } = await client.workspaces()
    expect(records).toMatchObject([{ fits: true, value: { id: 101n, name: 'Prod', people: 3n } }])
    expect(server.requests).toHaveLength(3)
    expect(client.requests()).toBe(3)
    expect(notices.map(({ tries }) => tries)).toEqual([1, 2])
    expect(notices[0]?.reason).not.toBe('')
  })

  test('six times at most', async () => {
    const server = await serve(() => ({
      status: 503,
      body: '{"errors":[{"detail":"try later (reference 5f1)"}]}',
    }))
    const failure = await failureOf(clientFor(server.url).workspaces())
    expect(server.requests).toHaveLength(6)
    expect(failure).toBeInstanceOf(ApiError)
    expect(failure).toMatchObject({
      kind: 'exhausted',
      status: 503,
      reason: 'HTTP 503 (try later), after 6 tries',
      oclif: { exit: 5 },
    })
  })

  test('a server that takes too long', async () => {
    const server = await serve((n) => (n === 0 ? null : { status: 200, body: workspaces }))
    await clientFor(server.url, { timeoutMs: 100 }).workspaces()
    expect(server.requests).toHaveLength(2)
  })
})

describe('what does not change is not asked again', () => {
  test.each([
    [400, 'declined'],
    [403, 'forbidden'],
    [404, 'missing'],
    [422, 'declined'],
  ])('HTTP %i', async (status, kind) => {
    const server = await serve(() => ({ status, body: '{"errors":[{"detail":"no","status":"x"}]}' }))
    expect(await failureOf(clientFor(server.url).workspaces())).toMatchObject({
      kind,
      status,
      reason: `HTTP ${status} (no)`,
    })
    expect(server.requests).toHaveLength(1)
  })

  test('a redirect is not followed: it would carry the key to another host', async () => {
    const other = await serve(() => ({ status: 200, body: workspaces }))
    const server = await serve(() => ({ status: 302, headers: { location: `${other.url}/v1/workspaces` } }))
    expect(await failureOf(clientFor(server.url).workspaces())).toMatchObject({
      kind: 'declined',
      status: 302,
    })
    expect(other.requests).toEqual([])
    expect(server.requests).toHaveLength(1)
  })

  test('an answer past 64 MB is not read to its end', async () => {
    const server = await serve(() => ({ status: 200, body: Buffer.alloc(65 * 2 ** 20, 32) }))
    expect(await failureOf(clientFor(server.url).workspaces())).toMatchObject({
      kind: 'declined',
      reason: 'the answer was larger than 64 MB',
    })
    expect(server.requests).toHaveLength(1)
  })

  test('JSON of another shape', async () => {
    const server = await serve(() => ({ status: 200, body: '{"people":[]}' }))
    expect(await failureOf(clientFor(server.url).workspaces())).toMatchObject({
      reason: 'the answer had no list "workspaces"',
    })
  })

  test('an empty list that Go wrote as null is an empty list', async () => {
    const server = await serve(() => ({ status: 200, body: '{"activities":null,"next":""}' }))
    expect(await clientFor(server.url).activities({ start: null, limit: 100 })).toEqual({
      records: [],
      next: null,
    })
  })
})

describe('a refused key', () => {
  test('says what to look at, and is not asked again', async () => {
    const server = await serve(() => ({ status: 401 }))
    const failure = await failureOf(clientFor(server.url, { region: 'us' }).workspaces())
    expect(failure).toBeInstanceOf(RefusedError)
    expect(failure).toMatchObject({ code: 'SOURCE_KEY_REFUSED', oclif: { exit: 4 } })
    expect(server.requests).toHaveLength(1)
  })

  test('says so when it is the Track key', async () => {
    const server = await serve(() => ({ status: 401 }))
    const failure = await failureOf(clientFor(server.url, { hints: { isTrackKey: true } }).workspaces())
    expect((failure as RefusedError).suggestions.join(' ')).toContain(
      'CIO_APP_API_KEY holds the Track API key',
    )
  })
})

describe('nobody there', () => {
  test('a refused connection', async () => {
    const failure = await failureOf(clientFor('http://127.0.0.1:9').workspaces())
    expect(failure).toBeInstanceOf(SourceError)
    expect(failure.message).toBe(
      'Customer.io could not be reached at 127.0.0.1:9: the connection was refused, after 3 tries.',
    )
    expect(failure).toMatchObject({ kind: 'unreachable', code: 'SOURCE_UNREACHABLE', oclif: { exit: 5 } })
  })

  test('an unknown host', async () => {
    const failure = await failureOf(clientFor('https://nobody.invalid').workspaces())
    expect(failure).toMatchObject({ kind: 'unreachable' })
    expect(failure.message).toContain('nobody.invalid')
  })
})

describe('the pace', () => {
  test('further tries wait for their turn as well', async () => {
    const server = await serve((n) => ({ status: n % 2 === 0 ? 503 : 200, body: workspaces }))
    const client = clientFor(server.url, { maxRate: 20 })
    await Promise.all(Array.from({ length: 8 }, () => client.workspaces()))
    const at = server.requests.map((request) => request.at)
    expect(at.length).toBeGreaterThanOrEqual(16)
    // Spaced 50 ms. How late one arrives differs by a few, and by a hundred on a busy machine; further tries that did not wait
    // would come at once.
    for (let i = 0; i + 10 < at.length; i++)
      expect((at[i + 10] ?? 0) - (at[i] ?? 0)).toBeGreaterThan(10 * 50 - 150)
  })

  test('Retry-After holds back everybody', async () => {
    const server = await serve((n) =>
      n === 0 ? { status: 429, headers: { 'retry-after': '1' } } : { status: 200, body: workspaces },
    )
    const client = clientFor(server.url)
    const first = client.workspaces()
    while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await new Promise((resolve) => setTimeout(resolve, 50))
    await Promise.all([first, client.workspaces(), client.workspaces()])
    const [refused, ...later] = server.requests.map(({ at }) => at)
    expect(later).toHaveLength(3)
    for (const at of later) expect(at - (refused ?? 0)).toBeGreaterThan(950)
  })
})

test('a Retry-After of nothing does not use up all tries at once', async () => {
  const server = await serve(() => ({ status: 429, headers: { 'retry-after': '0' } }))
  const waits: number[] = []
  const client = clientFor(server.url, { backOffBaseMs: 20, onRetry: ({ seconds }) => waits.push(seconds) })
  await failureOf(client.workspaces())
  expect(waits).toHaveLength(5)
  expect(waits.every((seconds, n) => seconds >= (0.02 * 2 ** n) / 2)).toBe(true)
})

test('an interruption ends waiting and sending at once', async () => {
  const server = await serve(() => null)
  const abort = new AbortController()
  const client = clientFor(server.url, { signal: abort.signal, maxRate: 1 })
  const all = [client.workspaces(), client.workspaces(), client.workspaces()].map(failureOf)
  while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  const begun = performance.now()
  abort.abort()
  for (const failure of await Promise.all(all)) expect(failure).toBeInstanceOf(InterruptedError)
  // The next turn would come after a second.
  expect(performance.now() - begun).toBeLessThan(900)
  expect(server.requests).toHaveLength(1)
})

describe('the key', () => {
  test('goes out as a header and never into an error, whatever the server says', async () => {
    const replies: Reply[] = [
      { status: 400, body: `{"errors":[{"detail":"invalid key ${key}"}]}` },
      { status: 500, body: `{"meta":{"error":"${key}"}}` },
      { status: 200, body: `<html>${key}</html>` },
      { status: 401, body: key },
      { status: 403 },
    ]
    for (const reply of replies) {
      const server = await serve(() => reply)
      const notices: RetryNotice[] = []
      const failure = await failureOf(
        clientFor(server.url, { onRetry: (notice) => notices.push(notice) }).workspaces(),
      )
      expect(everythingIn(failure)).not.toContain(key)
      expect(JSON.stringify(notices)).not.toContain(key)
    }
    // No part of it either, where the answer is so long that it is cut in the middle of the key.
    const long = await serve(() => ({
      status: 400,
      body: `{"errors":[{"detail":"${'x'.repeat(300 - 3)}${key}"}]}`,
    }))
    expect(everythingIn(await failureOf(clientFor(long.url).workspaces()))).not.toContain(
      `x${key.slice(0, 3)}`,
    )
    const wrapped = Buffer.from(`site-1:${key}`).toString('base64')
    const track = await serve(() => ({
      status: 400,
      body: `{"errors":[{"detail":"cannot read Basic ${wrapped}"}]}`,
    }))
    const refused = checkTrackKey({ siteId: 'site-1', trackKey: key, baseUrl: track.url })
    expect(everythingIn(await failureOf(refused))).not.toContain(wrapped)
    const gone = await failureOf(clientFor('http://127.0.0.1:9').workspaces())
    expect(everythingIn(gone)).not.toContain(key)
  })
})
