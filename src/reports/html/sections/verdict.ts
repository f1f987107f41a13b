import { h, type ComponentChild } from 'preact'
import type { AuditReport, Decision } from '../../../core/report.ts'
import { trendPoint } from '../../../core/trend.ts'
import { decisionSigns } from '../../signs.ts'
import { about, elsewhere } from '../../table-verdict.ts'
import { capital, number, plural, sentence, streamSummary } from '../../view.ts'
import { text, type Tone } from '../parts.ts'

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
      h('p', null, nextStep(report)),
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

function nextStep(report: AuditReport): ComponentChild[] {
  const { decision, inconclusive } = report.verdict
  if (decision === 'go')
    return ['Launch. Run the audit again after each app release and before each new journey.']
  const mend = h('a', { href: '#rules' }, 'What to mend')
  if (decision === 'no-go')
    return [
      'Start at the top of ',
      mend,
      ', and keep the journeys below paused until the audit has run again.',
    ]
  const open = report.checklist.filter(
    ({ status, attested }) => status === 'unproven' && attested === null,
  ).length
  const cut = streamSummary(report).incomplete.length
  return [
    ...(cut > 0
      ? [
          `${plural(cut, 'stream')} could not be read to the end: see `,
          h('a', { href: '#read' }, 'What was read'),
          '. ',
        ]
      : []),
    ...(inconclusive.some((name) => name.includes('/'))
      ? [
          'What each rule waits for stands in ',
          mend,
          report.run.sample === null ? '. ' : '; a run without --sample settles what a sample leaves open. ',
        ]
      : []),
    ...(open > 0
      ? [
          `No data can show ${plural(open, 'checklist item')}: whoever can vouch for it does so under attest: in cio-audit.yaml.`,
        ]
      : []),
  ]
}
