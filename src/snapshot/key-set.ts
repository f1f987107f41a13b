import { hash } from 'node:crypto'

/** A key of 128 bits as four 32-bit words. */
type Words = [number, number, number, number]

const ulid = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/
/** Value of each Crockford digit by its character code. */
const digitOf = Uint8Array.from({ length: 128 }, (_, code) =>
  Math.max(0, '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(String.fromCharCode(code))),
)

/**
 * Which keys there are, in 16 bytes each and one look-up: asking the table cost 22 ms a page at 300,000 activities.
 * A ULID is kept exactly; any other text by its MD5, whose 128 bits no two keys of one workspace share by chance.
 */
export class KeySet {
  #slots = new Uint32Array(4 * 1024)
  #capacity = 1024
  #size = 0
  /** Four zeros mark an empty slot, so the one key that is all zeros has a place of its own. */
  #hasZero = false

  get size(): number {
    return this.#size + (this.#hasZero ? 1 : 0)
  }

  has(key: string): boolean {
    const words = wordsOf(key)
    if (isZero(words)) return this.#hasZero
    return !this.#isEmptyAt(this.#slotOf(words))
  }

  add(key: string): void {
    this.#addWords(wordsOf(key))
  }

  #addWords(words: Words): void {
    if (isZero(words)) {
      this.#hasZero = true
      return
    }
    if (this.#size * 10 >= this.#capacity * 7) this.#grow()
    const slot = this.#slotOf(words)
    if (!this.#isEmptyAt(slot)) return
    this.#slots.set(words, slot * 4)
    this.#size++
  }

  /** Where the words stand, or the empty slot where they would. */
  #slotOf(words: Words): number {
    const mask = this.#capacity - 1
    let slot = mixed(words) & mask
    while (!this.#isEmptyAt(slot) && !this.#isAt(slot, words)) slot = (slot + 1) & mask
    return slot
  }

  #isAt(slot: number, words: Words): boolean {
    const at = slot * 4
    const slots = this.#slots
    return (
      slots[at] === words[0] &&
      slots[at + 1] === words[1] &&
      slots[at + 2] === words[2] &&
      slots[at + 3] === words[3]
    )
  }

  #isEmptyAt(slot: number): boolean {
    const at = slot * 4
    const slots = this.#slots
    return slots[at] === 0 && slots[at + 1] === 0 && slots[at + 2] === 0 && slots[at + 3] === 0
  }

  #grow(): void {
    const before = this.#slots
    this.#capacity *= 2
    this.#slots = new Uint32Array(4 * this.#capacity)
    this.#size = 0
    for (let at = 0; at < before.length; at += 4) {
      const words: Words = [before[at] ?? 0, before[at + 1] ?? 0, before[at + 2] ?? 0, before[at + 3] ?? 0]
      if (!isZero(words)) this.#addWords(words)
    }
  }
}

function isZero(words: Words): boolean {
  return (words[0] | words[1] | words[2] | words[3]) === 0
}

/** ULIDs of one source differ in few of their bits, so the words are stirred before they pick a slot. */
function mixed([a, b, c, d]: Words): number {
  let h =
    Math.imul(a ^ Math.imul(b, 0x85ebca6b), 0xc2b2ae35) ^ Math.imul(c, 0x27d4eb2f) ^ Math.imul(d, 0x165667b1)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  return (h ^ (h >>> 13)) >>> 0
}

function wordsOf(key: string): Words {
  if (ulid.test(key)) return ulidWords(key)
  const digest = hash('md5', key, 'buffer')
  return [digest.readUInt32LE(0), digest.readUInt32LE(4), digest.readUInt32LE(8), digest.readUInt32LE(12)]
}

/** 26 letters of five bits, the first of which has three: 128 bits, read from the end. */
function ulidWords(key: string): Words {
  const words: Words = [0, 0, 0, 0]
  let bit = 0
  for (let i = 25; i >= 0; i--, bit += 5) {
    const value = digitOf[key.charCodeAt(i)] ?? 0
    const word = bit >>> 5
    const shift = bit & 31
    words[word as 0] = ((words[word as 0] ?? 0) | (value << shift)) >>> 0
    if (shift > 27 && word < 3) words[(word + 1) as 0] = value >>> (32 - shift)
  }
  return words
}
