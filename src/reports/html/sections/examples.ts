import { h, type ComponentChild } from 'preact'
import type { Finding, RuleResult } from '../../../core/report.ts'
import { day, number, unitFor, worstFirst } from '../../view.ts'
import { Badge, brief, DataTable, text } from '../parts.ts'

const examplesShown = 3
const recordsShown = 3

/** The first findings of a rule with a few of their records. */
export function Examples({ rule }: { readonly rule: RuleResult }): ComponentChild {
  const findings = worstFirst(rule.findings.listed).slice(0, examplesShown)
  if (findings.length === 0) return null
  return h(
    'div',
    { class: 'examples' },
    h('h4', null, findings.length === 1 ? 'Example' : 'Examples'),
    findings.map(Example),
  )
}

function Example(finding: Finding): ComponentChild {
  const { message, affected, unit, state, journeys, evidence } = finding
  const records = evidence.slice(0, recordsShown)
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))]
  return h(
    'div',
    { class: 'example' },
    h('p', null, text(message)),
    h(
      'p',
      { class: 'answer' },
      state === 'new' ? null : h(Badge, { tone: 'quiet' }, state),
      affected === 0 ? null : `${number(affected)} ${text(unitFor(affected, unit))}. `,
      seen(finding),
      journeys.length === 0 ? null : ` Journeys: ${journeys.map(({ name }) => brief(name, 40)).join(', ')}.`,
    ),
    columns.length === 0
      ? null
      : h(DataTable, {
          caption: `Records of: ${brief(message, 60)}`,
          look: 'records',
          columns: columns.map((column) => ({ title: text(column) })),
          rows: records.map((record) => columns.map((column) => cell(record[column] ?? null))),
        }),
  )
}

function seen({ firstSeen, lastSeen }: Finding): string {
  if (firstSeen === null) return lastSeen === null ? '' : `Last seen on ${day(lastSeen)}.`
  if (lastSeen === null || day(firstSeen) === day(lastSeen)) return `Seen on ${day(firstSeen)}.`
  return `Seen from ${day(firstSeen)} to ${day(lastSeen)}.`
}

/** Nothing is told from an empty text by a dash. */
export const cell = (value: string | number | boolean | null): string =>
  value === null ? '–' : brief(String(value), 80)
