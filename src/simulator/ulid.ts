import { mixed } from './random.ts'

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

function base32(value: number, length: number): string {
  let text = ''
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32))
    text = crockford[rest % 32] + text
  return text
}

/** The 80 random bits of a ULID: twice 25 mixed ones, and the sequence number, so that no two are ever the same. */
function tail(sequence: number, seed: number): [number, number, number] {
  const first = mixed(sequence, seed)
  const second = mixed(first, sequence + 0x5bd1e995)
  return [first % 0x200_0000, second % 0x200_0000, sequence % 0x4000_0000]
}

/**
 * The ULID of the activity number `sequence`. It is computed, not stored: a million of them would cost 50 MB.
 * The sequence number itself is part of the text, so two activities can never get the same id.
 */
export function ulidOf(timeMs: number, sequence: number, seed: number): string {
  const [first, second, third] = tail(sequence, seed)
  return `${base32(timeMs, 10)}${base32(first, 5)}${base32(second, 5)}${base32(third, 6)}`
}

/** Four hex digits of every 16 bit number: ten million ids are put together of them. */
const hexWords = Array.from({ length: 0x1_0000 }, (_, word) => word.toString(16).padStart(4, '0'))
const hexWord = (word: number): string => hexWords[word & 0xffff] ?? ''

/** The same 128 bits as a UUID, without the detour over the text. */
export function uuidOf(timeMs: number, sequence: number, seed: number): string {
  const [first, second, third] = tail(sequence, seed)
  const high = Math.floor(timeMs / 0x1_0000)
  const time = `${hexWord(Math.floor(high / 0x1_0000))}${hexWord(high)}-${hexWord(timeMs % 0x1_0000)}`
  const middle = `${hexWord(first >>> 9)}-${hexWord(((first & 0x1ff) << 7) | (second >>> 18))}`
  const last = hexWord(second >>> 2) + hexWord(((second & 3) << 14) | (third >>> 16)) + hexWord(third)
  return `${time}-${middle}-${last}`
}

/** A ULID read back and written as UUID. */
export function uuidOfUlid(ulid: string): string {
  const digits = Array.from(ulid, (digit) => BigInt(crockford.indexOf(digit)))
  const value = digits.reduce((sum, digit) => sum * 32n + digit, 0n)
  return dashed(value.toString(16).padStart(32, '0'))
}

/** 32 hex digits in the form of a UUID. */
export function dashed(digits: string): string {
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`
}
