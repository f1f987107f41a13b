import type { Settings } from '../core/settings.ts'
import type { Database } from '../engine/database.ts'
import type { Query } from '../engine/sql.ts'
import type { AuditOptions } from './index.ts'
import type { Rule } from './rule.ts'
import { contextOf } from './run-rule.ts'
import { offReason } from './selection.ts'

/** What every report tells, whichever rules run: counts, journeys, the push ledger, merge suggestions. */
const always: readonly string[] = [
  'profile',
  'device',
  'event',
  'event_name',
  'journey',
  'journey_variable',
  'journey_unread',
  'ledger_cell',
  'ledger_cart',
  'merge_device',
  'merge_suggestion',
  'reach',
]

/**
 * The tables of the model that this audit reads. Undefined means all: where every rule runs, and where a rule of somebody's
 * own does not say what it reads (it is then told of its mistake when it runs).
 */
export async function neededTables(
  db: Database,
  options: AuditOptions,
  asOf: Date,
): Promise<ReadonlySet<string> | undefined> {
  const chosen = options.rules.filter((rule) => offReason(rule.meta.id, options) === null)
  if (chosen.length === options.rules.length) return undefined
  const needed = new Set(always)
  for (const rule of chosen) {
    const tables = await tablesOf(db, rule, options.settings, asOf).catch(() => undefined)
    if (tables === undefined) return undefined
    for (const table of tables) needed.add(table)
  }
  return needed
}

/** What the queries of a rule name. */
export async function tablesOf(
  db: Database,
  rule: Rule,
  settings: Settings,
  asOf: Date,
): Promise<readonly string[]> {
  const context = contextOf(rule, settings, asOf)
  const queries: readonly (Query | undefined)[] = [
    rule.query(context),
    rule.evidence(context),
    rule.population(context),
    rule.parts?.(context),
    rule.doubt?.(context),
    rule.remark?.(context),
  ]
  const tables: string[] = []
  for (const query of queries) if (query !== undefined) tables.push(...(await db.tables(query)))
  return tables
}
