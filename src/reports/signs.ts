import type { ChecklistLine, Decision } from '../core/report.ts'
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
export function answer({ status, attested }: ChecklistLine): Sign {
  if (status !== 'unproven' || attested === null) return itemSigns[status]
  const { owner, on, expires, reason } = attested
  return { mark: '◆', word: `attested by ${owner} on ${on}, until ${expires}: ${reason}` }
}
