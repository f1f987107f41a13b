import type { Waiver } from '../core/waiver.ts'

/** Waivers by what they name; remembers which were used. */
export class WaiverBook {
  readonly #byName = new Map<string, Waiver>()
  readonly #used = new Set<string>()

  constructor(waivers: readonly Waiver[]) {
    for (const waiver of waivers) {
      this.#byName.set(waiver.fingerprint ?? `${waiver.rule} ${waiver.subject}`, waiver)
    }
  }

  covers(print: string, rule: string, subject: string): boolean {
    const [byPrint, bySubject] = [this.#byName.get(print), this.#byName.get(`${rule} ${subject}`)]
    // Both have met their finding, though one would do.
    if (byPrint) this.#used.add(byPrint.origin)
    if (bySubject) this.#used.add(bySubject.origin)
    return byPrint !== undefined || bySubject !== undefined
  }

  /** @param wasRun - a waiver of a rule that was left out of this run may well be needed in the next one. */
  unused(wasRun: (rule: string | null) => boolean): Waiver[] {
    return [...this.#byName.values()].filter(
      (waiver) => !this.#used.has(waiver.origin) && wasRun(waiver.rule),
    )
  }
}
