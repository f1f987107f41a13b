import type { FactBook } from '../../facts.ts'
import { pastAddresses } from '../../plants/address-changes.ts'
import { Quota, Turns } from '../../plants/quota.ts'
import { platformOf } from '../../population/devices.ts'
import { spokenOf } from './device-calls.ts'
import { isPhone } from './senders.ts'
import type { Shopper } from '../../population/shopper.ts'
import type { Random } from '../../random.ts'
import type { Variant } from '../../types.ts'

const minuteMs = 60_000
const quietMs = 20 * minuteMs
const lateShares: Readonly<Record<Variant, number>> = { sterile: 0, healthy: 0.002, broken: 0.08 }

/** How a login is told. */
export interface Manner {
  /** When the identify is sent, in milliseconds after the login; null where it never is. */
  readonly identifyMs: number | null
  /** The event itself names the user already. */
  readonly isNamed: boolean
}

/** Right before, right after (the SDK's usual order: the event still has no user), and just within five minutes. */
const inTime: readonly Manner[] = [
  { identifyMs: -2_000, isNamed: true },
  { identifyMs: 1_500, isNamed: false },
  { identifyMs: 900, isNamed: true },
  { identifyMs: 290_000, isNamed: false },
  { identifyMs: -290_000, isNamed: true },
]
const tooLate: readonly Manner[] = [
  { identifyMs: null, isNamed: true },
  { identifyMs: 7 * minuteMs, isNamed: true },
  { identifyMs: 12 * minuteMs, isNamed: false },
  { identifyMs: -6 * minuteMs, isNamed: true },
  { identifyMs: null, isNamed: false },
  { identifyMs: 311_000, isNamed: false },
]

/** Decides how each login is told, and writes down the late ones before they are written. */
export class Logins {
  readonly #nowMs: number
  readonly #facts: FactBook
  readonly #late: Quota
  readonly #lateTurns = new Turns(tooLate)
  readonly #turns = new Turns(inTime)
  readonly #identifiedMs = new Map<number, number>()
  readonly #lateMs = new Map<number, number>()

  constructor(variant: Variant, facts: FactBook, random: Random, nowMs: number) {
    this.#nowMs = nowMs
    this.#facts = facts
    this.#late = new Quota(lateShares[variant], random.fraction())
  }

  identified(shopper: Shopper, timeMs: number): void {
    this.#identifiedMs.set(shopper.index, timeMs)
  }

  /** Nobody may be identified by chance around a login that was planted to have none. */
  isQuiet(shopper: Shopper, timeMs: number): boolean {
    return timeMs - (this.#lateMs.get(shopper.index) ?? Number.NEGATIVE_INFINITY) < quietMs
  }

  mannerOf(shopper: Shopper, timeMs: number, id: string): Manner {
    if (!this.#isAlone(shopper, timeMs) || !this.#late.next()) return this.#turns.next()
    this.#lateMs.set(shopper.index, timeMs)
    // A shared phone may be of another make than the one the shopper was drawn with.
    const [device] = shopper.person.devices
    const platform = isPhone(shopper) ? ((device && platformOf(device)) ?? shopper.surface) : 'other'
    this.#facts.add('identity/late-identify', `login ${platform}`, [id])
    return this.#lateTurns.next()
  }

  /** No other call of this person says who it is at about that time. */
  #isAlone(shopper: Shopper, timeMs: number): boolean {
    const { index, person } = shopper
    const { createdAt, attributeTimes, devices } = person
    const renamed = pastAddresses(shopper, this.#nowMs / 1000).map(({ time }) => time)
    const spoken = devices.map((device) => spokenOf(person, device))
    const told = [createdAt, ...Object.values(attributeTimes), ...spoken, ...renamed]
    const lastMs = this.#identifiedMs.get(index) ?? Number.NEGATIVE_INFINITY
    return timeMs - lastMs > quietMs && told.every((time) => Math.abs(time * 1000 - timeMs) > quietMs)
  }
}
