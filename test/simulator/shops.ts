import { makePopulation, type Fact, type Population, type Variant } from '../../src/simulator/index.ts'
import { now, type Json } from './support.ts'

export const seed = 4_711
export const people = 2_000
export const nowSeconds = now.getTime() / 1000
export const variants: readonly Variant[] = ['sterile', 'healthy', 'broken']

export const shop = (variant: Variant): Population => makePopulation({ people, seed, variant, now })

export interface Activity extends Json {
  readonly id: string
  readonly type: string
  readonly name?: string
  readonly timestamp: number
  readonly person: number
  readonly data: Json
}

export function activitiesOf({ activities }: Population): Activity[] {
  return activities.positions(undefined, undefined).map((position) => ({
    ...(JSON.parse(activities.json(position, '"customer_id":null')) as Activity),
    person: activities.personAt(position),
  }))
}

export const eventsOf = (population: Population): Activity[] =>
  activitiesOf(population).filter(
    ({ type, timestamp }) =>
      type === 'event' && timestamp > nowSeconds - 30 * 86_400 && timestamp <= nowSeconds,
  )

export function factsOf(population: Population, rule: string, plan: 'shop' | 'built-in' = 'shop'): Fact[] {
  return population.facts.filter((fact) => fact.rule === rule && (fact.plan === 'both' || fact.plan === plan))
}

/** Facts of one subject may stand apart, where not all of their records count for the same plans. */
export function bySubject(facts: readonly Fact[]): Record<string, string[]> {
  const subjects = Map.groupBy(facts, (fact) => fact.subject)
  return Object.fromEntries(
    [...subjects].map(([subject, own]) => [subject, own.flatMap((fact) => fact.records).toSorted()]),
  )
}

/** Groups of two and more, by a key; null joins nobody. */
export function groups<T>(values: readonly T[], keyOf: (value: T) => string | null): Map<string, T[]> {
  const all = Map.groupBy(values, (value) => keyOf(value) ?? '')
  all.delete('')
  return new Map([...all].filter(([, members]) => members.length > 1))
}

/** The two usual forms, and the ones that are planted because they are unusual and fine. */
export const isToken = (token: string): boolean =>
  /^([0-9a-f]{64}|[0-9A-F]{64}|[0-9a-f]{160}|[\w-]{22}:APA91b[\w-]{134}|[\w-]{152})$/.test(token) &&
  !/^0+$/.test(token)
