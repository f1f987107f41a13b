import type { AuditReport, RuleResult } from '../core/report.ts'
import { workflowProperty, workflowText } from './escape.ts'
import { renderMarkdown } from './markdown.ts'
import type { Place, Reporter, ReportInput } from './reporter.ts'
import { decisionSigns } from './signs.ts'
import {
  attention,
  brief,
  byAttention,
  capital,
  extent,
  foundText,
  plural,
  sentence,
  worstFirst,
} from './view.ts'

type Kind = 'error' | 'warning' | 'notice'
interface Annotation {
  readonly kind: Kind
  readonly title: string
  readonly text: string
  readonly place: Place | null
}

/** GitHub shows so many of each kind for a step, and fifty for a job; what is over is dropped without a word. */
const mostOfKind = 10

/** The summary of the step as a file; `annotations` go to standard output, where the runner reads them. */
export const github: Reporter = {
  files: ({ report }) => [{ path: 'github-summary.md', content: () => [renderMarkdown(report)] }],
}

/**
 * One annotation for the verdict and one for each rule that asks for attention: with ten of a kind, ten findings of the
 * first rule would hide every other rule.
 */
export function annotations({ report, place }: Pick<ReportInput, 'report' | 'place'>): string {
  const groups = byAttention(report.rules)
  const all = [
    ofVerdict(report),
    ...(['fail', 'warn', 'inconclusive', 'note'] as const)
      .flatMap((name) => groups.get(name) ?? [])
      .map((rule) => ofRule(rule, place(rule.rule))),
  ]
  const kinds = ['error', 'warning', 'notice'] as const
  const shown = kinds.flatMap((kind) => all.filter((one) => one.kind === kind).slice(0, mostOfKind))
  const hidden = all.length - shown.length
  return [
    ...shown.map(command),
    ...(hidden === 0
      ? []
      : [
          `${plural(hidden, 'rule is', 'rules are')} not annotated: GitHub shows ${mostOfKind} annotations of a kind. The summary has them all.\n`,
        ]),
  ].join('')
}

/**
 * Text on standard output that holds values of the workspace, so that the runner obeys none of it: a line of a table can
 * begin with any word. The token is the snapshot's hash, which no value in the snapshot can know.
 */
export function quietly(text: string, { run }: AuditReport): string {
  const token = `cio-audit-${run.snapshot.replace(/\W/g, '')}-${run.id.replace(/\W/g, '')}`
  return `::stop-commands::${token}\n${text.endsWith('\n') ? text : `${text}\n`}::${token}::\n`
}

function ofVerdict({ verdict }: AuditReport): Annotation {
  const { decision, reason } = verdict
  const kind = ({ 'no-go': 'error', inconclusive: 'warning', go: 'notice' } as const)[decision]
  const text = `${decisionSigns[decision].word}: ${sentence(reason)}`
  return { kind, title: 'cio-audit', text, place: null }
}

function ofRule(rule: RuleResult, place: Place | null): Annotation {
  const kinds = { fail: 'error', warn: 'warning', inconclusive: 'warning' } as const
  const level = attention(rule)
  const [worst] = worstFirst(rule.findings.listed)
  const parts = [
    sentence(capital(rule.reason)),
    ...(rule.findings.total > 0 ? [`${foundText(rule)}; ${extent(rule)}.`] : []),
    ...(worst === undefined
      ? []
      : [sentence(`The worst: ${brief(worst.message)}`), brief(worst.remediation)]),
  ]
  const kind = level === 'fail' || level === 'warn' || level === 'inconclusive' ? kinds[level] : 'notice'
  return { kind, title: rule.rule, text: parts.join(' '), place }
}

function command({ kind, title, text, place }: Annotation): string {
  const properties = [
    ...(place === null ? [] : [`file=${workflowProperty(place.file)}`, `line=${place.line}`]),
    `title=${workflowProperty(title)}`,
  ]
  return `::${kind} ${properties.join(',')}::${workflowText(brief(text, 2000))}\n`
}
