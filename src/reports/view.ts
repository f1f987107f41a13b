import type { AuditReport, Finding, RuleResult, StreamLine } from '../core/report.ts'

/** What every format shows alike: order, plurals, spelling of numbers. Fixed to English, free of the machine's locale. */
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })
const amount = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

export const number = (value: number): string => grouped.format(value)

/** `9,310.50 USD` */
export const money = (value: number, currency: string): string => `${amount.format(value)} ${currency}`

/** Two digits that mean something: `12 %`, `1.2 %`, `0.05 %`. */
export function percent(share: number): string {
  const value = share * 100
  const digits = value === 0 || value >= 10 ? 0 : value >= 1 ? 1 : 2
  return value > 0 && value < 0.01 ? 'under 0.01 %' : `${Number(value.toFixed(digits))} %`
}

/** `1 finding`, `2 findings`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${number(count)} ${count === 1 ? one : many}`

/** Units whose singular is more than an s less. */
const singulars: Readonly<Record<string, string>> = {
  people: 'person',
  pushes: 'push',
  activities: 'activity',
  'logins and signups': 'login or signup',
}

/** The unit of a finding, which is plural, as it goes with a count. */
export const unitFor = (count: number, unit: string): string =>
  count === 1 ? (singulars[unit] ?? unit.replace(/(?<!s)s$/, '')) : unit

export const sentence = (text: string): string => (/[.!?:]$/.test(text) ? text : `${text}.`)
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** `2026-11-23 12:00 UTC` */
export const minute = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
export const day = (iso: string): string => iso.slice(0, 10)

/** What a rule asks of its reader; the order in which the table and every other summary shows them. */
export const attentions = ['fail', 'warn', 'inconclusive', 'note', 'pass', 'skipped'] as const
export type Attention = (typeof attentions)[number]

export function attention(rule: RuleResult): Attention {
  if (rule.status !== 'fail') return rule.status
  if (rule.severity === 'error') return 'fail'
  return rule.severity === 'warn' ? 'warn' : 'note'
}

export function byAttention(rules: readonly RuleResult[]): ReadonlyMap<Attention, readonly RuleResult[]> {
  const groups = new Map<Attention, readonly RuleResult[]>()
  for (const kind of attentions) {
    const group = rules.filter((rule) => attention(rule) === kind)
    if (group.length > 0) groups.set(kind, group)
  }
  return groups
}

/** `12 of 1,000 profiles`, or the bare count where findings and population are counted in other units. */
export function extent(rule: RuleResult): string {
  const { count, unit } = rule.population
  return rule.rate === null
    ? `${number(rule.affected)} affected`
    : `${number(rule.affected)} of ${number(count)} ${unit}`
}

/** `3 findings (1 waived)` */
export function foundText({ findings }: RuleResult): string {
  const parts = [
    ...(findings.known > 0 ? [`${number(findings.known)} known`] : []),
    ...(findings.waived > 0 ? [`${number(findings.waived)} waived`] : []),
  ]
  return `${plural(findings.total, 'finding')}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`
}

/** The beginning of a value, which can be a megabyte long; what was cut is told by an ellipsis. */
export function brief(value: string, most = 400): string {
  if (value.length <= most) return value
  // Never half of a surrogate pair.
  return `${value.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** New findings, then known, then waived; within each the order of the report: what counts, the widest on top. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  const rank = { new: 0, known: 1, waived: 2 } as const
  return findings.toSorted((one, other) => rank[one.state] - rank[other.state])
}

export interface StreamSummary {
  readonly streams: number
  readonly complete: number
  readonly incomplete: readonly (StreamLine & { readonly source: string })[]
  readonly rejected: readonly { readonly stream: string; readonly count: number }[]
}

export function streamSummary(report: AuditReport): StreamSummary {
  const lines = report.sources.flatMap(({ kind, streams }) =>
    streams.map((stream) => ({ ...stream, source: kind })),
  )
  return {
    streams: lines.length,
    complete: lines.filter(({ complete }) => complete).length,
    incomplete: lines.filter(({ complete }) => !complete),
    rejected: lines
      .filter(({ rejected }) => rejected > 0)
      .map(({ name, rejected }) => ({ stream: name, count: rejected })),
  }
}

export type Journey = AuditReport['journeys'][number]

/** What is wrong comes first, and of that what concerns most people. */
export function byRisk({ journeys }: AuditReport): Journey[] {
  const rank = { 'no-go': 0, inconclusive: 1, go: 2 } as const
  return journeys.toSorted(
    (one, other) =>
      rank[one.decision] - rank[other.decision] ||
      other.people - one.people ||
      other.findings - one.findings ||
      one.id - other.id,
  )
}

/** Which workspace it is, and how it was looked at: `as of …, with the built-in plan.` */
export interface Heading {
  readonly name: string
  /** `workspace 101, EU region`; empty where neither is known. */
  readonly place: string
  readonly seen: string
}

/** What every report begins with. @param show - how a value of the workspace is written in this format. */
export function headingOf({ sources, run }: AuditReport, show: (value: string) => string): Heading {
  const source = sources.find(({ workspace }) => workspace.name !== null) ?? sources[0]
  const { asOf, window, plan, sample } = run
  const version = plan.origin === 'built-in' ? 'the built-in plan' : `the plan in ${show(plan.origin)}`
  return {
    name: source?.workspace.name ? show(source.workspace.name) : 'Workspace',
    place: [
      ...(source?.workspace.id ? [`workspace ${source.workspace.id}`] : []),
      ...(source?.region ? [`${source.region.toUpperCase()} region`] : []),
    ].join(', '),
    seen: `as of ${minute(asOf)}, looking back to ${day(window.since)}, with ${version}.${sample === null ? '' : ` ${sampleSentence(sample)}`}`,
  }
}

/** All counts of a sample are of those who were drawn. */
function sampleSentence({ people, of, seed }: NonNullable<AuditReport['run']['sample']>): string {
  return `A sample: ${number(people)} of ${plural(of, 'person', 'people')} were drawn (seed ${seed}), and all counts are of these.`
}
