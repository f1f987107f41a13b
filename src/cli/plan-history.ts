import { diffPlans } from '../config/plan-diff.ts'
import { pathText } from '../config/problem.ts'
import type { Absence, PlanComparison } from '../core/plan-history.ts'
import type { Plan, PlannedProperty } from '../core/plan.ts'

/**
 * What became of the plan since the run before. Another plan file is another contract, and the built-in plan is nobody's:
 * neither is compared.
 */
export function comparePlans(plan: Plan, earlier: Plan | null): PlanComparison | Absence {
  if (isBuiltIn(plan)) return skipped("the built-in plan is nobody's contract: it needs a plan of your own")
  if (earlier === null) return skipped('there is no earlier run whose plan could be compared')
  if (isBuiltIn(earlier)) return skipped('the run before went by the built-in plan')
  if (earlier.origin !== plan.origin) return skipped(`the run before went by another plan: ${earlier.origin}`)
  return {
    version: plan.version,
    earlierVersion: earlier.version,
    announced: major(earlier.version) !== major(plan.version),
    entries: entriesOf(earlier),
    changes: diffPlans(earlier, plan).map(({ path, breaking, text }) => ({
      subject: pathText(path.slice(0, 2)),
      kind: path[0] === 'attributes' ? ('attribute' as const) : ('event' as const),
      name: path[1] ?? '',
      path: pathText(path),
      breaking,
      text,
    })),
  }
}

const skipped = (reason: string): Absence => ({ status: 'skipped', reason })
const isBuiltIn = (plan: Plan): boolean => plan.byIntent.length > 0

/** Below 1.0 the second number announces what breaks, as semantic versions have it. */
function major(version: string): string {
  const [first = '', second = '0'] = version.replace(/^v/, '').split(/[.+-]/)
  return Number(first) === 0 ? `0.${Number(second)}` : String(Number(first))
}

function entriesOf({ attributes, events }: Plan): number {
  const properties = Object.values(events).map((event) => 1 + propertiesIn(event.properties))
  return Object.keys(attributes).length + properties.reduce((sum, count) => sum + count, 0)
}

function propertiesIn(properties: Readonly<Record<string, PlannedProperty>>): number {
  return Object.values(properties).reduce(
    (sum, { properties: keys = {}, items = {} }) => sum + 1 + propertiesIn(keys) + propertiesIn(items),
    0,
  )
}
