import type { AuditReport, Decision } from '../core/report.ts'
import type { TrendPoint } from '../core/trend.ts'
import { grid, paint, show, type Page, type Style } from './grid.ts'
import { verdictTrend } from './sparkline.ts'
import { sentence, streamSummary } from './view.ts'

const words: Readonly<Record<Decision, { mark: string; word: string; style: Style }>> = {
  go: { mark: '✔', word: 'GO', style: 'green' },
  'no-go': { mark: '✖', word: 'NO-GO', style: 'red' },
  inconclusive: { mark: '?', word: 'INCONCLUSIVE', style: 'cyan' },
}

/** The last thing on the page: the decision, why, and what to do next. */
export function verdictSection(page: Page, report: AuditReport, trend: readonly TrendPoint[] = []): string[] {
  const { decision, reason } = report.verdict
  const { mark, word, style } = words[decision]
  const line = verdictTrend(trend, report)
  return [
    '',
    paint(page, style, '─'.repeat(page.width)),
    ...grid(page, [
      {
        mark,
        style,
        lines: [
          { text: `${word}${about(report)}: ${sentence(show(reason))}`, style },
          ...elsewhere(report),
          ...because(report),
          ...(line === null ? [] : [`New findings in the last runs: ${line}`]),
          ...next(report),
        ],
      },
    ]),
  ]
}

/** The journeys that were asked for, as a verdict about them must not be read as one about the workspace. */
function about({ scope, journeys }: AuditReport): string {
  if (scope === undefined) return ''
  const names = scope.journeys.map((id) => journeys.find((journey) => journey.id === id)?.name ?? String(id))
  return ` for ${show(names.join(', '))}`
}

function elsewhere({ elsewhere: other }: AuditReport): string[] {
  if (other === undefined) return []
  const rules = other.failing === 1 ? 'rule fails' : 'rules fail'
  const findings = other.findings === 1 ? 'finding' : 'findings'
  return [
    `Elsewhere: ${other.failing} ${rules}, ${other.findings} ${findings}; the verdict does not count them.`,
  ]
}

/** More names than this hide the first ones, and all of them stand above. */
const mostNamed = 8

/** `verdict.inconclusive` names rules and checklist items; a rule is told by its slash. */
const isRule = (name: string): boolean => name.includes('/')

function because({ verdict }: AuditReport): string[] {
  const [label, rules] =
    verdict.decision === 'no-go'
      ? ['Blocking', verdict.blocking]
      : ['Not judged', verdict.inconclusive.filter(isRule)]
  if (rules.length === 0) return []
  const [named, rest] = [rules.slice(0, mostNamed).map(show), rules.length - mostNamed]
  return [`${label}: ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`]
}

function next(report: AuditReport): string[] {
  const { verdict } = report
  if (verdict.decision === 'go') {
    return ['Next: launch. Run the audit again after each app release and before each new journey.']
  }
  if (verdict.decision === 'no-go') {
    const first = show(verdict.blocking[0] ?? '')
    return [
      `Next: mend what failed, from the top; \`cio-audit rules explain ${first}\` says how. Then run the audit again.`,
      'Until then keep the journeys that depend on it paused.',
    ]
  }
  const open = report.checklist.filter(({ status, attested }) => status === 'unproven' && attested === null)
  const cut = streamSummary(report).incomplete.length > 0
  return [
    ...(cut
      ? ['Next: get the incomplete streams read ("What was read" above says why they ended), then run again.']
      : []),
    ...(verdict.inconclusive.some(isRule)
      ? ['`cio-audit doctor` tells what the rules are waiting for.']
      : []),
    ...(open.length > 0
      ? [
          `Nothing in the data can show ${open.map(({ item }) => item).join(', ')}: whoever can vouch for it does so under \`attest:\` in cio-audit.yaml.`,
        ]
      : []),
  ]
}
