import { isRawNumber } from './json.ts'

/** Half a surrogate pair as `JSON.stringify` writes it. May also match an escaped backslash before `ud800`: no harm. */
const loneEscape = /\\ud[89a-f][0-9a-f]{2}/i

/** Quick look at a whole page; pairs match too, so records are looked at one by one afterwards. */
export function mayHoldLoneSurrogate(text: string): boolean {
  return loneEscape.test(text)
}

export function holdsLoneSurrogate(recordJson: string): boolean {
  return loneEscape.test(recordJson)
}

/**
 * The same value with U+FFFD in place of half surrogate pairs: no UTF-8 text can hold them and DuckDB refuses JSON
 * that spells them. Keys are mended too. Never deeper than `deepestRecord`, which is looked at before.
 */
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value !== 'object' || value === null || isRawNumber(value)) return value
  if (Array.isArray(value)) return value.map(wellFormed)
  // No prototype, so that a key `__proto__` is a key like any other.
  const copy: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const [key, inner] of Object.entries(value)) copy[key.toWellFormed()] = wellFormed(inner)
  return copy
}
