import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deliver } from '../../src/cli/deliver.ts'
import { checkManifest, checkOutputFolder } from '../../src/cli/output-folder.ts'
import { InterruptedError, ReportError, UsageError } from '../../src/core/errors.ts'
import { namesBesideCsv } from '../../src/core/manifest.ts'
import { mergeBatches, reporters } from '../../src/reports/index.ts'
import { fixedAudit } from '../support/report-fixture.ts'

let out = ''
const signal = new AbortController().signal
beforeEach(async () => {
  out = join(await mkdtemp(join(tmpdir(), 'cio-audit-test-')), 'deep', 'out')
})
afterEach(() => rm(join(out, '..', '..'), { recursive: true }))

const manifest = (...files: string[]) =>
  file(
    'manifest.json',
    JSON.stringify({ files: files.map((name) => ({ file: name, rows: 1, sha256: 'a' })) }),
  )
const file = (path: string, ...parts: string[]) => ({ path, content: () => parts })

test('files and their folders come about, and nothing else', async () => {
  await deliver(out, [file('a.txt', 'one', 'two'), file('evidence/b.csv', 'x\n')], signal)
  expect(await readFile(join(out, 'a.txt'), 'utf8')).toBe('onetwo')
  expect(await readFile(join(out, 'evidence', 'b.csv'), 'utf8')).toBe('x\n')
  expect(await readdir(out)).toEqual(['a.txt', 'evidence'])
})

test('a failure in the middle leaves the old report whole, and no half of the new one', async () => {
  await deliver(out, [file('a.txt', 'old'), file('b.txt', 'old')], signal)
  const broken = {
    path: 'b.txt',
    *content() {
      yield 'half'
      throw new Error('the findings could not be read')
    },
  }
  await expect(deliver(out, [file('a.txt', 'new'), broken], signal)).rejects.toThrow(
    'the findings could not be read',
  )
  expect(await readFile(join(out, 'a.txt'), 'utf8')).toBe('old')
  expect(await readFile(join(out, 'b.txt'), 'utf8')).toBe('old')
  expect(await readdir(out)).toEqual(['a.txt', 'b.txt'])
})

test('a place that is taken by a folder is a report that could not be written', async () => {
  await mkdir(join(out, 'a.txt', 'in the way'), { recursive: true })
  const failed = deliver(out, [file('a.txt', 'new')], signal)
  await expect(failed).rejects.toThrow(ReportError)
  await expect(failed).rejects.toThrow(/could not be written/)
  expect(await readdir(out)).toEqual(['a.txt'])
})

test('Ctrl-C between two parts stops it', async () => {
  const controller = new AbortController()
  const long = {
    path: 'a.txt',
    *content() {
      yield 'one'
      controller.abort(new InterruptedError())
      yield 'two'
    },
  }
  await expect(deliver(out, [long], controller.signal)).rejects.toThrow(InterruptedError)
  expect(await readdir(out)).toEqual([])
})

test('evidence of what was mended goes, and files of somebody else stay', async () => {
  await deliver(
    out,
    [file('evidence/a.csv', '1'), file('evidence/b.csv', '2'), manifest('evidence/a.csv', 'evidence/b.csv')],
    signal,
  )
  await writeFile(join(out, 'evidence', 'mine.csv'), '')
  await deliver(out, [file('evidence/b.csv', '3'), manifest('evidence/b.csv')], signal)
  expect(await readdir(join(out, 'evidence'))).toEqual(['b.csv', 'mine.csv'])
})

test('formats of the run before go too: they may show what is masked now', async () => {
  const paths = Object.values(reporters).flatMap((reporter) =>
    reporter.files(fixedAudit(), { width: 80, colour: false, csvBom: false }).map(({ path }) => path),
  )
  const others = [...paths, ...mergeBatches(fixedAudit()).map(({ path }) => path)].filter(
    (path) => !path.endsWith('.csv') && path !== 'manifest.json',
  )
  expect([...new Set(others)].toSorted()).toEqual(namesBesideCsv.toSorted())
  const before = others.map((path) => file(path, 'ana@shop.test'))
  await deliver(out, [...before, file('findings.csv', ''), manifest('findings.csv')], signal)
  await writeFile(join(out, 'notes.md'), '')
  await deliver(out, [file('report.json', '***')], signal)
  expect(await readdir(out)).toEqual(['notes.md', 'report.json'])
  expect(await readFile(join(out, 'report.json'), 'utf8')).toBe('***')
})

test('without a manifest of ours nothing is removed', async () => {
  await deliver(out, [file('report.html', 'somebody else')], signal)
  await deliver(out, [file('report.json', '{}')], signal)
  expect(await readdir(out)).toEqual(['report.html', 'report.json'])
})

test('a manifest of somebody else removes nothing', async () => {
  const victim = join(out, '..', 'victim.csv')
  await mkdir(out, { recursive: true })
  await writeFile(victim, '')
  for (const text of [
    manifest('../victim.csv', 'evidence/../../victim.csv').content()[0] ?? '',
    '[]',
    'no json',
    '{"files":7}',
  ]) {
    await writeFile(join(out, 'manifest.json'), text)
    await deliver(out, [file('manifest.json', '{}')], signal)
    expect(await readFile(victim, 'utf8')).toBe('')
  }
})

test('a report without CSV files leaves none of an earlier run behind', async () => {
  const paths = ['findings.csv', 'merge-suggestions.csv', 'evidence/a.csv']
  await deliver(out, [...paths.map((path) => file(path, '1')), manifest(...paths)], signal)
  await writeFile(join(out, 'evidence', 'mine.csv'), '')
  await deliver(out, [file('report.json', '2')], signal)
  expect(await readdir(out)).toEqual(['evidence', 'report.json'])
  expect(await readdir(join(out, 'evidence'))).toEqual(['mine.csv'])
  await writeFile(join(out, 'manifest.json'), '{"name":"a shop"}')
  await deliver(out, [file('report.json', '3')], signal)
  expect(await readdir(out)).toContain('manifest.json')
})

test('the manifest of another program is not overwritten', async () => {
  await checkManifest(out)
  await deliver(out, [manifest('findings.csv')], signal)
  await checkManifest(out)
  for (const text of ['{"name":"a shop"}', '{"files":[]}', '{"files":[{"file":"a.js"}]}', 'no json', '[]']) {
    await writeFile(join(out, 'manifest.json'), text)
    await expect(checkManifest(out)).rejects.toThrow(UsageError)
    await expect(checkManifest(out)).rejects.toThrow(/holds a manifest\.json that cio-audit did not write/)
  }
})

test('an output folder is asked for before anything is read', async () => {
  await checkOutputFolder(out)
  expect(await readdir(out)).toEqual([])
  await writeFile(join(out, 'file'), '')
  await expect(checkOutputFolder(join(out, 'file'))).rejects.toThrow(UsageError)
  await expect(checkOutputFolder(join(out, 'file'))).rejects.toThrow(/is a file/)
  await expect(checkOutputFolder(join(out, 'file', 'below'))).rejects.toThrow(UsageError)
})
