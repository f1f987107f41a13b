import { z } from 'zod'
import { durationForm, parseDuration } from '../core/duration.ts'
import type { ChecklistItem } from '../core/checklist.ts'
import type { SourceKind, Subject } from '../core/report.ts'
import type { Settings, Severity, Threshold } from '../core/settings.ts'
import type { Query } from '../engine/sql.ts'
import type { RuleExample } from './rule-example.ts'

export type { ExampleWorkspace, RuleExample } from './rule-example.ts'
export { counted } from '../core/counted.ts'
export { sql, type Query } from '../engine/sql.ts'

export const categories = [
  'identity',
  'devices',
  'attributes',
  'events',
  'journeys',
  'governance',
  'spot-check',
] as const
export type Category = (typeof categories)[number]
export type RuleId = `${Category}/${string}`

/**
 * What a rule must be able to see. `people` is who there is, `attributes` what is known of them and their devices;
 * `planned-events` each event that the plan or a journey names; `activities` everything that happened; `messages` what
 * was sent and what became of it; `journey-steps` the messages of journeys, `journey-metrics` how often they started. `needs.ts` says which streams of which source stand for them.
 * A need whose stream is missing or incomplete makes the rule inconclusive, never a pass.
 */
export const needs = [
  'people',
  'attributes',
  'planned-events',
  'activities',
  'messages',
  'campaigns',
  'journey-steps',
  'journey-metrics',
  'segments',
] as const
export type Need = (typeof needs)[number]

/**
 * What a run may be handed beside its sources: the shop's own orders, the plan of the run before, and how many events there
 * were on each day of six weeks and more. A rule that lives by one is skipped where the run has none.
 */
export const inputs = ['orders', 'earlier-plan', 'daily-counts'] as const
export type Input = (typeof inputs)[number]

/**
 * What people drawn at random (`--sample`) say of everybody.
 *
 * - `per-profile`, `per-device`, `per-event`, `per-push`: each record is judged by its person alone, so the share in the
 *   sample is the share of all, give or take. The name says what the person has one or several of.
 * - `found`: other people or other profiles matter too, or one case is enough. What is found is there, and more may be.
 * - `absence`: what is seen is there; what is not seen may be with the others.
 * - `whole`: it asks nothing of people.
 * - `never`: a sample says nothing, or the wrong thing.
 */
export const sampleUses = [
  'per-profile',
  'per-device',
  'per-event',
  'per-push',
  'found',
  'absence',
  'whole',
  'never',
] as const
export type SampleUse = (typeof sampleUses)[number]

/** How well a kind of source can show the defect. */
export type Sight = 'full' | 'partial' | 'none'

export interface RuleDocs {
  /** Why it matters to a retention programme, with a scenario. */
  readonly why: string
  /** How it decides, in words. */
  readonly decides: string
  /** What it cannot see, and where it stays quiet on purpose. */
  readonly blind: string
}

export interface RuleMeta {
  /** `<category>/<kebab-noun>`: the failing state; equals the path under `rules/`. */
  readonly id: RuleId
  /** Healthy: "No two profiles share an e-mail address". */
  readonly title: string
  /** Failing: "Some profiles share an e-mail address". */
  readonly failureTitle: string
  readonly severity: Severity
  /** The launch questions that this rule helps to answer; empty for rules that only inform. */
  readonly checklist: readonly ChecklistItem[]
  readonly needs: readonly Need[]
  /** What it compares the sources with, or judges in their stead. */
  readonly input?: Input
  readonly sources: Readonly<Record<SourceKind, Sight>>
  /** `never` without it. */
  readonly sample?: SampleUse
  readonly threshold: Threshold
  /** `rule`: affected over one population. `finding`: each finding against its own; the rule's rate is its worst. */
  readonly measuredBy: 'rule' | 'finding'
  /** What a finding is about. */
  readonly subject: Subject['kind']
  /** Unit of the population, plural: `profiles`, `tokens`, `events`. */
  readonly unit: string
  /** By which evidence it judges, where sources differ in that: told in the reason when files are connected. */
  evidence?(kinds: ReadonlySet<SourceKind>): string
  readonly docs: RuleDocs
}

export interface RuleContext<Options> {
  readonly options: Options
  readonly settings: Settings
  /** The run's "now". */
  readonly asOf: Date
}

/** What a mapper makes of a row of `query`. */
export interface FoundDefect {
  /** Its kind is the rule's `meta.subject`. */
  readonly subject: Omit<Subject, 'kind'>
  /** What the fingerprint goes by where it is not the subject's key (profiles: id, else e-mail, else cio_id). */
  readonly identity?: string
  readonly message: string
  readonly affected: number
  /** Unit of `affected`, plural. */
  readonly unit: string
  /** Among findings that weigh the same, those with the lower place are listed first; by name without it. */
  readonly place?: number
  /** Own population, for rules that are measured by finding. */
  readonly population?: number
  /** Not in the rule's rate: listed and told at this level, but it fails nothing. */
  readonly informative?: 'warn' | 'info'
  /** Worse than its rule: where such a finding passes the limit, the rule fails as an error. For rules measured by finding. */
  readonly raised?: 'error'
  readonly firstSeen?: string | null
  readonly lastSeen?: string | null
  /** Events and attributes that the finding is about: the runner names the journeys that use them. */
  readonly events?: readonly string[]
  readonly attributes?: readonly string[]
  readonly remediation?: string
}

/** An option such as `10s` or `12h`; rules see seconds. */
export function duration(fallback: string) {
  return z
    .string()
    .refine((text) => parseDuration(text) !== null, durationForm)
    .default(fallback)
    .transform((text) => parseDuration(text) as number)
}

export interface RuleDefinition<
  Row extends z.ZodObject,
  Evidence extends z.ZodObject,
  Options extends z.ZodObject,
> {
  readonly meta: RuleMeta
  /** Every option has a default and a description. */
  readonly options: Options
  /** One number, column `count`: how many records were tested. For rules measured by finding: what `unit` counts. */
  population(context: RuleContext<z.output<Options>>): Query
  /**
   * For rules measured by finding, what a finding could be about: column `label` (as in its label, or the beginning of it
   * before a dot), `population`, and `event` where all its records are events of one name, else null. In a sample the
   * parts without a finding may be too small to be called clean. Rules whose `sample` is a share need it.
   */
  parts?(context: RuleContext<z.output<Options>>): Query
  /** Reasons (column `reason`) why the data cannot be judged although it was read in full: the rule is inconclusive. */
  doubt?(context: RuleContext<z.output<Options>>): Query
  /** What stands beside the reason of the status (column `remark`, one row or none): whom the rule did not count, say. */
  remark?(context: RuleContext<z.output<Options>>): Query
  /** Columns of `query`. */
  readonly row: Row
  /** One row per finding. */
  query(context: RuleContext<z.output<Options>>): Query
  /** Pure: a row to what is said about it. */
  finding(row: z.output<Row>, context: RuleContext<z.output<Options>>): FoundDefect
  /** Columns of `evidence` after `subject` (the subject's key; `identity` too where the finding has one). */
  readonly evidenceRow: Evidence
  /** One row per affected record, with the key of its finding in column `subject`. Never capped. */
  evidence(context: RuleContext<z.output<Options>>): Query
  remediation(options: z.output<Options>): string
  readonly examples: readonly [RuleExample, RuleExample, ...RuleExample[]]
}

/** A rule with its types forgotten, as the runner holds it. */
export type Rule = RuleDefinition<z.ZodObject, z.ZodObject, z.ZodObject>

/** The one door for rules, ours and a user's. */
export function defineRule<
  Row extends z.ZodObject,
  Evidence extends z.ZodObject,
  Options extends z.ZodObject,
>(rule: RuleDefinition<Row, Evidence, Options>): Rule {
  return rule
}
