import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makePopulation } from '../../src/simulator/index.ts'
import { allFiles, runCli, startCli, tempFolder } from '../support/cli.ts'

const folder = (): Promise<string> => tempFolder(onTestFinished)
const now = '2026-11-23T12:00:00Z'
const shop = ['simulate', '--people', '60', '--events', '600', '--seed', '3', '--now', now]

test('the same flags write the same files, the truth stands apart, and the words say what was done', async () => {
  const cwd = await folder()
  const flags = [...shop, '--as', 'pipelines', '--file-type', 'jsonl', '--facts', 'facts.jsonl']
  const one = await runCli([...flags, '--out', 'new/one'], { cwd })
  expect(one).toMatchObject({ code: 0, stderr: '' })
  expect(one.stdout).toMatch(/^A broken shop of 60 people \(seed 3\) with \d+ activities:\n {2}identifies/)
  expect((await runCli([...flags, '--out', 'two'], { cwd })).code).toBe(0)
  const files = await allFiles(join(cwd, 'new', 'one'))
  expect(await allFiles(join(cwd, 'two'))).toEqual(files)
  expect([...files.keys()].every((name) => /^2184\.97\.\d+\.[a-z]+\.jsonl$/.test(name))).toBe(true)
  const facts = (await readFile(join(cwd, 'facts.jsonl'), 'utf8')).trimEnd().split('\n')
  const options = { people: 60, seed: 3, variant: 'broken', now: new Date(now), eventsPerPerson: 10 } as const
  // What arrived late, or in another order, only the files tell.
  const ofAny = ({ rule }: { rule: string }): boolean =>
    !/^events\/(?:bad-timestamp|out-of-order)$/.test(rule)
  expect(facts.map((line) => JSON.parse(line) as { rule: string }).filter(ofAny)).toEqual(
    makePopulation(options).facts.filter(ofAny),
  )
})

test('an export and a warehouse sync', async () => {
  const cwd = await folder()
  await mkdir(join(cwd, 'empty'))
  expect((await runCli([...shop, '--as', 'export', '--out', 'empty'], { cwd })).code).toBe(0)
  expect(await readdir(join(cwd, 'empty'))).toEqual(['people.csv'])
  expect((await runCli([...shop, '--as', 'warehouse', '--out', 'w'], { cwd })).code).toBe(0)
  expect(await readdir(join(cwd, 'w'))).toContain('attributes_v4_101_2418.parquet')
})

test.each([
  ['no folder', ['--as', 'pipelines'], /nothing says where.*\n.*--out/s],
  ['a folder that holds something', ['--as', 'export', '--out', 'full'], /full is not empty.*\n.*another/s],
  ['a folder that is a file', ['--as', 'export', '--out', 'full/a.txt'], /cannot be made or read/],
  ['a type of file that there is not', ['--as', 'export', '--out', 'x', '--file-type', 'csv'], /--file-type/],
  ['files without a kind', ['--out', 'x'], /--out is for files.*\n.*--as/s],
  ['a time that is none', ['--as', 'export', '--out', 'x', '--now', 'noon'], /--now/],
  ['a kind that there is not', ['--as', 'webhooks', '--out', 'x'], /--as/],
])('refused: %s', async (_, flags, words) => {
  const cwd = await folder()
  await mkdir(join(cwd, 'full'))
  await writeFile(join(cwd, 'full', 'a.txt'), 'mine')
  const { code, stdout, stderr } = await runCli(['simulate', '--people', '20', ...flags], { cwd })
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(words)
  expect(await readdir(cwd)).toEqual(['full'])
  expect(await readdir(join(cwd, 'full'))).toEqual(['a.txt'])
})

test('Ctrl-C leaves no half of a file', async () => {
  const cwd = await folder()
  const flags = ['simulate', '--people', '40000', '--as', 'pipelines', '--out', 'x']
  const { child, done } = startCli(flags, { cwd })
  await expect.poll(() => readdir(join(cwd, 'x')).catch(() => []), { timeout: 20_000 }).toHaveLength(1)
  child.kill('SIGINT')
  const { code, stderr } = await done
  expect({ code, stderr }).toEqual({ code: 130, stderr: 'Interrupted; no files were written.\n' })
  expect(await readdir(join(cwd, 'x'))).toEqual([])
})
