import type { Plan, PlannedEvent, PlannedProperty } from '../core/plan.ts'
import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import { noiseNames } from './vocabulary.ts'

/** What the plan asks of one observed event. */
export interface HeldEvent {
  readonly name: string
  readonly intent: string | null
  readonly dedupeKeys: readonly string[]
  readonly properties: Readonly<Record<string, PlannedProperty>>
}

interface Judged extends HeldEvent {
  readonly critical: boolean
  readonly planned: boolean
  /** Held to properties of the plan. */
  readonly held: boolean
}

/**
 * `event_name`: every observed event with what the plan says of it. `trigger`: starts a journey that is judged. `keyed`: the
 * plan names a dedupe key for it. `unplanned`: the team's own plan does not know it.
 * `expectation`: what the plan waits for, and the names under which it was seen (for `events/missing-critical`).
 *
 * @returns the observed events.
 */
export async function buildEventNames(db: Database, plan: Plan): Promise<HeldEvent[]> {
  await db.run(
    raw(`
    create temp table seen as
    select name, type, count(*) as events, min(h."at") as first_at, max(h."at") as last_at from happening h group by name, type`),
  )
  const observed = await db.rows(
    raw("select name, events from seen where type = 'event' order by events desc, name"),
  )
  const names = observed.map(({ name }) => String(name))
  const known: Known = { plan, names: new Set(names), byAlias: aliasesOf(plan) }
  const judged = names.map((name) => judge(name, known))
  await db.run(
    raw(
      'create temp table judgement (name varchar, intent varchar, critical boolean, planned boolean, held boolean, keyed boolean)',
    ),
  )
  await db.append(
    'judgement',
    judged.map((j) => [j.name, j.intent, j.critical, j.planned, j.held, j.dedupeKeys.length > 0]),
  )
  await db.run(
    raw(`
    create table event_name as
    select s.*, case when s.type = 'event' then j.intent else 'noise' end as intent, coalesce(j.critical, false) as critical,
      coalesce(j.planned, false) as planned, coalesce(j.held, false) as held, coalesce(j.keyed, false) as keyed,
      ${String(Object.keys(plan.events).length > 0)} and s.type = 'event' and not j.planned as unplanned,
      s.type = 'event' and exists (from journey c where c.event_name = s.name and c.judged) as trigger
    -- A condition beside the equality, on the left side alone, would compare every name with every name (1.5.6): 32 s for 100,000.
    from seen s left join judgement j on j.name = case s.type when 'event' then s.name end`),
  )
  await db.run(
    raw(
      'create table expectation (name varchar, intent varchar, origin varchar, seen_as varchar[], candidates varchar[])',
    ),
  )
  await db.append(
    'expectation',
    expectations(plan, known.names).map((e) => [e.name, e.intent, e.origin, e.seenAs, e.candidates]),
  )
  await db.run(raw('drop table judgement'))
  return judged
}

/** Looked up by name: a shop that writes ids into its names has a hundred thousand of them, and a plan may have ten thousand. */
interface Known {
  readonly plan: Plan
  /** That were seen, the most frequent first. */
  readonly names: ReadonlySet<string>
  readonly byAlias: ReadonlyMap<string, PlannedEvent>
}

function judge(name: string, { plan, names, byAlias }: Known): Judged {
  const planned = Object.hasOwn(plan.events, name) ? plan.events[name] : byAlias.get(name)
  if (planned) {
    const { intent, critical, dedupeKey, properties } = planned
    const held = Object.keys(properties).length > 0
    return {
      name,
      intent,
      critical,
      planned: true,
      held,
      dedupeKeys: dedupeKey ? [dedupeKey] : [],
      properties,
    }
  }
  const pattern = plan.byIntent.find((candidate) => candidate.names.includes(name))
  const none = { name, dedupeKeys: [], properties: {}, planned: false, held: false, critical: false }
  if (!pattern) return { ...none, intent: noiseNames.includes(fold(name) as never) ? 'noise' : null }
  // The best of the known names that was seen carries the requirements; the others are steps beside it.
  const best = pattern.names.find((candidate) => names.has(candidate))
  const first = best === name
  return {
    name,
    intent: pattern.intent,
    critical: pattern.critical && first,
    planned: true,
    held: first && Object.keys(pattern.properties).length > 0,
    dedupeKeys: pattern.dedupeKeys,
    properties: first ? pattern.properties : {},
  }
}

/** Of two events with one alias it is the first one's. */
function aliasesOf({ events }: Plan): ReadonlyMap<string, PlannedEvent> {
  const aliases = Object.values(events).flatMap((event) =>
    event.aliases.map((alias) => [alias, event] as const),
  )
  return new Map(aliases.toReversed())
}

interface Expectation {
  readonly name: string
  readonly intent: string | null
  readonly origin: 'plan' | 'built-in'
  readonly seenAs: readonly string[]
  readonly candidates: readonly string[]
}

const requiredIntents = new Set<string>(['product', 'cart', 'checkout', 'purchase'])

function expectations(plan: Plan, names: ReadonlySet<string>): Expectation[] {
  const byWord = namesByWord(names)
  const own = Object.entries(plan.events)
    .filter(([, event]) => event.critical)
    .map(([name, event]): Expectation => ({
      name,
      intent: event.intent,
      origin: 'plan',
      seenAs: [name, ...event.aliases].filter((known) => names.has(known)),
      candidates: lookAlikes(name, byWord),
    }))
  const builtIn = plan.byIntent
    .filter(({ intent }) => requiredIntents.has(intent))
    .map((pattern): Expectation => ({
      name: pattern.names[0] ?? pattern.intent,
      intent: pattern.intent,
      origin: 'built-in',
      seenAs: pattern.names.filter((known) => names.has(known)),
      candidates: sharingWords(intentWords[pattern.intent] ?? [], byWord),
    }))
  return [...own, ...builtIn]
}

/** Observed names that share a word with the expected one: what the reader should look at first. */
function lookAlikes(name: string, byWord: NamesByWord): string[] {
  return sharingWords(
    wordsOf(name).filter((word) => word.length > 3),
    byWord,
  )
}

/** Words that tell an intent; all the others in its names ("viewed", "completed") are in names of every intent. */
const intentWords: Readonly<Record<string, readonly string[]>> = {
  product: ['product', 'item', 'article'],
  cart: ['cart', 'basket', 'bag'],
  checkout: ['checkout'],
  purchase: ['purchase', 'purchased', 'order', 'ordered', 'transaction', 'sale', 'bought', 'paid'],
}

/** The first names with each word, and the place of each in their order. */
type NamesByWord = ReadonlyMap<string, readonly (readonly [place: number, name: string])[]>

const mostCandidates = 3

function namesByWord(names: ReadonlySet<string>): NamesByWord {
  const byWord = new Map<string, [number, string][]>()
  for (const [place, name] of [...names].entries()) {
    for (const word of new Set(wordsOf(name))) {
      const first = byWord.get(word)
      if (first === undefined) byWord.set(word, [[place, name]])
      // equivalent mutants [if (true); < for <=]: more of them would be held, and cut off where they are asked for
      else if (first.length < mostCandidates) first.push([place, name])
    }
  }
  return byWord
}

function sharingWords(words: readonly string[], byWord: NamesByWord): string[] {
  const sharing = new Map(words.flatMap((word) => byWord.get(word) ?? []))
  return [...sharing]
    .toSorted(([a], [b]) => a - b)
    .slice(0, mostCandidates)
    .map(([, name]) => name)
}

const wordsOf = (name: string): readonly string[] => fold(name).split('_')

function fold(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[\s.:/-]+/g, '_')
    .toLowerCase()
}
