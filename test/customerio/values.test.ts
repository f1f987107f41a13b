import { fc } from '../support/properties.ts'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/core/errors.ts'
import { readBaseUrl } from '../../src/customerio/base-url.ts'
import { errorDetail } from '../../src/customerio/error-body.ts'
import { isRawNumber, nesting, parseJson, recordText } from '../../src/customerio/json.ts'
import { spacing } from '../../src/customerio/pace.ts'
import { backOffMs, limitedBackOffMs, retryAfterMs } from '../../src/customerio/retry-after.ts'
import { encodeQuery } from '../../src/customerio/http.ts'
import { holdsLoneSurrogate, wellFormed } from '../../src/customerio/well-formed.ts'

describe('JSON is read without loss', () => {
  test.each([
    '12345678901234567890',
    '-9007199254740993',
    '0.1000000000000000055511151231257827',
    '1e400',
    '-1E+999',
    '123456789012345678901234567890.5',
  ])('%s keeps its digits', (digits) => {
    const text = `{"a":[${digits}],"b":"x"}`
    expect(recordText(parseJson(text))).toBe(text)
  })

  test.each(['1.0', '1e3', '0.10', '9007199254740992', '-0.5', '1728570000.123', '1000000000000000000000'])(
    '%s is the number that it is',
    (digits) => {
      const { a } = parseJson(`{"a":${digits}}`) as { a: unknown }
      expect(isRawNumber(a)).toBe(false)
      expect(a).toBe(Number(digits))
    },
  )

  test('whatever JSON.stringify writes comes back the same', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value)
        expect(recordText(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)))
      }),
    )
  })

  test('any decimal comes back as the same decimal', () => {
    const decimal = fc.tuple(
      fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }),
      fc.integer({ min: -30, max: 30 }),
    )
    fc.assert(
      fc.property(decimal, ([digits, power]) => {
        const text = `${digits}e${power}`
        const back = recordText((parseJson(`{"a":${text}}`) as { a: unknown }).a)
        // Compared exactly, as whole numbers: both scaled by 10^60.
        expect(scaled(back)).toBe(digits * 10n ** BigInt(60 + power))
      }),
    )
  })

  test('a byte order mark is not part of it', () => {
    expect(parseJson('\ufeff{"a":1}')).toEqual({ a: 1 })
  })

  test('nesting counts brackets outside of texts', () => {
    expect(nesting('{"a":[{"b":"[[[[\\"{{{"}]}')).toBe(3)
    expect(nesting('1')).toBe(0)
    expect(nesting('['.repeat(500) + ']'.repeat(500))).toBe(500)
  })

  test('a record that is too deep to write down has a text all the same', () => {
    const deep = parseJson('['.repeat(50_000) + ']'.repeat(50_000))
    expect(recordText(deep)).toContain('too deeply')
  })
})

/** A decimal text times 10^60. */
function scaled(text: string): bigint {
  const [, sign = '', whole = '0', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  const shift = 60 + Number(power) - fraction.length
  const digits = BigInt(whole + fraction)
  const value = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift)
  return sign === '' ? value : -value
}

describe('half surrogate pairs', () => {
  test('become U+FFFD, in keys too, and raw numbers stay', () => {
    const value = parseJson(
      '{"a\\ud800":["\\udc00x",12345678901234567890,"\\ud83d\\ude00"],"__proto__":{"b":1}}',
    )
    const mended = recordText(wellFormed(value))
    expect(mended).toBe('{"a\ufffd":["\ufffdx",12345678901234567890,"\u{1f600}"],"__proto__":{"b":1}}')
    expect(holdsLoneSurrogate(recordText(value))).toBe(true)
    expect(holdsLoneSurrogate(mended)).toBe(false)
  })
})

describe('error bodies', () => {
  test.each([
    ['{"errors":[{"detail":"no such customer (reference 7f3a21)","status":"404"}]}', 'no such customer'],
    ['{"errors":[{"detail":"bad filter","status":400}]}', 'bad filter'],
    ['{"meta":{"error":"not allowed [ref: abc-1]"}}', 'not allowed'],
    ['{"meta":{"errors":["one","two"]}}', 'one; two'],
    [
      '{"errors":[{"reason":"invalid","field":"device.token","message":"is missing"}]}',
      'device.token: is missing',
    ],
    ['{"errors":[{"detail":"a\\u001b[31mb\\nc"}]}', 'a [31mb c'],
    ['<html>502</html>', null],
    ['', null],
    ['null', null],
    ['{"errors":{"x":1}}', null],
    ['{"errors":[null,5,{}]}', null],
  ])('%s says %s', (body, detail) => {
    expect(errorDetail(body, (text) => text)).toBe(detail)
  })
})

describe('waiting', () => {
  const now = Date.parse('2026-11-20T12:00:00Z')
  test.each([
    ['7', 7000],
    ['0', 0],
    ['3600', 60_000],
    ['Fri, 20 Nov 2026 12:00:05 GMT', 5000],
    ['Fri, 20 Nov 2026 11:00:00 GMT', 0],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('Retry-After %s is %s ms', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected)
  })

  test('the back-off grows, has full jitter and is capped', () => {
    const highest = [1, 2, 3, 4, 5, 6, 7, 8, 20].map((attempt) => backOffMs(attempt, () => 0.999999))
    expect(highest).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
    expect(backOffMs(5, () => 0)).toBe(0)
  })

  test('after a limit it is never shorter than half of that', () => {
    const waits = [0, 0.5, 1].map((drawn) =>
      [1, 2, 3, 20].map((attempt) => limitedBackOffMs(attempt, () => drawn)),
    )
    expect(waits).toEqual([
      [250, 500, 1000, 15_000],
      [375, 750, 1500, 22_500],
      [500, 1000, 2000, 30_000],
    ])
  })

  test('no rate lets more than n start in any second', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 2000, noNaN: true }), (perSecond) => {
        const { intervalCap, interval } = spacing(perSecond)
        // Strict windows of `interval` with `intervalCap` starts: so many windows touch any second.
        if (perSecond >= 1) expect(intervalCap * Math.ceil(1000 / interval)).toBeLessThanOrEqual(perSecond)
        else expect(interval).toBeGreaterThanOrEqual(1000 / perSecond)
      }),
    )
  })
})

describe('addresses', () => {
  test.each([
    ['https://api.customer.io', 'us', false],
    ['https://api-eu.customer.io/', 'eu', false],
    ['http://127.0.0.1:8080/', null, true],
    ['http://localhost:1', null, true],
    ['http://[::1]:1', null, true],
    ['https://proxy.example/cio', null, false],
  ])('%s is taken', (url, region, isLoopback) => {
    expect(readBaseUrl(url, 'CIO_APP_API_URL')).toMatchObject({ region, isLoopback })
    expect(readBaseUrl(url, 'CIO_APP_API_URL').href).not.toMatch(/\/$/)
  })

  test.each([
    'http://api.customer.io',
    'http://127.0.0.1.evil.example',
    'http://localhost.example',
    'api.customer.io',
    'ftp://127.0.0.1',
    '',
    'https://u:p@api.customer.io',
    'https://api.customer.io?x=1',
  ])('%s is not', (url) => {
    expect(() => readBaseUrl(url, 'CIO_APP_API_URL')).toThrow(UsageError)
    expect(() => readBaseUrl(url, 'CIO_APP_API_URL')).toThrow(/CIO_APP_API_URL/)
  })

  test('every value in a query is encoded', () => {
    expect(encodeQuery({ email: 'a+b@x.example', name: 'a b&c=d', limit: 5 })).toBe(
      'email=a%2Bb%40x.example&name=a%20b%26c%3Dd&limit=5',
    )
  })
})
