import { h, type ComponentChild } from 'preact'
import type { RuleResult } from '../../../core/report.ts'
import type { ReportInput } from '../../reporter.ts'
import {
  attention,
  attentions,
  byAttention,
  capital,
  extent,
  number,
  plural,
  sentence,
  type Attention,
} from '../../view.ts'
import { Bullet } from '../charts/bullet.ts'
import { Icon, prose, Section, text, tones } from '../parts.ts'
import { Examples } from './examples.ts'

/** Rules that ask for something are there to be opened; the others fold into one line each group. */
const open: ReadonlySet<Attention> = new Set(['fail', 'warn', 'inconclusive'])

/** Every rule with its rate against its threshold; behind each, why it matters, how to mend it, and examples. */
export function Rules({ input }: { readonly input: ReportInput }): ComponentChild {
  const groups = byAttention(input.report.rules)
  return h(
    Section,
    {
      id: 'rules',
      title: 'What to mend',
      about:
        'Each rule with the share of records that are wrong. The upright mark is what is allowed. Open a rule to see why it matters, how to mend it, and examples.',
    },
    attentions.map((kind) => {
      const rules = groups.get(kind) ?? []
      if (rules.length === 0) return null
      const { group } = tones[kind]
      const list = h(
        'div',
        { class: 'card rules' },
        rules.map((rule) => Rule(rule, input)),
      )
      if (open.has(kind))
        return h(
          'div',
          { class: `group group-${kind}` },
          h('h3', null, `${group} (${number(rules.length)})`),
          list,
        )
      return h(
        'details',
        { class: 'group' },
        h('summary', null, h('h3', null, `${group} (${number(rules.length)})`)),
        list,
      )
    }),
  )
}

/** Where a rule stands on the page. */
export const anchorOf = (rule: string): string => `rule-${rule}`

function Rule(rule: RuleResult, input: ReportInput): ComponentChild {
  const kind = attention(rule)
  const { tone, word } = tones[kind]
  const words = input.texts.get(rule.rule)
  const title =
    words === undefined
      ? rule.rule
      : open.has(kind) && kind !== 'inconclusive'
        ? words.failureTitle
        : words.title
  return h(
    'details',
    { class: 'rule', id: anchorOf(rule.rule) },
    h(
      'summary',
      null,
      h(Icon, { tone }),
      h(
        'div',
        { class: 'rule-name' },
        h('span', { class: 'rule-title' }, text(title)),
        h(
          'span',
          { class: 'answer' },
          h('span', { class: `word ${tone}` }, word),
          ' ',
          h('code', null, text(rule.rule)),
        ),
      ),
      h(
        'div',
        { class: 'rule-rate' },
        h(Bullet, { rule, tone }),
        h('span', { class: 'answer' }, capital(text(rule.reason))),
      ),
      h(
        'span',
        { class: 'rule-count' },
        rule.findings.total === 0 ? '' : plural(rule.findings.total, 'finding'),
      ),
    ),
    h('div', { class: 'rule-body' }, body(rule, input)),
  )
}

function body(rule: RuleResult, { texts }: ReportInput): ComponentChild[] {
  const words = texts.get(rule.rule)
  const { total, known, waived, listed } = rule.findings
  const remedy = listed.find(({ state }) => state === 'new') ?? listed[0]
  const states = [
    ...(known > 0 ? [`${number(known)} known`] : []),
    ...(waived > 0 ? [`${number(waived)} waived`] : []),
  ]
  return [
    h(
      'div',
      { class: 'columns' },
      words === undefined ? null : block('Why it matters', words.why),
      remedy === undefined ? null : block('How to mend it', remedy.remediation),
      words === undefined ? null : block('How it decides', words.decides),
      words === undefined ? null : block('What it does not see', words.blind),
    ),
    total === 0
      ? null
      : h(
          'p',
          null,
          sentence(
            `${plural(total, 'finding')}${states.length > 0 ? ` (${states.join(', ')})` : ''}; ${text(extent(rule))}`,
          ),
        ),
    h(Examples, { rule }),
    total === 0
      ? null
      : h(
          'p',
          null,
          h(
            'a',
            { href: '#findings', 'data-rule': rule.rule },
            total === 1 ? 'Show the finding' : `Show all ${number(total)} findings`,
          ),
        ),
  ]
}

const block = (title: string, words: string): ComponentChild =>
  h('div', null, h('h4', null, title), h('p', null, prose(words)))
