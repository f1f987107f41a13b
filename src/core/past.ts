import type { Baseline } from './baseline.ts'
import type { Absence, AskingRun, PlanComparison } from './plan-history.ts'

/** How many events there were of each name, on days that a run saw from their first to their last minute. */
export interface DailyCounts {
  /** `2026-11-23`, UTC. A name without a count on such a day did not come. */
  readonly days: readonly string[]
  readonly counts: readonly { readonly day: string; readonly name: string; readonly events: number }[]
}

export const noCounts: DailyCounts = { days: [], counts: [] }

/** What runs before this one left behind. A run never hears of itself, so that it gives the same report again. */
export interface Past {
  /** How the plan differs from that of the run before, or why nobody knows. */
  comparePlan(run: AskingRun): Promise<PlanComparison | Absence>
  /** Of the baseline, what an earlier run no longer found: it was mended, and where it is back it is new. */
  mended(run: AskingRun, baseline: Baseline): Promise<ReadonlySet<string>>
  dailyCounts(run: AskingRun): Promise<DailyCounts>
}
