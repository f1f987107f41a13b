import { h, type ComponentChild } from 'preact'
import { checklist } from '../../../core/checklist.ts'
import type { AuditReport, ChecklistLine } from '../../../core/report.ts'
import { capital, plural } from '../../view.ts'
import { Icon, text, type Tone } from '../parts.ts'

const answers: Readonly<Record<ChecklistLine['status'] | 'attested', { tone: Tone; word: string }>> = {
  pass: { tone: 'pass', word: 'yes' },
  warn: { tone: 'warn', word: 'with warnings' },
  fail: { tone: 'fail', word: 'no' },
  inconclusive: { tone: 'info', word: 'could not be judged' },
  unproven: { tone: 'quiet', word: 'no rule could show it' },
  attested: { tone: 'pass', word: 'attested' },
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
      report.checklist.map((line) => Line(line, failing(report, line))),
    ),
  )
}

const failing = ({ rules }: AuditReport, { rules: own }: ChecklistLine): number =>
  rules.filter(({ rule, status, severity }) => own.includes(rule) && status === 'fail' && severity !== 'info')
    .length

function Line({ item, status, attested }: ChecklistLine, fails: number): ComponentChild {
  const { tone, word } = answers[attested === null ? status : 'attested']
  const by =
    attested === null
      ? ''
      : ` by ${text(attested.owner)} on ${attested.on}, until ${attested.expires}: ${text(attested.reason)}`
  const count = fails > 0 ? `: ${plural(fails, 'rule fails', 'rules fail')}` : ''
  return h(
    'li',
    null,
    h(Icon, { tone }),
    h(
      'p',
      null,
      checklist[item],
      ' ',
      h('span', { class: `answer ${tone}` }, `${capital(word)}${by}${count}`),
    ),
  )
}
