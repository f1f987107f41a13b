import type { Baseline } from '../core/baseline.ts'
import type { AskingRun } from '../core/plan-history.ts'
import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import type { FinishedRun } from './keep-run.ts'

/** One mark for each finding since its baseline was written: later runs that miss it too add nothing. */
export async function keepMended(
  db: Database,
  { report, mended, baselineAsOf }: Pick<FinishedRun, 'report' | 'mended' | 'baselineAsOf'>,
): Promise<void> {
  if (baselineAsOf === null || mended.length === 0) return
  await db.run(raw('create or replace temp table gone (fingerprint varchar)'))
  await db.append(
    'gone',
    mended.map(({ fingerprint }) => [fingerprint]),
  )
  const { asOf } = report.run
  await db.run(sql`
    insert into mended select fingerprint, ${asOf}::timestamp from gone where fingerprint not in (
      select fingerprint from mended where as_of > ${baselineAsOf}::timestamp and as_of <= ${asOf}::timestamp)`)
  await db.run(raw('drop table gone'))
}

/**
 * What was found mended after the baseline was accepted and before this run. A baseline that is written anew is younger
 * than the marks, so they no longer count.
 */
export async function mendedBefore(
  db: Database,
  { asOf }: AskingRun,
  baseline: Baseline,
): Promise<ReadonlySet<string>> {
  const rows = await db.rows(sql`
    select distinct fingerprint from mended where as_of > ${baseline.asOf}::timestamp and as_of < ${asOf}`)
  return new Set(rows.map(({ fingerprint }) => String(fingerprint)))
}
