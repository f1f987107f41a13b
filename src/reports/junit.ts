import { checklist } from '../core/checklist.ts'
import type { AuditReport, ChecklistLine, RuleResult } from '../core/report.ts'
import { xmlText } from './escape.ts'
import type { Reporter } from './reporter.ts'
import { answer } from './signs.ts'
import { attention, brief, capital, extent, foundText, number, sentence, worstFirst } from './view.ts'

/** Findings told for each rule; the rest is counted, and stands in findings.csv. */
const mostTold = 10

type Outcome = 'passed' | 'failure' | 'error' | 'skipped'
interface Case {
  readonly name: string
  readonly outcome: Outcome
  readonly reason: string
  readonly properties: Readonly<Record<string, string | number>>
  /** Below the reason of what did not pass; for what passed it goes to `system-out`. */
  readonly lines: readonly string[]
}

/**
 * One suite for each category, one case for each rule. A failure is what makes the verdict NO-GO, an error what makes it
 * INCONCLUSIVE; a warning passes with what it found in `system-out`. The questions of the checklist are a suite of their
 * own, since one that nobody has proved must not look like a success.
 */
export const junit: Reporter = {
  files: ({ report }) => [{ path: 'junit.xml', content: () => render(report) }],
}

function* render(report: AuditReport): Iterable<string> {
  const suites = [...Map.groupBy(report.rules, ({ category }) => category)].map(([category, rules]) => ({
    name: category,
    cases: rules.map(ruleCase),
  }))
  suites.push({ name: 'launch checklist', cases: report.checklist.map((line) => questionCase(line, report)) })
  const all = suites.flatMap(({ cases }) => cases)
  yield '<?xml version="1.0" encoding="UTF-8"?>\n'
  yield `<testsuites name="cio-audit" ${counts(all)} time="0">\n`
  for (const { name, cases } of suites) yield suite(name, cases, report)
  yield '</testsuites>\n'
}

function suite(name: string, cases: readonly Case[], { run, verdict }: AuditReport): string {
  const facts = { verdict: verdict.decision, reason: verdict.reason, snapshot: run.snapshot }
  return [
    // JUnit's own form of a time has no zone.
    `  <testsuite name="${xmlText(name)}" ${counts(cases)} time="0" timestamp="${run.asOf.slice(0, 19)}">`,
    ...properties(facts, '    '),
    ...cases.flatMap((one) => caseLines(name, one)),
    '  </testsuite>\n',
  ].join('\n')
}

function counts(cases: readonly Case[]): string {
  const of = (outcome: Outcome): number => cases.filter((one) => one.outcome === outcome).length
  return `tests="${cases.length}" failures="${of('failure')}" errors="${of('error')}" skipped="${of('skipped')}"`
}

function caseLines(suiteName: string, { name, outcome, reason, properties: facts, lines }: Case): string[] {
  const text = lines.map(xmlText).join('\n')
  const message = xmlText(brief(reason))
  const tag = outcome === 'passed' ? 'system-out' : outcome
  const attributes = outcome === 'passed' ? '' : ` message="${message}"`
  const body = outcome === 'passed' ? [message, text].filter((part) => part !== '').join('\n') : text
  return [
    `    <testcase classname="${xmlText(`cio-audit.${suiteName}`)}" name="${xmlText(name)}" time="0">`,
    ...properties(facts, '      '),
    body === '' ? `      <${tag}${attributes}/>` : `      <${tag}${attributes}>${body}</${tag}>`,
    '    </testcase>',
  ]
}

function properties(facts: Case['properties'], indent: string): string[] {
  const lines = Object.entries(facts).map(
    ([name, value]) => `${indent}  <property name="${name}" value="${xmlText(brief(String(value)))}"/>`,
  )
  return lines.length === 0 ? [] : [`${indent}<properties>`, ...lines, `${indent}</properties>`]
}

function ruleCase(rule: RuleResult): Case {
  const { total, new: fresh, known, waived } = rule.findings
  return {
    name: rule.rule,
    outcome: outcomeOf(rule),
    reason: `${attention(rule) === 'warn' ? 'Warning: ' : ''}${sentence(capital(rule.reason))}`,
    properties: { severity: rule.severity, findings: total, new: fresh, known, waived },
    lines: told(rule),
  }
}

function outcomeOf(rule: RuleResult): Outcome {
  if (rule.status === 'skipped') return 'skipped'
  if (rule.status === 'inconclusive') return 'error'
  return attention(rule) === 'fail' ? 'failure' : 'passed'
}

function told(rule: RuleResult): string[] {
  if (rule.findings.total === 0) return []
  const shown = worstFirst(rule.findings.listed).slice(0, mostTold)
  const rest = rule.findings.total - shown.length
  const [worst] = shown
  return [
    `${foundText(rule)}; ${extent(rule)}.`,
    ...shown.map(({ message, fingerprint }) => `- ${brief(message)} [${fingerprint}]`),
    ...(rest > 0 ? [`- and ${number(rest)} more`] : []),
    ...(worst === undefined ? [] : [`How to mend it: ${brief(worst.remediation, 1000)}`]),
  ]
}

function questionCase(line: ChecklistLine, report: AuditReport): Case {
  const { mark, word } = answer(line, report)
  const outcome = line.status === 'fail' ? 'failure' : mark === '?' || mark === '○' ? 'error' : 'passed'
  return {
    name: `${line.item}: ${checklist[line.item]}`,
    outcome,
    reason: sentence(capital(word)),
    properties: {},
    lines: line.rules.length === 0 ? [] : [`Rules: ${line.rules.join(', ')}`],
  }
}
