import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import type { MergeSuggestion, MovedDevice } from '../../src/core/merge.ts'
import { createMasker, maskInput, mergeBatches, reporters, type OutputFile } from '../../src/reports/index.ts'
import { fixedAudit } from '../support/report-fixture.ts'

const options = { width: 80, colour: false, csvBom: true }

async function textOf(files: readonly OutputFile[], path: string): Promise<string> {
  let text = ''
  for await (const part of files.find((file) => file.path === path)?.content() ?? []) text += part
  return text
}

type Line = { batch: Record<string, unknown>[] }
async function bodies(
  merges: readonly MergeSuggestion[],
  path = 'merge-suggestions.jsonl',
): Promise<string[]> {
  async function* chunks() {
    for (const suggestion of merges) yield [suggestion]
  }
  const text = await textOf(mergeBatches({ merges: chunks }), path)
  return text.split('\n').filter((line) => line !== '')
}
const parsed = (lines: readonly string[]): Line[] => lines.map((line) => JSON.parse(line) as Line)

function merge(name: string, changed: Partial<MergeSuggestion> = {}): MergeSuggestion {
  const side = (cio_id: string) => ({ cio_id, id: null, email: 'ana@shop.test', identity: { cio_id } })
  return {
    primary: side(`${name}1`),
    secondary: side(`${name}2`),
    safety: 'safe',
    joinedBy: 'email',
    keptBecause: 'device',
    review: [],
    conflicts: [],
    devices: [],
    ...changed,
  }
}
const device = (rest: Partial<MovedDevice> = {}): MovedDevice => ({
  token: 'a'.repeat(64),
  platform: 'android',
  lastUsed: 7,
  attributes: {},
  ...rest,
})

test('merge-suggestions.csv names both sides, the reasons and the file', async () => {
  const rows = parse(await textOf(reporters.csv.files(fixedAudit(), options), 'merge-suggestions.csv'), {
    columns: true,
    bom: true,
  })
  expect(rows).toEqual([
    {
      safety: 'safe',
      primary_cio_id: 'd9c106000001',
      primary_id: 'u-1',
      primary_email: 'ana@example.com',
      secondary_cio_id: 'd9c106000002',
      secondary_id: '',
      secondary_email: 'Ana@Example.com',
      joined_by: 'email',
      kept_because: 'canonical-id',
      review: '',
      conflicts: '',
      devices_moved: '1',
      file: 'merge-suggestions.jsonl',
    },
    expect.objectContaining({
      safety: 'review',
      primary_id: "'=u-3",
      review: 'id attributes',
      conflicts: 'first_name; plan name',
      devices_moved: '0',
      file: 'merge-suggestions-review.jsonl',
    }),
  ])
})

test('a line is a batch: the devices, then the merge; what needs a look is in a file of its own', async () => {
  const files = mergeBatches(fixedAudit())
  expect(await textOf(files, 'merge-suggestions.jsonl')).toBe(
    `{"batch":[{"type":"person","action":"add_device","identifiers":{"cio_id":"d9c106000001"},` +
      `"device":{"token":"${'a'.repeat(64)}","platform":"ios","last_used":1763000000,"attributes":{"push_enabled":true}}},` +
      `{"type":"person","action":"merge","primary":{"cio_id":"d9c106000001"},"secondary":{"cio_id":"d9c106000002"}}]}\n`,
  )
  expect(await textOf(files, 'merge-suggestions-review.jsonl')).toBe(
    `{"batch":[{"type":"person","action":"merge","primary":{"cio_id":"d9c106000003"},"secondary":{"cio_id":"d9c106000004"}}]}\n`,
  )
})

test('without a suggestion both files are there, and empty', async () => {
  async function* none(): AsyncIterable<MergeSuggestion[]> {}
  const files = mergeBatches({ merges: none })
  expect(files.map(({ path }) => path)).toEqual(['merge-suggestions.jsonl', 'merge-suggestions-review.jsonl'])
  for (const { path } of files) expect(await textOf(files, path)).toBe('')
})

test('a profile that only an id names is named by it, and control codes do not come through', async () => {
  const [line = ''] = await bodies([
    merge('x', { secondary: { cio_id: '', id: 'u\u202e1', email: null, identity: { id: 'u\u202e1' } } }),
  ])
  expect(line).toContain(String.raw`"secondary":{"id":"u\u202e1"}`)
  expect(parsed([line])[0]?.batch[0]?.['secondary']).toEqual({ id: 'u\u202e1' })
})

test('what is not known of a device is left out', async () => {
  const [line] = parsed(
    await bodies([merge('x', { devices: [device({ platform: 'web', lastUsed: null })] })]),
  )
  expect(line?.batch[0]?.['device']).toEqual({ token: 'a'.repeat(64), attributes: {} })
})

test('no operation and no line is larger than Customer.io takes', async () => {
  const bulky = device({ attributes: { note: 'ü'.repeat(16_000) } })
  const large = device({ attributes: { note: 'x'.repeat(30_000) } })
  const merges = Array.from({ length: 100 }, (_, n) =>
    merge(`p${n}`, { devices: n % 10 === 0 ? [bulky] : [large] }),
  )
  const lines = await bodies(merges)
  for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(500_000)
  const operations = parsed(lines).flatMap(({ batch }) => batch)
  for (const operation of operations) expect(JSON.stringify(operation).length).toBeLessThanOrEqual(32_000)
  const devices = operations.flatMap((operation) =>
    operation['device'] ? [Object.keys(operation['device'])] : [],
  )
  expect(devices.filter((keys) => !keys.includes('attributes'))).toHaveLength(10)
  expect(operations.filter(({ action }) => action === 'merge')).toHaveLength(100)
  // Full lines: sixteen of thirty kilobytes fit.
  expect(lines.length).toBe(6)
  // A merge never stands in another line than its devices.
  for (const { batch } of parsed(lines)) expect(batch.at(-1)?.['action']).toBe('merge')
})

test('masked: addresses are masked, and what would need a token or an address is not written down', async () => {
  const input = maskInput(fixedAudit(), createMasker('key'))
  const text = await textOf(reporters.csv.files(input, options), 'merge-suggestions.csv')
  expect(text).not.toMatch(/ana@example|bo@example/i)
  expect(text).toContain('d9c106000002')
  const [first, second] = parse<Record<string, string>>(text, { columns: true, bom: true })
  expect(first).toMatchObject({ devices_moved: '', file: '' })
  const seal = (masked?: string) => masked?.split('#')[1]
  expect(seal(first?.['primary_email'])).toBe(seal(first?.['secondary_email']))
  expect(second).toMatchObject({ devices_moved: '0', file: 'merge-suggestions-review.jsonl' })
  const files = mergeBatches(input)
  expect(await textOf(files, 'merge-suggestions.jsonl')).toBe('')
  expect(await textOf(files, 'merge-suggestions-review.jsonl')).toContain('d9c106000004')
})

test('masked: an id is shown, unless it is an address', async () => {
  const named = (id: string) => ({ cio_id: '', id, email: null, identity: { id } })
  async function* chunks() {
    yield [
      merge('x', { secondary: named('u-7') }),
      merge('y', { secondary: named('ana@shop.test'), conflicts: ['of ana@shop.test'] }),
    ]
  }
  const input = maskInput({ ...fixedAudit(), merges: chunks }, createMasker('key'))
  const text = await textOf(mergeBatches(input), 'merge-suggestions.jsonl')
  expect(text).toContain('"id":"u-7"')
  expect(text).not.toContain('"y1"')
  expect(await textOf(reporters.csv.files(input, options), 'merge-suggestions.csv')).not.toContain('ana@shop')
})
