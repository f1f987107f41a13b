import type {
  Audience,
  Intent,
  Plan,
  PlannedAttribute,
  PlannedEvent,
  PlannedProperty,
} from '../../core/plan.ts'
import type { Database } from '../../engine/database.ts'
import { raw } from '../../engine/sql.ts'
import { reservedAttributes } from '../vocabulary.ts'
import { readFacts, type ValueFacts } from './facts.ts'
import { findHoles, type Hole } from './holes.ts'
import { closedSets, inferAttribute, inferProperty, percentOf, type Around } from './infer-value.ts'
import { openLeaves } from './leaves.ts'
import { keyRank } from './words.ts'

/** A plan that nobody wrote, with what speaks for each of its parts (by path: `events`, `purchase`, `properties` …). */
export interface InferredPlan {
  readonly plan: Plan
  readonly notes: readonly { readonly path: readonly string[]; readonly text: string }[]
}

/** Filled at least this often, a value is meant to be there always. */
const required = 0.99
/** A share of fewer is chance. */
const fewest = 30
/** A key that is the same for more than this share is none, however it is called. */
const distinctKeys = 0.9

interface SeenEvent {
  readonly event: number
  readonly name: string
  readonly events: number
  readonly every: number
  readonly firstAt: string
  readonly lastAt: string
  readonly intent: Intent | null
  readonly critical: boolean
  readonly trigger: boolean
}

/** Reads the plan off what was observed; asks a model that was built with the built-in plan, its roster still there. */
export async function inferPlan(db: Database): Promise<InferredPlan> {
  await openLeaves(db)
  const facts = await readFacts(db)
  const events = await seenEvents(db)
  const notes: { path: string[]; text: string }[] = []
  const byParent = Map.groupBy(facts, ({ event, parent }) => `${event} ${parent}`)
  const attributes = inferAttributes(byParent.get('0 0') ?? [], notes)
  const planned = Object.create(null) as Record<string, PlannedEvent>
  const known: Known = { byParent, sets: closedSets(facts), holes: await findHoles(db, facts) }
  for (const event of events) planned[event.name] = inferEvent(event, known, notes)
  const plan = { version: '0.1.0', origin: 'inferred', attributes, events: planned, byIntent: [] }
  return { plan, notes }
}

async function seenEvents(db: Database): Promise<SeenEvent[]> {
  const rows = await db.rows(
    raw(`select event, name, events, every, first_at, last_at, intent, critical, trigger from seen_event
      order by list_position(['product', 'cart', 'checkout', 'purchase'], intent) nulls last, intent = 'noise' nulls first, event`),
  )
  return rows.map((row) => ({
    event: Number(row['event']),
    name: String(row['name']),
    events: Number(row['events']),
    every: Number(row['every']),
    firstAt: String(row['first_at']).slice(0, 10),
    lastAt: String(row['last_at']).slice(0, 10),
    intent: row['intent'] as Intent | null,
    critical: row['critical'] === true,
    trigger: row['trigger'] === true,
  }))
}

type Notes = { path: string[]; text: string }[]

/** What all events are read with. */
interface Known {
  readonly byParent: ReadonlyMap<string, ValueFacts[]>
  readonly sets: Around['sets']
  readonly holes: ReadonlyMap<string, Hole>
}

const isAlways = ({ of }: ValueFacts, filled: number): boolean => of >= fewest && filled >= required * of

/** What one element of a list lacks, its event lacks: one in two hundred elements can be one event in twenty. */
const isAlwaysWithin = (holders: number, fact: ValueFacts, filled: number): boolean =>
  // equivalent mutants [<= for <]: the one hundredth that is left of 1 is a little more than one, so both sides are never equal
  isAlways(fact, filled) && fact.of - filled <= (1 - required) * holders

function inferEvent(seen: SeenEvent, known: Known, notes: Notes): PlannedEvent {
  const { byParent } = known
  const path = ['events', seen.name]
  const own = byParent.get(`${seen.event} 0`) ?? []
  const isPurchase = seen.intent === 'purchase'
  const key = dedupeKey(own, isPurchase)
  const why = [
    `${count(seen.events)} events, ${seen.firstAt} to ${seen.lastAt}${seen.every > 1 ? `, one in ${count(seen.every)} looked into` : ''}`,
    ...(seen.intent === null ? [] : [`intent ${seen.intent} by its name`]),
    ...(seen.trigger ? ['critical: a running journey starts with it'] : []),
    ...(!seen.trigger && seen.critical ? ['critical: the best known name of its intent that was seen'] : []),
    ...(key === null
      ? []
      : [
          `key ${key.key}: in ${percentOf(key.filled, key.of)}, ${percentOf(key.distinct, key.filled)} of them different`,
        ]),
    ...(own.length > 0 && (own[0]?.of ?? 0) < fewest ? ['too few to say what is required'] : []),
  ]
  notes.push({ path, text: why.join('; ') })
  return {
    intent: seen.intent,
    critical: seen.critical || seen.trigger,
    dedupeKey: key?.key ?? null,
    aliases: [],
    properties: inferProperties(
      own,
      known,
      {
        depth: 0,
        holders: own[0]?.of ?? 0,
        path: [...path, 'properties'],
        isPurchase,
        isCart: seen.intent === 'cart' || seen.intent === 'checkout',
      },
      notes,
    ),
  }
}

interface Place {
  /** 0 for the payload itself. */
  readonly depth: number
  /** Events that have what the properties stand in. */
  readonly holders: number
  readonly path: readonly string[]
  readonly isPurchase: boolean
  /** An emptied cart has an empty list and is whole. */
  readonly isCart: boolean
}

function inferProperties(
  facts: readonly ValueFacts[],
  known: Known,
  place: Place,
  notes: Notes,
): Record<string, PlannedProperty> {
  const properties = Object.create(null) as Record<string, PlannedProperty>
  for (const fact of facts) {
    const { value, seen } = inferProperty(fact, { isPurchase: place.isPurchase, sets: known.sets })
    const filled = place.isCart ? fact.filled : fact.filled - fact.emptyLists
    const path = [...place.path, fact.key]
    const hole = place.depth === 0 ? known.holes.get(fact.key) : undefined
    const isRequired = hole === undefined && isAlwaysWithin(place.holders, fact, filled)
    const why =
      hole !== undefined
        ? `; not required: none where ${hole.by} is ${hole.values.join(' or ')}`
        : !isRequired && isAlways(fact, filled)
          ? '; not required: more than 1 % of the events may have an element without it'
          : ''
    notes.push({ path, text: `in ${percentOf(filled, fact.of)}; ${seen}${why}` })
    const below = known.byParent.get(`${fact.event} ${fact.path}`) ?? []
    const section = value.type === 'array' ? 'items' : value.type === 'object' ? 'properties' : null
    const inner =
      section === null || below.length === 0
        ? {}
        : {
            [section]: inferProperties(
              below,
              known,
              {
                ...place,
                depth: place.depth + 1,
                holders: Math.min(place.holders, fact.filled - fact.emptyLists),
                path: [...path, section],
              },
              notes,
            ),
          }
    properties[fact.key] = {
      ...value,
      required: isRequired,
      recommended: false,
      ...inner,
    }
  }
  return properties
}

/** By its name, and because hardly two events share it: those that do are copies. */
function dedupeKey(facts: readonly ValueFacts[], isPurchase: boolean): ValueFacts | null {
  const candidates = facts.flatMap((fact) => {
    const rank = keyRank(fact.key, isPurchase)
    const isKey = fact.filled >= required * fact.of && fact.distinct >= distinctKeys * fact.filled
    return rank !== null && isKey ? [{ fact, rank }] : []
  })
  return candidates.toSorted((a, b) => a.rank - b.rank)[0]?.fact ?? null
}

/** What Customer.io itself keeps; only addresses have a form that a team answers for. */
const kept = new Set<string>(reservedAttributes.filter((name) => name !== 'email' && name !== 'phone'))
const audiences = ['known', 'app-users', 'customers'] as const satisfies readonly Audience[]
const words = { known: 'of known people', 'app-users': 'of app users', customers: 'of customers' }

function inferAttributes(facts: readonly ValueFacts[], notes: Notes): Record<string, PlannedAttribute> {
  const attributes = Object.create(null) as Record<string, PlannedAttribute>
  for (const fact of facts) {
    if (kept.has(fact.key) || fact.key.startsWith('_') || fact.key.startsWith('cio_')) continue
    const { value, seen } = inferAttribute(fact)
    const always = audiences.find((audience) => {
      const { of, filled } = fact.audiences[audience]
      return of >= fewest && filled >= required * of
    })
    const appliesTo = always ?? 'known'
    const { of, filled } = fact.audiences[appliesTo]
    notes.push({
      path: ['attributes', fact.key],
      text: `${percentOf(filled, of)} ${words[appliesTo]}; ${seen}`,
    })
    attributes[fact.key] = { ...value, required: always !== undefined, recommended: false, appliesTo }
  }
  return attributes
}

const count = (n: number): string => n.toLocaleString('en-US')
