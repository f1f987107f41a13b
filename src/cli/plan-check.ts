import { UsageError } from '../core/errors.ts'
import { intents, type Plan } from '../core/plan.ts'
import { didYouMean } from '../core/suggest.ts'
import { grid, show } from '../reports/grid.ts'
import { plural } from '../reports/view.ts'
import { readCheckedPlan } from './checked-plan.ts'
import { screenOf, writeOut, type Io } from './io.ts'

/** What a journey about money hangs on. */
const worth = intents.filter((intent) => ['product', 'cart', 'checkout', 'purchase'].includes(intent))

/** `cio-audit plan check`: every mistake of a plan file with its line and column, or what it plans. */
export async function runPlanCheck(file: string | undefined, noColour: boolean, io: Io): Promise<number> {
  const read = await readCheckedPlan(file, io.cwd)
  if (read === null) throw noPlan()
  const page = screenOf(io.stdout, noColour)
  const { plan } = read
  const lines = grid(page, [
    { mark: '✔', style: 'green', lines: [show(`${plan.origin} is valid: ${contents(plan)}.`)] },
    ...remarks(plan).map((text) => ({ mark: '!', style: 'yellow' as const, lines: [show(text)] })),
  ])
  await writeOut(io.stdout, [`${lines.join('\n')}\n`])
  return 0
}

export const noPlan = (): UsageError =>
  new UsageError('CONFIG_PLAN', 'There is no tracking-plan.yaml here.', [
    'Name a file, or write a first plan with `cio-audit plan infer`.',
  ])

function contents({ version, events, attributes }: Plan): string {
  return `version ${version}, ${plural(Object.keys(events).length, 'event')}, ${plural(Object.keys(attributes).length, 'attribute')}`
}

/** What is no mistake and yet leaves a question of the checklist open. */
function remarks(plan: Plan): string[] {
  const { events } = plan
  const planned = Object.values(events)
  if (planned.length === 0) return loose(plan)
  const unplanned = worth.filter((intent) => !planned.some((event) => event.intent === intent))
  const unkeyed = planned.filter(({ critical, dedupeKey }) => critical && dedupeKey === null).length
  return [
    ...(unplanned.length === 0 ? [] : [`No event has the intent ${unplanned.join(', ')}.`]),
    ...(planned.some(({ critical }) => critical)
      ? []
      : ['No event is critical: that one is never sent will not be noticed.']),
    ...(unkeyed === 0
      ? []
      : [
          `${plural(unkeyed, 'critical event')} without a dedupeKey: copies are told by their contents alone.`,
        ]),
    ...loose(plan),
  ]
}

/** Names that lead to nothing in the plan. They may be sent all the same, so they are no mistake for sure. */
function loose({ events, attributes }: Plan): string[] {
  const names = Object.entries(events).flatMap(([name, { aliases }]) => [name, ...aliases])
  return [
    ...Object.entries(attributes).flatMap(([name, { derivedFrom }]) =>
      derivedFrom === undefined || names.includes(derivedFrom)
        ? []
        : [
            `attributes.${name}.derivedFrom: the plan has no event ${derivedFrom}${didYouMean(derivedFrom, names)}`,
          ],
    ),
    ...Object.entries(events).flatMap(([name, { dedupeKey, properties }]) =>
      dedupeKey === null || Object.hasOwn(properties, dedupeKey)
        ? []
        : [
            `events.${name}.dedupeKey: no property ${dedupeKey} is planned there${didYouMean(dedupeKey, Object.keys(properties))}`,
          ],
    ),
  ]
}
