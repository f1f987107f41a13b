import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { audit, type AuditOptions } from '../../src/audit/index.ts'
import { defineRule, sql, type ExampleWorkspace, type Rule } from '../../src/audit/rule.ts'
import { reportSchema } from '../../src/core/report.ts'
import { z } from 'zod'
import {
  completeStreams,
  planOf,
  settings,
  snapshotRows,
  writeSnapshot,
  type Stream,
} from '../support/workspace.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cio-audit-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** Forty people with an address each; the first `duplicates` of them have a second profile. */
function shop(duplicates: number): ExampleWorkspace {
  const people = Array.from({ length: 40 }, (_, i) => ({
    cio_id: `a${i}`,
    id: `u-${i}`,
    email: `person${i}@shop.test`,
  }))
  const copies = people.slice(0, duplicates).map((p) => ({ cio_id: `b${p.cio_id}`, email: p.email }))
  return { profiles: [...people, ...copies] }
}

async function auditOf(
  workspace: ExampleWorkspace,
  changed: Partial<AuditOptions> = {},
  streams: readonly Stream[] = completeStreams,
) {
  const snapshotPath = join(folder, 'snapshot.duckdb')
  await rm(snapshotPath, { force: true })
  await writeSnapshot(snapshotPath, snapshotRows(workspace), streams)
  const outcome = await audit({
    snapshotPath,
    stateDir: folder,
    settings,
    plan: planOf(workspace),
    waivers: [],
    baseline: null,
    rules,
    only: [],
    skip: [],
    toolVersion: '0.0.0',
    ...changed,
  })
  return outcome
}

async function reportOf(...args: Parameters<typeof auditOf>) {
  const outcome = await auditOf(...args)
  await outcome.close()
  expect(reportSchema.parse(outcome.report)).toEqual(outcome.report)
  return outcome.report
}

const ruleOf = (report: Awaited<ReturnType<typeof reportOf>>, id: string) =>
  report.rules.find(({ rule }) => rule === id)

test('a rule fails when its rate is passed, and blocks', async () => {
  const report = await reportOf(shop(4))
  expect(ruleOf(report, 'identity/duplicate-email')).toMatchObject({
    status: 'fail',
    affected: 8,
    population: { count: 44 },
    findings: { total: 4, new: 4 },
  })
  expect(report.verdict).toMatchObject({ decision: 'no-go', blocking: ['identity/duplicate-email'] })
  expect(report.checklist[0]).toMatchObject({ item: 'canonical-identifier', status: 'fail' })
})

test('a finding can be worse than its rule, unless the config has settled how severe it is', async () => {
  const events = Array.from({ length: 40 }, (_, n) => ({
    cio_id: 'a1',
    name: 'purchase',
    at: `2026-11-20T10:${10 + Math.floor(n / 2)}:00Z`,
    data: { order_id: Math.floor(n / 2) },
  }))
  const report = await reportOf({ events })
  expect(ruleOf(report, 'events/missing-key')).toMatchObject({ status: 'fail', severity: 'error' })
  expect(report.verdict.blocking).toContain('events/missing-key')
  const own = { 'events/missing-key': { severity: 'warn' as const } }
  const settled = await reportOf({ events }, { settings: { ...settings, rules: own as never } })
  expect(ruleOf(settled, 'events/missing-key')).toMatchObject({ status: 'fail', severity: 'warn' })
})

test('a limit in the config makes a rule count that else only informs; a severity alone is told', async () => {
  const id = 'identity/email-variant'
  const people = [
    { cio_id: 'v1', id: 'v-1', email: 'ana@shop.test' },
    { cio_id: 'v2', id: 'v-2', email: 'ana+x@shop.test' },
  ]
  const workspace = { profiles: [...(shop(0).profiles ?? []), ...people] }
  const judged = async (own: object) => {
    const report = await reportOf(workspace, { settings: { ...settings, rules: { [id]: own } as never } })
    const { status, severity, affected, findings } = ruleOf(report, id)!
    const told = report.notices.filter((notice) => notice.includes(id))
    return { status, severity, affected, state: findings.listed[0]?.state, told }
  }
  const passes = { status: 'pass', affected: 0, state: 'new' }
  expect(await judged({})).toEqual({ ...passes, severity: 'info', told: [] })
  expect(await judged({ severity: 'error' })).toEqual({
    ...passes,
    severity: 'error',
    told: [
      'The config gives identity/email-variant the severity error, but the rule has no limit and only informs: set maxCount or maxRate for it.',
    ],
  })
  expect(await judged({ severity: 'error', enabled: false })).toMatchObject({ status: 'skipped', told: [] })
  expect(await judged({ severity: 'info' })).toMatchObject({ told: [] })
  const fails = { status: 'fail', affected: 2, state: 'new', told: [] }
  expect(await judged({ severity: 'error', maxCount: 0 })).toEqual({ ...fails, severity: 'error' })
  expect(await judged({ maxRate: 0.01, minAffected: 1 })).toEqual({ ...fails, severity: 'info' })
})

test('a limit in the config leaves alone what a rule with limits of its own finds to know', async () => {
  const id = 'identity/id-variant'
  const own = { [id]: { maxCount: 0 } }
  const profiles = [
    ...(shop(0).profiles ?? []),
    { cio_id: 'v1', id: 'Mo-1', email: 'mo@shop.test' },
    { cio_id: 'v2', id: 'mo-1', email: 'li@shop.test' },
  ]
  const report = await reportOf({ profiles }, { settings: { ...settings, rules: own as never } })
  expect(ruleOf(report, id)).toMatchObject({
    status: 'pass',
    reason: 'none that counts among 42 profiles with an id (1 finding: 1 for information)',
    affected: 0,
    findings: { total: 1 },
  })
})

test('a finding about a person links to their page, where links are wanted', async () => {
  const workspace = { profiles: [...(shop(0).profiles ?? []), { cio_id: 'd9c1a', id: 'mo@shop.test' }] }
  const linked = { ...settings, workspace: { ...settings.workspace, links: true } }
  const linksIn = async (own: typeof settings) =>
    ruleOf(await reportOf(workspace, { settings: own }), 'identity/email-as-id')?.findings.listed.map(
      ({ link }) => link,
    )
  expect(await linksIn(linked)).toEqual(['https://fly.customer.io/workspaces/101/journeys/people/d9c1a'])
  expect(await linksIn(settings)).toEqual([null])
})

test('fewer than minAffected records never fail a rate', async () => {
  expect(ruleOf(await reportOf(shop(1)), 'identity/duplicate-email')).toMatchObject({
    status: 'pass',
    affected: 2,
  })
})

test('a population under minPopulation is inconclusive', async () => {
  const small = { profiles: shop(4).profiles?.slice(20) ?? [] }
  expect(ruleOf(await reportOf(small), 'identity/duplicate-email')).toMatchObject({ status: 'inconclusive' })
})

test.each([
  ['not read', completeStreams.filter(({ name }) => name !== 'attributes'), /attributes was not read/],
  [
    'cut',
    completeStreams.map((s) =>
      s.name === 'people' ? { ...s, complete: false, ended: 'forbidden (403)' } : s,
    ),
    /people is incomplete: forbidden/,
  ],
  [
    'damaged',
    completeStreams.map((s) => (s.name === 'people' ? { ...s, rejected: 2 } : s)),
    /2 records of people could not be read/,
  ],
])(
  'a stream that was %s makes its rules inconclusive, even where they would fail',
  async (_, streams, reason) => {
    const report = await reportOf(shop(4), {}, streams)
    const rule = ruleOf(report, 'identity/duplicate-email')
    expect(rule).toMatchObject({ status: 'inconclusive', findings: { total: 4 } })
    expect(rule?.reason).toMatch(reason)
    expect(report.verdict.decision).toBe('inconclusive')
  },
)

test('planned events are judged although the rest was cut', async () => {
  const streams = completeStreams.map((s) =>
    s.name === 'activities/*' ? { ...s, complete: false, ended: 'max-activities bound' } : s,
  )
  const workspace = {
    ...shop(0),
    events: Array.from({ length: 40 }, (_, i) => ({
      cio_id: `a${i}`,
      name: 'purchase',
      at: '2026-11-20T10:00:00Z',
      data: {},
    })),
  }
  expect(ruleOf(await reportOf(workspace, {}, streams), 'events/missing-property')).toMatchObject({
    status: 'fail',
    rate: 1,
  })
})

test('waivers and the baseline take findings out of the rate, and unused ones are named', async () => {
  const [finding] = ruleOf(await reportOf(shop(3)), 'identity/duplicate-email')?.findings.listed ?? []
  const waiver = {
    reason: 'known',
    owner: null,
    expires: '2027-01-01',
    rule: null,
    subject: null,
    fingerprint: null,
  }
  const report = await reportOf(shop(3), {
    waivers: [
      { ...waiver, fingerprint: finding?.fingerprint ?? '', origin: 'waivers.csv:2' },
      {
        ...waiver,
        rule: 'identity/duplicate-email',
        subject: 'email:nobody@shop.test',
        origin: 'waivers.csv:3',
      },
      {
        ...waiver,
        rule: 'identity/duplicate-email',
        subject: 'email:person1@shop.test',
        expires: '2026-11-22',
        origin: 'waivers.csv:4',
      },
      // Over the API nobody can tell whether it is still there.
      { ...waiver, rule: 'events/out-of-order', subject: 'purchase', origin: 'waivers.csv:5' },
    ],
  })
  expect(ruleOf(report, 'identity/duplicate-email')).toMatchObject({
    affected: 4,
    findings: { total: 3, waived: 1, new: 2 },
  })
  expect(report.notices.join('\n')).not.toContain('waivers.csv:5')
  expect(report.notices.join('\n')).toMatch(/waivers.csv:4.*expired[^]*waivers.csv:3.*matched nothing/)
  const known = await reportOf(shop(3), {
    baseline: {
      asOf: '2026-11-20T12:00:00Z',
      workspaceId: 101,
      vantage: { sources: ['app-api'], days: 30, sampled: false },
      rules: {
        'identity/duplicate-email': { version: 'of old', fingerprints: [finding?.fingerprint ?? ''] },
      },
    },
  })
  expect(known.verdict.reason).toMatch(/; findings: \d+ new, 1 known, 0 waived$/)
  expect(ruleOf(known, 'identity/duplicate-email')).toMatchObject({ affected: 4, findings: { known: 1 } })
})

const throwing: Rule = defineRule({
  meta: { ...(rules[0] as Rule).meta, id: 'events/throwing', needs: [] },
  options: z.object({}),
  population: () => sql`select 1 as count`,
  row: z.object({}),
  query: () => sql`select * from nothing_there`,
  finding: () => ({ subject: { key: '', label: '' }, message: '', affected: 0, unit: '' }),
  evidenceRow: z.object({}),
  evidence: () => sql`select 1 as subject`,
  remediation: () => '',
  examples: (rules[0] as Rule).examples,
})

test('a rule that throws is inconclusive, and the others go on', async () => {
  const report = await reportOf(shop(0), { rules: [throwing, ...rules] })
  expect(report.rules[0]).toMatchObject({
    status: 'inconclusive',
    reason: expect.stringContaining('the rule stopped'),
  })
  expect(ruleOf(report, 'identity/duplicate-email')?.status).toBe('pass')
})

test('a rule that stops at a row says at which column of it', async () => {
  const query = () => sql`select null as name, 1 as count`
  const reader = { ...throwing, row: z.object({ name: z.string() }), query } as unknown as Rule
  const report = await reportOf(shop(0), { rules: [reader] })
  expect(report.rules[0]?.reason).toMatch(/^the rule stopped: name: .*expected string, received null$/)
})

test.each([
  ['a write', sql`create table x as select 1 as count`],
  ['a file', sql`select count(*) as count from read_csv('/etc/passwd')`],
  ['a setting', sql`set memory_limit = '1GB'`],
  ['two statements', sql`select 1 as count; select 2 as count`],
])('the session of a rule refuses %s', async (_, query) => {
  const report = await reportOf(shop(0), { rules: [{ ...throwing, population: () => query }] })
  expect(report.rules[0]?.reason).toMatch(/the rule stopped/)
})

test('evidence names every affected record once, with the fingerprint of its finding', async () => {
  const outcome = await auditOf(shop(4))
  const findings = (await Array.fromAsync(outcome.findings('identity/duplicate-email'))).flat()
  const { columns, rows } = outcome.evidence('identity/duplicate-email')
  const lines = (await Array.fromAsync(rows)).flat()
  await outcome.close()
  expect(columns.slice(0, 2)).toEqual(['fingerprint', 'cio_id'])
  expect(lines).toHaveLength(8)
  expect(new Set(lines.map((line) => line['fingerprint']))).toEqual(
    new Set(findings.map(({ fingerprint }) => fingerprint)),
  )
  expect(await readdir(join(folder, 'tmp'))).toEqual([])
})

test('the same inputs give the same bytes, on one thread and on two', async () => {
  const workspace = {
    ...shop(4),
    events: Array.from({ length: 50 }, (_, i) => ({
      cio_id: `a${i % 9}`,
      name: 'purchase',
      at: '2026-11-20T10:00:00Z',
      data: { order_id: i % 7 },
    })),
  }
  const one = await reportOf(workspace, { threads: 1 })
  const shuffled = {
    profiles: workspace.profiles?.toReversed() ?? [],
    events: workspace.events.map((e, i) => ({ ...e, id: `01J${String(i).padStart(23, '0')}` })).toReversed(),
  }
  expect(JSON.stringify(await reportOf(shuffled, { threads: 2 }))).toBe(JSON.stringify(one))
})
