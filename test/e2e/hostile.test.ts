import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reportSchema } from '../../src/core/report.ts'
import { startSimulator, type Simulator } from '../../src/simulator/index.ts'
import { formats } from '../support/formats.ts'
import { allFiles, envOf, runCli, tempFolder, type CliResult } from '../support/cli.ts'

/** What a workspace can hold when somebody means harm, or when an app has gone wrong. */
const escape = '\u001b[31m\u001b]0;owned\u0007'
const formula = `=HYPERLINK("http://evil.test","${escape}")`
const bidi = '\u202Egnp.exe'
const address = (id: string) => `=cmd|calc\u202E${id}@shop.test`
const cleanUps: (() => Promise<void>)[] = []
let shop: Simulator
let cwd = ''
let result: CliResult

async function track(method: string, path: string, body: string): Promise<void> {
  const key = Buffer.from(`${shop.siteId}:${shop.trackKey}`).toString('base64')
  const headers = { authorization: `Basic ${key}`, 'content-type': 'application/json' }
  const { status } = await fetch(`${shop.trackUrl}/api/v1/${path}`, { method, headers, body })
  expect({ path, status }).toEqual({ path, status: 200 })
}

beforeAll(async () => {
  const now = new Date()
  shop = await startSimulator({ people: 300, seed: 3, variant: 'sterile', now })
  cleanUps.push(() => shop.close())
  // Written as JSON text, so that what JavaScript cannot hold goes out as it is meant.
  for (const id of ['__proto__', 'h-1', 'h-2', 'h-3']) {
    const attributes = `{"email": ${JSON.stringify(address(id))}, "__proto__": "x", "constructor": "y", ${JSON.stringify(formula)}: ${JSON.stringify(escape)}, "lone": "\\ud800"}`
    await track('PUT', `customers/${encodeURIComponent(id)}`, attributes)
    const cart = (value: string) =>
      `{"name": "cart_updated", "data": {"cart_value": ${value}, "items": [{"x": 1}], "currency": "EUR"}}`
    await track('POST', `customers/${encodeURIComponent(id)}/events`, cart(JSON.stringify(formula)))
    await track('POST', `customers/${encodeURIComponent(id)}/events`, cart(JSON.stringify(bidi)))
    await track('POST', `customers/${encodeURIComponent(id)}/events`, cart('"\\ud800\\u0000"'))
    await track('POST', `customers/${encodeURIComponent(id)}/events`, cart(`"${'9'.repeat(90_000)}"`))
    await track(
      'POST',
      `customers/${encodeURIComponent(id)}/events`,
      '{"name": "cart_updated", "data": {"cart_value": 1e300, "__proto__": {"a": 1}, "items": [{}], "currency": "EUR"}}',
    )
    await track(
      'POST',
      `customers/${encodeURIComponent(id)}/events`,
      `{"name": ${JSON.stringify(`${formula.slice(0, 40)}${bidi}`)}, "data": {}}`,
    )
  }
  cwd = await tempFolder((work) => void cleanUps.push(work))
  const everything = formats.flatMap((format) => ['--format', format])
  result = await runCli(['run', '--out', 'out', ...everything], { cwd, env: envOf(shop) })
})
afterAll(async () => {
  for (const work of cleanUps.toReversed()) await work()
})

const file = (path: string) => readFile(join(cwd, 'out', path), 'utf8')
const rowsOf = async (path: string) => parse<Record<string, string>>(await file(path), { columns: true })

test('the audit ends with its verdict and finds what is wrong', async () => {
  expect(result.stderr).not.toMatch(/bug/)
  expect(result.code).toBe(1)
  const report = reportSchema.parse(JSON.parse(await file('report.json')))
  const rule = (id: string) => report.rules.find((one) => one.rule === id)
  expect(rule('events/wrong-type')).toMatchObject({ status: 'fail', affected: 16 })
  expect(report.totals.profiles).toBe(304)
})

test('nothing that a terminal, a spreadsheet or a text direction would obey reaches an output', async () => {
  const control = /[\u0000-\u0008\u000B-\u001F\u007F\u202A-\u202E\u2066-\u2069]/
  expect(result.stdout).not.toMatch(control)
  expect(result.stderr).not.toMatch(control)
  for (const [path, bytes] of await allFiles(join(cwd, 'out'))) {
    const text = bytes.toString('utf8')
    expect(control.test(text.replaceAll('\r\n', '\n')) ? path : 'clean').toBe('clean')
    if (!path.endsWith('.csv')) continue
    for (const row of parse(text)) {
      for (const cell of row) if (!/^-?[0-9.]+$/.test(cell)) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
    }
  }
})

test('the values themselves are there for the engineer who mends them', async () => {
  const values = (await rowsOf('evidence/events.wrong-type.csv')).map((row) => row['value'] ?? '')
  expect(values.filter((value) => value.includes('HYPERLINK("http://evil.test"'))).toHaveLength(4)
  expect(values.filter((value) => value.startsWith('9999999999'))).toHaveLength(4)
})

test('the snapshot holds what was sent, unharmed', async () => {
  const { openDatabase } = await import('../../src/engine/database.ts')
  const { raw } = await import('../../src/engine/sql.ts')
  const db = await openDatabase({ path: join(cwd, '.cio-audit', 'snapshot.duckdb'), access: 'read' })
  const count = async (where: string) =>
    await db.scalar(raw(`select count(*) from activity where type = 'event' and ${where}`))
  expect(await count(`try_cast(data ->> '$.cart_value' as double) = 1e300`)).toBe(4)
  expect(await count(`length(data ->> '$.cart_value') = 90000`)).toBe(4)
  expect(
    await db.scalar(raw(`select count(*) from profile where id in ('__proto__', 'h-1', 'h-2', 'h-3')`)),
  ).toBe(4)
  db.close()
})
