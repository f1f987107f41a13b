import { ZodError } from 'zod'
import type { Absence } from '../core/plan-history.ts'
import type { AuditReport, RuleResult } from '../core/report.ts'
import type { Settings } from '../core/settings.ts'
import type { Database } from '../engine/database.ts'
import { judge, policyOf, type Judgement, type Policy, type Tally } from './judge.ts'
import { judgeSample, type Part } from './judge-sample.ts'
import type { FindingStore } from './findings.ts'
import type { Linker } from './links.ts'
import { listFindings } from './listed.ts'
import type { Input, Rule, RuleContext } from './rule.ts'
import { nothing, ruleResult, storedFinding } from './rule-outcome.ts'
import { obstacle, unseen } from './needs.ts'
import type { SampleView } from './sampling.ts'
import { isAboutPeople, markScope, type Scope } from './scope.ts'
import type { WaiverBook } from './waiver-book.ts'

/** What every rule of a run shares. */
export interface RunContext {
  readonly session: Database
  readonly store: FindingStore
  readonly settings: Settings
  readonly asOf: Date
  readonly workspaceId: number | null
  readonly sources: AuditReport['sources']
  /** What this run was not handed, or what keeps it from being used. */
  readonly absent: ReadonlyMap<Input, Absence>
  readonly journeys: readonly JourneyUse[]
  /** Events of the plan that were seen. */
  readonly plannedNames: readonly string[]
  readonly waivers: WaiverBook
  /** Fingerprints that do not count. */
  readonly known: ReadonlySet<string>
  readonly linkOf: Linker
  /** Null: everybody was read. */
  readonly sample: SampleView | null
  /** Null: the verdict is about the whole workspace. */
  readonly scope: Scope | null
}

/** What a rule says, and whether it would fail by what lies outside the scope of the run. */
export interface Ruled {
  readonly result: RuleResult
  readonly failsElsewhere: boolean
}

/** A journey that is judged, with what it depends on. */
export interface JourneyUse {
  readonly id: number
  readonly name: string
  readonly state: AuditReport['journeys'][number]['state']
  /** Asked for with `--journey`. */
  readonly named: boolean
  readonly eventName: string | null
  /** What starts it on a date, and what its messages say of a person. */
  readonly attributes: ReadonlySet<string>
}

export function contextOf(rule: Rule, settings: Settings, asOf: Date): RuleContext<never> {
  const options = rule.options.parse(settings.rules[rule.meta.id]?.options ?? {})
  return { options: options as never, settings, asOf }
}

/**
 * Runs one rule on its own. Whatever keeps it from being judged (missing data, a mistake in the rule itself) is told in
 * its result and blocks a GO; the other rules go on.
 */
export async function runRule(
  rule: Rule,
  position: number,
  run: RunContext,
  off: string | null,
): Promise<Ruled> {
  const policy = policyOf(rule.meta, run.settings)
  const alone = (judged: Judgement): Ruled => ({
    result: ruleResult(rule, policy, judged),
    failsElsewhere: false,
  })
  if (off !== null) return alone({ status: 'skipped', reason: off, rate: null })
  const blind = unseen(rule.meta, run.sources)
  if (blind !== null) return alone({ status: 'skipped', reason: blind, rate: null })
  const absence = rule.meta.input === undefined ? undefined : run.absent.get(rule.meta.input)
  if (absence !== undefined) return alone({ ...absence, rate: null })
  const missing = obstacle(rule.meta, run.sources, run.plannedNames)
  try {
    const context = contextOf(rule, run.settings, run.asOf)
    // Most rules find nothing, and of nothing the store need not be asked.
    const found = await collect(rule, position, policy, context, run)
    const whole = run.scope === null ? null : await wholeStatus(rule, policy, context, run)
    if (run.scope !== null && found > 0) await markScope(rule, context, run.scope, run)
    const population = await populationOf(rule, context, run)
    const counts = found === 0 ? nothing : await run.store.counts(rule.meta.id)
    const measured =
      found > 0 && rule.meta.measuredBy === 'finding' ? await run.store.measured(rule.meta.id) : []
    // A finding about some of the people is measured by those whom the journey would reach.
    const own =
      run.scope !== null && isAboutPeople(rule) ? measured.map((m) => ({ ...m, population })) : measured
    const doubt = await firstDoubt(rule, context, run.session)
    const judged = await judgeRule(
      rule,
      policy,
      { population, affected: counts.affected, measured: own, uncounted: counts },
      context,
      run,
    )
    const known =
      missing === null
        ? withDoubt(judged, doubt)
        : { ...judged, status: 'inconclusive' as const, reason: missing }
    const listed = counts.total === 0 ? [] : await listFindings(rule, context, run)
    const told = await withRemark(withEvidence(known, rule, run.sources), rule, context, run.session)
    const failsElsewhere = whole === 'fail' && known.status !== 'fail'
    return { result: ruleResult(rule, policy, told, population, counts, listed), failsElsewhere }
  } catch (cause) {
    await run.store.forget(rule.meta.id)
    return alone({ status: 'inconclusive', reason: `the rule stopped: ${wordsOf(cause)}`, rate: null })
  }
}

/** One line. Of a row that does not fit what the rule reads: which column, and what it holds. */
function wordsOf(cause: unknown): string {
  if (cause instanceof ZodError) {
    return cause.issues
      .slice(0, 1)
      .map(({ path, message }) => `${path.map(String).join('.')}: ${message}`)
      .join('')
  }
  return cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)
}

async function populationOf(rule: Rule, context: RuleContext<never>, run: RunContext): Promise<number> {
  const session = run.scope !== null && isAboutPeople(rule) ? run.scope.reached : run.session
  return Number((await session.scalar(rule.population(context))) ?? 0)
}

/** What the rule would say of the whole workspace. */
async function wholeStatus(
  rule: Rule,
  policy: Policy,
  context: RuleContext<never>,
  run: RunContext,
): Promise<RuleResult['status']> {
  const { id, measuredBy } = rule.meta
  const population = Number((await run.session.scalar(rule.population(context))) ?? 0)
  const { affected } = await run.store.counts(id, 'all')
  const measured = measuredBy === 'finding' ? await run.store.measured(id, 'all') : []
  return (await judgeRule(rule, policy, { population, affected, measured }, context, run)).status
}

export async function judgeRule(
  rule: Rule,
  policy: Policy,
  tally: Tally,
  context: RuleContext<never>,
  { sample, session }: RunContext,
): Promise<Judgement> {
  if (sample === null) return judge(rule.meta, policy, tally)
  const rows = rule.parts && (await session.rows(rule.parts(context)))
  const parts = rows?.map((row): Part => ({
    label: String(row['label']),
    population: Number(row['population'] ?? 0),
    event: row['event'] === null ? null : String(row['event']),
  }))
  return await judgeSample(rule.meta, policy, tally, parts ?? null, sample)
}

function withDoubt(judged: Judgement, doubt: string | null): Judgement {
  return doubt === null || judged.status === 'fail'
    ? judged
    : { ...judged, status: 'inconclusive', reason: doubt }
}

/** Over the API alone it is always the same evidence, and the rule's page says which. */
function withEvidence(judged: Judgement, { meta }: Rule, sources: RunContext['sources']): Judgement {
  const kinds = new Set(sources.map(({ kind }) => kind))
  if (!meta.evidence || judged.status === 'inconclusive' || [...kinds].every((kind) => kind === 'app-api'))
    return judged
  return { ...judged, reason: `${judged.reason}; judged by ${meta.evidence(kinds)}` }
}

async function withRemark(
  judged: Judgement,
  rule: Rule,
  context: RuleContext<never>,
  session: Database,
): Promise<Judgement> {
  const remark = rule.remark ? await session.scalar(rule.remark(context)) : null
  return remark === null ? judged : { ...judged, reason: `${judged.reason}; ${String(remark)}` }
}

async function firstDoubt(
  rule: Rule,
  context: RuleContext<never>,
  session: Database,
): Promise<string | null> {
  if (!rule.doubt) return null
  const reasons = (await session.rows(rule.doubt(context))).map((row) => String(row['reason']))
  return reasons.length === 0 ? null : reasons.toSorted().join('; ')
}

/** @returns how many findings there are. */
async function collect(
  rule: Rule,
  position: number,
  policy: Policy,
  context: RuleContext<never>,
  run: RunContext,
): Promise<number> {
  let count = 0
  for await (const rows of run.session.stream(rule.query(context))) {
    const found = rows.map((row) => rule.finding(rule.row.parse(row) as never, context))
    await run.store.add(
      position,
      found.map((defect) => storedFinding(rule, policy, defect, context, run)),
    )
    count += found.length
  }
  return count
}
