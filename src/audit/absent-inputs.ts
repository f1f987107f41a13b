import type { Absence, PlanComparison } from '../core/plan-history.ts'
import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import type { AuditOptions } from './index.ts'
import type { Input } from './rule.ts'

/** What rules live by beside the sources and this run does not have, and why. */
export async function absentInputs(
  { orders }: Pick<AuditOptions, 'orders'>,
  comparison: PlanComparison | Absence | undefined,
  session: Database,
): Promise<ReadonlyMap<Input, Absence>> {
  const absent = new Map<Input, Absence>()
  if (orders === undefined)
    absent.set('orders', { status: 'skipped', reason: "needs the shop's own orders: --orders <csv>" })
  if (comparison === undefined)
    absent.set('earlier-plan', { status: 'skipped', reason: 'there is no history to compare the plan with' })
  else if ('reason' in comparison) absent.set('earlier-plan', comparison)
  if (!(await hasRhythm(session)))
    absent.set('daily-counts', {
      status: 'skipped',
      reason: 'needs six weeks of history: keep the state folder from run to run',
    })
  return absent
}

/** Six weeks, and a week to compare with them. */
const rhythmDays = 7 * 7

async function hasRhythm(session: Database): Promise<boolean> {
  return Number(await session.scalar(raw('select count(*) from known_day'))) >= rhythmDays
}
