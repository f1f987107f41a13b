import type { PastAddress } from '../../plants/address-changes.ts'
import type { Random } from '../../random.ts'
import type { Person } from '../../types.ts'

/** An attribute as it was from a time on; e-mail and phone are attributes, too. Times are Unix seconds. */
export interface Change {
  readonly name: string
  readonly value: string | null
  readonly time: number
}

const day = 86_400
const changedShare = 0.05
const formerValues: Readonly<Record<string, readonly string[]>> = {
  country: ['US', 'GB', 'DE', 'FR'],
  customer_tier: ['bronze', 'silver', 'gold'],
  locale: ['en-US', 'en-GB', 'de-DE'],
}

function stateOf({ attributes, email, phone, unsubscribed }: Person): Record<string, string | null> {
  return {
    ...attributes,
    ...(email === null ? {} : { email }),
    ...(phone === null ? {} : { phone }),
    ...(unsubscribed ? { unsubscribed: 'true' } : {}),
  }
}

/**
 * How a person came to be what they are: everything as it was at first, and what replaced it. What stands last is what
 * the API shows. `otherEmail` is somebody else's address: whoever reads old rows as new ones sees duplicates.
 */
export function historyOf(person: Person, random: Random, now: number, otherEmail: string | null): Change[] {
  const { createdAt, attributeTimes } = person
  const state = stateOf(person)
  const lately = (): number => Math.max(createdAt + 1, now - random.int(3_600, 18 * day))
  const changed = random.chance(changedShare) ? changedName(person, state, random) : null
  const first: Change[] = []
  const later: Change[] = []
  for (const [name, value] of Object.entries(state)) {
    const setAt = attributeTimes[name]
    const former =
      name === 'email' && value !== null ? (otherEmail ?? `old.${value.trim()}`) : formerValue(name, random)
    if (setAt !== undefined && setAt > createdAt) later.push({ name, value, time: setAt })
    else if (name === changed || (isGone(value) && former !== null && random.chance(0.5))) {
      first.push({ name, value: former, time: createdAt })
      later.push({ name, value, time: lately() })
    } else first.push({ name, value, time: createdAt })
  }
  return [...first, ...later.toSorted((one, other) => one.time - other.time)]
}

/** What is planted on an address takes the place of what chance made of it; the first one was there from the beginning. */
export function withPast(changes: readonly Change[], past: readonly PastAddress[]): readonly Change[] {
  const began = changes[0]?.time
  if (past.length === 0 || began === undefined) return changes
  const own = past.map(({ time, email }, position) => ({
    name: 'email',
    value: email,
    time: position === 0 ? began : time,
  }))
  const others = changes.filter(({ name }) => name !== 'email')
  return [...others, ...own].toSorted((one, other) => one.time - other.time)
}

const isGone = (value: string | null): boolean => value === null || value === ''

function formerValue(name: string, random: Random): string | null {
  const values = formerValues[name]
  return values === undefined ? null : random.pick(values)
}

function changedName(person: Person, state: Record<string, string | null>, random: Random): string | null {
  if (person.email && random.chance(0.5)) return 'email'
  return Object.keys(formerValues).find((name) => !isGone(state[name] ?? null)) ?? null
}
