import type { AuditReport, EvidenceRow, Subject } from '../core/report.ts'
import type { ListedFinding } from '../core/finding.ts'
import type { MergeSuggestion } from '../core/merge.ts'
import type { RuleText } from '../core/rule-text.ts'
import type { Timeline } from '../core/timeline.ts'
import type { TrendPoint } from '../core/trend.ts'

export interface Evidence {
  /** `fingerprint` first, then the rule's own. */
  readonly columns: readonly string[]
  readonly rows: AsyncIterable<readonly EvidenceRow[]>
  /**
   * The same, where nothing needs masking: whole lines as they stand in a CSV file, and between them the rows that it does
   * not take as they are. Read the rows or the records.
   */
  readonly records?: AsyncIterable<readonly EvidenceRow[] | Buffer>
}

/** A line of the user's own files: where the mending of a finding begins. */
export interface Place {
  /** Relative to the current folder, with `/`. */
  readonly file: string
  readonly line: number
}

/** A finished audit as the formats see it. What is long comes in chunks: a million findings cost no memory. */
export interface ReportInput {
  readonly report: AuditReport
  readonly timings: {
    readonly stages: Readonly<Record<string, number>>
    readonly rules: Readonly<Record<string, number>>
    readonly peakRssBytes: number
  }
  /** Runs of the same workspace before this one, oldest first. */
  readonly trend: readonly TrendPoint[]
  readonly timeline: Timeline
  /** What each rule's page says, by its id. */
  readonly texts: ReadonlyMap<string, RuleText>
  /** The line of the plan or the config that a rule, or a finding of it, is about; null where there is neither file. */
  place(rule: string, subject?: Subject): Place | null
  findings(rule?: string): AsyncIterable<readonly ListedFinding[]>
  /** Rules that have rows among the findings: with --journey also such that found something elsewhere alone. */
  readonly rulesFound: ReadonlySet<string>
  evidence(rule: string): Evidence
  merges(): AsyncIterable<readonly MergeSuggestion[]>
}

export interface ReporterOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly colour: boolean
  /** A byte order mark, for spreadsheets that take UTF-8 for something else without it. */
  readonly csvBom: boolean
}

export interface OutputFile {
  /** Relative to the output folder, with `/`. */
  readonly path: string
  /** To be read once, to the end, and in the order of the files: a manifest counts what was written before it. */
  content(): AsyncIterable<string | Buffer> | Iterable<string>
}

export interface Reporter {
  files(input: ReportInput, options: ReporterOptions): readonly OutputFile[]
}
