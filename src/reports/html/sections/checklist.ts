import { h, type ComponentChild } from 'preact'
import { checklist } from '../../../core/checklist.ts'
import type { AuditReport, ChecklistLine } from '../../../core/report.ts'
import { answer } from '../../signs.ts'
import { capital, plural } from '../../view.ts'
import { Icon, text, type Tone } from '../parts.ts'

const tones: Readonly<Record<ChecklistLine['status'], Tone>> = {
  pass: 'pass',
  warn: 'warn',
  fail: 'fail',
  inconclusive: 'info',
  unproven: 'quiet',
}

/** The nine questions, always all of them, and who vouched for what no data can show. */
export function Checklist({ report }: { readonly report: AuditReport }): ComponentChild {
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'checklist-title' },
    h('h2', { id: 'checklist-title' }, 'Launch checklist'),
    h(
      'ul',
      { class: 'lines' },
      report.checklist.map((line) => Line(line, report)),
    ),
  )
}

const failing = ({ rules }: AuditReport, { rules: own }: ChecklistLine): number =>
  rules.filter(({ rule, status, severity }) => own.includes(rule) && status === 'fail' && severity !== 'info')
    .length

function Line(line: ChecklistLine, report: AuditReport): ComponentChild {
  const { mark, word } = answer(line, report)
  const fails = failing(report, line)
  const tone = mark === '◆' ? 'pass' : tones[line.status]
  const count = fails > 0 ? `: ${plural(fails, 'rule fails', 'rules fail')}` : ''
  return h(
    'li',
    null,
    h(Icon, { tone }),
    h(
      'p',
      null,
      checklist[line.item],
      ' ',
      h('span', { class: `answer ${tone}` }, `${capital(text(word))}${count}`),
    ),
  )
}
