import { expect, test } from 'vitest'
import { loadBaseline } from '../../src/config/index.ts'
import { inFolder, usageError } from './support.ts'

const load = (json: string) =>
  inFolder({ 'cio-audit.baseline.json': json }, (folder) => loadBaseline(undefined, folder))
const print = '0123456789abcdef0123456789abcdef'

test('no file, nothing known', async () => {
  expect(await inFolder({}, (folder) => loadBaseline(undefined, folder))).toEqual(new Set())
})

test('fingerprints are read, and what a later version of the command may add is left alone', async () => {
  expect(await load(JSON.stringify({ schemaVersion: 1, fingerprints: [print, print], asOf: 'x' }))).toEqual(
    new Set([print]),
  )
})

test('a hundred thousand of them', async () => {
  const fingerprints = Array.from({ length: 100_000 }, (_, index) => index.toString(16).padStart(32, '0'))
  expect((await load(JSON.stringify({ schemaVersion: 1, fingerprints }))).size).toBe(100_000)
})

test.each([
  ['', 'cio-audit.baseline.json:?', 'is empty'],
  ['{"a"', 'cio-audit.baseline.json:?', 'is no valid JSON'],
  ['[]', 'cio-audit.baseline.json', 'is no JSON object'],
  ['null', 'cio-audit.baseline.json', 'is no JSON object'],
  ['{}', 'cio-audit.baseline.json', 'is of another version than 1'],
  [
    JSON.stringify({ schemaVersion: 2, fingerprints: [] }),
    'cio-audit.baseline.json',
    'is of another version than 1',
  ],
  [
    JSON.stringify({ schemaVersion: 1 }),
    'cio-audit.baseline.json',
    'holds something else than fingerprints at fingerprints',
  ],
  [
    JSON.stringify({ schemaVersion: 1, fingerprints: [print, 'x'] }),
    'cio-audit.baseline.json',
    'holds something else than fingerprints at fingerprints[1]',
  ],
])('no baseline: %s', async (json, origin, what) => {
  const error = await usageError(() => load(json))
  const place = error.message.replace(/json(:\d+:\d+)? /, origin.endsWith('?') ? 'json:? ' : 'json ')
  expect(place).toBe(`The baseline ${origin} ${what}.`)
  expect(error.code).toBe('CONFIG_BASELINE')
})

test('a broken line is told by its place and not by its text', async () => {
  const { message } = await usageError(() => load('{\n  "schemaVersion": 1,\n  "fingerprints": [canary]\n}'))
  expect(message).toMatch(/^The baseline cio-audit\.baseline\.json(:3:\d+)? is no valid JSON\.$/)
})
