import { vantageOfReport, type Baseline, type FindingName, type Vantage } from '../core/baseline.ts'
import { noCounts, type DailyCounts, type Past } from '../core/past.ts'
import { activeWaivers, waivedName, type Waiver } from '../core/waiver.ts'
import type { ListedFinding } from '../core/finding.ts'
import type { MergeSuggestion } from '../core/merge.ts'
import type { OrderFile } from '../core/order.ts'
import type { Plan } from '../core/plan.ts'
import type { AuditReport } from '../core/report.ts'
import { isoSeconds } from '../core/time.ts'
import type { Timeline } from '../core/timeline.ts'
import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import { buildModel } from '../model/index.ts'
import { fillDayCounts, ownDailyCounts } from '../model/day-counts.ts'
import { fillPlanChanges } from '../model/plan-changes.ts'
import { evidenceOf, type RuleEvidence } from './evidence.ts'
import { FindingStore } from './findings.ts'
import { assemble, runId } from './assemble.ts'
import { AuditDatabases } from './databases.ts'
import { readFacts, type View } from './facts.ts'
import { followBaseline, knownFindings } from './known-findings.ts'
import { readJourneys } from './journeys.ts'
import { resolveJourneys, shadowPeople, type Scope } from './scope.ts'
import { limitlessNotices } from './limitless.ts'
import { linker } from './links.ts'
import { absentInputs } from './absent-inputs.ts'
import type { Rule } from './rule.ts'
import { contextOf, runRule, type JourneyUse, type Ruled, type RunContext } from './run-rule.ts'
import { mergesOf } from './merges.ts'
import { neededTables } from './needed-tables.ts'
import { ruleVersion } from './rule-version.ts'
import { SampleView } from './sampling.ts'
import { offReason } from './selection.ts'
import { WaiverBook } from './waiver-book.ts'
import { Stopwatch, type AuditTimings } from './stopwatch.ts'
import { unmetNeeds, unseen } from './needs.ts'
import { sourceNotices } from './source-notices.ts'
import { timeline } from './timeline.ts'

export interface AuditOptions extends View {
  readonly stateDir: string
  readonly plan: Plan
  readonly waivers: readonly Waiver[]
  readonly baseline: Baseline | null
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
  /** Default: what the memory and the size of the snapshot allow. */
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
  /** Rules with findings, also where all of them lie outside the scope of the run. */
  readonly rulesFound: ReadonlySet<string>
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

/** Model, rules, verdict: everything between a snapshot and a report. */
export async function audit(options: AuditOptions): Promise<AuditOutcome> {
  const { settings } = options
  const clock = new Stopwatch()
  const databases = await AuditDatabases.in(options)
  options.onStage?.('load')
  const builder = await databases.builder()
  const { facts, named } = await read().catch(async (cause: unknown) => {
    builder.close()
    await databases.remove()
    throw cause
  })
  async function read() {
    const found = await clock.stage('load', () => readFacts(builder, options))
    return { facts: found, named: await resolveJourneys(builder, options.journeys ?? []) }
  }
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
  const session = await databases.model()
  const findingsDb = await databases.findings()
  const store = await FindingStore.create(findingsDb)
  const { active, problems } = activeWaivers(options.waivers, facts.window.asOf)
  const waivers = new WaiverBook(active)
  const journeys = await readJourneys(session)
  const scope = await scopeOf(journeys, session, () => databases.reached())
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
  // What no connected source can show is not gone.
  const isBlind = (id: string): boolean =>
    options.rules.some(({ meta }) => meta.id === id && unseen(meta, facts.sources) !== null)
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
    ...limitlessNotices(
      options.rules.filter(({ meta }) => !isOff(meta.id)),
      settings,
    ),
    ...followed.notices,
    ...waivers
      .unused((rule) => (rule === null ? isWhole : !isOff(rule) && !isBlind(rule)))
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
    rulesFound: await store.rulesFound(),
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
      await databases.remove()
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

/** The model compares payloads within the window of `events/duplicate-burst`, whose option it is. */
function burstWindow(options: AuditOptions): number {
  const rule = options.rules.find(({ meta }) => meta.id === 'events/duplicate-burst')
  if (!rule) return 10
  return (contextOf(rule, options.settings, new Date(0)).options as { window: number }).window
}
