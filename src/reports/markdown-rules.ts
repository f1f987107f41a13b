import type { AuditReport, RuleResult } from '../core/report.ts'
import { markdownCode, markdownText } from './escape.ts'
import type { Section } from './markdown-page.ts'
import { attentionSigns } from './signs.ts'
import {
  brief,
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

/** Findings shown of a rule; the rest is counted. */
const mostShown = 10

const titles: Readonly<Partial<Record<Attention, string>>> = {
  fail: 'What fails',
  warn: 'What warns',
  inconclusive: 'What could not be judged',
  note: 'Worth knowing',
}

/** The rules that ask for the same attention, each with its worst findings. */
export function attentionRules(report: AuditReport, kind: Attention): Section {
  const rules = byAttention(report.rules).get(kind) ?? []
  return {
    head: `\n## ${titles[kind] ?? kind} (${plural(rules.length, 'rule')})\n`,
    blocks: rules.map((rule) => ruleBlock(kind, rule)),
    rest: (left) => `And ${plural(left, 'more rule')}, which did not fit here: report.json names them.`,
  }
}

function ruleBlock(kind: Attention, rule: RuleResult): string {
  const shown = worstFirst(rule.findings.listed).slice(0, mostShown)
  const rest = rule.findings.total - shown.length
  const [worst] = shown
  const counts = rule.findings.total > 0 ? ` ${foundText(rule)}; ${markdownText(extent(rule))}.` : ''
  return [
    '',
    `### ${attentionSigns[kind].mark} ${markdownText(rule.rule)}`,
    '',
    `${markdownText(brief(sentence(capital(rule.reason))))}${counts}`,
    ...(shown.length === 0 ? [] : ['']),
    ...shown.map(({ message }) => `- ${markdownText(brief(message))}`),
    ...(rest > 0 && shown.length > 0 ? [`- and ${number(rest)} more, all of them in findings.csv`] : []),
    ...(worst === undefined ? [] : ['', `**Mend:** ${markdownText(brief(worst.remediation, 800))}`]),
    '',
  ].join('\n')
}

export function fineSection(report: AuditReport): Section {
  const groups = byAttention(report.rules)
  const passed = groups.get('pass') ?? []
  const skipped = Map.groupBy(groups.get('skipped') ?? [], ({ reason }) => reason)
  const clean = passed.filter(({ findings }) => findings.total === 0)
  const names = (rules: readonly RuleResult[]): string =>
    rules.map(({ rule }) => markdownCode(rule)).join(', ')
  return {
    head: `\n## Fine (${plural(passed.length, 'rule passes', 'rules pass')})\n\n`,
    blocks: [
      ...passed
        .filter(({ findings }) => findings.total > 0)
        .map((rule) => `- ✔ ${markdownCode(rule.rule)}: ${foundText(rule)}, within the limit\n`),
      ...(clean.length > 0 ? [`- ✔ Nothing found: ${names(clean)}\n`] : []),
      ...[...skipped].map(
        ([reason, rules]) => `- Skipped (${markdownText(brief(reason))}): ${names(rules)}\n`,
      ),
    ],
    rest: (left) => `And ${plural(left, 'more line')}, which did not fit here.`,
  }
}
