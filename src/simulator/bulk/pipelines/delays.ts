import type { FactBook } from '../../facts.ts'
import type { Random } from '../../random.ts'
import type { Variant } from '../../types.ts'
import { Quota } from '../../plants/quota.ts'
import type { Call } from './calls.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** The zone whose local time one release sends as UTC. */
const zoneHours = 5

/**
 * When calls are received that are not received at once: some three days late and more, some by the hours of a time zone
 * (written down as facts), and those of the tills, of which half are brought in together, three days ago.
 */
export class Delays {
  readonly #nowMs: number
  readonly #variant: Variant
  readonly #facts: FactBook
  readonly #random: Random
  readonly #late = new Quota(0.04, 0)
  readonly #shifted = new Quota(0.06, 0)
  readonly #brought = new Quota(0.5, 0)

  constructor(nowMs: number, variant: Variant, facts: FactBook, random: Random) {
    this.#nowMs = nowMs
    this.#variant = variant
    this.#facts = facts
    this.#random = random
  }

  /** Null for a call that meets nothing of this. */
  receivedMs({ type, name = '', timeMs, mobile }: Call, id: string): number | null {
    if (this.#variant === 'sterile' || type !== 'tracks') return null
    const broughtMs = this.#nowMs - 3 * dayMs
    const isTill = name === 'purchase' && !mobile
    if (
      isTill &&
      timeMs < broughtMs - 80 * hourMs &&
      timeMs > this.#nowMs - 30 * dayMs &&
      this.#brought.next()
    )
      return broughtMs - (broughtMs % hourMs) + this.#random.int(0, hourMs - 1)
    if (this.#variant !== 'broken' || !mobile || timeMs < this.#nowMs - 29 * dayMs) return null
    if (name === 'checkout_started' && timeMs < this.#nowMs - 6 * dayMs && this.#late.next())
      return this.#note(name, id, timeMs + this.#random.int(73 * hourMs, 140 * hourMs))
    if (name === 'cart_updated' && timeMs < this.#nowMs - dayMs && this.#shifted.next())
      return this.#note(name, id, timeMs + zoneHours * hourMs + this.#random.int(500, 60_000))
    return null
  }

  #note(name: string, id: string, receivedMs: number): number {
    this.#facts.add('events/bad-timestamp', name, [id])
    return receivedMs
  }
}
