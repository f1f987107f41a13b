import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendStepSummary } from '../../src/cli/step-summary.ts'
import { ReportError } from '../../src/core/errors.ts'
import { mostSummaryBytes } from '../../src/reports/index.ts'
import { generatedAudit, hundredThousand } from '../support/generated-audit.ts'

const { report } = generatedAudit(hundredThousand, 20_000)
const warnings: string[] = []
let folder = ''
beforeEach(async () => {
  warnings.length = 0
  folder = await mkdtemp(join(tmpdir(), 'cio-audit-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

const append = (path: string | undefined): Promise<void> =>
  appendStepSummary({ env: { GITHUB_STEP_SUMMARY: path } }, report, {
    warn: (text) => void warnings.push(text),
  })

test('it is added to what the step has written before, and the whole stays within the limit', async () => {
  const path = join(folder, 'summary.md')
  const before = `${'x'.repeat(400_000)}\n`
  await writeFile(path, before)
  await append(path)
  const text = await readFile(path, 'utf8')
  expect(text.startsWith(`${before}\n# ✖ NO-GO`)).toBe(true)
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(mostSummaryBytes)
  expect(Buffer.byteLength(text)).toBeGreaterThan(mostSummaryBytes - 1000)
})

test('a page that does not exist yet comes about; a full one is left as it is, and that is said', async () => {
  const path = join(folder, 'summary.md')
  await append(path)
  expect((await stat(path)).size).toBeGreaterThan(100_000)
  await append(path)
  expect((await stat(path)).size).toBeLessThanOrEqual(mostSummaryBytes)
  expect(warnings).toEqual(['The summary of this step is full, so the report was not added to it.'])
})

test('outside of a job nothing is written', async () => {
  await append(undefined)
  await append('')
  expect(warnings).toEqual([])
})

test('a page that cannot be written is a report that could not be written', async () => {
  await mkdir(join(folder, 'summary.md'))
  await expect(append(join(folder, 'summary.md'))).rejects.toThrow(ReportError)
  await expect(append(join(folder, 'none', 'summary.md'))).rejects.toThrow(
    /GITHUB_STEP_SUMMARY|could not be written/,
  )
})
