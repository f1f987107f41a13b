const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

function base32(value: number, length: number): string {
  let text = ''
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32))
    text = crockford[rest % 32] + text
  return text
}

/** A well mixed 32 bit number of two others ("murmur" finish). */
function mix(value: number, salt: number): number {
  let hash = (value ^ salt) >>> 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/**
 * The ULID of the activity number `sequence`. It is computed, not stored: a million of them would cost 50 MB.
 * The sequence number itself is part of the text, so two activities can never get the same id.
 */
export function ulidOf(timeMs: number, sequence: number, seed: number): string {
  const first = mix(sequence, seed)
  const second = mix(first, sequence + 0x5bd1e995)
  return `${base32(timeMs, 10)}${base32(first, 5)}${base32(second % 0x2000_0000, 5)}${base32(sequence, 6)}`
}
