import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { reportSchema } from '../../src/core/report.ts'
import { renderTable, reporters } from '../../src/reports/index.ts'
import { fixedAudit } from '../support/report-fixture.ts'

/** One audit, every format, byte for byte. `UPDATE_GOLDEN=1` is the only writer. */
const options = { width: 80, colour: false, csvBom: false }

async function compare(name: string, text: string): Promise<void> {
  const path = fileURLToPath(new URL(`../../fixtures/golden/${name}`, import.meta.url))
  if (process.env['UPDATE_GOLDEN'] === '1') {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }
  expect(text, `${name} differs; if that is meant: UPDATE_GOLDEN=1 npx vitest run test/golden`).toBe(
    await readFile(path, 'utf8'),
  )
}

test.each([80, 120])('the table at %i columns', async (width) => {
  await compare(`table-${width}.txt`, renderTable(fixedAudit().report, { ...options, width }))
})

test('the table in colour', async () => {
  await compare('table-80-colour.txt', renderTable(fixedAudit().report, { ...options, colour: true }))
})

test.each(['json', 'csv', 'html'] as const)('%s', async (format) => {
  for (const { path, content } of reporters[format].files(fixedAudit(), options)) {
    let text = ''
    for await (const part of content()) text += part
    await compare(`${format}/${path}`, text)
  }
})

test('report.json has the keys of the schema in its order, whatever the order in memory', () => {
  // With --journey there are two keys more.
  const report = { ...fixedAudit().report, scope: { journeys: [5] }, elsewhere: { failing: 1, findings: 2 } }
  const reversed = Object.fromEntries(Object.entries(report).toReversed())
  const [file] = reporters.json.files({ ...fixedAudit(), report: reversed as typeof report }, options)
  const [text] = (file?.content() ?? []) as string[]
  expect(Object.keys(JSON.parse(text ?? '{}') as object)).toEqual(Object.keys(reportSchema.shape))
})
