import type { AuditReport, ChecklistLine, Decision } from '../core/report.ts'
import type { Attention } from './view.ts'

/** What stands before a line and says the same as its colour: a report is read in logs and by the colour-blind, too. */
export type Mark = '✔' | '✖' | '!' | '?' | '•' | '-' | '○' | '◆'
export interface Sign {
  readonly mark: Mark
  readonly word: string
}

export const decisionSigns: Readonly<Record<Decision, Sign>> = {
  go: { mark: '✔', word: 'GO' },
  'no-go': { mark: '✖', word: 'NO-GO' },
  inconclusive: { mark: '?', word: 'INCONCLUSIVE' },
}

export const attentionSigns: Readonly<Record<Attention, Sign>> = {
  fail: { mark: '✖', word: 'FAIL' },
  warn: { mark: '!', word: 'WARN' },
  inconclusive: { mark: '?', word: 'INCONCLUSIVE' },
  note: { mark: '•', word: 'NOTE' },
  pass: { mark: '✔', word: 'pass' },
  skipped: { mark: '-', word: 'skipped' },
}

const itemSigns: Readonly<Record<ChecklistLine['status'], Sign>> = {
  pass: { mark: '✔', word: 'yes' },
  warn: { mark: '!', word: 'with warnings' },
  fail: { mark: '✖', word: 'no' },
  inconclusive: { mark: '?', word: 'could not be judged' },
  unproven: { mark: '○', word: 'no rule could show it' },
}

/** The answer to a question of the checklist; what was attested says by whom, since when, until when and why. */
export function answer(
  { item, status, attested }: ChecklistLine,
  { rules }: Pick<AuditReport, 'rules'>,
): Sign {
  if (status === 'unproven' && attested !== null) {
    const { owner, on, expires, reason } = attested
    return { mark: '◆', word: `attested by ${owner} on ${on}, until ${expires}: ${reason}` }
  }
  const sign = itemSigns[status]
  // A people export passes the rules of attributes that belong to these questions, and shows no event at all.
  const judged = rules.filter((rule) => rule.checklist.includes(item) && rule.status !== 'skipped')
  const isOfEvents = item === 'event-taxonomy' || item === 'event-properties'
  return status === 'pass' && isOfEvents && judged.every(({ category }) => category === 'attributes')
    ? { ...sign, word: 'yes, as far as attributes show it: no event was judged' }
    : sign
}
