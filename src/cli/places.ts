import type { YamlFile } from '../config/index.ts'
import type { Subject } from '../core/report.ts'
import type { Place, ReportInput } from '../reports/index.ts'

export type Places = ReportInput['place']

interface Files {
  readonly config: YamlFile | null
  readonly plan: YamlFile | null
}

/**
 * Where a finding belongs in the files that its readers keep under version control: the line of the plan that names its
 * event, property or attribute; else the line of the config that sets its rule; else the top of the config or the plan.
 */
export function placesIn({ config, plan }: Files): Places {
  return (rule, subject) => {
    const planned = plan === null || subject === undefined ? null : planPath(plan, subject)
    if (plan !== null && planned !== null) return placeOf(plan, planned)
    if (config !== null && isThere(config, ['rules', rule])) return placeOf(config, ['rules', rule])
    const file = config ?? plan
    return file === null ? null : { file: file.origin, line: 1 }
  }
}

const placeOf = (file: YamlFile, path: readonly string[]): Place => ({
  file: file.origin,
  line: file.position(path, 'key').line,
})

function planPath(plan: YamlFile, { kind, key }: Subject): readonly string[] | null {
  const firstThere = (...paths: readonly (readonly string[])[]): readonly string[] | null =>
    paths.find((path) => isThere(plan, path)) ?? null
  if (kind === 'attribute') return firstThere(['attributes', key])
  if (kind === 'event') return firstThere(['events', key])
  if (kind === 'event-pair') {
    // Either name can hold the sign itself.
    const cuts = [...key.matchAll(/>/g)].flatMap(({ index }) => [key.slice(index + 1), key.slice(0, index)])
    return firstThere(...cuts.map((name) => ['events', name]))
  }
  if (kind !== 'event-property') return null
  // Names of events hold dots, too: the longest that the plan knows is the event.
  const dots = [...key.matchAll(/\./g)].map(({ index }) => index).toReversed()
  return firstThere(
    ...dots.flatMap((at) => {
      const event = ['events', key.slice(0, at)]
      return [...propertyPaths(event, key.slice(at + 1)), event]
    }),
  )
}

/** `items[].price` stands in the plan as `properties: items: items: price`; what it does not hold is left off from the end. */
function propertyPaths(event: readonly string[], path: string): readonly (readonly string[])[] {
  const steps = path.split('.')
  const whole = steps.flatMap((step, at) => {
    const parent = at === 0 || !steps[at - 1]?.endsWith('[]') ? 'properties' : 'items'
    return [parent, step.replace(/(?:\[\])+$/, '')]
  })
  return steps.map((_, left) => [...event, ...whole.slice(0, whole.length - 2 * left)])
}

function isThere(file: YamlFile, path: readonly string[]): boolean {
  let value = file.value
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return false
    value = (value as Readonly<Record<string, unknown>>)[step]
  }
  return true
}
