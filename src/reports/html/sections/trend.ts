import { scaleBand, scaleLinear } from 'd3-scale'
import { h, type ComponentChild } from 'preact'
import { trendPoint, type TrendPoint } from '../../../core/trend.ts'
import type { ReportInput } from '../../reporter.ts'
import { minute, number } from '../../view.ts'
import { Badge, DataTable, Section } from '../parts.ts'
import { toneOf, wordOf } from './verdict.ts'

const runsShown = 30
const width = 600
const height = 120

/** How the last runs went, this one as the last. */
export function Trend({ input: { report, trend } }: { readonly input: ReportInput }): ComponentChild {
  const title = 'The last runs'
  if (trend.length === 0) {
    return h(Section, {
      id: 'trend',
      title,
      about:
        'No run before this one is kept that looked at the same things (sources, window, rules, scope); from the next one on the course is drawn.',
    })
  }
  const runs = [...trend, trendPoint(report)].slice(-runsShown)
  return h(
    Section,
    {
      id: 'trend',
      title,
      about:
        'Findings of each run: dark what was new, light what was known or waived. Under each bar the verdict.',
    },
    h(
      'div',
      { class: 'card' },
      Bars(runs),
      h(
        'p',
        { class: 'axis', 'aria-hidden': 'true' },
        h('span', null, runs[0]?.asOf.slice(0, 10)),
        h('span', null, runs.at(-1)?.asOf.slice(0, 10)),
      ),
      h('details', null, h('summary', null, 'As a table'), RunTable(runs)),
    ),
  )
}

function Bars(runs: readonly TrendPoint[]): ComponentChild {
  const x = scaleBand(
    runs.map((_, at) => at),
    [0, width],
  ).padding(0.25)
  const y = scaleLinear([0, Math.max(1, ...runs.map(({ findings }) => findings.total))], [0, height - 16])
  const last = runs.at(-1)
  const bar = (look: string, at: number, from: number, count: number): ComponentChild =>
    h('rect', {
      class: look,
      x: (x(at) ?? 0).toFixed(1),
      width: x.bandwidth().toFixed(1),
      y: (height - 14 - y(from + count)).toFixed(1),
      height: y(count).toFixed(1),
    })
  return h(
    'svg',
    {
      class: 'trend',
      viewBox: `0 0 ${width} ${height}`,
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': `Findings of the last ${runs.length} runs; the last one has ${number(last?.findings.total ?? 0)}`,
    },
    runs.map(({ findings, decision, asOf }, at) =>
      h(
        'g',
        null,
        h(
          'title',
          null,
          `${minute(asOf)}: ${wordOf(decision)}, ${number(findings.total)} findings, ${number(findings.new)} new`,
        ),
        bar('trend-new', at, 0, findings.new),
        bar('trend-old', at, findings.new, findings.total - findings.new),
        h('rect', {
          class: `verdict-mark ${toneOf(decision)}`,
          x: (x(at) ?? 0).toFixed(1),
          width: x.bandwidth().toFixed(1),
          y: height - 10,
          height: 8,
        }),
      ),
    ),
  )
}

function RunTable(runs: readonly TrendPoint[]): ComponentChild {
  return h(DataTable, {
    caption: 'The last runs',
    columns: [
      { title: 'As of' },
      { title: 'Verdict' },
      { title: 'Blocking', numeric: true },
      { title: 'Findings', numeric: true },
      { title: 'New', numeric: true },
    ],
    rows: runs
      .toReversed()
      .map(({ asOf, decision, blocking, findings }) => [
        minute(asOf),
        h(Badge, { tone: toneOf(decision) }, wordOf(decision)),
        number(blocking),
        number(findings.total),
        number(findings.new),
      ]),
  })
}
