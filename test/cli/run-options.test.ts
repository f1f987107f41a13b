import { expect, test } from 'vitest'
import { UsageError } from '../../src/core/errors.ts'
import { parseIso, parseMoment } from '../../src/cli/moments.ts'
import { readOrigin } from '../../src/cli/origin.ts'
import { checkGlobs } from '../../src/cli/rule-globs.ts'
import { readDelivery, readPullOptions, readWindow, type PullFlags } from '../../src/cli/run-options.ts'
import { engineLimit, parseCount, parseMemory, parseRate } from '../../src/cli/sizes.ts'

const now = new Date('2026-11-23T12:00:00Z')
const pullFlags: PullFlags = {
  config: undefined,
  plan: undefined,
  source: undefined,
  sample: undefined,
  since: undefined,
  memory: undefined,
  'state-dir': '.cio-audit',
  'max-rate': undefined,
  'max-activities': undefined,
  'no-color': false,
  quiet: false,
  verbose: false,
  fresh: false,
}
const reportFlags = {
  format: undefined,
  out: undefined,
  json: false,
  'csv-bom': false,
  reveal: false,
  redact: false,
}

test.each([
  ['30d', '2026-10-24T12:00:00.000Z'],
  ['48h', '2026-11-21T12:00:00.000Z'],
  ['2026-11-01', '2026-11-01T00:00:00.000Z'],
  ['2026-11-01T06:30:00', '2026-11-01T06:30:00.000Z'],
  ['2026-11-01T06:30:00+02:00', '2026-11-01T04:30:00.000Z'],
])('--since %s is %s, in any time zone', (text, iso) => {
  expect(parseMoment('--since', text, now).toISOString()).toBe(iso)
})

test.each(['yesterday', '30', '2026-13-01', '2026-11-01Tnoon', '', '-3d'])(
  '--since %j is refused by name',
  (text) => {
    expect(() => parseMoment('--since', text, now)).toThrow(UsageError)
    expect(() => parseMoment('--since', text, now)).toThrow(/--since/)
  },
)

test('--as-of takes no duration', () => {
  expect(() => parseIso('--as-of', '30d')).toThrow(/no ISO date/)
})

test('durations count back from --as-of where it is given', () => {
  const window = readWindow({ 'as-of': '2026-11-10', since: '2d', until: '1d' }, now)
  expect(window.since).toEqual(new Date('2026-11-08T00:00:00Z'))
  expect(window.until).toEqual(new Date('2026-11-09T00:00:00Z'))
})

test('without --as-of a duration counts back from what the sources say', () => {
  const window = readWindow({ 'as-of': undefined, since: '9d', until: '2026-11-20' }, now)
  expect(window).toMatchObject({ since: { secondsBefore: 777_600 }, until: new Date('2026-11-20T00:00:00Z') })
})

test('an empty window is refused', () => {
  expect(() => readWindow({ 'as-of': undefined, since: '1d', until: '2d' }, now)).toThrow(/empty/)
  expect(() => readWindow({ 'as-of': undefined, since: '1d', until: '1d' }, now)).toThrow(/empty/)
  expect(() => readPullOptions({ ...pullFlags, since: '2027-01-01' }, now)).toThrow(/empty/)
})

test('sizes', () => {
  expect(parseMemory('512MB')).toBe(512e6)
  expect(parseMemory('1.5GiB')).toBe(1.5 * 1024 ** 3)
  expect(parseMemory('2g')).toBe(2e9)
  for (const text of ['', '1MB', 'much', '512 apples', '-1GB'])
    expect(() => parseMemory(text)).toThrow(UsageError)
  expect(engineLimit(1e9, 8e9)).toBe(400_000_000)
  expect(engineLimit(600e6, 8e9)).toBe(256_000_000)
  expect(engineLimit(300e6, 8e9)).toBe(150_000_000)
  expect(engineLimit(undefined, 8e9)).toBe(engineLimit(2e9, 1e9))
  expect(engineLimit(128e6, 8e9)).toBe(64 * 1024 ** 2)
  expect(parseRate('0.5')).toBe(0.5)
  for (const text of ['0', '-1', 'fast', '1001', '1e2']) expect(() => parseRate(text)).toThrow(UsageError)
  expect(parseCount('--max-activities', '100')).toBe(100)
  for (const text of ['0', '1.5', 'all'])
    expect(() => parseCount('--max-activities', text)).toThrow(/--max-activities/)
})

test.each([
  [
    { source: undefined, offline: false },
    { base: 'api', snapshot: undefined, files: [] },
  ],
  [
    { source: ['api'], offline: false },
    { base: 'api', snapshot: undefined, files: [] },
  ],
  [{ source: ['x', 'api', 'y', 'x'] }, { base: 'api', snapshot: undefined, files: ['x', 'y'] }],
  [
    { source: undefined, offline: true },
    { base: 'snapshot', snapshot: undefined, files: [] },
  ],
  [
    { source: ['a.duckdb'], offline: false },
    { base: 'snapshot', snapshot: 'a.duckdb', files: [] },
  ],
  [
    { source: ['x', 'a.duckdb'], offline: true },
    { base: 'snapshot', snapshot: 'a.duckdb', files: ['x'] },
  ],
  [
    { source: ['people.csv'], offline: false },
    { base: null, snapshot: undefined, files: ['people.csv'] },
  ],
  [
    { source: ['people.csv'], offline: true },
    { base: null, snapshot: undefined, files: ['people.csv'] },
  ],
])('the source of %j', (flags, origin) => {
  expect(readOrigin(flags)).toEqual(origin)
})

test.each([
  [{ source: ['api', 'a.duckdb'], offline: false }, /the same workspace twice/],
  [{ source: ['b.duckdb', 'a.duckdb'], offline: false }, /Two snapshots/],
  [{ source: ['api'], offline: true }, /exclude/],
])('the source of %j is refused', (flags, message) => {
  expect(() => readOrigin(flags)).toThrow(message)
})

test.each([
  [{}, { stdout: 'table', github: false, files: [], out: undefined }],
  [{ format: ['json'] }, { stdout: 'json', github: false, files: [], out: undefined }],
  [{ json: true }, { stdout: 'json', github: false, files: [], out: undefined }],
  [{ out: 'o' }, { stdout: 'table', github: false, files: ['table', 'json', 'csv', 'html'], out: 'o' }],
  [
    { out: 'o', json: true },
    { stdout: 'json', github: false, files: ['table', 'json', 'csv', 'html'], out: 'o' },
  ],
  [{ format: ['sarif'] }, { stdout: 'sarif', github: false, files: [], out: undefined }],
  [{ format: ['github'] }, { stdout: 'table', github: true, files: [], out: undefined }],
  [{ format: ['table', 'github'] }, { stdout: 'table', github: true, files: [], out: undefined }],
  [
    { out: 'o', format: ['github', 'junit'] },
    { stdout: 'verdict', github: true, files: ['github', 'junit'], out: 'o' },
  ],
  [
    { out: 'o', format: ['csv', 'csv'] },
    { stdout: 'verdict', github: false, files: ['csv'], out: 'o' },
  ],
] as const)('the flags %j deliver %j', (flags, delivery) => {
  expect(readDelivery({ ...reportFlags, ...flags })).toEqual(delivery)
})

test('what standard output cannot take is refused', () => {
  expect(() => readDelivery({ ...reportFlags, format: ['csv'] })).toThrow(/several files/)
  expect(() => readDelivery({ ...reportFlags, format: ['html'] })).toThrow(/open in a browser/)
  expect(() => readDelivery({ ...reportFlags, format: ['table', 'json'] })).toThrow(/one format/)
  expect(() => readDelivery({ ...reportFlags, format: ['json', 'github'] })).toThrow(/one format/)
  expect(() => readDelivery({ ...reportFlags, format: ['github'], json: true })).toThrow(/annotations/)
})

test('a glob that names no rule is a typing error', () => {
  const ids = ['identity/duplicate-email', 'devices/shared-token']
  expect(() => checkGlobs('--rule', ['identity/*', 'devices/shared-token'], ids)).not.toThrow()
  expect(() => checkGlobs('--skip-rule', ['identity/*', 'identiy/*'], ids)).toThrow(/--skip-rule identiy\/\*/)
  expect(() => checkGlobs('--rule', ['identity'], ids)).toThrow(UsageError)
})
