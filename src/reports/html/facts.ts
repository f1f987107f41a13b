import { subjectKinds } from '../../core/report.ts'
import { severities } from '../../core/settings.ts'
import { evidenceName } from '../csv.ts'
import type { ReportInput } from '../reporter.ts'
import { attention, attentions } from '../view.ts'
import { text, tones } from './parts.ts'
import type { Facts } from './wire.ts'

export const states = ['new', 'known', 'waived'] as const

/** What rows point at: the rules with their words, and the fixed lists. */
export function facts({ report, texts }: ReportInput): Facts {
  return {
    rules: report.rules.map((rule) => {
      const words = texts.get(rule.rule)
      const kind = attention(rule)
      return {
        id: text(rule.rule),
        category: rule.category,
        title: text(words?.failureTitle ?? rule.rule),
        why: text(words?.why ?? ''),
        word: kind === 'pass' ? 'Within the limit' : tones[kind].word,
        tone: tones[kind].tone,
        rank: attentions.indexOf(kind),
        evidenceFile: `evidence/${evidenceName(rule.rule)}.csv`,
      }
    }),
    severities,
    states,
    kinds: subjectKinds,
  }
}
