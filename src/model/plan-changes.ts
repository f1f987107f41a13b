import type { PlanComparison } from '../core/plan-history.ts'
import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'

/**
 * Filled by the audit, which is told of the run before; empty where there is none to compare with.
 *
 * - `plan_comparison`: one row. `entries`: attributes, events and properties of the earlier plan. `announced`: the version says
 *   that something breaks.
 * - `plan_change`: each difference between the two plans, under the event or attribute that it belongs to.
 */
export async function createPlanChanges(db: Database): Promise<void> {
  await db.run(
    raw(
      'create table plan_comparison (version varchar, earlier_version varchar, announced boolean, entries bigint)',
    ),
  )
  await db.run(
    raw(
      'create table plan_change (subject varchar, kind varchar, name varchar, path varchar, breaking boolean, change varchar)',
    ),
  )
}

export async function fillPlanChanges(db: Database, comparison: PlanComparison): Promise<void> {
  const { version, earlierVersion, announced, entries, changes } = comparison
  await db.append('plan_comparison', [[version, earlierVersion, announced, BigInt(entries)]])
  await db.append(
    'plan_change',
    changes.map((c) => [c.subject, c.kind, c.name, c.path, c.breaking, c.text]),
  )
}
