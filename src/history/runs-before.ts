import { z } from 'zod'
import type { AskingRun } from '../core/plan-history.ts'
import type { Plan } from '../core/plan.ts'
import type { Decision, RuleResult } from '../core/report.ts'
import type { TrendPoint } from '../core/trend.ts'
import type { Database, Row } from '../engine/database.ts'
import { sql, type Query } from '../engine/sql.ts'
import { lookAlike, type Outlook } from './differences.ts'
import { lookDays, lookOf } from './kept-side.ts'

/**
 * Runs before this one, by their "now"; of several of one "now" those that were made earlier. A run of the same inputs is the
 * same run and not one before, so that a run that is made again says the same again.
 */
const before = ({ id, asOf, workspaceId }: AskingRun): Query => sql`
  select * from run where id <> ${id} and workspace is not distinct from ${workspaceId}::bigint and (as_of < ${asOf} or as_of = ${asOf}
    and made < coalesce((select made from run where id = ${id}), 9223372036854775807))`

/** Null where there is no such run. */
export async function planBefore(db: Database, run: AskingRun): Promise<Plan | null> {
  const text = await db.scalar(sql`select plan from (${before(run)}) order by as_of desc, made desc limit 1`)
  return text === null ? null : (keptPlan.parse(JSON.parse(String(text))) as unknown as Plan)
}

/** As far as it must hold for two plans to be compared. */
const keptValue = z.looseObject({ type: z.string() })
const keptPlan = z.looseObject({
  version: z.string(),
  origin: z.string(),
  attributes: z.record(z.string(), keptValue),
  events: z.record(
    z.string(),
    z.looseObject({ aliases: z.array(z.string()), properties: z.record(z.string(), keptValue) }),
  ),
  byIntent: z.array(z.unknown()),
})

const outlookOf = (run: Row, results: readonly Row[]): Outlook => ({
  ...lookOf(run),
  leftOut: results.filter(({ version }) => version === null).map(({ rule }) => String(rule)),
  rules: results.map(({ rule }) => String(rule)),
})

/** What the runs before this one said that looked at the same things, oldest first. */
export async function trendBefore(db: Database, run: AskingRun, outlook: Outlook): Promise<TrendPoint[]> {
  const runs = await db.rows(sql`select *, ${lookDays} as days from (${before(run)}) order by as_of, made`)
  const results = Map.groupBy(
    await db.rows(sql`
      select r.* from rule_result r join (${before(run)}) b on b.id = r.run order by r.run, r.position`),
    ({ run: id }) => id,
  )
  return runs.flatMap((row) => {
    const own = results.get(row['id'] ?? null) ?? []
    if (!lookAlike(outlookOf(row, own), outlook)) return []
    const sum = (column: string): number => own.reduce((all, result) => all + Number(result[column]), 0)
    return {
      runId: String(row['id']),
      asOf: String(row['as_of']),
      decision: row['decision'] as Decision,
      blocking: Number(row['blocking']),
      findings: { total: sum('total'), new: sum('fresh') },
      rules: Object.fromEntries(
        own.map(({ rule, status, affected, rate, total, fresh }) => [
          String(rule),
          {
            status: status as RuleResult['status'],
            affected: Number(affected),
            rate: rate === null || rate === undefined ? null : Number(rate),
            findings: { total: Number(total), new: Number(fresh) },
          },
        ]),
      ),
    }
  })
}
