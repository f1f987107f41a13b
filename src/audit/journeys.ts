import { counted } from '../core/counted.ts'
import type { AuditReport, Decision, RuleResult } from '../core/report.ts'
import type { Database } from '../engine/database.ts'
import { join, raw, sql } from '../engine/sql.ts'
import { policyOf } from './judge.ts'
import { obstacle } from './needs.ts'
import type { Rule, RuleContext } from './rule.ts'
import { contextOf, judgeRule, type JourneyUse, type RunContext } from './run-rule.ts'

/** Journeys that run or were named, with what they depend on: told by findings about that event or attribute. */
export async function readJourneys(session: Database): Promise<JourneyUse[]> {
  const rows = await session.rows(
    raw(`
    select j.id, j.name, j.state, j.named, j.event_name, list(u.name order by u.name) filter (u.name is not null) as attributes
    from journey j left join (
      select journey, name from journey_variable where root = 'customer'
      union select id, date_attribute from journey where date_attribute is not null
    ) u on u.journey = j.id
    where j.judged group by all order by j.id`),
  )
  return rows.map((row) => ({
    id: Number(row['id']),
    name: String(row['name']),
    state: stateOf(row['state']),
    named: row['named'] === true,
    eventName: row['event_name'] === null ? null : String(row['event_name']),
    attributes: new Set((row['attributes'] as readonly string[] | null) ?? []),
  }))
}

/** A state that Customer.io may add one day does not send: it counts as a draft. */
const stateOf = (cell: unknown): JourneyUse['state'] =>
  cell === 'running' || cell === 'stopped' ? cell : 'draft'

/** Messages whose Liquid could not be read: what they use is in no blast radius. */
export async function unreadNotices(session: Database): Promise<string[]> {
  const rows = await session.rows(
    raw(`
    select j.name as journey, u.message, u.reason from journey_unread u join journey j on j.id = u.journey
    order by j.id, u.action`),
  )
  const told = rows
    .slice(0, mostTold)
    .map(
      (row) =>
        `The Liquid of "${String(row['message'])}" in ${String(row['journey'])} could not be read (${String(row['reason'])}): what it uses is not known.`,
    )
  const rest = rows.length - mostTold
  return rest > 0 ? [...told, `The Liquid of ${counted(rest, 'more message')} could not be read.`] : told
}

const mostTold = 5

/** Rules of these look at what a journey uses: while one of them is open, nobody can say that a journey is sound. */
const ofJourneys: ReadonlySet<string> = new Set(['events', 'attributes', 'journeys'])

/** One line for each judged journey: what is wrong with the events and attributes that it uses. */
export async function journeyLines(
  rules: readonly Rule[],
  results: readonly RuleResult[],
  run: RunContext,
  verdict: Decision,
): Promise<AuditReport['journeys']> {
  const isOpen = results.some(({ status, category }) => status === 'inconclusive' && ofJourneys.has(category))
  // With --rule or --skip-rule nobody may have asked.
  const isAsked = results.some(
    ({ status, category }) => (status === 'pass' || status === 'fail') && category === 'events',
  )
  const unjudged = isOpen || !isAsked
  return await Promise.all(
    run.journeys.map(async (journey) => {
      const touched = await run.store.ofJourney(journey.id)
      // Of a journey that was asked for, the verdict also weighs the people whom it would reach.
      const decision = journey.named
        ? verdict
        : await ownDecision(
            rules.filter(({ meta }) => touched.some(({ rule }) => rule === meta.id)),
            results,
            journey,
            run,
            unjudged,
          )
      return {
        id: journey.id,
        name: journey.name,
        state: journey.state,
        decision,
        rules: touched.map(({ rule }) => rule),
        findings: touched.reduce((sum, { findings }) => sum + findings, 0),
        people: await peopleTouched(
          rules,
          journey,
          touched.map(({ rule }) => rule),
          run,
        ),
      }
    }),
  )
}

/** By the findings of the journey alone: a rule may fail by an event that the journey does not use. */
async function ownDecision(
  touched: readonly Rule[],
  results: readonly RuleResult[],
  { id }: JourneyUse,
  run: RunContext,
  unjudged: boolean,
): Promise<Decision> {
  const judged = await Promise.all(
    touched.map(async (rule) => {
      const whole = results.find((result) => result.rule === rule.meta.id)
      if (whole === undefined || !canFail(rule, whole, run)) return null
      const policy = policyOf(rule.meta, run.settings)
      const context = contextOf(rule, run.settings, run.asOf)
      const population = await wholePopulation(rule, whole, context, run)
      const tally = { population, ...(await run.store.tallyOf(rule.meta.id, id)) }
      const own = await judgeRule(rule, policy, tally, context, run)
      return { status: own.status, severity: own.severity ?? policy.severity }
    }),
  )
  if (judged.some((own) => own?.status === 'fail' && own.severity === 'error')) return 'no-go'
  return unjudged || judged.some((own) => own?.status === 'inconclusive') ? 'inconclusive' : 'go'
}

/** With `--journey` a rule is judged for another journey than this one, and its status says nothing of this one. */
function canFail(
  { meta }: Rule,
  { status }: RuleResult,
  { scope, sources, plannedNames }: RunContext,
): boolean {
  return scope === null ? status === 'fail' : obstacle(meta, sources, plannedNames) === null
}

/** With `--journey` rates are taken over the people whom that journey would reach. */
async function wholePopulation(
  rule: Rule,
  { population }: RuleResult,
  context: RuleContext<never>,
  { scope, session }: RunContext,
): Promise<number> {
  return scope === null ? population.count : Number((await session.scalar(rule.population(context))) ?? 0)
}

/** Different people in the evidence of the findings that count for a journey. */
async function peopleTouched(
  rules: readonly Rule[],
  journey: JourneyUse,
  ids: readonly string[],
  run: RunContext,
): Promise<number> {
  const parts = await Promise.all(
    rules
      .filter(({ meta, evidenceRow }) => ids.includes(meta.id) && 'cio_id' in evidenceRow.shape)
      .map(async (rule) => {
        const subjects = await run.store.subjectsOf(rule.meta.id, journey.id)
        const evidence = rule.evidence(contextOf(rule, run.settings, run.asOf))
        return sql`select cio_id from (${evidence}) evidence where subject = any(${subjects}::varchar[])`
      }),
  )
  if (parts.length === 0) return 0
  return Number(
    await run.session.scalar(sql`select count(distinct cio_id) from (${join(parts, ' union all ')}) touched`),
  )
}
