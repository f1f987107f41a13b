import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { shopPlan, writeBulkFiles } from '../../src/simulator/index.ts'
import { runCli, tempFolder } from '../support/cli.ts'
import { asOf } from '../support/workspace.ts'

const id = 'governance/plan-drift'

test('run, change the plan, run again', { timeout: 180_000 }, async () => {
  const cwd = await tempFolder(onTestFinished)
  await writeBulkFiles({
    people: 100,
    seed: 5,
    variant: 'sterile',
    now: asOf,
    kind: 'export',
    folder: join(cwd, 'export'),
  })
  const file = join(cwd, 'tracking-plan.yaml')
  const plan = shopPlan()
  const changed = plan.replace('revenue: { type: number,', 'revenue: { type: string,')
  expect(changed).not.toBe(plan)
  const bumped = (text: string, version: string) => text.replace(/^version: .*$/m, `version: ${version}`)
  const args = ['run', '--source', 'export', '--rule', id, '--fail-on', 'never', '--json']
  const run = async (text: string | null, hours = 0) => {
    if (text !== null) await writeFile(file, text)
    const at = new Date(asOf.getTime() + hours * 3_600_000).toISOString()
    const own = text === null ? ['--plan', 'other.yaml'] : []
    const { stdout, code } = await runCli([...args, '--as-of', at, ...own], { cwd })
    expect(code).toBe(0)
    const { rules } = JSON.parse(stdout) as {
      rules: { rule: string; status: string; reason: string; affected: number }[]
    }
    const { status, reason, affected } = rules.find(({ rule }) => rule === id) ?? {}
    return { said: [status, affected, reason], stdout }
  }
  const one = bumped(plan, '1.2.0')
  const first = await run(one)
  expect(first.said).toEqual(['skipped', 0, 'there is no earlier run whose plan could be compared'])
  // A run of the same inputs is the same run: the same bytes, and nothing before it.
  expect((await run(one)).stdout).toBe(first.stdout)
  expect((await run(one, 1)).said).toEqual([
    'pass',
    0,
    expect.stringMatching(
      /^none of \d{2,} entries of the plan; compared with version 1\.2\.0 of the run before$/,
    ),
  ])
  const broken = await run(bumped(changed, '1.3.0'), 1)
  expect(broken.said).toEqual([
    'fail',
    1,
    '1 entries of the plan, allowed 0; compared with version 1.2.0 of the run before',
  ])
  expect((await run(bumped(changed, '1.3.0'), 1)).stdout).toBe(broken.stdout)
  // An older "now" does not look ahead.
  expect((await run(one)).stdout).toBe(first.stdout)
  expect((await run(bumped(plan, '2.0.0'), 2)).said).toEqual([
    'pass',
    0,
    expect.stringMatching(
      /; compared with version 1\.3\.0 of the run before: a new major version, with 1 breaking change$/,
    ),
  ])
  await writeFile(join(cwd, 'other.yaml'), bumped(plan, '2.0.0'))
  expect((await run(null, 3)).said).toEqual([
    'skipped',
    0,
    'the run before went by another plan: tracking-plan.yaml',
  ])

  // A history that cannot be read decides nothing, and is told.
  await writeFile(join(cwd, '.cio-audit', 'history.duckdb'), 'no database')
  const { stderr } = await runCli([...args, '--as-of', asOf.toISOString()], { cwd })
  expect(stderr).toMatch(/history\.duckdb is left out: it is damaged; move it away/)
  expect((await run(bumped(plan, '2.0.0'), 4)).said).toEqual([
    'skipped',
    0,
    'there is no earlier run whose plan could be compared',
  ])
})
