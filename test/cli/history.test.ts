import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keepRun, runName } from '../../src/cli/history.ts'
import { builtInPlan } from '../../src/config/index.ts'
import type { AuditReport } from '../../src/core/report.ts'
import { fixedAudit } from '../support/report-fixture.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cio-audit-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

const runOf = (day: number): AuditReport => {
  const { report } = fixedAudit()
  return { ...report, run: { ...report.run, asOf: `2026-11-${String(day).padStart(2, '0')}T12:00:00Z` } }
}

test('a run is kept with its plan, and without the people in its findings', async () => {
  await keepRun(folder, runOf(23), builtInPlan, 90)
  const [name = ''] = await readdir(join(folder, 'runs'))
  expect(name).toBe('2026-11-23T12-00-00Z-6b1f0d7c9a2e.json')
  const text = await readFile(join(folder, 'runs', name), 'utf8')
  const kept = JSON.parse(text) as { report: AuditReport; plan: { origin: string } }
  expect(kept.plan.origin).toBe('built-in')
  expect(kept.report.rules.map(({ findings }) => findings.total)).toEqual(
    fixedAudit().report.rules.map(({ findings }) => findings.total),
  )
  expect(text).not.toContain('ana@example.com')
})

test('the oldest go, and the run at hand stays whatever its date', async () => {
  for (const day of [10, 11, 12]) await keepRun(folder, runOf(day), builtInPlan, 2)
  expect(await readdir(join(folder, 'runs'))).toEqual([runName(runOf(11)), runName(runOf(12))])
  await keepRun(folder, runOf(1), builtInPlan, 2)
  expect(await readdir(join(folder, 'runs'))).toContain(runName(runOf(1)))
})

test('the same run again replaces itself', async () => {
  await keepRun(folder, runOf(10), builtInPlan, 90)
  await keepRun(folder, runOf(10), builtInPlan, 90)
  expect(await readdir(join(folder, 'runs'))).toHaveLength(1)
})
