import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, afterAll, expect, test } from 'vitest'
import { runCli, tempFolder, type CliResult } from '../support/cli.ts'

const id = 'identity/duplicate-email'
let cwd = ''
const clean: (() => Promise<void>)[] = []

/** Forty people; each number is somebody with so many more profiles under one address. */
function people(copies: Readonly<Record<number, number>>): string {
  const rows = Array.from({ length: 40 }, (_, n) => `c${n},u-${n},p${n}@shop.test,1700000000`)
  const more = Object.entries(copies).flatMap(([n, count]) =>
    Array.from({ length: count }, (_, copy) => `d${n}-${copy},,p${n}@shop.test,1700000000`),
  )
  return ['cio_id,id,email,created_at', ...rows, ...more, ''].join('\n')
}

async function run(day: number, copies: Readonly<Record<number, number>>, ...more: string[]): Promise<void> {
  await writeFile(join(cwd, 'export', 'people.csv'), people(copies))
  const args = ['run', '--source', 'export', '--as-of', `2026-11-${day}T12:00:00Z`, '--fail-on', 'never']
  expect(await runCli([...args, '--quiet', ...more], { cwd })).toMatchObject({ code: 0 })
}
const compare = (...args: string[]): Promise<CliResult> => runCli(['compare', ...args], { cwd })
const counts = async (...args: string[]) => {
  const { stdout, code } = await compare(...args, '--json')
  expect(code).toBe(0)
  return (JSON.parse(stdout) as { counts: Record<string, number> }).counts
}

beforeAll(async () => {
  cwd = await tempFolder((work) => clean.push(work))
  await mkdir(join(cwd, 'export'))
  await run(10, { 1: 1, 2: 1, 3: 2, 4: 2 }, '--rule', id, '--out', 'first')
  await run(11, { 2: 1, 3: 3, 4: 1, 5: 1 }, '--rule', id, '--out', 'second')
}, 120_000)
afterAll(async () => {
  for (const work of clean) await work()
})

const between = { new: 1, fixed: 1, worse: 1, better: 1, differently: 0, same: 1 }

test('the last two runs, by every name that they have', async () => {
  expect(await counts()).toEqual(between)
  expect(await counts('2026-11-10', '2026-11-11')).toEqual(between)
  expect(await counts('2026-11-10T12:00:00Z', 'latest')).toEqual(between)
  const { run: report } = JSON.parse(await readFile(join(cwd, 'first', 'report.json'), 'utf8')) as {
    run: { id: string }
  }
  expect(await counts(report.id.slice(0, 8), 'latest')).toEqual(between)
  expect(await counts('first', 'second')).toEqual(between)
  expect(await counts('first/report.json', 'latest')).toEqual(between)
  expect(await counts('latest', 'previous')).toEqual({ ...between, new: 1, fixed: 1 })
})

test('a person reads what changed, with fingerprints, and with masked subjects where there are files', async () => {
  const kept = await compare()
  expect(kept.stdout).toMatch(
    /• identity\/duplicate-email \(error\): 1 new, 1 fixed, 1 worse, 1 better, 1 still\s+there/,
  )
  expect(kept.stdout).toMatch(/\+ [0-9a-f]{32} \(2\)\n/)
  expect(kept.stdout).toMatch(/> [0-9a-f]{32} \(3 → 4\)\n/)
  expect(kept.stdout.trimEnd()).toMatch(/\n1 new, 1 fixed, 1 worse, 1 better, 1 still there\.$/)
  const files = await compare('first', 'second')
  expect(files.stdout).toMatch(/\+ [0-9a-f]{32} email:p…@s….test#[0-9a-f]{8}/)
  expect(files.stdout).not.toContain('p5@shop.test')
  expect((await compare('first', 'second', '--reveal')).stdout).toContain('email:p5@shop.test')
})

test('a config that asks for masks is heard', async () => {
  const shown = async (...args: string[]) => (await compare('first', 'second', '--json', ...args)).stdout
  expect(await shown()).toContain('email:p5@shop.test')
  await writeFile(join(cwd, 'masked.yaml'), 'report: { redact: true }\n')
  const masked = await shown('--config', 'masked.yaml')
  expect(masked).toContain('"kind": "profile-cluster"')
  expect(masked).not.toContain('p5@shop.test')
})

const refused: Readonly<Record<string, readonly [readonly string[], RegExp]>> = {
  'a day without a run': [['2026-10-01', 'latest'], /holds no run 2026-10-01/],
  'an id that nobody has': [['0000ffff', 'latest'], /holds no run 0000ffff/],
  'a word that is none': [['yesterday', 'latest'], /holds no run yesterday/],
  'a folder that is not there': [['./third', 'latest'], /holds no run \.\/third/],
  'a folder without a report': [['export', 'latest'], /export holds no report\.json/],
  'a file that is no report': [['export/people.csv', 'latest'], /is no report of cio-audit/],
}

test.each(Object.entries(refused))('%s is wrong usage', async (_, [args, says]) => {
  const { code, stdout, stderr } = await compare(...args)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(says)
  expect(stderr).not.toMatch(/\n\s+at /)
})

test('a report whose findings are not all there is refused, and so is another workspace', async () => {
  const path = join(cwd, 'second', 'report.json')
  const text = await readFile(path, 'utf8')
  await mkdir(join(cwd, 'alone'), { recursive: true })
  await writeFile(join(cwd, 'alone', 'report.json'), text)
  expect(await counts('first', 'alone')).toEqual(between)
  const report = JSON.parse(text) as {
    sources: { workspace: { id: number | null } }[]
    rules: { rule: string; findings: { listed: unknown[] } }[]
  }
  report.rules.find(({ rule }) => rule === id)?.findings.listed.pop()
  await writeFile(join(cwd, 'alone', 'report.json'), JSON.stringify(report))
  expect(await compare('first', 'alone')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/lists only the first findings of identity\/duplicate-email/),
  })
  for (const { workspace } of report.sources) workspace.id = 7
  await writeFile(join(cwd, 'alone', 'report.json'), JSON.stringify(report))
  await writeFile(join(cwd, 'alone', 'findings.csv'), await readFile(join(cwd, 'second', 'findings.csv')))
  expect(await compare('first', 'alone')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/of different workspaces \(one without id and 7\)/),
  })
})

test('a rule with other options, or left out, is told apart', async () => {
  await writeFile(join(cwd, 'cio-audit.yaml'), 'identity: { maxShare: 4 }\n')
  await run(12, {}, '--rule', id)
  await rm(join(cwd, 'cio-audit.yaml'))
  expect(await counts()).toEqual({ new: 0, fixed: 0, worse: 0, better: 0, differently: 4, same: 0 })
  expect((await compare()).stdout).toMatch(/Judged differently: another version of the rule, other options/)
  await run(13, {}, '--rule', 'identity/email-variant')
  expect((await compare('2026-11-11', 'latest')).stdout).toMatch(
    /Judged differently: skipped in the second run\./,
  )
})

test('findings that were accepted since are told where they are still there', async () => {
  await run(14, { 1: 1, 2: 1 }, '--rule', id, '--out', 'third')
  const csv = (await readFile(join(cwd, 'third', 'findings.csv'), 'utf8')).split('\n')
  const prints = csv.slice(1, 3).map((line) => `${line.split(',')[0]},looked at,2027-01-01`)
  await writeFile(join(cwd, 'waivers.csv'), ['fingerprint,reason,expires', ...prints, ''].join('\n'))
  await run(15, { 1: 1, 2: 1 }, '--rule', id, '--out', 'fourth')
  await rm(join(cwd, 'waivers.csv'))
  for (const sides of [
    ['2026-11-14', '2026-11-15'],
    ['third', 'fourth'],
  ])
    expect((await compare(...sides)).stdout).toMatch(
      /→ pass\): 2 still\s+there\n\s+Known or waived: 0, then 2\./,
    )
})

test('without a history, or with one that is damaged, two reports can still be told from a missing run', async () => {
  expect(await compare('latest', 'previous', '--state-dir', 'nowhere')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/holds no run yet\.[^]*Run the audit, or name the folders of two reports/),
  })
  await run(11, {}, '--rule', id, '--state-dir', 'single')
  expect(await compare('--state-dir', 'single')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/holds only one run of this workspace yet\.[^]*Run the audit again/),
  })
  expect(await counts('first', 'second', '--state-dir', 'nowhere')).toEqual(between)
  await mkdir(join(cwd, 'bad'))
  await writeFile(join(cwd, 'bad', 'history.duckdb'), 'no database')
  expect(await compare('--state-dir', 'bad')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/history\.duckdb cannot be read: it is damaged/),
  })
})
