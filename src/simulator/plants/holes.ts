import type { FactBook } from '../facts.ts'
import type { Person, Population } from '../types.ts'

const day = 86_400
const rule = 'journeys/liquid-contract'

/** What the messages of the shop's own journeys print and nothing in them guards, written down by hand. */
const printed: readonly {
  readonly journey: number
  readonly event: string
  readonly properties: readonly (readonly [string, ...(string | number)[]])[]
  readonly attributes: readonly string[]
}[] = [
  {
    journey: 5,
    event: 'cart_updated',
    properties: [['items', 0, 'name'], ['items'], ['cart_value'], ['currency'], ['cart_id']],
    attributes: ['customer_tier'],
  },
  { journey: 6, event: 'checkout_started', properties: [['cart_value'], ['currency']], attributes: [] },
  { journey: 7, event: 'purchase', properties: [['order_id'], ['revenue'], ['currency']], attributes: [] },
]

/** Other cases spoil payloads too: of each variable it is counted how often it is not there. */
export function noteHoles(
  facts: FactBook,
  { activities, people }: Pick<Population, 'activities' | 'people'>,
  nowMs: number,
): void {
  for (const { journey, event, properties, attributes } of printed) {
    const read = activities
      .positions('event', event)
      .filter((position) => activities.millisAt(position) >= nowMs - 30 * day * 1000)
      .filter((position) => activities.millisAt(position) <= nowMs)
      .filter((position) => people[activities.personAt(position)]?.deleted === false)
      .map((position) => ({
        data: JSON.parse(activities.dataAt(position)) as unknown,
        person: people[activities.personAt(position)],
      }))
    const absent = (is: (one: (typeof read)[number]) => boolean): boolean =>
      read.filter(is).length > read.length * 0.01
    const hasHoles =
      properties.some((path) => absent(({ data }) => isHole(data, path))) ||
      attributes.some((name) => absent(({ person }) => lacks(person, name)))
    if (hasHoles) facts.add(rule, String(journey), [])
  }
}

const lacks = (person: Person | undefined, name: string): boolean =>
  (person?.attributes[name] ?? '').trim() === ''

function isHole(data: unknown, [root, ...rest]: readonly [string, ...(string | number)[]]): boolean {
  const first = stepInto(data, root)
  if (Array.isArray(first) && first.length === 0) return false
  const value = rest.reduce(stepInto, first)
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}

function stepInto(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return (value as Record<string, unknown>)[key]
}
