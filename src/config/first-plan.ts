import type { Intent, Plan, PlannedEvent } from '../core/plan.ts'
import { builtInPlan } from './built-in-plan.ts'
import { record } from './named.ts'

/** What a journey about money hangs on; a first plan holds one event of each. */
export const moneyIntents = ['product', 'cart', 'checkout', 'purchase'] as const satisfies readonly Intent[]
export type MoneyIntent = (typeof moneyIntents)[number]

/** The event that the team names for an intent. */
export type NamedEvents = Readonly<Partial<Record<MoneyIntent, string>>>

/**
 * A plan for a workspace that nobody has looked at: the guide's attributes and events, under the names that the team gave.
 * An event that keeps the guide's name is not critical: nobody at this team wrote that name, so its absence means nothing.
 */
export function guidePlan(named: NamedEvents): Plan {
  const events = moneyIntents.map((intent): [string, PlannedEvent] => {
    const guide = patternOf(intent)?.names[0] ?? intent
    return [named[intent] ?? guide, { ...guideEvent(intent), critical: isCritical(intent, named) }]
  })
  return { ...builtInPlan, version: '0.1.0', origin: 'guide', events: withoutPrototype(events), byIntent: [] }
}

/** A plan that was inferred, with the events that the team named: as critical ones of their intents. */
export function withNamedEvents(plan: Plan, named: NamedEvents): Plan {
  const added = moneyIntents.flatMap((intent): [string, PlannedEvent][] => {
    const name = named[intent]
    if (name === undefined) return []
    const event = plan.events[name] ?? guideEvent(intent)
    return [[name, { ...event, intent, critical: isCritical(intent, named) }]]
  })
  return { ...plan, events: withoutPrototype([...Object.entries(plan.events), ...added]) }
}

const patternOf = (intent: Intent) => builtInPlan.byIntent.find((pattern) => pattern.intent === intent)

const isCritical = (intent: MoneyIntent, named: NamedEvents): boolean =>
  named[intent] !== undefined && patternOf(intent)?.critical === true

function guideEvent(intent: Intent): PlannedEvent {
  const properties = patternOf(intent)?.properties ?? {}
  return { intent, critical: false, dedupeKey: null, aliases: [], properties }
}

const withoutPrototype = (events: readonly (readonly [string, PlannedEvent])[]): Plan['events'] =>
  record(Object.fromEntries(events), (event) => event)
