/** What is known of who sent an event, in the order in which it is told. */
export const dimensions = ['platform', 'app_version', 'sdk_version'] as const
export type Dimension = (typeof dimensions)[number]

/** Events that share a sender with most cases of a defect in some dimensions, and not in the others. */
export interface Cell {
  /** The dimensions in which they do. */
  readonly shared: ReadonlySet<Dimension>
  readonly events: number
  /** How many of the events are cases. */
  readonly cases: number
}

interface Count {
  readonly events: number
  readonly cases: number
}

/** Fewer cases name nobody: chance alone would do it. */
export const fewestCases = 20
/** A suspect has the defect so many times as often as what it is held against … */
const lift = 10
/** … even if that had so many cases more. This keeps a handful of events without a case from proving anything. */
const benefit = 2

/**
 * The narrowest sender (a platform, an app version, an SDK version, or some of them together) that sends most cases and is
 * out of line with everything else. Null where the defect is even.
 */
export function suspectOf(cells: readonly Cell[]): readonly Dimension[] | null {
  const all = combinations(dimensions)
  const count = (parts: readonly Dimension[]): Count => total(cells, parts)
  const whole = count([])
  if (whole.cases < fewestCases) return null
  const guilty = all.filter((parts) => {
    const own = count(parts)
    if (own.cases * 2 <= whole.cases || !isOutOfLine(own, without(whole, own))) return false
    return all.every((others) => holdsAgainst(parts, others, count))
  })
  const [narrowest] = guilty.toSorted((a, b) => count(a).events - count(b).events || b.length - a.length)
  // What the rest says already is not told; the platform always is.
  return (['sdk_version', 'app_version'] as const).reduce<readonly Dimension[] | null>((told, part) => {
    const shorter = told?.filter((other) => other !== part) ?? []
    return shorter.length > 0 && isAlike(count(told ?? []), without(count(shorter), count(told ?? [])))
      ? shorter
      : told
  }, narrowest ?? null)
}

/**
 * Whether the suspect stands beside others who might be meant instead. Wider ones (by their events: a version may be of one
 * platform alone) must be seen to be innocent but for the suspect, or each handful of events would narrow it down; the
 * remainder of any other must not be as guilty.
 */
function holdsAgainst(
  parts: readonly Dimension[],
  others: readonly Dimension[],
  count: (parts: readonly Dimension[]) => Count,
): boolean {
  const own = count(parts)
  const both = count([...parts, ...others])
  const rest = without(count(others), both)
  if (both.events === own.events) return isAlike(own, rest) || isOutOfLine(own, rest)
  return rest.cases <= benefit || own.cases * rest.events >= lift * rest.cases * own.events
}

/** Two names for one sender, but for a few phones that say something odd of themselves. */
const isAlike = (own: Count, rest: Count): boolean => rest.events * 20 <= own.events

export interface Hour extends Count {
  /** Milliseconds. */
  readonly at: number
}

/** Since when the suspect has the defect, and what came from then on. Without a turn it is the hour of the first case. */
export function onsetOf(hours: readonly Hour[]): Count & { readonly at: number } {
  const sorted = hours.toSorted((a, b) => a.at - b.at)
  const whole = total(sorted, [])
  const usual = whole.cases / whole.events
  const since = sorted.map(({ at }, index) => {
    const after = total(sorted.slice(index), [])
    return { at, ...after, surplus: after.cases - usual * after.events }
  })
  // The turn is where the cases from then on exceed their usual number by most.
  const turn = since.toSorted((a, b) => b.surplus - a.surplus)[0]
  if (turn !== undefined && isOutOfLine(turn, without(whole, turn))) return turn
  const first = sorted.findIndex(({ cases }) => cases > 0)
  return since[first] ?? { at: 0, ...whole }
}

/** Nothing is out of line with nothing else: without other events the left side is zero. */
const isOutOfLine = (own: Count, rest: Count): boolean =>
  own.cases * rest.events >= lift * (rest.cases + benefit) * own.events

const without = (whole: Count, part: Count): Count => ({
  events: whole.events - part.events,
  cases: whole.cases - part.cases,
})

function total(
  counts: readonly (Count & { readonly shared?: Cell['shared'] })[],
  parts: readonly Dimension[],
): Count {
  const own = counts.filter(({ shared }) => parts.every((part) => shared?.has(part)))
  return {
    events: own.reduce((sum, { events }) => sum + events, 0),
    cases: own.reduce((sum, { cases }) => sum + cases, 0),
  }
}

function combinations(known: readonly Dimension[]): readonly (readonly Dimension[])[] {
  const sets = known.reduce<Dimension[][]>(
    (found, part) => [...found, ...found.map((set) => [...set, part])],
    [[]],
  )
  // The first of them is empty.
  return sets.slice(1)
}
