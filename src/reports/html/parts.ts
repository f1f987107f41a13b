import { h, type ComponentChild, type ComponentChildren } from 'preact'
import type { Attention } from '../view.ts'
import { show } from '../grid.ts'
import { shorten } from '../width.ts'

/** The pieces that every section is made of. Preact escapes; `text` makes visible what no escaping makes harmless. */

/** A value of a workspace: markup stays text, and control codes and reading direction marks are shown as codes. */
export const text = show

/** A value for a place that holds one line. */
export const brief = (value: string, width = 120): string => shorten(show(value), width)

/** Words of a rule, in which back quotes mark what is typed or named as it is. */
export const prose = (words: string): ComponentChild[] =>
  text(words)
    .split(/`([^`]+)`/)
    .map((part, at) => (at % 2 === 1 ? h('code', null, part) : part))

export type Tone = 'fail' | 'warn' | 'info' | 'pass' | 'quiet'

export const tones: Readonly<Record<Attention, { tone: Tone; word: string; group: string }>> = {
  fail: { tone: 'fail', word: 'Fails', group: 'Fails and blocks' },
  warn: { tone: 'warn', word: 'Warns', group: 'Warns' },
  inconclusive: { tone: 'info', word: 'Not judged', group: 'Could not be judged' },
  note: { tone: 'quiet', word: 'To note', group: 'To note' },
  pass: { tone: 'pass', word: 'Passes', group: 'Passes' },
  skipped: { tone: 'quiet', word: 'Skipped', group: 'Skipped' },
}

const paths: Readonly<Record<Tone, string>> = {
  fail: 'M5 5l6 6M11 5l-6 6',
  warn: 'M8 4v5M8 11.6v.4',
  info: 'M6 6.2a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.3M8 11.7v.3',
  pass: 'M4.8 8.4l2.2 2.2 4.3-5',
  quiet: 'M5 8h6',
}

/** A sign beside a word that says the same: it is never the only one to tell. */
export function Icon({ tone }: { readonly tone: Tone }): ComponentChild {
  return h(
    'svg',
    { class: `icon ${tone}`, viewBox: '0 0 16 16', 'aria-hidden': 'true', focusable: 'false' },
    h('circle', { cx: 8, cy: 8, r: 8 }),
    h('path', { d: paths[tone] }),
  )
}

export function Badge({
  tone,
  children,
}: {
  readonly tone: Tone
  readonly children?: ComponentChildren
}): ComponentChild {
  return h('span', { class: `badge ${tone}` }, children)
}

export interface SectionProps {
  readonly id: string
  readonly title: string
  readonly about?: ComponentChildren
  readonly children?: ComponentChildren
}

export function Section({ id, title, about, children }: SectionProps): ComponentChild {
  return h(
    'section',
    { id, 'aria-labelledby': `${id}-title` },
    h('h2', { id: `${id}-title` }, title),
    about === undefined ? null : h('p', { class: 'about' }, about),
    children,
  )
}

export interface Column {
  readonly title: string
  readonly numeric?: boolean
}

/** A table that scrolls by itself where the page is too narrow for it. */
export function DataTable({
  caption,
  columns,
  rows,
  look = '',
}: {
  readonly caption: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly ComponentChildren[])[]
  readonly look?: string
}): ComponentChild {
  const side = (at: number) => (columns[at]?.numeric ? { class: 'number' } : {})
  return h(
    'div',
    { class: `scroll ${look}`, role: 'region', 'aria-label': caption, tabindex: 0 },
    h(
      'table',
      null,
      h('caption', { class: 'hidden' }, caption),
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          columns.map(({ title }, at) => h('th', { scope: 'col', ...side(at) }, title)),
        ),
      ),
      h(
        'tbody',
        null,
        rows.map((row) =>
          h(
            'tr',
            null,
            row.map((cell, at) => h('td', side(at), cell)),
          ),
        ),
      ),
    ),
  )
}
