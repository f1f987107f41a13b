import { h, type ComponentChild } from 'preact'
import type { AuditReport } from '../../core/report.ts'
import type { ReportInput } from '../reporter.ts'
import { headingOf } from '../view.ts'
import { text } from './parts.ts'

/** Which workspace, as of when, by which plan. */
export function Header({ report }: { readonly report: AuditReport }): ComponentChild {
  const { name, place, seen } = headingOf(report, text)
  return h(
    'header',
    null,
    h('h1', null, name, place === '' ? null : h('span', { class: 'place' }, place)),
    h('p', { class: 'about' }, `cio-audit, ${seen}`),
  )
}

export function Navigation({ input: { report, timeline } }: { readonly input: ReportInput }): ComponentChild {
  const events = timeline.events.length > 0
  const links: readonly (readonly [target: string, name: string])[] = [
    ['rules', 'What to mend'],
    ...(report.journeys.length > 0 ? [['journeys', 'Journeys'] as const] : []),
    ...(report.ledger.all.length > 0 ? [['push', 'Push'] as const] : []),
    ...(events ? [['events', 'Events'] as const] : []),
    ['trend', 'Trend'],
    ['findings', 'All findings'],
    ['words', 'How to read this'],
  ]
  return h(
    'nav',
    { 'aria-label': 'Parts of the report' },
    h(
      'ul',
      null,
      links.map(([target, name]) => h('li', null, h('a', { href: `#${target}` }, name))),
    ),
  )
}

export function Footer({ report }: { readonly report: AuditReport }): ComponentChild {
  const { run, tool } = report
  return h(
    'footer',
    null,
    h(
      'p',
      null,
      `${tool.name} ${tool.version}. Run ${text(run.id)}, snapshot ${text(run.snapshot)}, plan ${text(run.plan.version)}.`,
    ),
    h(
      'p',
      null,
      'This file is the whole report: it loads nothing and sends nothing. report.json has the same for programs.',
    ),
  )
}
