import type { AuditReport, SourceKind } from './report.ts'

/** What a run could see. Two runs that saw differently cannot say of each other's findings that they are gone. */
export interface Vantage {
  /** Sorted. */
  readonly sources: readonly SourceKind[]
  /** Length of the window in days. */
  readonly days: number
  /** Only some of the people were read: what is not found may be with the others. */
  readonly sampled: boolean
}

/** Findings that somebody accepted as known (`cio-audit.baseline.json`), and how they had been looked for. */
export interface Baseline {
  /** The "now" of the run that accepted them. */
  readonly asOf: string
  /** What their fingerprints are keyed with. */
  readonly workspaceId: number | null
  readonly vantage: Vantage
  /** By rule: the version of the rule that found them (see `ruleVersion`), and their fingerprints. */
  readonly rules: Readonly<Record<string, KnownOfRule>>
}

export interface KnownOfRule {
  readonly version: string
  readonly fingerprints: readonly string[]
}

/** A finding by its name. */
export interface FindingName {
  readonly rule: string
  readonly fingerprint: string
}

export function vantageOver(
  sources: AuditReport['sources'],
  { since, until }: { readonly since: Date; readonly until: Date },
  sampled: boolean,
): Vantage {
  return {
    sources: [...new Set(sources.map(({ kind }) => kind))].toSorted(),
    days: Number(((until.getTime() - since.getTime()) / 86_400_000).toFixed(2)),
    sampled,
  }
}

export const vantageOfReport = ({ sources, run }: Pick<AuditReport, 'sources' | 'run'>): Vantage =>
  vantageOver(
    sources,
    { since: new Date(run.window.since), until: new Date(run.window.until) },
    run.sample !== null,
  )

/** The moment at which a pull ends moves by hours from run to run, and so does a window of thirty days. */
export const slackDays = 0.5

/** A run with other sources, or a shorter window, may miss what is still there. */
export function seesAsMuch(now: Vantage, before: Vantage): boolean {
  return !now.sampled && now.sources.join() === before.sources.join() && now.days >= before.days - slackDays
}
