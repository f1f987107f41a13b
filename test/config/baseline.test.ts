import { expect, test } from 'vitest'
import { baselineText, loadBaseline } from '../../src/config/index.ts'
import type { Baseline } from '../../src/core/baseline.ts'
import { inFolder, usageError } from './support.ts'

const load = (json: string) =>
  inFolder({ 'cio-audit.baseline.json': json }, (folder) => loadBaseline(undefined, folder))
const print = '0123456789abcdef0123456789abcdef'

const file = (rules: unknown, other: object = {}): string =>
  JSON.stringify({
    schemaVersion: 1,
    asOf: '2026-11-23T12:00:00Z',
    workspace: 101,
    vantage: { sources: ['app-api'], days: 30, sampled: false },
    rules,
    ...other,
  })
const known = (fingerprints: unknown) => ({ 'events/renamed': { version: 'abc', fingerprints } })

test('no file, nothing known', async () => {
  expect(await inFolder({}, (folder) => loadBaseline(undefined, folder))).toBe(null)
})

test('what is written is read again, and what a later version of the command may add is left alone', async () => {
  const baseline = await load(file(known([print]), { by: 'x' }))
  expect(baseline).toEqual({
    asOf: '2026-11-23T12:00:00Z',
    workspaceId: 101,
    vantage: { sources: ['app-api'], days: 30, sampled: false },
    rules: { 'events/renamed': { version: 'abc', fingerprints: [print] } },
  })
  expect(await load(baselineText(baseline as Baseline))).toEqual(baseline)
})

test('one fingerprint on a line, sorted, whatever the order in which they were found', () => {
  const of = (rules: Baseline['rules']): string =>
    baselineText({ asOf: '', workspaceId: null, vantage: { sources: [], days: 30, sampled: false }, rules })
  const [a, b] = [
    { version: '1', fingerprints: ['1', '2'] },
    { version: '1', fingerprints: ['3'] },
  ]
  const text = of({ a, b })
  expect(of({ b, a: { ...a, fingerprints: ['2', '1'] } })).toBe(text)
  expect(text.match(/^ +"\d",?$/gm)).toHaveLength(3)
})

test('a hundred thousand of them', async () => {
  const prints = Array.from({ length: 100_000 }, (_, index) => index.toString(16).padStart(32, '0'))
  expect((await load(file(known(prints))))?.rules['events/renamed']?.fingerprints).toHaveLength(100_000)
})

test.each([
  ['', 'cio-audit.baseline.json:?', 'is empty'],
  ['{"a"', 'cio-audit.baseline.json:?', 'is no valid JSON'],
  ['[]', 'cio-audit.baseline.json', 'is no JSON object'],
  ['null', 'cio-audit.baseline.json', 'is no JSON object'],
  ['{}', 'cio-audit.baseline.json', 'is of another version than 1'],
  [file({}, { schemaVersion: 2 }), 'cio-audit.baseline.json', 'is of another version than 1'],
  [file([]), 'cio-audit.baseline.json', 'is not as the command writes it at rules'],
  [
    file(known([print, 'x'])),
    'cio-audit.baseline.json',
    'is not as the command writes it at rules.events/renamed.fingerprints[1]',
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
