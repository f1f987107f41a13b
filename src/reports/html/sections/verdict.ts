import { h, type ComponentChild } from 'preact'
import type { AuditReport, Decision } from '../../../core/report.ts'
import { trendPoint } from '../../../core/trend.ts'
import { nextSteps } from '../../next-steps.ts'
import { decisionSigns } from '../../signs.ts'
import { about, elsewhere } from '../../table-verdict.ts'
import { capital, number, sentence } from '../../view.ts'
import { prose, text, type Tone } from '../parts.ts'
import { anchorOf } from './rules.ts'

const words: Readonly<Record<Decision, { tone: Tone; plain: string }>> = {
  go: { tone: 'pass', plain: 'Ready to launch' },
  'no-go': { tone: 'fail', plain: 'Do not launch yet' },
  inconclusive: { tone: 'info', plain: 'Not enough was seen to say yes' },
}

export const toneOf = (decision: Decision): Tone => words[decision].tone
export const wordOf = (decision: Decision): string => decisionSigns[decision].word

/** The first thing to see: the decision, why, and what to do next. */
export function Verdict({ report }: { readonly report: AuditReport }): ComponentChild {
  const { tone, plain } = words[report.verdict.decision]
  const { total, new: fresh } = trendPoint(report).findings
  return h(
    'div',
    { class: `verdict ${tone}` },
    h(
      'div',
      { class: 'decision' },
      h('p', { class: 'word' }, wordOf(report.verdict.decision)),
      h('p', { class: 'plain' }, `${plain}${about(report)}.`),
    ),
    h(
      'div',
      { class: 'why' },
      h(
        'p',
        null,
        h('strong', null, sentence(capital(text(report.verdict.reason)))),
        ' ',
        elsewhere(report).join(' '),
      ),
      h(Steps, { report }),
    ),
    h(
      'dl',
      { class: 'figures' },
      figure(number(report.verdict.blocking.length), 'blocking'),
      figure(number(total), total === 1 ? 'finding' : 'findings'),
      fresh === total ? null : figure(number(fresh), 'new'),
      figure(number(report.totals.profiles), 'profiles read'),
    ),
  )
}

const figure = (value: string, label: string): ComponentChild =>
  h('div', null, h('dt', null, label), h('dd', null, value))

function Steps({ report }: { readonly report: AuditReport }): ComponentChild {
  const steps = nextSteps(report).map(({ text: step }) => linked(capital(step), report))
  if (steps.length === 1) return h('p', { class: 'steps' }, steps[0])
  return h(
    'ol',
    { class: 'steps' },
    steps.map((step) => h('li', null, step)),
  )
}

/** A step, with the rule that it names as a link to it. */
function linked(step: string, { rules }: AuditReport): ComponentChild[] {
  const [name] = /(?<![\w/`])[\w-]+\/[\w-]+/.exec(step) ?? []
  if (name === undefined || !rules.some(({ rule }) => rule === name)) return prose(step)
  const at = step.indexOf(name)
  return [
    ...prose(step.slice(0, at)),
    h('a', { href: `#${anchorOf(name)}` }, text(name)),
    ...prose(step.slice(at + name.length)),
  ]
}
