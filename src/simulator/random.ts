const urlSafe = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const hexDigits = '0123456789abcdef'

/** A well mixed 32 bit number of two others ("murmur" finish); with one of them fixed, no two values meet. */
export function mixed(value: number, salt: number): number {
  let hash = (value ^ salt) >>> 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** The seed of a part that draws by itself, so that what it draws moves nothing else. */
export function derivedSeed(seed: number, part: string | number): number {
  let low = seed >>> 0
  for (const character of String(part)) low = mixed(low, character.charCodeAt(0))
  return low + (mixed(low, seed >>> 0) % 0x20_0000) * 0x1_0000_0000
}

/**
 * The only source of chance in the simulator: the small fast counter generator "sfc32", seeded by one number.
 * The same seed gives the same population on every machine; nothing here may ask the clock or `Math.random`.
 */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: number) {
    this.#a = seed >>> 0
    this.#b = Math.floor(seed / 0x1_0000_0000) >>> 0
    this.#c = 0x9e3779b9
    for (let round = 0; round < 15; round += 1) this.uint32()
  }

  uint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum
    return sum >>> 0
  }

  /** 0 (included) to 1 (excluded). */
  fraction(): number {
    return this.uint32() / 0x1_0000_0000
  }

  /** A whole number, both ends included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.fraction() * (max - min + 1))
  }

  chance(probability: number): boolean {
    return this.fraction() < probability
  }

  pick<T>(values: readonly T[]): T {
    const value = values[this.int(0, values.length - 1)]
    if (value === undefined) throw new RangeError('Nothing to pick from.')
    return value
  }

  /** Shuffles in place and returns the same array. */
  shuffle<T>(values: T[]): T[] {
    for (let last = values.length - 1; last > 0; last -= 1) {
      const other = this.int(0, last)
      const kept = values[last] as T
      values[last] = values[other] as T
      values[other] = kept
    }
    return values
  }

  hex(length: number): string {
    return this.#text(hexDigits, length)
  }

  urlSafe(length: number): string {
    return this.#text(urlSafe, length)
  }

  uuid(): string {
    const hex = this.hex(32)
    const variant = hexDigits[8 + this.int(0, 3)] ?? '8'
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
  }

  /** How often something happened whose mean is `mean`; capped, so that one shopper cannot run away. */
  poisson(mean: number): number {
    const limit = Math.exp(-mean)
    let product = this.fraction()
    let count = 0
    while (product > limit && count < 100) {
      product *= this.fraction()
      count += 1
    }
    return count
  }

  #text(alphabet: string, length: number): string {
    let text = ''
    for (let index = 0; index < length; index += 1) text += alphabet[this.uint32() % alphabet.length]
    return text
  }
}
