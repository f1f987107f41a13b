import type { RuleText } from '../core/rule-text.ts'
import type { Settings } from '../core/settings.ts'
import type { Rule } from './rule.ts'
import { contextOf } from './run-rule.ts'

/** The words of each rule by its id, with the options that the config sets. */
export function ruleTexts(
  rules: readonly Rule[],
  settings: Settings,
  asOf: Date,
): ReadonlyMap<string, RuleText> {
  return new Map(
    rules.map((rule) => {
      const { id, title, failureTitle, docs } = rule.meta
      const mend = rule.remediation(contextOf(rule, settings, asOf).options)
      return [id, { title, failureTitle, ...docs, mend }]
    }),
  )
}
