import type { AuditReport, Finding, RuleResult, StreamLine } from '../core/report.ts'

/** What every format shows alike: order, plurals, spelling of numbers. Fixed to English, free of the machine's locale. */
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })
const money = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

export const number = (value: number): string => grouped.format(value)

/** Two digits that mean something: `12 %`, `1.2 %`, `0.05 %`. */
export function percent(share: number): string {
  const value = share * 100
  const digits = value === 0 || value >= 10 ? 0 : value >= 1 ? 1 : 2
  return value > 0 && value < 0.01 ? 'under 0.01 %' : `${Number(value.toFixed(digits))} %`
}

/** `1 finding`, `2 findings`; units of a report are plural already and stay as they are. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${number(count)} ${count === 1 ? one : many}`

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

type Cells = AuditReport['ledger']['all']
export interface Reach {
  readonly people: number
  readonly reachable: number
  readonly dormant: number
  readonly unreachable: number
  readonly unsubscribed: number
  readonly out: number
  readonly unknown: number
}

/** The push ledger in six numbers that sum to everybody. */
export function reach(cells: Cells): Reach {
  const sum = (fits: (cell: Cells[number]) => boolean): number =>
    cells.filter(fits).reduce((total, { profiles }) => total + profiles, 0)
  const optedIn = (cell: Cells[number]): boolean => cell.permission === 'in'
  return {
    people: sum(() => true),
    reachable: sum((cell) => optedIn(cell) && cell.device === 'deliverable'),
    dormant: sum((cell) => optedIn(cell) && cell.device === 'stale'),
    unreachable: sum((cell) => optedIn(cell) && cell.device !== 'deliverable' && cell.device !== 'stale'),
    unsubscribed: sum(({ permission }) => permission === 'unsubscribed'),
    out: sum(({ permission }) => permission === 'out'),
    unknown: sum(({ permission }) => permission === 'unknown'),
  }
}

/** The latest carts of people who said yes to push and have nothing that it can be sent to, by currency. */
export function cartsOutOfReach(cells: AuditReport['ledger']['intent']): readonly string[] {
  const amounts = new Map<string, number>()
  for (const { permission, device, cartValue } of cells) {
    if (permission !== 'in' || device === 'deliverable' || device === 'stale') continue
    for (const { currency, amount } of cartValue) amounts.set(currency, (amounts.get(currency) ?? 0) + amount)
  }
  return [...amounts]
    .filter(([, amount]) => amount > 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, amount]) => `${money.format(amount)} ${currency}`)
}
