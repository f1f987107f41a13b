import { createHash } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join as joinPath } from 'node:path'
import { activeWaivers, waivedName, type Waiver } from '../core/waiver.ts'
import type { ListedFinding } from '../core/finding.ts'
import { fingerprint } from '../core/fingerprint.ts'
import type { Plan } from '../core/plan.ts'
import type { AuditReport, EvidenceRow, RuleResult } from '../core/report.ts'
import type { Settings } from '../core/settings.ts'
import { isoSeconds } from '../core/time.ts'
import { checklistLines, decide } from '../core/verdict.ts'
import { openDatabase, type Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import { buildModel } from '../model/index.ts'
import { FindingStore } from './findings.ts'
import { journeyLines, readJourneys } from './journeys.ts'
import { ledger } from './ledger.ts'
import type { Rule } from './rule.ts'
import { contextOf, evidenceCells, runRule, WaiverBook, type RunContext } from './run-rule.ts'
import { offReason } from './selection.ts'
import { readSources } from './streams.ts'

export interface AuditOptions {
  readonly snapshotPath: string
  readonly stateDir: string
  readonly settings: Settings
  readonly plan: Plan
  readonly waivers: readonly Waiver[]
  readonly baseline: ReadonlySet<string>
  readonly asOf?: Date
  readonly since?: Date
  readonly until?: Date
  readonly rules: readonly Rule[]
  /** Globs of rule ids; empty means all. */
  readonly only: readonly string[]
  readonly skip: readonly string[]
  readonly memoryBytes?: number
  readonly threads?: number
  readonly toolVersion: string
  onStage?(stage: 'load' | 'model' | 'rules'): void
}

export interface AuditTimings {
  /** Seconds. */
  readonly stages: Record<string, number>
  readonly rules: Record<string, number>
  readonly peakRssBytes: number
}

export interface AuditOutcome {
  readonly report: AuditReport
  readonly timings: AuditTimings
  /** Every finding, in a stable order, from disk. */
  findings(rule?: string): AsyncIterable<readonly ListedFinding[]>
  /** Every affected record of a rule: `fingerprint` first, then the rule's own columns. */
  evidence(rule: string): { columns: readonly string[]; rows: AsyncIterable<readonly EvidenceRow[]> }
  close(): Promise<void>
}

const thirtyDays = 30 * 86400 * 1000

/** Model, rules, verdict: everything between a snapshot and a report. */
export async function audit(options: AuditOptions): Promise<AuditOutcome> {
  const { settings } = options
  const clock = new Stopwatch()
  const folder = joinPath(options.stateDir, 'tmp', `audit-${process.pid}`)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const limits = {
    ...(options.memoryBytes === undefined ? {} : { memoryBytes: options.memoryBytes }),
    ...(options.threads === undefined ? {} : { threads: options.threads }),
    tempDir: joinPath(folder, 'spill'),
  }
  const modelPath = joinPath(folder, 'model.duckdb')

  options.onStage?.('load')
  const builder = await openDatabase({ path: modelPath, access: 'write', ...limits })
  const facts = await clock.stage('load', () => readFacts(builder, options))
  options.onStage?.('model')
  await clock.stage('model', () =>
    buildModel(builder, {
      settings,
      plan: options.plan,
      ...facts.window,
      burstWindowSeconds: burstWindow(options),
    }),
  )
  builder.close()

  options.onStage?.('rules')
  const session = await openDatabase({ path: modelPath, access: 'read', ...limits })
  const findingsDb = await openDatabase({
    path: joinPath(folder, 'findings.duckdb'),
    access: 'write',
    ...limits,
  })
  const store = await FindingStore.create(findingsDb)
  const { active, problems } = activeWaivers(options.waivers, facts.window.asOf)
  const waivers = new WaiverBook(active)
  const run: RunContext = {
    session,
    store,
    settings,
    asOf: facts.window.asOf,
    workspaceId: facts.sources[0]?.workspace.id ?? null,
    sources: facts.sources,
    journeys: await readJourneys(session),
    plannedNames: (await session.rows(raw('select name from event_name where planned order by name'))).map(
      ({ name }) => String(name),
    ),
    waivers,
    baseline: options.baseline,
  }
  const results = await clock.stage('rules', async () => {
    const all: RuleResult[] = []
    for (const [position, rule] of options.rules.entries()) {
      all.push(
        await clock.rule(rule.meta.id, () => runRule(rule, position, run, offReason(rule.meta.id, options))),
      )
    }
    return all
  })
  const notices = [
    ...problems,
    ...waivers
      .unused()
      .map((waiver) => `${waiver.origin}: the waiver of ${waivedName(waiver)} matched nothing.`),
    ...facts.notices,
  ]
  const report = await assemble(options, facts, results, run, notices)
  return {
    report,
    timings: clock.timings(),
    findings: (rule) => store.all(rule),
    evidence: (id) => evidence(options, run, id),
    close: async () => {
      session.close()
      findingsDb.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

interface Facts {
  readonly window: { readonly since: Date; readonly until: Date; readonly asOf: Date }
  readonly sources: AuditReport['sources']
  readonly hash: string
  readonly notices: readonly string[]
}

async function readFacts(db: Database, options: AuditOptions): Promise<Facts> {
  await db.run(raw(`attach '${options.snapshotPath.replaceAll("'", "''")}' as snap (read_only)`))
  const meta = new Map(
    (await db.rows(raw('select key, value from snap.meta'))).map((row) => [row['key'], String(row['value'])]),
  )
  const date = (key: string) => (meta.has(key) ? new Date(meta.get(key) ?? "") : undefined)
  // A pull that has not ended has no end to take for "now"; its streams are incomplete, and the verdict will say so.
  const asOf = options.asOf ?? date('pull_ended_at') ?? date('pull_started_at') ?? new Date(0)
  const until = options.until ?? asOf
  const since = options.since ?? new Date(until.getTime() - thirtyDays)
  const notices = Object.entries(options.settings.attest).flatMap(([item, attestation]) =>
    attestation.expires < isoSeconds(asOf).slice(0, 10)
      ? [`The attestation of ${item} expired on ${attestation.expires}.`]
      : [],
  )
  return {
    window: { since, until, asOf },
    sources: await readSources(db),
    hash: meta.get('hash') ?? 'unfinished',
    notices,
  }
}

/** The model compares payloads within the window of `events/duplicate-burst`, whose option it is. */
function burstWindow(options: AuditOptions): number {
  const rule = options.rules.find(({ meta }) => meta.id === 'events/duplicate-burst')
  if (!rule) return 10
  return (contextOf(rule, options.settings, new Date(0)).options as { window: number }).window
}

async function assemble(
  options: AuditOptions,
  facts: Facts,
  rules: RuleResult[],
  run: RunContext,
  notices: string[],
): Promise<AuditReport> {
  const lines = checklistLines(rules, options.settings.attest, facts.window.asOf)
  const count = (status: RuleResult['status']) => rules.filter((rule) => rule.status === status).length
  const [totals] = await run.session.rows(
    raw(`
    select (select count(*) from profile) as profiles, (select count(distinct token) from device) as devices, (select count(*) from event) as events`),
  )
  const plan = { version: options.plan.version, origin: options.plan.origin }
  return {
    schemaVersion: 1,
    tool: { name: 'cio-audit', version: options.toolVersion },
    run: {
      id: runId(options, facts),
      asOf: isoSeconds(facts.window.asOf),
      window: { since: isoSeconds(facts.window.since), until: isoSeconds(facts.window.until) },
      plan,
      snapshot: facts.hash,
      sample: null,
    },
    sources: facts.sources,
    verdict: decide(rules, lines),
    checklist: lines,
    rules,
    journeys: await journeyLines(options.rules, rules, run),
    ledger: await ledger(run.session),
    totals: {
      profiles: Number(totals?.['profiles'] ?? 0),
      devices: Number(totals?.['devices'] ?? 0),
      events: Number(totals?.['events'] ?? 0),
      rules: {
        pass: count('pass'),
        fail: count('fail'),
        inconclusive: count('inconclusive'),
        skipped: count('skipped'),
      },
    },
    notices,
  }
}

/** The same inputs give the same name: snapshot, config, plan, waivers, baseline, window and selection of rules. */
function runId(options: AuditOptions, facts: Facts): string {
  const inputs = {
    snapshot: facts.hash,
    settings: options.settings,
    plan: options.plan,
    waivers: options.waivers,
    baseline: [...options.baseline].toSorted(),
    window: facts.window,
    only: options.only,
    skip: options.skip,
  }
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 32)
}

function evidence(options: AuditOptions, run: RunContext, id: string) {
  const rule = options.rules.find(({ meta }) => meta.id === id)
  if (!rule) return { columns: [], rows: (async function* () {})() }
  return { columns: ['fingerprint', ...Object.keys(rule.evidenceRow.shape)], rows: evidenceRows(rule, run) }
}

async function* evidenceRows(rule: Rule, run: RunContext): AsyncIterable<readonly EvidenceRow[]> {
  const query = sql`select * from (${rule.evidence(contextOf(rule, run.settings, run.asOf))}) evidence order by all`
  for await (const rows of run.session.stream(query)) {
    yield rows.map((row) => ({
      fingerprint: fingerprint(
        run.workspaceId,
        rule.meta.id,
        rule.meta.subject,
        String(row['identity'] ?? row['subject']),
      ),
      ...evidenceCells(rule, row),
    }))
  }
}

/** Time is only ever told in `timings.json`, so that reports stay the same from run to run. */
class Stopwatch {
  readonly #stages: Record<string, number> = {}
  readonly #rules: Record<string, number> = {}

  async stage<T>(name: string, work: () => Promise<T>): Promise<T> {
    return await measure(this.#stages, name, work)
  }

  async rule<T>(name: string, work: () => Promise<T>): Promise<T> {
    return await measure(this.#rules, name, work)
  }

  timings(): AuditTimings {
    return { stages: this.#stages, rules: this.#rules, peakRssBytes: process.resourceUsage().maxRSS * 1024 }
  }
}

async function measure<T>(into: Record<string, number>, name: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now()
  try {
    return await work()
  } finally {
    into[name] = Number(((performance.now() - start) / 1000).toFixed(3))
  }
}
