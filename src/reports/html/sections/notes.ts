import { h, type ComponentChild } from 'preact'
import type { AuditReport } from '../../../core/report.ts'
import { Section, text } from '../parts.ts'

export function Notes({ report }: { readonly report: AuditReport }): ComponentChild {
  if (report.notices.length === 0) return null
  return h(
    Section,
    { id: 'notes', title: 'Notes' },
    h(
      'ul',
      { class: 'card notes' },
      report.notices.map((notice) => h('li', null, text(notice))),
    ),
  )
}

const terms: readonly (readonly [term: string, meaning: string])[] = [
  [
    'Verdict',
    'GO: no blocking rule fails. NO-GO: at least one does. INCONCLUSIVE: none fails, but something that the verdict needs could not be read, or was too little to judge.',
  ],
  [
    'Rule',
    'One question to the data, with a limit. It fails when more records are wrong than the limit allows. Of failing rules, those of severity error block.',
  ],
  [
    'Finding',
    'The smallest thing that somebody can act upon: one group of duplicate profiles, one property of an event, one journey.',
  ],
  [
    'New, known, waived',
    'Known findings were accepted with a baseline, waived ones by somebody with a reason and a date. Neither counts for the verdict.',
  ],
  ['Attested', 'No data can show it; a person vouches for it until a date.'],
  [
    'Fingerprint',
    'The name of a finding. It stays the same from run to run, also when more records are affected.',
  ],
]

/** For whoever has never seen such a report. */
export function Glossary(): ComponentChild {
  return h(
    'details',
    { class: 'glossary', id: 'words' },
    h('summary', null, h('h2', null, 'How to read this report')),
    h(
      'dl',
      { class: 'card' },
      terms.map(([term, meaning]) => [h('dt', null, term), h('dd', null, meaning)]),
    ),
  )
}
