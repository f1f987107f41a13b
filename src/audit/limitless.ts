import type { Settings } from '../core/settings.ts'
import { policyOf } from './judge.ts'
import type { Rule } from './rule.ts'

/** What the config makes severe although nothing could ever make it fail: whoever wrote that expects a gate. */
export function limitlessNotices(rules: readonly Rule[], settings: Settings): string[] {
  return rules.flatMap(({ meta }) => {
    const { settled, severity, threshold } = policyOf(meta, settings)
    const isLimited = threshold.maxRate !== undefined || threshold.maxCount !== undefined
    if (!settled || severity === 'info' || isLimited) return []
    return [
      `The config gives ${meta.id} the severity ${severity}, but the rule has no limit and only informs: set maxCount or maxRate for it.`,
    ]
  })
}
