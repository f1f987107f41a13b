/** Says yes to a fixed share of the questions, evenly spread: at any size there are as many cases as the share says. */
export class Quota {
  readonly #share: number
  #credit: number

  /** `start` from 0 to 1: how close the first yes is. */
  constructor(share: number, start: number) {
    this.#share = share
    this.#credit = start
  }

  next(): boolean {
    this.#credit += this.#share
    if (this.#credit < 1) return false
    this.#credit -= 1
    return true
  }
}

/** Takes turns, so that every spelling of a defect gets its share. */
export class Turns<T> {
  readonly #values: readonly T[]
  #position = 0

  constructor(values: readonly T[]) {
    this.#values = values
  }

  next(): T {
    const value = this.#values[this.#position % this.#values.length]
    if (value === undefined) throw new RangeError('Nobody to take a turn.')
    this.#position += 1
    return value
  }
}
