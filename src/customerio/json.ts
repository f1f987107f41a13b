/**
 * JSON as it came. Numbers that a double cannot hold (64-bit ids, 30 decimals, 1e400) become raw numbers that
 * keep their digits; everything else is what `JSON.parse` makes of it. ES2025's `JSON.rawJSON` is in Node 22.
 */
interface RawNumber {
  readonly rawJSON: string
}
interface LosslessJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown
  rawJSON(text: string): RawNumber
  isRawJSON(value: unknown): value is RawNumber
}
const json = JSON as unknown as LosslessJson

/** Deeper than any real payload; deeper records are set aside, because parsers behind us recurse. */
export const deepestRecord = 128

/** A number that is long enough to lose digits, or has an exponent. Also matches inside of texts, at no harm. */
const longNumber = /[:,[]\s*-?(?:\d[\d.]{15}|[\d.]+[eE])/

/** The slow way (a reviver) is taken only when the text holds such a number. */
export function parseJson(text: string): unknown {
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  if (!longNumber.test(source)) return JSON.parse(source)
  return json.parse(source, (_, value, context) =>
    typeof value === 'number' && context.source !== undefined && !holds(value, context.source)
      ? json.rawJSON(context.source)
      : value,
  )
}

/** Whether a double gives these digits back: compared as decimals, so `1.0`, `1e3` and `0.10` are held. */
function holds(value: number, source: string): boolean {
  if (!Number.isFinite(value)) return false
  return sameDecimal(source, String(value))
}

function sameDecimal(a: string, b: string): boolean {
  const left = decimal(a)
  const right = decimal(b)
  return (
    left.digits === right.digits &&
    (left.digits === '' || left.exponent === right.exponent) &&
    left.sign === right.sign
  )
}

/** Significant digits and exponent, so that equal decimals look the same however they are written. */
function decimal(text: string): { sign: string; digits: string; exponent: number } {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  const all = whole + fraction
  const digits = all.replace(/^0+/, '').replace(/0+$/, '')
  const trailing = all.length - all.replace(/0+$/, '').length
  return { sign: digits === '' ? '' : sign, digits, exponent: Number(power) - fraction.length + trailing }
}

export function isRawNumber(value: unknown): value is RawNumber {
  return json.isRawJSON(value)
}

/** Levels of nesting that the text opens, without parsing it. */
export function nesting(text: string): number {
  let depth = 0
  let deepest = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 34) {
      for (i++; i < text.length; i++) {
        const inside = text.charCodeAt(i)
        if (inside === 34) break
        if (inside === 92) i++
      }
    } else if (code === 123 || code === 91) {
      if (++depth > deepest) deepest = depth
    } else if (code === 125 || code === 93) depth--
  }
  return deepest
}

/** JSON text for a record of any shape, also one that is too deep for the recursion of `JSON.stringify`. */
export function recordText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null'
  } catch (cause) {
    if (cause instanceof RangeError) return '"(nested too deeply to be written down)"'
    throw cause
  }
}
