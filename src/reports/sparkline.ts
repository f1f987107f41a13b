import type { AuditReport, RuleResult } from '../core/report.ts'
import { trendPoint, type TrendPoint } from '../core/trend.ts'

/** With fewer there is no line to see. */
const fewestBefore = 2
/** What fits on a line of a narrow terminal beside its words. */
const mostPoints = 24
const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const gap = '·'

/** Bars from nothing to the highest of the values; a dot where there is none. */
export function sparkline(values: readonly (number | null)[]): string {
  const shown = values.slice(-mostPoints)
  const highest = Math.max(0, ...shown.filter((value) => value !== null))
  return shown
    .map((value) => {
      if (value === null) return gap
      return bars[highest === 0 ? 0 : Math.round((value / highest) * (bars.length - 1))]
    })
    .join('')
}

/** New findings of the last runs, this one at the end; null where there are too few runs. */
export function verdictTrend(trend: readonly TrendPoint[], report: AuditReport): string | null {
  if (trend.length < fewestBefore) return null
  const points = [...trend, trendPoint(report)]
  return sparkline(points.map(({ findings }) => findings.new))
}

/** How many a rule found affected in the last runs; a run that could not judge it is a dot. */
export function ruleTrend(trend: readonly TrendPoint[], { rule, affected }: RuleResult): string | null {
  if (trend.length < fewestBefore) return null
  const before = trend.map(({ rules }) => {
    const own = rules[rule]
    return own?.status === 'pass' || own?.status === 'fail' ? own.affected : null
  })
  return sparkline([...before, affected])
}
