import type { Vantage } from './baseline.ts'
import type { AuditReport, Decision, RuleResult, Subject } from './report.ts'

/** One of two runs that are compared, from the history or from the files of a report. */
export interface Side {
  readonly runId: string
  readonly asOf: string
  readonly workspaceId: number | null
  readonly decision: Decision
  readonly tool: string
  readonly plan: AuditReport['run']['plan']
  readonly vantage: Vantage
  /** Journeys that the verdict was asked for; none where it was about the workspace. */
  readonly journeys: readonly number[]
  readonly rules: ReadonlyMap<string, SideRule>
  findings(): AsyncIterable<readonly SideFinding[]>
}

export interface SideRule extends Pick<RuleResult, 'status' | 'severity' | 'affected' | 'rate'> {
  /** See `ruleVersion`; null where nobody kept it. */
  readonly version: string | null
  readonly findings: number
  /** How many of them were known or waived. */
  readonly accepted: number
}

export interface SideFinding {
  readonly rule: string
  readonly fingerprint: string
  readonly affected: number
  /** Null where it is not kept: the history holds nobody whom a finding is about. */
  readonly subject: Pick<Subject, 'kind' | 'key'> | null
}

/** `differently`: came, went or changed, but the two runs did not judge alike. */
export const changeKinds = ['new', 'fixed', 'worse', 'better', 'differently'] as const
export type ChangeKind = (typeof changeKinds)[number]
export type ChangeCounts = Readonly<Record<ChangeKind | 'same', number>>

export interface Change {
  readonly change: ChangeKind
  readonly fingerprint: string
  readonly subject: SideFinding['subject']
  /** Null where the run did not find it. */
  readonly before: number | null
  readonly after: number | null
}

export interface RuleComparison {
  readonly rule: string
  readonly severity: RuleResult['severity']
  readonly status: {
    readonly before: RuleResult['status'] | null
    readonly after: RuleResult['status'] | null
  }
  /** Why the two runs cannot be held against each other for this rule; null where they can. */
  readonly differs: string | null
  readonly counts: ChangeCounts
  readonly changes: readonly Change[]
}

export interface Comparison {
  readonly before: Side
  readonly after: Side
  readonly notices: readonly string[]
  readonly counts: ChangeCounts
  readonly rules: readonly RuleComparison[]
}
