import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { audit } from '../../src/audit/index.ts'
import type { ExampleWorkspace } from '../../src/audit/rule.ts'
import { loadWaivers, type Waivers } from '../../src/config/index.ts'
import type { ListedFinding } from '../../src/core/finding.ts'
import { createMasker, maskInput, type ReportInput } from '../../src/reports/index.ts'
import { filesOf } from '../support/formats.ts'
import { fixedAudit } from '../support/report-fixture.ts'
import { tempDir } from '../support/temp-dir.ts'
import { completeStreams, planOf, settings, snapshotRows, writeSnapshot } from '../support/workspace.ts'

const token = (at: number): string => `${at}`.repeat(64)

/** Forty people; some of them twice, under addresses that a spreadsheet would run, and devices that two of them hold. */
const shop: ExampleWorkspace = {
  profiles: Array.from({ length: 40 }, (_, at) => ({
    at,
    email: at < 3 ? `=cmd|${at}!a@shop.test` : `p,"${at}"@shop.test`,
  })).flatMap(({ at, email }) => [
    {
      cio_id: `a${at}`,
      id: `u-${at}`,
      email,
      devices: [{ token: token(at % 9), lastUsed: '2026-11-01T00:00:00Z' }],
    },
    ...(at < 5 ? [{ cio_id: `b${at}`, email }] : []),
  ]),
}

interface Audited {
  readonly findings: readonly ListedFinding[]
  readonly csv: string
  readonly maskedCsv: string
}

async function auditOf(folder: string, waivers: Waivers): Promise<Audited> {
  const outcome = await audit({
    snapshotPath: join(folder, 'snapshot.duckdb'),
    stateDir: folder,
    settings,
    plan: planOf(shop),
    waivers: waivers.waivers,
    baseline: null,
    rules,
    only: ['identity/duplicate-email', 'devices/shared-token', 'identity/missing-id'],
    skip: [],
    toolVersion: '0.0.0',
  })
  try {
    const findings = (await Array.fromAsync(outcome.findings())).flat()
    const { report, timings } = outcome
    const input = {
      ...fixedAudit(),
      report,
      timings,
      findings: (rule?: string) => outcome.findings(rule),
      evidence: (rule: string) => outcome.evidence(rule),
      rulesFound: outcome.rulesFound,
      merges: () => outcome.merges(),
    }
    const csvOf = async (of: ReportInput): Promise<string> =>
      (await filesOf('csv', of)).get('findings.csv') ?? ''
    return { findings, csv: await csvOf(input), maskedCsv: await csvOf(maskInput(input, createMasker('k'))) }
  } finally {
    await outcome.close()
  }
}

const none: Waivers = { waivers: [], problems: [] }

test('a row copied out of findings.csv into waivers.csv suppresses exactly its finding', async () => {
  const folder = await tempDir()
  await writeSnapshot(join(folder, 'snapshot.duckdb'), snapshotRows(shop), completeStreams)
  const before = await auditOf(folder, none)
  expect(before.findings.length).toBeGreaterThan(10)
  expect(before.findings.every(({ state }) => state === 'new')).toBe(true)
  const plain = parse<Record<string, string>>(before.csv, { columns: true })
  const masked = parse<Record<string, string>>(before.maskedCsv, { columns: true })
  expect(plain.some(({ subject }) => subject?.startsWith('email:=cmd'))).toBe(true)
  // One of each rule, one with a formula in its address, one out of a masked file, where the address is not to be read, and
  // one that goes by rule and subject alone.
  const rows = [
    ...new Map(plain.map((row) => [row['rule'], row])).values(),
    plain.find(({ subject }) => subject?.includes('=cmd')),
    masked.find(({ rule }) => rule === 'identity/duplicate-email'),
    { ...plain[1], fingerprint: '' },
  ]
  for (const row of rows) {
    if (row === undefined) throw new Error('There is no such row.')
    await writeFile(
      join(folder, 'waivers.csv'),
      stringify([{ ...row, reason: 'known to the team', expires: '2027-01-01' }], { header: true }),
    )
    const waivers = await loadWaivers(undefined, folder)
    expect(waivers.problems).toEqual([])
    const after = await auditOf(folder, waivers)
    expect(after.findings).toEqual(
      before.findings.map((finding) =>
        finding.fingerprint === (row['fingerprint'] || plain[1]?.['fingerprint'])
          ? { ...finding, state: 'waived' }
          : finding,
      ),
    )
  }
  await rm(join(folder, 'waivers.csv'))
  expect((await auditOf(folder, none)).findings).toEqual(before.findings)
})
