import type { AuditReport, Decision, RuleResult } from '../core/report.ts'
import type { Database } from '../engine/database.ts'
import { join, raw, sql } from '../engine/sql.ts'
import type { Rule } from './rule.ts'
import { contextOf, type JourneyUse, type RunContext } from './run-rule.ts'

/** Journeys that run, with what they depend on: named by findings about that event or attribute. */
export async function readJourneys(session: Database): Promise<JourneyUse[]> {
  const rows = await session.rows(
    raw("select id, name, event_name, date_attribute from journey where state = 'running' order by id"),
  )
  return rows.map((row) => ({
    id: Number(row['id']),
    name: String(row['name']),
    eventName: row['event_name'] === null ? null : String(row['event_name']),
    dateAttribute: row['date_attribute'] === null ? null : String(row['date_attribute']),
  }))
}

/** One line for each running journey: what is wrong with the event or attribute that starts it. */
export async function journeyLines(
  rules: readonly Rule[],
  results: readonly RuleResult[],
  run: RunContext,
): Promise<AuditReport['journeys']> {
  const unjudged = results.some((result) => result.status === 'inconclusive' && result.category === 'events')
  return await Promise.all(
    run.journeys.map(async (journey) => {
      const touched = await run.store.ofJourney(journey.id)
      const failing = touched.filter(({ rule }) =>
        results.some(
          (result) => result.rule === rule && result.status === 'fail' && result.severity === 'error',
        ),
      )
      const decision: Decision = failing.length > 0 ? 'no-go' : unjudged ? 'inconclusive' : 'go'
      return {
        id: journey.id,
        name: journey.name,
        state: 'running' as const,
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

/** Different people in the evidence of the findings that count for a journey. */
async function peopleTouched(
  rules: readonly Rule[],
  journey: JourneyUse,
  ids: readonly string[],
  run: RunContext,
): Promise<number> {
  const parts = await Promise.all(
    rules
      .filter(({ meta }) => ids.includes(meta.id))
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
