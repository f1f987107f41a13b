import { h, type ComponentChild } from 'preact'
import type { ReportInput } from '../../reporter.ts'
import { Icon, Section, type Tone } from '../parts.ts'

/** The search over every finding. The script fills it; without one it says where the findings are. */
export function Explorer({ input: { report } }: { readonly input: ReportInput }): ComponentChild {
  const any = report.rules.some(({ findings }) => findings.total > 0)
  if (!any) return h(Section, { id: 'findings', title: 'All findings', about: 'There are none.' })
  return h(
    Section,
    {
      id: 'findings',
      title: 'All findings',
      about:
        'Search for an address, an id, an event, a rule or a word. Keys: / search, ↑ ↓ move, Enter open, Esc close.',
    },
    h(
      'noscript',
      null,
      h(
        'p',
        { class: 'card' },
        'The search needs JavaScript. The examples above are there without it, and findings.csv has every finding.',
      ),
    ),
    h(
      'div',
      { class: 'card explorer', id: 'explorer', hidden: true },
      h(
        'form',
        { class: 'filters', id: 'filters', role: 'search', 'aria-label': 'Findings' },
        h(
          'label',
          { class: 'wide' },
          'Search',
          h('input', {
            type: 'search',
            id: 'query',
            autocomplete: 'off',
            spellcheck: false,
            placeholder: 'Address, id, event, rule …',
          }),
        ),
        select('severity', 'Severity'),
        select('state', 'State'),
        select('category', 'Category'),
        select('journey', 'Journey'),
        select('rule', 'Rule'),
        h(
          'label',
          null,
          'Sort by',
          h(
            'select',
            { id: 'sort' },
            h('option', { value: 'weight' }, 'what blocks first'),
            h('option', { value: 'affected' }, 'most affected'),
            h('option', { value: 'first' }, 'began last'),
            h('option', { value: 'last' }, 'seen last'),
            h('option', { value: 'rule' }, 'rule'),
          ),
        ),
        h('button', { type: 'reset' }, 'Reset'),
      ),
      h('p', { id: 'count', role: 'status', 'aria-live': 'polite' }, 'Reading the findings …'),
      h(
        'div',
        { id: 'rows', class: 'rows', role: 'listbox', tabindex: 0, 'aria-label': 'Findings' },
        h('div', { id: 'space', class: 'space', role: 'none' }),
      ),
      h(
        'p',
        { id: 'none', class: 'about', hidden: true },
        'Nothing fits. Take a filter away, or search for less.',
      ),
    ),
    h(
      'div',
      { id: 'signs', hidden: true },
      signs.map((tone) => h(Icon, { tone })),
    ),
    h('dialog', { id: 'detail', 'aria-labelledby': 'detail-title' }),
  )
}

/** For the script, which copies them. */
const signs: readonly Tone[] = ['fail', 'warn', 'info', 'pass', 'quiet']

const select = (id: string, label: string): ComponentChild =>
  h('label', null, label, h('select', { id }, h('option', { value: '' }, 'all')))
