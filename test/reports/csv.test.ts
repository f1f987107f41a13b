import { createHash } from 'node:crypto'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { csvText, evidenceName } from '../../src/reports/csv.ts'
import { reporters, type ReporterOptions } from '../../src/reports/index.ts'
import { fixedAudit } from '../support/report-fixture.ts'

async function written(options: Partial<ReporterOptions> = {}): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  for (const { path, content } of reporters.csv.files(fixedAudit(), {
    width: 80,
    colour: false,
    csvBom: false,
    ...options,
  })) {
    let text = ''
    for await (const part of content()) text += part
    files.set(path, text)
  }
  return files
}

interface Manifest {
  readonly files: readonly { readonly file: string; readonly rows: number; readonly sha256: string }[]
}

test('the manifest proves every file: its rows and its hash', async () => {
  const files = await written()
  const manifest = JSON.parse(files.get('manifest.json') ?? '') as Manifest
  expect(manifest.files.map(({ file }) => file)).toEqual(
    [...files.keys()].filter((path) => path !== 'manifest.json'),
  )
  for (const { file, rows, sha256 } of manifest.files) {
    const text = files.get(file) ?? ''
    expect(createHash('sha256').update(text).digest('hex')).toBe(sha256)
    expect(parse(text, { columns: true })).toHaveLength(rows)
  }
})

test('a rule that found something elsewhere alone has its evidence, too', () => {
  const audit = fixedAudit()
  const rule = audit.report.rules.find(({ findings }) => findings.total === 0)?.rule ?? ''
  const input = { ...audit, rulesFound: new Set([...audit.rulesFound, rule]) }
  const paths = reporters.csv
    .files(input, { width: 80, colour: false, csvBom: false })
    .map(({ path }) => path)
  expect(paths).toContain(`evidence/${evidenceName(rule)}.csv`)
})

test('the rows sum to the counts of the report', async () => {
  const { report } = fixedAudit()
  const manifest = JSON.parse((await written()).get('manifest.json') ?? '') as Manifest
  const rows = new Map(manifest.files.map((line) => [line.file, line.rows]))
  expect(rows.get('findings.csv')).toBe(report.rules.reduce((sum, { findings }) => sum + findings.total, 0))
  expect(rows.get('evidence/identity.duplicate-email.csv')).toBe(7)
  expect(rows.has('evidence/attributes.missing.csv')).toBe(false)
})

test('a formula in an id is defused, a negative number is not', async () => {
  const text = (await written()).get('evidence/identity.duplicate-email.csv') ?? ''
  expect(text).toContain(`"'=HYPERLINK(""http://evil.example"",""x"")"`)
})

test('a carriage return within a value stands in quotes, so that it ends no line', () => {
  expect(csvText([['a\rb', 'plain']])).toBe('"a\rb",plain\n')
})

test('the byte order mark comes once, at the start, and is in the hash', async () => {
  const files = await written({ csvBom: true })
  for (const [path, text] of files) expect(text.lastIndexOf('\ufeff')).toBe(path === 'manifest.json' ? -1 : 0)
  const manifest = JSON.parse(files.get('manifest.json') ?? '') as Manifest
  const [findings] = manifest.files
  expect(
    createHash('sha256')
      .update(files.get('findings.csv') ?? '')
      .digest('hex'),
  ).toBe(findings?.sha256)
})

test('the name of a custom rule cannot leave the folder', () => {
  expect(evidenceName('identity/duplicate-email')).toBe('identity.duplicate-email')
  expect(evidenceName('identity/../../etc/passwd')).toBe('identity..._.._etc_passwd')
})
