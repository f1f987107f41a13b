import type { AuditReport, RuleResult } from '../core/report.ts'
import { brief, byAttention, extent, plural, streamSummary } from './view.ts'

const mostNamed = 3
const longestName = 120

/** A sentence, and where to read on for whoever has no page with the rule at hand. */
export interface Step {
  readonly text: string
  readonly more?: string
}

/** A step for where there is nothing else to read. */
export const inFull = ({ text, more }: Step): string =>
  more === undefined ? text : `${text.slice(0, -1)}; ${more}.`

/** What to do now, the most urgent first: at most three sentences, each of them taken from what the report says. */
export function nextSteps(report: AuditReport): readonly Step[] {
  return steps(report).map((step) => (typeof step === 'string' ? { text: step } : step))
}

function steps(report: AuditReport): readonly (string | Step)[] {
  const { decision } = report.verdict
  if (decision === 'go') return afterGo(report)
  return decision === 'no-go' ? afterNoGo(report) : afterInconclusive(report)
}

function afterGo(report: AuditReport): string[] {
  const [warning, ...more] = byAttention(report.rules).get('warn') ?? []
  const others = more.length === 0 ? '' : `, and ${plural(more.length, 'more warning')}`
  return [
    'launch.',
    ...(warning === undefined ? [] : [`look at ${warning.rule} (${extent(warning)})${others}.`]),
    'run the audit again after each app release and before each new journey.',
  ]
}

function afterNoGo(report: AuditReport): (string | Step)[] {
  const first = firstToMend(report)
  // With --journey the others are not what was asked about.
  const running = report.journeys.filter(
    ({ id, state, decision }) =>
      state === 'running' && decision === 'no-go' && (report.scope?.journeys.includes(id) ?? true),
  )
  return [
    ...(first === undefined
      ? []
      : [
          {
            text: `mend ${first.rule}${report.verdict.blocking.length > 1 ? ' first' : ''} (${extent(first)}${holding(report, first)}).`,
            more: `\`cio-audit rules explain ${first.rule}\` says how`,
          },
        ]),
    ...(running.length === 0
      ? []
      : [`pause until the audit says GO: ${named(running.map(({ name }) => name))}.`]),
    'run the audit again once it is mended.',
  ]
}

/** Of the blocking rules the one that most running journeys depend on; the first of the report where none does. */
function firstToMend(report: AuditReport): RuleResult | undefined {
  const blocking = report.rules.filter(({ rule }) => report.verdict.blocking.includes(rule))
  const [first, ...others] = blocking
  if (first === undefined) return undefined
  return others.reduce(
    (best, rule) => (journeysOn(report, rule) > journeysOn(report, best) ? rule : best),
    first,
  )
}

const journeysOn = ({ journeys }: AuditReport, { rule }: RuleResult): number =>
  journeys.filter(({ state, rules }) => state === 'running' && rules.includes(rule)).length

function holding(report: AuditReport, rule: RuleResult): string {
  const count = journeysOn(report, rule)
  return count === 0 ? '' : `, in the way of ${plural(count, 'running journey')}`
}

function afterInconclusive(report: AuditReport): (string | Step)[] {
  const { incomplete } = streamSummary(report)
  const open = report.checklist.filter(({ status, attested }) => status === 'unproven' && attested === null)
  const waiting = report.rules.filter(({ rule }) => report.verdict.inconclusive.includes(rule))
  return [
    ...(incomplete.length === 0
      ? []
      : [
          `get ${named(incomplete.map(({ name, ended }) => `${name} (${ended})`))} read to the end, and run again.`,
        ]),
    ...(waiting.length > 0 && report.run.sample !== null
      ? ['run the audit without --sample to settle what a sample leaves open.']
      : []),
    // What could not be read holds most rules up, and was said.
    ...(waiting.length > 0 && report.run.sample === null && incomplete.length === 0
      ? [waitingFor(waiting)]
      : []),
    ...(open.length === 0
      ? []
      : [
          `vouch under \`attest:\` in cio-audit.yaml for what nothing in the data can show: ${open.map(({ item }) => item).join(', ')}.`,
        ]),
  ]
}

function waitingFor([first, ...others]: readonly RuleResult[]): Step {
  const more = others.length === 0 ? '' : `, and ${plural(others.length, 'more rule')}`
  return {
    text: `settle ${first!.rule}, which could not be judged (${brief(first!.reason, longestName)})${more}.`,
    more: '`cio-audit doctor` says what a run can read',
  }
}

function named(names: readonly string[]): string {
  const rest = names.length - mostNamed
  return `${names
    .slice(0, mostNamed)
    .map((name) => brief(name, longestName))
    .join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
