import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadMasker, maskingFor } from '../../src/cli/masking.ts'
import { createMasker } from '../../src/reports/index.ts'
import { Secret } from '../../src/core/secret.ts'

const facts = { reveal: false, redact: false, ci: false, terminal: true }
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cio-audit-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

function masked(given: Partial<typeof facts>): Record<string, boolean> {
  const masking = maskingFor({ ...facts, ...given })
  return {
    screen: masking.stdout('table'),
    jsonOut: masking.stdout('json'),
    text: masking.file('table'),
    json: masking.file('json'),
    csv: masking.file('csv'),
    // Made to be handed on, so all four are alike, in a file or on standard output.
    handedOn: sameFor(['markdown', 'junit', 'sarif', 'github'] as const, (format) => [
      masking.file(format),
      masking.stdout(format),
    ]),
  }
}

function sameFor<T>(formats: readonly T[], of: (format: T) => readonly boolean[]): boolean {
  const [first, ...others] = formats.flatMap(of)
  for (const other of others) expect(other).toBe(first)
  return first === true
}

test.each([
  [
    'at a terminal',
    {},
    { screen: false, jsonOut: false, text: true, json: false, csv: false, handedOn: true },
  ],
  [
    'into a pipe',
    { terminal: false },
    { screen: true, jsonOut: false, text: true, json: false, csv: false, handedOn: true },
  ],
  [
    'in CI',
    { terminal: false, ci: true },
    { screen: true, jsonOut: true, text: true, json: true, csv: true, handedOn: true },
  ],
  [
    'with --redact',
    { redact: true },
    { screen: true, jsonOut: true, text: true, json: true, csv: true, handedOn: true },
  ],
  [
    'with --reveal in CI',
    { reveal: true, ci: true, terminal: false },
    { screen: false, jsonOut: false, text: false, json: false, csv: false, handedOn: false },
  ],
  [
    'with --reveal against report.redact of the config',
    { reveal: true, redact: true },
    { screen: false, jsonOut: false, text: false, json: false, csv: false, handedOn: false },
  ],
])('%s', (_, given, expected) => {
  expect(masked(given)).toEqual(expected)
})

test('the key is made once, for the owner alone, and used again', async () => {
  const first = await loadMasker(folder, null)
  const second = await loadMasker(folder, null)
  expect(first.value('email', 'ana@example.com')).toBe(second.value('email', 'ana@example.com'))
  expect((await stat(join(folder, 'redact.key'))).mode & 0o777).toBe(0o600)
  expect(await readFile(join(folder, 'redact.key'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
})

test('a file that a full disk left without a key gets one', async () => {
  await writeFile(join(folder, 'redact.key'), '')
  const masker = await loadMasker(folder, null)
  const key = (await readFile(join(folder, 'redact.key'), 'utf8')).trim()
  expect(key).toMatch(/^[0-9a-f]{64}$/)
  expect(masker.value('email', 'ana@example.com')).toBe(createMasker(key).value('email', 'ana@example.com'))
})

test('two runs at once agree on one key', async () => {
  const maskers = await Promise.all(Array.from({ length: 8 }, () => loadMasker(folder, null)))
  expect(new Set(maskers.map((masker) => masker.value('email', 'ana@example.com'))).size).toBe(1)
})

test('a key that is given is used and kept nowhere', async () => {
  const here = await loadMasker(folder, new Secret('shared'))
  const there = await loadMasker(join(folder, 'other'), new Secret('shared'))
  expect(here.value('email', 'ana@example.com')).toBe(there.value('email', 'ana@example.com'))
  await expect(stat(join(folder, 'redact.key'))).rejects.toThrow('ENOENT')
})

test('a folder that cannot hold the key is told with a way out', async () => {
  await writeFile(join(folder, 'file'), '')
  await expect(loadMasker(join(folder, 'file'), null)).rejects.toThrow(/could not be kept/)
})
