import type { PlannedProperty, PropertyType } from '../../core/plan.ts'
import type { Readable, ValueFacts } from './facts.ts'
import { isClosedSet, isMeasured, isNeverNegative, isNumbered, suggests } from './words.ts'

export interface Inferred {
  readonly value: Omit<PlannedProperty, 'required' | 'recommended'>
  /** What was seen, for the comment beside it. */
  readonly seen: string
}

/** Fewer values than this prove no limit, no set and no form. */
const enough = 100
/** A set is closed when each of its values came often: what was seen once has others like it that were not seen. */
const oftenEach = 5
const mostInSet = 10
/** Below this share of its commonest kind a value has no type that a plan could hold it to. */
const clearKind = 0.9

/** What is known beside the values of one property. */
export interface Around {
  readonly isPurchase: boolean
  /** What properties of this name say in any event, where each of them is a closed set. */
  readonly sets: ReadonlyMap<string, readonly string[]>
}

/** The type of an event's property, and the limits that all its values keep. */
export function inferProperty(facts: ValueFacts, { isPurchase, sets }: Around): Inferred {
  const { kinds, filled } = facts
  const [kind = 'text', times = 0] =
    (Object.entries(kinds) as [keyof typeof kinds, number][]).toSorted(([, a], [, b]) => b - a)[0] ?? []
  if (times < clearKind * filled) return { value: { type: 'json' }, seen: `no type: ${mixture(facts)}` }
  const rest = times < filled ? `; otherwise ${mixture(facts, kind)}, which the plan makes a defect` : ''
  const typed =
    kind === 'text' ? ofText(facts, sets) : kind === 'number' ? ofNumber(facts, isPurchase) : ofKind(kind)
  return { value: typed.value, seen: `${typed.seen}${rest}` }
}

/** Over the API an attribute is always text, so its type is what all its values read as. */
export function inferAttribute(facts: ValueFacts): Inferred {
  const numeric = (['integer', 'number'] as const).find((type) => reads(facts, type, 0.99))
  if (suggests(facts.key, 'timestamp') && (facts.high ?? 0) >= 1e9 && reads(facts, 'timestamp', clearKind))
    return { value: { type: 'timestamp' }, seen: `Unix seconds${restOf(facts, 'timestamp')}` }
  // 0 and 1 read as both; a number that was never anything else says less than a flag's name.
  if (
    reads(facts, 'boolean', 0.95) &&
    facts.distinct <= 4 &&
    !facts.top.every(({ value }) => /^[01]$/.test(value))
  )
    return { value: { type: 'boolean' }, seen: `true or false${restOf(facts, 'boolean')}` }
  for (const type of ['array', 'object'] as const)
    if (reads(facts, type, 0.99))
      return { value: { type: 'json' }, seen: `JSON text (${type})${restOf(facts, type)}` }
  const text = ofText(facts)
  if (text.value.type !== 'string' || numeric === undefined) return text
  // A code of digits may begin with a letter tomorrow.
  if (facts.filled < enough || /(?:^|_)(?:id|code|zip|number|no)$|Id$/i.test(facts.key))
    return { value: { type: 'string' }, seen: 'text of digits' }
  return numeric === 'integer' && !isMeasured(facts.key)
    ? { value: { type: 'integer' }, seen: `whole numbers${restOf(facts, 'integer')}` }
    : { value: { type: 'number' }, seen: `numbers${restOf(facts, 'number')}` }
}

type Typed = Inferred

function ofKind(kind: 'boolean' | 'array' | 'object'): Typed {
  return {
    value: { type: kind },
    seen: kind === 'array' ? 'a list' : kind === 'object' ? 'an object' : 'true or false',
  }
}

/** Those that their form alone tells, then those that could be chance and need a name that says the same. */
const formed = ['email', 'url', 'date'] as const
const coded = ['currency', 'country', 'locale', 'phone'] as const

function ofText(facts: ValueFacts, sets?: ReadonlyMap<string, readonly string[]>): Typed {
  const type: PropertyType =
    formed.find((candidate) => reads(facts, candidate, 0.99)) ??
    coded.find((candidate) => suggests(facts.key, candidate) && reads(facts, candidate, 0.95)) ??
    'string'
  if (type !== 'string')
    return { value: { type }, seen: `reads as ${type}${restOf(facts, type, sets && facts.kinds.text)}` }
  const set = closedSet(facts)
  if (set !== null) {
    const shares = facts.top.map(
      ({ times }, at) => `${JSON.stringify(set[at])} ${percentOf(times, facts.filled)}`,
    )
    return {
      value: { type, enum: sets?.get(facts.key) ?? set },
      seen: `text, always one of ${set.length}: ${shares.join(', ')}`,
    }
  }
  if (facts.prefix !== null && isNumbered(facts.key) && facts.filled >= enough && facts.distinct >= enough)
    return {
      value: { type, pattern: `${facts.prefix}[0-9]+` },
      seen: `text, always ${facts.prefix} and digits`,
    }
  return { value: { type }, seen: `text, ${facts.distinct} different` }
}

/**
 * The values of closed sets by the name of the property, over all events: where checkouts came from the apps alone so far,
 * the web is no mistake there.
 */
export function closedSets(facts: readonly ValueFacts[]): ReadonlyMap<string, readonly string[]> {
  const sets = new Map<string, string[]>()
  for (const fact of facts) {
    const own = fact.event > 0 && fact.kinds.text >= clearKind * fact.filled ? closedSet(fact) : null
    if (own !== null) sets.set(fact.key, [...new Set([...(sets.get(fact.key) ?? []), ...own])].toSorted())
  }
  return sets
}

function closedSet({ key, filled, distinct, top }: ValueFacts): string[] | null {
  if (!isClosedSet(key) || filled < enough || distinct > mostInSet || distinct === 0) return null
  // Codes, not prose: what people type has other spellings tomorrow.
  const isCode = ({ value, times }: { value: string; times: number }): boolean =>
    times >= oftenEach && /^[\p{L}\p{N}][\p{L}\p{N}_ .-]{0,39}$/u.test(value)
  return top.every(isCode) ? top.map(({ value }) => value) : null
}

function ofNumber(facts: ValueFacts, isPurchase: boolean): Typed {
  const { key, low, high, filled } = facts
  const range = low === null || high === null ? '' : ` from ${low} to ${high}`
  if (suggests(key, 'timestamp') && (high ?? 0) >= 1e9 && reads(facts, 'timestamp', clearKind))
    return {
      value: { type: 'timestamp' },
      seen: `Unix seconds${restOf(facts, 'timestamp', facts.kinds.number)}`,
    }
  const isWhole = reads(facts, 'integer', 0.99) && filled >= enough && !isMeasured(key)
  const floor =
    filled >= enough && low !== null && low >= 0 && isNeverNegative(key, isPurchase) ? { min: 0 } : {}
  return isWhole
    ? {
        value: { type: 'integer', ...floor },
        seen: `whole numbers${range}${restOf(facts, 'integer', facts.kinds.number)}`,
      }
    : { value: { type: 'number', ...floor }, seen: `numbers${range}` }
}

const reads = (facts: ValueFacts, type: Readable, share: number): boolean =>
  facts.reads[type] >= share * facts.filled

/** A type is that of nearly all values; the first audit names the others, and nobody should wonder why. */
const restOf = ({ reads: read, filled }: ValueFacts, type: Readable, values = filled): string =>
  read[type] < values
    ? `; ${percentOf(values - read[type], filled)} otherwise, which the plan makes a defect`
    : ''

function mixture({ kinds, filled }: ValueFacts, without?: string): string {
  return Object.entries(kinds)
    .filter(([kind, times]) => kind !== without && times > 0)
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, times]) => `${percentOf(times, filled)} ${kind}`)
    .join(', ')
}

/** Never rounded up to all of it, nor down to none. */
export function percentOf(part: number, whole: number): string {
  if (whole === 0) return '0 %'
  const share = (100 * part) / whole
  if (part === whole) return '100 %'
  if (share > 99.9) return '> 99.9 %'
  if (share < 0.1 && part > 0) return '< 0.1 %'
  return `${Math.min(99.9, Math.round(share * 10) / 10)} %`
}
