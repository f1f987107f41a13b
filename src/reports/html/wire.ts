/**
 * What the page gets of the findings: compact, since a hundred thousand of them stand in one file. Types alone, shared by
 * what writes it and by the script that reads it in the browser. Every text is already as it may be shown.
 */

/** The facts of the rules and the words that rows point at. */
export interface Facts {
  readonly rules: readonly RuleFacts[]
  readonly severities: readonly string[]
  readonly states: readonly string[]
  readonly kinds: readonly string[]
}

export interface RuleFacts {
  readonly id: string
  readonly category: string
  readonly title: string
  readonly why: string
  /** What the rule asks of its reader, and its place in the order of that. */
  readonly word: string
  readonly tone: string
  readonly rank: number
  readonly evidenceFile: string
}

/** A part of the findings. `words` and `journeys` are appended to those of the parts before. */
export interface Chunk {
  readonly words: readonly string[]
  readonly journeys: readonly (readonly [id: number, name: string])[]
  readonly rows: readonly Row[]
}

/** Numbers without a name are places in the lists of `Facts` or among the words; times are Unix seconds, 0 where unknown. */
export type Row = readonly [
  fingerprint: string,
  rule: number,
  severity: number,
  state: number,
  kind: number,
  key: string,
  /** Empty where it is the key. */
  label: string,
  message: string,
  affected: number,
  unit: number,
  firstSeen: number,
  lastSeen: number,
  journeys: readonly number[],
  /** -1 where it was left out. */
  remediation: number,
  /** The beginning, a word, and what follows it; 0 without one. A hundred thousand links begin alike. */
  link: readonly [start: number, end: string] | 0,
  evidence: Records | 0,
]

export interface Records {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** After the last part: what was left out so that the file stays small. */
export interface Rest {
  readonly written: number
  readonly leftOut: number
}
