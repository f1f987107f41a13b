import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { readEnvironment } from '../../src/config/index.ts'
import { inFolder, usageError } from './support.ts'

const read = (env: Record<string, string | undefined>, dotEnv?: string | Uint8Array) =>
  inFolder(dotEnv === undefined ? {} : { '.env': dotEnv }, (folder) => readEnvironment(env, folder))

const failure = async (env: Record<string, string | undefined>, dotEnv?: string | Uint8Array) => {
  const error = await usageError(() => read(env, dotEnv))
  expect(error.code).toBe('CONFIG_ENVIRONMENT')
  return error.message
}

test('an empty environment says nothing', async () => {
  expect(await read({ CIO_APP_API_KEY: '', PATH: '/bin' })).toEqual({
    appApiKey: null,
    siteId: null,
    trackApiKey: null,
    region: null,
    appApiUrl: null,
    trackApiUrl: null,
    maxRate: null,
    redactKey: null,
    ci: false,
  })
})

test('everything that it can say', async () => {
  const environment = await read({
    CIO_APP_API_KEY: 'app-1',
    CIO_SITE_ID: 'site-1',
    CIO_TRACK_API_KEY: 'track-1',
    CIO_REGION: 'EU',
    CIO_APP_API_URL: 'http://127.0.0.1:8080/',
    CIO_TRACK_API_URL: 'https://track.example/base/',
    CIO_MAX_RATE: '2.5',
    CIO_AUDIT_REDACT_KEY: 'mask',
    CI: 'true',
  })
  expect(environment.appApiKey?.reveal()).toBe('app-1')
  expect(environment.siteId?.reveal()).toBe('site-1')
  expect(environment.trackApiKey?.reveal()).toBe('track-1')
  expect(environment.redactKey?.reveal()).toBe('mask')
  expect(environment).toMatchObject({
    region: 'eu',
    appApiUrl: 'http://127.0.0.1:8080',
    trackApiUrl: 'https://track.example/base',
    maxRate: 2.5,
    ci: true,
  })
})

test('a key does not get out by printing, serialising or inspecting', async () => {
  const environment = await read({
    CIO_APP_API_KEY: 'canary',
    CIO_SITE_ID: 'canary',
    CIO_TRACK_API_KEY: 'canary',
    CIO_AUDIT_REDACT_KEY: 'canary',
  })
  for (const text of [
    JSON.stringify(environment),
    inspect(environment, { depth: 9, showHidden: true }),
    `${environment.appApiKey}${environment.siteId}`,
    JSON.stringify(Object.entries(environment.trackApiKey ?? {})),
    new Error('x', { cause: environment.redactKey }).stack ?? '',
  ]) {
    expect(text).not.toContain('canary')
  }
  expect(String(environment.appApiKey)).toBe('[secret]')
})

describe('.env', () => {
  test('is read, with quotes and comments', async () => {
    const environment = await read({}, '# keys\nCIO_APP_API_KEY="from-file"\nexport CIO_REGION=us\n')
    expect(environment.appApiKey?.reveal()).toBe('from-file')
    expect(environment.region).toBe('us')
  })

  test('gives way to the environment, also to a variable that is set to nothing', async () => {
    const file = 'CIO_APP_API_KEY=file\nCIO_REGION=us\n'
    const environment = await read({ CIO_APP_API_KEY: 'env', CIO_REGION: '' }, file)
    expect(environment.appApiKey?.reveal()).toBe('env')
    expect(environment.region).toBeNull()
  })

  test('may hold names that mean something to JavaScript, or rubbish', async () => {
    const environment = await read({}, '\ufeffCIO_REGION=eu\n__proto__=x\nconstructor=y\n=z\n%%%\n"\n')
    expect(environment.region).toBe('eu')
  })

  test.each([
    ['not UTF-8', Uint8Array.from([0xff, 0xfe, 0x41]), '.env in the current folder is not UTF-8 text.'],
    ['too large', `A=${'x'.repeat(1_000_001)}`, '.env in the current folder is larger than 1 MB.'],
  ])('that is %s is told in one sentence', async (_, content, message) => {
    expect(await failure({}, content)).toBe(message)
  })

  test('that is a folder is told in one sentence', async () => {
    await inFolder({}, async (folder) => {
      await mkdir(join(folder, '.env'))
      const error = await usageError(() => readEnvironment({}, folder))
      expect(error.message).toBe('.env in the current folder is a folder, not a file.')
    })
  })
})

describe('a key that is none is told without being shown', () => {
  test.each([
    ['canary\n', 'holds a line break'],
    ['can\rary', 'holds a line break'],
    ['canary one', 'holds white space'],
    [' canary', 'holds white space'],
    ['canary\u00a0', 'holds white space'],
    ['"canary"', 'stands in quotation marks that became part of it'],
    ['canäry', 'holds characters that no key has'],
    ['canary\u0007', 'holds characters that no key has'],
    ['canary\ud800', 'holds characters that no key has'],
  ])('%j', async (key, what) => {
    for (const name of ['CIO_APP_API_KEY', 'CIO_SITE_ID', 'CIO_TRACK_API_KEY', 'CIO_AUDIT_REDACT_KEY']) {
      const message = await failure({ [name]: key })
      expect(message).toBe(`${name} ${what}.`)
    }
  })
})

describe('addresses', () => {
  test.each([
    ['http://localhost:1', 'http://localhost:1'],
    ['http://LOCALHOST', 'http://localhost'],
    ['http://127.0.0.1', 'http://127.0.0.1'],
    ['http://127.9.9.9:80/v1/', 'http://127.9.9.9/v1'],
    ['http://[::1]:9', 'http://[::1]:9'],
    ['https://api-eu.customer.io', 'https://api-eu.customer.io'],
  ])('%s is taken', async (value, expected) => {
    expect((await read({ CIO_APP_API_URL: value })).appApiUrl).toBe(expected)
    expect((await read({ CIO_TRACK_API_URL: value })).trackApiUrl).toBe(expected)
  })

  test.each([
    ['http://api.customer.io', 'names api.customer.io over plain http, which would send the key unprotected'],
    [
      'http://127.0.0.1.evil.example',
      'names 127.0.0.1.evil.example over plain http, which would send the key unprotected',
    ],
    [
      'http://localhost.evil.example',
      'names localhost.evil.example over plain http, which would send the key unprotected',
    ],
    ['http://sim.localhost', 'names sim.localhost over plain http, which would send the key unprotected'],
    ['http://0.0.0.0', 'names 0.0.0.0 over plain http, which would send the key unprotected'],
    ['http://10.0.0.1:8', 'names 10.0.0.1:8 over plain http, which would send the key unprotected'],
    ['https://me:canary@api.customer.io', 'holds a user name or password'],
    ['http://canary@localhost', 'holds a user name or password'],
    ['https://api.customer.io?key=canary', 'holds more than an address (? or #)'],
    ['https://api.customer.io#canary', 'holds more than an address (? or #)'],
    ['ftp://api.customer.io', 'is no https address'],
    ['file:///etc/passwd', 'is no address'],
    ['api.customer.io', 'is no address'],
    ['https://', 'is no address'],
  ])('%s is refused', async (value, what) => {
    const message = await failure({ CIO_APP_API_URL: value })
    expect(message).toBe(`CIO_APP_API_URL ${what}.`)
    expect(message).not.toContain('canary')
  })
})

test.each(['0', '-1', 'fast', 'Infinity', '1e9', '1001', '9 9'])(
  'CIO_MAX_RATE=%s is refused',
  async (rate) => {
    expect(await failure({ CIO_MAX_RATE: rate })).toMatch(/^CIO_MAX_RATE is no number of requests a second/)
  },
)

test.each(['de', 'us-east', 'u'])('CIO_REGION=%s is refused', async (region) => {
  expect(await failure({ CIO_REGION: region })).toBe('CIO_REGION is neither us nor eu.')
})

test.each([
  ['1', true],
  ['true', true],
  ['yes', true],
  ['github', true],
  ['0', false],
  ['false', false],
  ['', false],
])('CI=%s', async (value, ci) => {
  expect((await read({ CI: value })).ci).toBe(ci)
})
