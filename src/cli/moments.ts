import { parseISO } from 'date-fns/parseISO'
import { durationForm, parseDuration } from '../core/duration.ts'
import { UsageError } from '../core/errors.ts'
import { momentAt, type Moment } from '../core/moment.ts'

const dayMs = 86_400_000

/** An ISO date or time; without a zone it is UTC, so that every machine reads the same. */
export function parseIso(flag: string, text: string): Date {
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text)
  const full = text.includes('T') ? (zoned ? text : `${text}Z`) : `${text}T00:00:00Z`
  const date = /^\d{4}-\d{2}-\d{2}/.test(text) ? parseISO(full) : new Date(Number.NaN)
  if (Number.isNaN(date.getTime())) {
    throw new UsageError(
      'USAGE_TIME',
      `${flag} is given as "${text}", which is no ISO date.`,
      `Write a date such as 2026-11-23 or a time such as 2026-11-23T12:00:00Z.`,
    )
  }
  return date
}

/** `30d` back from `from`, or an ISO date. */
export const parseMoment = (flag: string, text: string, from: Date): Date =>
  momentAt(readMoment(flag, text), from)

/** The same, where what a duration counts back from is not known yet. */
export function readMoment(flag: string, text: string): Moment {
  const seconds = parseDuration(text)
  if (seconds !== null) return { secondsBefore: seconds }
  if (/^\d{4}-/.test(text)) return parseIso(flag, text)
  throw new UsageError(
    'USAGE_TIME',
    `${flag} is given as "${text}", which is neither a duration nor a date.`,
    `Write ${durationForm}, or an ISO date such as 2026-11-01.`,
  )
}

export const daysBefore = (from: Date, days: number): Date => new Date(from.getTime() - days * dayMs)
