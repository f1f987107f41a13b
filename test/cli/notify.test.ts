import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { notify } from '../../src/cli/notify.ts'
import { readEnvironment } from '../../src/config/index.ts'
import type { NotifySettings } from '../../src/core/settings.ts'
import { fixedAudit } from '../support/report-fixture.ts'
import { tempDir } from '../support/temp-dir.ts'
import { settings } from '../support/workspace.ts'

const { report } = fixedAudit()
const canary = 'T0CANARY-b7f3'
const path = `/services/${canary}/x`

/** A webhook on this machine. */
async function hook(answer: (request: IncomingMessage, response: ServerResponse, n: number) => void) {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      bodies.push(`${request.method} ${request.url} ${body}`)
      answer(request, response, bodies.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { bodies, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}` }
}

interface Sent {
  readonly stderr: string
  readonly seconds: number
}

async function send(
  env: Readonly<Record<string, string>>,
  more: Partial<NotifySettings> = {},
  cwd?: string,
): Promise<Sent> {
  const folder = cwd ?? (await tempDir())
  let heard = ''
  const stderr = new Writable({
    write(chunk: Buffer, _encoding, done) {
      heard += chunk.toString()
      done()
    },
  }) as unknown as NodeJS.WriteStream
  const { stdin, stdout } = process
  const io = {
    cwd: folder,
    env,
    stdin,
    stdout,
    stderr,
    now: () => new Date(),
    signal: new AbortController().signal,
  }
  const told: NotifySettings = { urlFrom: 'HOOK', on: ['no-go'], link: null, ...more }
  const job = {
    io,
    environment: readEnvironment(env, folder),
    settings: { ...settings, notify: told },
    stateDir: folder,
  }
  const started = performance.now()
  await notify(job, report, [])
  expect(heard).not.toContain(canary)
  return { stderr: heard, seconds: (performance.now() - started) / 1000 }
}

test('it is delivered once, as JSON that Slack reads, and nothing is said', async () => {
  const { bodies, url } = await hook((_, response) => response.end('ok'))
  const { stderr } = await send({ HOOK: url })
  expect(stderr).toBe('')
  expect(bodies).toHaveLength(1)
  const [, json = ''] = /^POST \S+ (.*)$/s.exec(bodies[0] ?? '') ?? []
  expect(JSON.parse(json)).toEqual({ text: expect.stringMatching(/^\*❌ NO-GO\*/) as string })
})

test('what is not asked for is not sent: a GO, no change, no settings', async () => {
  const { bodies, url } = await hook((_, response) => response.end('ok'))
  expect((await send({ HOOK: url }, { on: ['go'] })).stderr).toBe('')
  expect((await send({ HOOK: url }, { on: ['change', 'inconclusive'] })).stderr).toBe('')
  // Nor is a variable missed that is not needed.
  expect((await send({}, { on: ['go'] })).stderr).toBe('')
  expect(bodies).toEqual([])
})

test('a server that fails once is asked again; one that fails twice is told in one sentence', async () => {
  const once = await hook((_, response, n) => response.writeHead(n === 1 ? 500 : 200).end())
  expect((await send({ HOOK: once.url })).stderr).toBe('')
  expect(once.bodies).toHaveLength(2)
  const always = await hook((_, response) => response.writeHead(500).end(canary))
  expect((await send({ HOOK: always.url })).stderr).toBe(
    '! The notification was not sent: the webhook answered 500. The exit code is that of the verdict.\n',
  )
  expect(always.bodies).toHaveLength(2)
})

test('one that is refused is not asked again', async () => {
  const { bodies, url } = await hook((_, response) => response.writeHead(404).end('no_service'))
  expect((await send({ HOOK: url })).stderr).toMatch(/the webhook answered 404\./)
  expect(bodies).toHaveLength(1)
})

test('one that hangs holds a run for ten seconds at most', async () => {
  const { bodies, url } = await hook(() => undefined)
  const { stderr, seconds } = await send({ HOOK: url })
  expect(stderr).toMatch(/the webhook did not answer in time\./)
  expect(bodies).toHaveLength(2)
  expect(seconds).toBeGreaterThan(8)
  expect(seconds).toBeLessThan(11)
})

test('one whose answer never ends is no success and no wait', async () => {
  const { url } = await hook((_, response) => {
    response.writeHead(200)
    const timer = setInterval(() => response.write('x'.repeat(1e5)), 1)
    response.on('close', () => clearInterval(timer))
  })
  const { stderr, seconds } = await send({ HOOK: url })
  expect(stderr).toMatch(/was not sent/)
  expect(seconds).toBeLessThan(11)
})

test('a redirect is not followed', async () => {
  const other = await hook((_, response) => response.end('ok'))
  const { url } = await hook((_, response) => response.writeHead(307, { location: other.url }).end())
  expect((await send({ HOOK: url })).stderr).toMatch(
    /the webhook leads elsewhere \(307\), which is not followed/,
  )
  expect(other.bodies).toEqual([])
})

test.each([
  [{}, 'HOOK is not set'],
  [{ HOOK: '  ' }, 'HOOK is not set'],
  [{ HOOK: `nonsense ${canary}` }, 'HOOK holds no web address'],
  [{ HOOK: `file:///etc/${canary}` }, 'HOOK holds no web address'],
  [{ HOOK: `http://hooks.example/${canary}` }, 'HOOK holds an address without https'],
  [{ HOOK: `http://127.0.0.1.example/${canary}` }, 'HOOK holds an address without https'],
  [{ HOOK: `http://127.0.0.1:9/${canary}` }, 'the webhook could not be reached (ECONNREFUSED)'],
  [{ HOOK: `http://127.0.0.1:9/${canary}`, http_proxy: 'http://127.0.0.1:1' }, '(ECONNREFUSED)'],
] as const)('a wrong address is told without showing it: %j', async (env, reason) => {
  const { stderr } = await send(env)
  expect(stderr).toContain(`The notification was not sent: `)
  expect(stderr).toContain(reason)
  expect(stderr.split('\n')).toHaveLength(2)
})

test('the address may stand in .env; the link is filled in from the environment, or left out', async () => {
  const { bodies, url } = await hook((_, response) => response.end('ok'))
  const cwd = await tempDir()
  await writeFile(join(cwd, '.env'), `HOOK=${url}\n`)
  const link = '${CI_SERVER}/run/${CI_RUN}'
  expect((await send({ CI_SERVER: 'https://ci.example', CI_RUN: '7 <x>|' }, { link }, cwd)).stderr).toBe('')
  expect(bodies[0]).toContain('<https://ci.example/run/7%20%3Cx%3E%7C|The report>')
  await send({ CI_SERVER: 'https://ci.example' }, { link }, cwd)
  await send({ CI_SERVER: 'javascript:alert(1)//', CI_RUN: '7' }, { link }, cwd)
  await send({ CI_SERVER: 'https://user:pass@ci.example', CI_RUN: '7' }, { link }, cwd)
  for (const body of bodies.slice(1)) expect(body).not.toContain('The report>')
  expect(bodies).toHaveLength(4)
})

test('an attested reason with an address in it is masked', async () => {
  const { bodies, url } = await hook((_, response) => response.end('ok'))
  report.verdict.reason = 'vouched for by ana@shop.example'
  await send({ HOOK: url })
  expect(bodies[0]).not.toContain('ana')
})
