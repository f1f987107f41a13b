import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { expect, onTestFinished, test } from 'vitest'
import { allFiles, runCli, tempFolder } from '../support/cli.ts'

const mark = Buffer.from([0xef, 0xbb, 0xbf])

test('--csv-bom begins every CSV file with the mark, once, and no other file; the manifest counts it in', async () => {
  const cwd = await tempFolder(onTestFinished)
  const { code } = await runCli(['demo', '--people', '60', '--out', 'audit', '--csv-bom'], { cwd })
  expect(code).toBe(0)
  const files = await allFiles(join(cwd, 'audit'))
  const { files: lines } = JSON.parse(String(files.get('manifest.json'))) as {
    files: { file: string; rows: number; sha256: string }[]
  }
  const csvs = [...files.keys()].filter((path) => path.endsWith('.csv'))
  expect(csvs.toSorted()).toEqual(lines.map(({ file }) => file).toSorted())
  expect(csvs).toEqual(expect.arrayContaining(['findings.csv', 'merge-suggestions.csv']))
  expect(csvs.filter((path) => path.startsWith('evidence/')).length).toBeGreaterThan(5)
  for (const [path, bytes] of files) {
    const isCsv = path.endsWith('.csv')
    expect({ path, at: bytes.indexOf(mark), last: bytes.lastIndexOf(mark) }).toEqual({
      path,
      at: isCsv ? 0 : -1,
      last: isCsv ? 0 : -1,
    })
  }
  for (const { file, rows, sha256 } of lines) {
    const bytes = files.get(file) ?? Buffer.alloc(0)
    expect({ file, sha256: createHash('sha256').update(bytes).digest('hex') }).toEqual({ file, sha256 })
    const records = parse<Record<string, string>>(bytes, { bom: true, columns: true })
    expect({ file, rows: records.length }).toEqual({ file, rows })
    // The mark is no part of the first column's name.
    if (file !== 'merge-suggestions.csv')
      for (const record of records) expect(Object.keys(record)[0]).toBe('fingerprint')
  }
})
