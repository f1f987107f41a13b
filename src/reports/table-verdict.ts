import type { AuditReport } from '../core/report.ts'
import type { TrendPoint } from '../core/trend.ts'
import { grid, markStyle, paint, show, type Line, type Page } from './grid.ts'
import { inFull, nextSteps } from './next-steps.ts'
import { decisionSigns } from './signs.ts'
import { verdictTrend } from './sparkline.ts'
import { sentence } from './view.ts'

/** The last thing on the page: the decision, why, and what to do next. */
export function verdictSection(page: Page, report: AuditReport, trend: readonly TrendPoint[] = []): string[] {
  const { decision, reason } = report.verdict
  const { mark, word } = decisionSigns[decision]
  const style = markStyle(mark)
  const line = verdictTrend(trend, report)
  return [
    '',
    paint(page, style, '─'.repeat(page.width)),
    ...grid(page, [
      {
        mark,
        lines: [
          { text: `${word}${about(report)}: ${sentence(show(reason))}`, style },
          ...elsewhere(report),
          ...because(report),
          ...(line === null ? [] : [`New findings in the last runs: ${line}`]),
          ...steps(report),
        ],
      },
    ]),
  ]
}

/** The journeys that were asked for, as a verdict about them must not be read as one about the workspace. */
export function about({ scope, journeys }: AuditReport, write: (value: string) => string = show): string {
  if (scope === undefined) return ''
  const names = scope.journeys.map((id) => journeys.find((journey) => journey.id === id)?.name ?? String(id))
  return ` for ${write(names.join(', '))}`
}

export function elsewhere({ elsewhere: other }: AuditReport): string[] {
  if (other === undefined) return []
  const rules = other.failing === 1 ? 'rule fails' : 'rules fail'
  const findings = other.findings === 1 ? 'finding' : 'findings'
  return [
    `Elsewhere: ${other.failing} ${rules}, ${other.findings} ${findings}; the verdict does not count them.`,
  ]
}

/** More names than this hide the first ones, and all of them stand above. */
const mostNamed = 8

function because({ verdict }: AuditReport): string[] {
  const [label, rules] =
    verdict.decision === 'no-go'
      ? ['Blocking', verdict.blocking]
      : ['Not judged', verdict.inconclusive.filter(isRule)]
  if (rules.length === 0) return []
  const [named, rest] = [rules.slice(0, mostNamed).map(show), rules.length - mostNamed]
  return [`${label}: ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`]
}

/** `verdict.inconclusive` names rules and checklist items; a rule is told by its slash. */
const isRule = (name: string): boolean => name.includes('/')

function steps(report: AuditReport): Line[] {
  return nextSteps(report).map((step, at) => ({
    lead: at === 0 ? 'Next: ' : 'Then: ',
    text: show(inFull(step)),
  }))
}
