import type { AuditReport, RuleResult } from '../core/report.ts'
import type { RulePoint, TrendPoint } from '../core/trend.ts'
import { terminalText } from './escape.ts'
import { about, elsewhere } from './table-verdict.ts'
import { brief, day, extent, foundText, number, plural, sentence } from './view.ts'

/** What a channel is told, and whether it differs from the run before. */
export interface Notification {
  readonly text: string
  /** Another verdict, or other failing rules, than in the run before; a first run has none before it. */
  readonly isChange: boolean
}

const verdicts = { go: '✅ GO', 'no-go': '❌ NO-GO', inconclusive: '⚠️ INCONCLUSIVE' } as const
/** A message is glanced at; the rest is behind the link. */
const mostRules = 8
const longestName = 80

/**
 * The message after a run, for a report that is masked already: the verdict, what is new since the run before, and where
 * to read on. Rules and counts, no findings: nobody's address belongs into a channel.
 */
export function renderNotification(
  report: AuditReport,
  trend: readonly TrendPoint[],
  link: string | null,
): Notification {
  const before = trend.at(-1)
  const failing = report.rules.filter(({ status }) => status === 'fail')
  // A rule that the run before did not know was not asked by it either.
  const statusBefore = ({ rule }: RuleResult): RuleResult['status'] =>
    before?.rules[rule]?.status ?? 'skipped'
  const unasked = failing.filter((rule) => statusBefore(rule) === 'skipped')
  const added = failing.filter((rule) => !['fail', 'skipped'].includes(statusBefore(rule)))
  const passed = report.rules.filter((rule) => rule.status === 'pass' && statusBefore(rule) === 'fail')
  const moved = added.length + unasked.length + passed.length
  const mended = passed.filter((rule) => isMended(rule, before?.rules[rule.rule]))
  const accepted = passed.filter((rule) => !mended.includes(rule))
  const { decision, reason } = report.verdict
  const lines = [
    `*${verdicts[decision]}*${about(report, nameText)}${nameOf(report)}: ${sentence(slackText(reason))}`,
    ...elsewhere(report),
    ...(before === undefined
      ? ruleLines('Failing', failing)
      : [
          ...(before.decision === decision
            ? []
            : [`Before (${day(before.asOf)}): ${verdicts[before.decision]}.`]),
          ...ruleLines(`New since ${day(before.asOf)}`, added),
          ...ruleLines(`Failing, and skipped on ${day(before.asOf)}`, unasked),
          ...ruleLines('Mended', mended),
          ...ruleLines('Accepted (as known, waived or within the limits)', accepted, foundText),
          ...(moved === 0
            ? [`The same ${plural(failing.length, 'rule')} failing as on ${day(before.asOf)}.`]
            : []),
        ]),
    ...(link === null ? [] : [`<${linkText(link)}|The report>`]),
  ]
  return {
    text: lines.join('\n'),
    isChange: before !== undefined && (before.decision !== decision || moved > 0),
  }
}

const nameText = (name: string): string => slackText(brief(name, longestName))

function nameOf({ sources, scope }: AuditReport): string {
  const name = sources.map(({ workspace }) => workspace.name).find((one) => one !== null)
  return name === undefined || name === null ? '' : ` ${scope === undefined ? '' : 'in '}${nameText(name)}`
}

/** A rule also passes where somebody accepted what it finds, by a baseline, a waiver or another limit: nothing was done then. */
function isMended({ findings: now }: RuleResult, before: RulePoint | undefined): boolean {
  if (now.total === 0 || before === undefined) return true
  const accepted = (counts: RulePoint['findings']): number => counts.total - counts.new
  return now.total < before.findings.total && accepted(now) <= accepted(before.findings)
}

/** Errors first: what blocks is what one wants to read. */
function ruleLines(title: string, rules: readonly RuleResult[], size = extent): string[] {
  if (rules.length === 0) return []
  const rank = { error: 0, warn: 1, info: 2 } as const
  const sorted = rules.toSorted((one, other) => rank[one.severity] - rank[other.severity])
  const rest = sorted.length - mostRules
  return [
    `${title}:`,
    ...sorted
      .slice(0, mostRules)
      .map((rule) => `• ${slackText(rule.rule)} (${rule.severity}; ${slackText(size(rule))})`),
    ...(rest > 0 ? [`• and ${number(rest)} more`] : []),
  ]
}

/**
 * Slack reads `<!channel>` and `<https://…|text>` out of a text unless these three are written out; others that take the
 * same messages call everybody at a bare `@all`, which a word joiner keeps from being one.
 */
const slackText = (text: string): string =>
  terminalText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '@\u2060')

/** Only what an address may hold; it was parsed as one before. */
const linkText = (link: string): string => link.replaceAll(/[<>|\s]/g, encodeURIComponent)
