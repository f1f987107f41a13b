import type { AuditReport, RuleResult } from '../core/report.ts'
import type { TrendPoint } from '../core/trend.ts'
import { grid, heading, markStyle, show, type Entry, type Line, type Page } from './grid.ts'
import { attentionSigns } from './signs.ts'
import { ruleTrend } from './sparkline.ts'
import {
  attention,
  byAttention,
  capital,
  extent,
  foundText,
  number,
  plural,
  sentence,
  worstFirst,
  type Attention,
} from './view.ts'
import { shorten } from './width.ts'

const examplesShown = 2

/** What fails, warns or could not be judged, the worst first, each with its reason and one or two examples. */
export function attentionSection(page: Page, report: AuditReport, trend: readonly TrendPoint[]): string[] {
  const groups = byAttention(report.rules)
  const shown = (['fail', 'warn', 'inconclusive', 'note'] as const).flatMap((kind) => groups.get(kind) ?? [])
  if (shown.length === 0) return []
  const counts = [
    ['fail', 'fail', 'fails'],
    ['warn', 'warn', 'warns'],
    ['inconclusive', 'inconclusive', 'inconclusive'],
    ['note', 'to note', 'to note'],
  ] as const
  const told = counts.flatMap(([kind, many, one]) => {
    const count = groups.get(kind)?.length ?? 0
    return count === 0 ? [] : [`${number(count)} ${count === 1 ? one : many}`]
  })
  return [
    ...heading(page, `Needs attention: ${told.join(', ')}`),
    ...shown.flatMap((rule) => ['', ...grid(page, [ruleEntry(page, rule, trend)])]),
  ]
}

function ruleEntry(page: Page, rule: RuleResult, trend: readonly TrendPoint[]): Entry {
  const { mark, word } = attentionSigns[attention(rule)]
  const listed = worstFirst(rule.findings.listed)
  const [worst] = listed
  const line = rule.status === 'fail' ? ruleTrend(trend, rule) : null
  const examples = listed.slice(0, examplesShown).map((finding): Line => ({
    lead: '– ',
    text: shorten(show(finding.message), page.width * 2),
    style: 'dim',
  }))
  const remedy: Line[] = worst ? [{ lead: '→ ', text: shorten(show(worst.remediation), page.width * 3) }] : []
  return {
    mark,
    lines: [
      { text: `${word}  ${show(rule.rule)}`, style: markStyle(mark) },
      capital(sentence(show(rule.reason))),
      ...(rule.findings.total > 0 ? [`${foundText(rule)}; ${extent(rule)}.`] : []),
      ...(line === null ? [] : [`Affected in the last runs: ${line}`]),
      ...examples,
      ...remedy,
    ],
  }
}

/** One line for each passing rule that still found something; the others fold into one. */
export function passedSection(page: Page, report: AuditReport): string[] {
  const groups = byAttention(report.rules)
  const passed = groups.get('pass') ?? []
  const skipped = groups.get('skipped') ?? []
  if (passed.length + skipped.length === 0) return []
  const withFindings = passed.filter(({ findings }) => findings.total > 0)
  const clean = passed.filter(({ findings }) => findings.total === 0)
  const byReason = Map.groupBy(skipped, ({ reason }) => reason)
  return [
    ...heading(page, `Fine: ${plural(passed.length, 'rule passes', 'rules pass')}`),
    ...grid(page, [
      ...withFindings.map((rule) =>
        entry('pass', `${show(rule.rule)}: ${foundText(rule)}, within the limit`),
      ),
      ...(clean.length > 0
        ? [entry('pass', `Nothing found: ${clean.map(({ rule }) => show(rule)).join(', ')}`)]
        : []),
      ...[...byReason].map(([reason, rules]) =>
        entry('skipped', `Skipped (${show(reason)}): ${rules.map(({ rule }) => show(rule)).join(', ')}`),
      ),
    ]),
  ]
}

const entry = (kind: Attention, text: string): Entry => ({ mark: attentionSigns[kind].mark, lines: [text] })
