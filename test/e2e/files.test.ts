import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { shopPlan, writeBulkFiles } from '../../src/simulator/index.ts'
import { allFiles, runCli, tempFolder } from '../support/cli.ts'
import { asOf } from '../support/workspace.ts'

const folder = () => tempFolder(onTestFinished)

async function shopIn(cwd: string, people: number, variant: 'broken' | 'healthy' = 'broken'): Promise<void> {
  for (const kind of ['pipelines', 'export'] as const) {
    await writeBulkFiles({ people, seed: 5, variant, now: asOf, kind, folder: join(cwd, kind) })
  }
  await writeFile(join(cwd, 'tracking-plan.yaml'), shopPlan())
}
const both = ['--source', 'pipelines', '--source', 'export']

test('with little memory the same bytes come out', { timeout: 180_000 }, async () => {
  const cwd = await folder()
  await shopIn(cwd, 20_000)
  const digest = async (memory: string): Promise<Record<string, string>> => {
    const run = await runCli(['run', ...both, '--memory', memory, '--out', 'report'], { cwd })
    expect(run.code).toBe(1)
    const files = [...(await allFiles(join(cwd, 'report')))].filter(([name]) => name !== 'timings.json')
    return Object.fromEntries(
      files.map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')]),
    )
  }
  const little = await digest('512MB')
  expect(Object.keys(little).length).toBeGreaterThan(8)
  expect(await digest('6GB')).toEqual(little)
})

test(
  'what it takes each file for is said, and the last pull is left alone',
  { timeout: 60_000 },
  async () => {
    const cwd = await folder()
    await shopIn(cwd, 300)
    await writeFile(join(cwd, 'pipelines', 'README.md'), 'not one of them')
    const { stderr, stdout, code } = await runCli(['run', ...both], { cwd })
    expect(stderr).toMatch(/• pipelines: 3 files taken for Pipelines files: tracks \(parquet\)\./)
    expect(stderr).toMatch(/• export: 1 file taken for people export: people \(csv\)\./)
    expect(stderr).toMatch(
      /• pipelines\/README\.md was left aside: it has no columns of a file of Customer\.io\./,
    )
    expect(stdout).toMatch(/pipelines\/README\.md was left aside/)
    expect([1, 3]).toContain(code)
    expect(existsSync(join(cwd, '.cio-audit', 'files.duckdb'))).toBe(true)
    expect(existsSync(join(cwd, '.cio-audit', 'snapshot.duckdb'))).toBe(false)
  },
)

test('offline is for files too, and a loaded snapshot is a source', { timeout: 60_000 }, async () => {
  const cwd = await folder()
  await shopIn(cwd, 300)
  const first = await runCli(['run', ...both, '--offline', '--json'], { cwd })
  const again = await runCli(['run', '--source', '.cio-audit/files.duckdb', '--json'], { cwd })
  expect(again.stdout).toBe(first.stdout)
})

test('what a run that was killed has left is gone after the next one', { timeout: 60_000 }, async () => {
  const cwd = await folder()
  await shopIn(cwd, 300)
  await runCli(['run', ...both], { cwd })
  const left = join(cwd, '.cio-audit', 'tmp', 'audit-1')
  await mkdir(left, { recursive: true })
  await writeFile(join(left, 'model.duckdb'), 'spilt')
  await runCli(['run', '--source', '.cio-audit/files.duckdb'], { cwd })
  expect(existsSync(left)).toBe(false)
  await mkdir(left, { recursive: true })
  await runCli(['run', ...both], { cwd })
  expect(existsSync(left)).toBe(false)
})

test(
  'a damaged file among sound ones: exit 3, and the reason in the report',
  { timeout: 60_000 },
  async () => {
    const cwd = await folder()
    await shopIn(cwd, 700, 'healthy')
    await writeFile(join(cwd, 'pipelines', '2184.97.9.tracks.parquet'), 'PAR1, and then it was cut off')
    const { stdout, code } = await runCli(['run', ...both, '--json'], { cwd })
    expect(code).toBe(3)
    const report = JSON.parse(stdout) as { rules: { rule: string; status: string; reason: string }[] }
    expect(report.rules.find(({ rule }) => rule === 'events/missing-property')).toMatchObject({
      status: 'inconclusive',
      reason: expect.stringMatching(
        /tracks of Pipelines files is incomplete: damaged files: .*2184\.97\.9\.tracks\.parquet: it is torn/,
      ),
    })
  },
)
