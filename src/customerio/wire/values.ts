import { z } from 'zod'
import { isRawNumber, recordText } from '../json.ts'
import { asObject } from './received.ts'

/** Readers of single values, where sources disagree on the type (reference, sections 3.2 and 3.4). */

/** Ids and names: text, or a number whose digits are kept, also past 2^53. */
export const text = z
  .unknown()
  .optional()
  .transform((value, context) => {
    const found = textOf(value)
    if (found === null || found === '') context.addIssue(`expected text, found ${kindOf(value)}`)
    return found ?? ''
  })

/** The same, or nothing: absent, null and empty text are all "no value". */
export const optionalText = z
  .unknown()
  .optional()
  .transform((value, context) => {
    if (value === undefined || value === null || value === '') return null
    const found = textOf(value)
    if (found === null) context.addIssue(`expected text, found ${kindOf(value)}`)
    return found
  })

/** Ids that Customer.io counts up: a whole number, or its digits as text. */
export const wholeNumber = z
  .unknown()
  .optional()
  .transform((value, context) => {
    const digits = textOf(value) ?? ''
    if (/^-?\d{1,18}$/.test(digits)) return BigInt(digits)
    context.addIssue(`expected a whole number, found ${kindOf(value)}`)
    return 0n
  })

export const optionalWholeNumber = z
  .unknown()
  .optional()
  .transform((value) => {
    const digits = textOf(value) ?? ''
    return /^-?\d{1,18}$/.test(digits) ? BigInt(digits) : null
  })

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  return isRawNumber(value) ? value.rawJSON : null
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null || typeof value === 'string') return value === null ? 'null' : 'empty text'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** Unix seconds, as a number or as its digits. Null where that is no time that a date can hold. */
export function timeOf(value: unknown): Date | null {
  const digits = textOf(value)
  if (digits === null || !/^-?\d+(\.\d+)?$/.test(digits)) return null
  const time = new Date(Math.round(Number(digits) * 1000))
  return Number.isNaN(time.getTime()) ? null : time
}

/** `{ name: text }`: values of another type become the JSON text of what they were, as Customer.io does it. */
export function textMap(value: Record<string, unknown>): string {
  const map = Object.create(null) as Record<string, string | null>
  for (const [key, inner] of Object.entries(value)) {
    map[key] = inner === null ? null : (textOf(inner) ?? recordText(inner))
  }
  return recordText(map)
}

/** What a record has beside the named keys, as JSON text; null when that is nothing. */
export function restOf(record: Record<string, unknown>, known: ReadonlySet<string>): string | null {
  const rest = Object.create(null) as Record<string, unknown>
  let isEmpty = true
  for (const key of Object.keys(record)) {
    if (known.has(key)) continue
    rest[key] = record[key]
    isEmpty = false
  }
  return isEmpty ? null : recordText(rest)
}

/** Some records are read as a whole, because what is not a column goes to `rest`. */
export const record = z
  .unknown()
  .optional()
  .transform((value, context) => {
    const found = asObject(value)
    if (!found) context.addIssue(`expected an object, found ${kindOf(value)}`)
    return found ?? {}
  })
