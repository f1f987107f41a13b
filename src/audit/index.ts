import { mkdir, rm } from 'node:fs/promises'
import { join as joinPath } from 'node:path'
import { vantageOfReport, type Baseline, type FindingName, type Vantage } from '../core/baseline.ts'
import { noCounts, type DailyCounts, type Past } from '../core/past.ts'
import { activeWaivers, waivedName, type Waiver } from '../core/waiver.ts'
import type { ListedFinding } from '../core/finding.ts'
import type { MergeSuggestion } from '../core/merge.ts'
import type { OrderFile } from '../core/order.ts'
import type { Plan } from '../core/plan.ts'
import type { AuditReport } from '../core/report.ts'
import type { Settings } from '../core/settings.ts'
import { isoSeconds } from '../core/time.ts'
import type { Timeline } from '../core/timeline.ts'
import { openDatabase, threadsFor, type Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import { buildModel } from '../model/index.ts'
import { fillDayCounts, ownDailyCounts } from '../model/day-counts.ts'
import { fillPlanChanges } from '../model/plan-changes.ts'
import { evidenceOf, type RuleEvidence } from './evidence.ts'
import { FindingStore } from './findings.ts'
import { assemble, runId, type Facts } from './assemble.ts'
import { followBaseline, knownFindings } from './known-findings.ts'
import { readJourneys } from './journeys.ts'
import { resolveJourneys, shadowPeople, type Scope } from './scope.ts'
import { linker } from './links.ts'
import { absentInputs } from './absent-inputs.ts'
import type { Rule } from './rule.ts'
import { contextOf, runRule, type JourneyUse, type Ruled, type RunContext } from './run-rule.ts'
import { mergesOf } from './merges.ts'
import { neededTables } from './needed-tables.ts'
import { ruleVersion } from './rule-version.ts'
import { readSample, SampleView } from './sampling.ts'
import { offReason } from './selection.ts'
import { WaiverBook } from './waiver-book.ts'
import { Stopwatch, type AuditTimings } from './stopwatch.ts'
import { unmetNeeds } from './needs.ts'
import { sourceNotices } from './source-notices.ts'
import { readSources } from './streams.ts'
import { timeline } from './timeline.ts'

export interface AuditOptions {
  readonly snapshotPath: string
  readonly stateDir: string
  readonly settings: Settings
  readonly plan: Plan
  readonly waivers: readonly Waiver[]
  readonly baseline: Baseline | null
  readonly asOf?: Date
  readonly since?: Date
  readonly until?: Date
  readonly rules: readonly Rule[]
  /** Globs of rule ids; empty means all. */
  readonly only: readonly string[]
  readonly skip: readonly string[]
  /** Ids or names of journeys, drafts too: the verdict is about what they depend on. */
  readonly journeys?: readonly string[]
  /** The shop's own orders (`--orders`). */
  readonly orders?: OrderFile
  /** What earlier runs left behind; without it there was none. */
  readonly past?: Past
  readonly memoryBytes?: number
  readonly threads?: number
  readonly toolVersion: string
  onStage?(stage: 'load' | 'model' | 'rules'): void
}

export interface AuditOutcome {
  readonly report: AuditReport
  readonly timings: AuditTimings
  readonly timeline: Timeline
  /** Every finding, in a stable order, from disk. */
  findings(rule?: string): AsyncIterable<readonly ListedFinding[]>
  /** Every affected record of a rule: `fingerprint` first, then the rule's own columns. */
  evidence(rule: string): RuleEvidence
  /** Every suggested merge; nothing here is ever executed. */
  merges(): AsyncIterable<readonly MergeSuggestion[]>
  /** What fingerprints are keyed with. */
  readonly workspaceId: number | null
  readonly vantage: Vantage
  /** By rule: how it judges (see `ruleVersion`). */
  readonly versions: ReadonlyMap<string, string>
  /** Findings of the baseline that are no longer there. */
  readonly mended: readonly FindingName[]
  readonly dailyCounts: DailyCounts
  close(): Promise<void>
}

/**
 * Evidence is asked of the model while findings are read, and both would fill the whole limit: so it is divided. Findings
 * are few beside the model.
 */
const shareOfModel = 0.75
/** Joined with evidence, a million profiles did not fit into 183 MiB: less than this is not divided. */
const leastOfModel = 256e6
/** With 48 MiB a hundred thousand findings could not be sorted, with 64 they could. */
const leastOfFindings = 80 * 1024 ** 2
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
  }
  // Each spills into a folder of its own: two databases name their files alike, and the process ended with a fault of memory (DuckDB 1.5).
  const spill = (name: string) => ({ tempDir: joinPath(folder, `spill-${name}`) })
  const shared = (share: number, least = 0) => {
    const { memoryBytes } = options
    if (memoryBytes === undefined) return limits
    const own = Math.max(memoryBytes * share, least)
    return { threads: threadsFor(memoryBytes), ...limits, memoryBytes: own }
  }
  const modelPath = joinPath(folder, 'model.duckdb')

  options.onStage?.('load')
  const builder = await openDatabase({
    path: modelPath,
    access: 'write',
    isTransient: true,
    ...limits,
    ...spill('model'),
  })
  const facts = await clock.stage('load', () => readFacts(builder, options))
  const named = await resolveJourneys(builder, options.journeys ?? []).catch(async (cause: unknown) => {
    builder.close()
    await rm(folder, { recursive: true, force: true })
    throw cause
  })
  options.onStage?.('model')
  await clock.stage('model', async () =>
    buildModel(
      builder,
      {
        settings,
        plan: options.plan,
        ...facts.window,
        burstWindowSeconds: burstWindow(options),
        journeys: named,
        ...(options.orders === undefined ? {} : { orders: options.orders.batches() }),
      },
      await neededTables(builder, options, facts.window.asOf),
    ),
  )
  const plannedNames = (
    await builder.rows(raw('select name from event_name where planned order by name'))
  ).map(({ name }) => String(name))
  await builder.append('unmet_need', [...unmetNeeds(facts.sources, plannedNames)])
  const { past } = options
  // To the second, as the report tells it and the history keeps it: else a run would come before itself.
  const asOf = new Date(isoSeconds(facts.window.asOf))
  const asking = { id: runId(options, facts), asOf, workspaceId: facts.workspaceId }
  const comparison = await past?.comparePlan(asking)
  if (comparison !== undefined && 'changes' in comparison) await fillPlanChanges(builder, comparison)
  await fillDayCounts(builder, facts.window, (await past?.dailyCounts(asking)) ?? noCounts)
  const mendedBefore = options.baseline === null ? undefined : await past?.mended(asking, options.baseline)
  const known = knownFindings(options.baseline, facts, mendedBefore ?? new Set())
  const notices = [
    ...(options.orders?.notices ?? []),
    ...facts.notices,
    ...(await sourceNotices(builder, facts)),
  ]
  builder.close()

  options.onStage?.('rules')
  const session = await openDatabase({
    path: modelPath,
    access: 'read',
    ...shared(shareOfModel, Math.min(options.memoryBytes ?? 0, leastOfModel)),
    ...spill('session'),
  })
  const findingsDb = await openDatabase({
    path: joinPath(folder, 'findings.duckdb'),
    access: 'write',
    isTransient: true,
    ...shared(1 - shareOfModel, leastOfFindings),
    ...spill('findings'),
  })
  const store = await FindingStore.create(findingsDb)
  const { active, problems } = activeWaivers(options.waivers, facts.window.asOf)
  const waivers = new WaiverBook(active)
  const journeys = await readJourneys(session)
  const scope = await scopeOf(journeys, session, () =>
    openDatabase({ path: modelPath, access: 'read', ...shared(shareOfModel), ...spill('reached') }),
  )
  const run: RunContext = {
    session,
    store,
    settings,
    asOf: facts.window.asOf,
    workspaceId: facts.workspaceId,
    sources: facts.sources,
    absent: await absentInputs(options, comparison, session),
    journeys,
    linkOf: linker(facts.sources, facts.workspaceId, settings.workspace.links),
    sample: facts.sample === null ? null : new SampleView(facts.sample, session),
    scope,
    plannedNames,
    waivers,
    known: known.known,
  }
  const results = await clock.stage('rules', async () => {
    const all: Ruled[] = []
    for (const [position, rule] of options.rules.entries()) {
      all.push(
        await clock.rule(rule.meta.id, () => runRule(rule, position, run, offReason(rule.meta.id, options))),
      )
    }
    return all
  })
  const isOff = (rule: string): boolean => offReason(rule, options) !== null
  const isWhole = !options.rules.some(({ meta }) => isOff(meta.id))
  const versions = new Map(
    options.rules.map((rule) => [rule.meta.id, ruleVersion(rule, settings, options.plan)]),
  )
  const followed = await followBaseline(
    options.baseline,
    known,
    facts,
    store,
    results.map(({ result }) => result),
    versions,
  )
  await store.settle()
  const allNotices = [
    ...problems,
    ...followed.notices,
    ...waivers
      .unused((rule) => (rule === null ? isWhole : !isOff(rule)))
      .map((waiver) => `${waiver.origin}: the waiver of ${waivedName(waiver)} matched nothing.`),
    ...notices,
  ]
  const report = await assemble(options, facts, results, run, allNotices)
  scope?.reached.close()
  return {
    report,
    timings: clock.timings(),
    timeline: await timeline(session, facts.window),
    findings: (rule) => store.all(rule),
    evidence: (id) => evidenceOf(options.rules, run, id),
    merges: () => mergesOf(session),
    workspaceId: facts.workspaceId,
    vantage: vantageOfReport(report),
    versions,
    mended: followed.mended,
    dailyCounts: await ownDailyCounts(session),
    close: async () => {
      session.close()
      findingsDb.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Null where no journey was named. */
async function scopeOf(
  journeys: readonly JourneyUse[],
  session: Database,
  open: () => Promise<Database>,
): Promise<Scope | null> {
  const named = journeys.filter((journey) => journey.named)
  if (named.length === 0) return null
  const reached = await open()
  await shadowPeople(reached)
  const hasPush =
    (await session.scalar(raw('select count(*) > 0 from journey where named and has_push'))) === true
  return { journeys: named, hasPush, reached }
}

/** What a look into a snapshot depends on beside its rows. */
export type View = Pick<AuditOptions, 'snapshotPath' | 'settings' | 'asOf' | 'since' | 'until'>

/** Attaches the snapshot as `snap`, and says which window of it counts. */
export async function readFacts(db: Database, options: View): Promise<Facts> {
  await db.run(raw(`attach '${options.snapshotPath.replaceAll("'", "''")}' as snap (read_only)`))
  const meta = new Map(
    (await db.rows(raw('select key, value from snap.meta'))).map((row) => [row['key'], String(row['value'])]),
  )
  const date = (key: string) => (meta.has(key) ? new Date(meta.get(key) ?? '') : undefined)
  // A pull that has not ended has no end to take for "now"; its streams are incomplete, and the verdict will say so.
  const asOf =
    options.asOf ?? date('pull_ended_at') ?? date('files_as_of') ?? date('pull_started_at') ?? new Date(0)
  const until = options.until ?? asOf
  const sources = await readSources(db)
  // Without the API nothing happened, as far as is known, before the first call of the files.
  const began = sources.some(({ kind }) => kind === 'app-api') ? undefined : date('files_since')
  const thirtyDaysBack = new Date(until.getTime() - thirtyDays)
  const isShort =
    options.since === undefined && began !== undefined && began > thirtyDaysBack && began < until
  const since = options.since ?? (isShort ? began : thirtyDaysBack)
  const notices = Object.entries(options.settings.attest).flatMap(([item, attestation]) =>
    attestation.expires < isoSeconds(asOf).slice(0, 10)
      ? [`The attestation of ${item} expired on ${attestation.expires}.`]
      : [],
  )
  return {
    window: { since, until, asOf },
    sources,
    hash: meta.get('hash') ?? 'unfinished',
    sample: await readSample(db),
    workspaceId:
      sources.find(({ workspace }) => workspace.id !== null)?.workspace.id ??
      options.settings.workspace.id ??
      null,
    repeatedCalls: Number(meta.get('repeated_calls') ?? 0),
    notices: [
      ...notices,
      ...(isShort ? [`The files begin at ${isoSeconds(since)}: the window is shorter than 30 days.`] : []),
    ],
  }
}

/** The model compares payloads within the window of `events/duplicate-burst`, whose option it is. */
function burstWindow(options: AuditOptions): number {
  const rule = options.rules.find(({ meta }) => meta.id === 'events/duplicate-burst')
  if (!rule) return 10
  return (contextOf(rule, options.settings, new Date(0)).options as { window: number }).window
}
