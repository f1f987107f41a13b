import type { FactBook } from '../facts.ts'
import { giveDevice } from '../population/people.ts'
import { showsIntent, type Depth, type SharedKey, type Shopper } from '../population/shopper.ts'
import type { Random } from '../random.ts'
import type { PopulationOptions } from '../types.ts'

export interface Dress {
  readonly depth: Depth
  /** How many devices; the tokens are new. */
  readonly devices: number
}

/** One person on several profiles. */
export interface PersonTwice {
  /** What tells it, as the key of a cluster (contracts, section 5): `email:…`, else `id:…`, `phone:…` or `token:…`. */
  readonly subject: string
  readonly members: readonly Shopper[]
}

/** Hands out shoppers for planted cases, each only once, so that one case cannot change the truth of another. */
export class Cast {
  readonly facts: FactBook
  readonly random: Random
  readonly nowSeconds: number
  readonly block: number
  readonly sharedKeys: SharedKey[] = []
  readonly persons: PersonTwice[] = []
  /** Planted texts that are no push tokens. */
  readonly malformed = new Set<string>()
  readonly #free: Shopper[]

  constructor(options: PopulationOptions, shoppers: readonly Shopper[], facts: FactBook, random: Random) {
    this.facts = facts
    this.random = random
    this.nowSeconds = Math.floor(options.now.getTime() / 1000)
    this.block = options.block?.number ?? 0
    this.#free = random.shuffle([...shoppers])
  }

  /** Takes shoppers that fit; null when too few are left (tiny populations). */
  take(count: number, fits: (shopper: Shopper) => boolean = () => true): [Shopper, ...Shopper[]] | null {
    const taken: Shopper[] = []
    for (let position = this.#free.length - 1; position >= 0 && taken.length < count; position -= 1) {
      const shopper = this.#free[position]
      if (shopper === undefined || shopper.reserved || !fits(shopper)) continue
      taken.push(shopper)
    }
    const [first, ...rest] = taken
    if (first === undefined || taken.length < count) return null
    for (const shopper of taken) shopper.reserved = true
    while (this.#free.at(-1)?.reserved) this.#free.pop()
    return [first, ...rest]
  }

  /** Makes an app shopper of known habits. */
  dress(shopper: Shopper, { depth, devices }: Dress): void {
    shopper.surface = shopper.surface === 'android' ? 'android' : 'ios'
    shopper.depth = depth
    shopper.person.attributes['push_opt_in'] ??= 'true'
    shopper.person.devices = []
    for (let count = 0; count < devices; count += 1) giveDevice(shopper, this.nowSeconds, this.random, false)
  }

  /** The first cart event of each of them gets one key; a duplicate only where they are one person. */
  shareKey(members: readonly Shopper[], onePerson: boolean): void {
    const shared: SharedKey = { key: this.random.uuid(), event: 'cart_updated', onePerson, records: [] }
    for (const shopper of members) shopper.sharedKey = shared
    this.sharedKeys.push(shared)
  }

  /**
   * Writes down that profiles are one person, and by what anybody can tell. Whoever makes two profiles of one person
   * says so here: the clusters of the audit are held against it.
   */
  join(members: readonly Shopper[], subject: string): void {
    this.persons.push({ subject, members })
  }

  /**
   * Writes down the tokens that nobody can be messaged on, among profiles that are one person: those whose holders
   * show no intent while another profile of the person does.
   */
  noteOrphans(onePerson: readonly Shopper[]): void {
    const buyers = onePerson.filter(showsIntent)
    if (buyers.length === 0) return
    const reachable = new Set(
      buyers.flatMap((shopper) => shopper.person.devices.map((device) => device.token)),
    )
    for (const { person } of onePerson) {
      for (const { token } of person.devices) {
        if (!reachable.has(token)) this.facts.add('devices/orphaned-token', token, [person.cioId])
      }
    }
  }
}

/** How many cases of a kind: a share of the people, but never fewer than `least`. */
export function cases(people: number, share: number, least: number): number {
  return Math.max(least, Math.round(people * share))
}
