import { createHash } from 'node:crypto'
import type { Plan } from '../core/plan.ts'
import type { Settings } from '../core/settings.ts'
import type { Rule } from './rule.ts'
import { contextOf } from './run-rule.ts'

/**
 * The name of a rule's way of judging: its queries with the options in them, the parts of the config that decide whom the
 * model takes for one person, and the plan where the rule goes by it. Of two runs with the same version, a finding that one
 * alone has came or went; with another one it may only be judged differently. It is a hash and no number in `meta`, because a
 * number that somebody forgets to raise tells a lie, and an option of the user's never raises one. Thresholds and severity
 * are not in it: they decide about the status and not about what is found.
 */
export function ruleVersion(rule: Rule, settings: Settings, plan: Plan): string {
  const { identity, push, testProfiles } = settings
  const judged = {
    asks: asksOf(rule, settings),
    identity,
    push,
    testProfiles,
    ...(goesByPlan(rule) ? { plan } : {}),
  }
  return createHash('sha256').update(JSON.stringify(judged, writable)).digest('hex').slice(0, 12)
}

/** A rule of a user's may hand the engine a number that JSON does not know. */
const writable = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value)

function asksOf(rule: Rule, settings: Settings): unknown {
  try {
    // A fixed time: the run's own "now" stands in many queries.
    const context = contextOf(rule, settings, new Date(0))
    return [rule.query(context), rule.population(context), context.options]
  } catch {
    // A rule of a user's that throws is told where it is run; it has no way of judging.
    return null
  }
}

const planned = new Set(['attribute', 'event', 'event-property', 'event-pair'])

function goesByPlan({ meta }: Rule): boolean {
  return meta.needs.includes('planned-events') || planned.has(meta.subject)
}
