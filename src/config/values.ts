import { isSupportedCountry } from 'libphonenumber-js/min'
import { z } from 'zod'
import { durationForm, parseDuration } from '../core/duration.ts'
import { patternProblem } from './regular-expression.ts'

/** A number within limits; both are told whichever of them is passed. */
export function between(min: number, max: number) {
  const words = `a number from ${min} to ${max}`
  return z.number(words).min(min, words).max(max, words)
}

export function wholeBetween(min: number, max: number) {
  const words = `a whole number from ${min} to ${max}`
  return z.number(words).int(words).min(min, words).max(max, words)
}

const textWords = 'a text that is not empty'
export const text = z.string(textWords).min(1, textWords)

/** A list that may also be written as its only element. */
export const texts = z.array(text, 'a list of texts')

/** Marks words that end "found …, allowed is …"; without it they are the whole sentence. */
const told = { found: true }

/** Written as `270d`, read as seconds. */
export const duration = z
  .string(durationForm)
  .regex(/^\d+[smhdw]$/, durationForm)
  .refine((value) => parseDuration(value) !== null, {
    error: `${durationForm}, at most a century`,
    params: told,
  })
  .transform((value) => parseDuration(value) ?? 0)

const dateWords = 'a date written as yyyy-mm-dd'
export const isoDate = z.string(dateWords).refine(isRealDate, { error: dateWords, params: told })

/** 2026-02-30 has the form of a date and is none. */
export function isRealDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const date = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
}

const countryWords = 'a country code of two capital letters, such as US'
export const country = z
  .string(countryWords)
  .refine(isSupportedCountry, { error: countryWords, params: told })

/** A regular expression that the audit's engine knows. */
export const pattern = text.check((context) => {
  const problem = patternProblem(context.value)
  if (problem !== null) context.issues.push({ code: 'custom', input: context.value, message: problem })
})
