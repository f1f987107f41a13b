import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { positionOf } from './cursors.ts'

/** JSON that is already text: a page of activities is joined, never parsed. */
export function jsonText(context: Context, text: string): Response {
  return context.body(text, 200, { 'content-type': 'application/json' })
}

/** The App API's envelope of today: `status` is text. */
export function appError(
  context: Context,
  status: ContentfulStatusCode,
  detail: string,
  code?: string,
): Response {
  const error = {
    detail: `${detail} (reference 7f3a21)`,
    status: String(status),
    ...(code === undefined ? {} : { code }),
  }
  return context.json({ errors: [error] }, status)
}

/** The same on older endpoints (segments, campaigns, messages): `status` is a number. */
export function olderAppError(context: Context, status: ContentfulStatusCode, detail: string): Response {
  return context.json({ errors: [{ detail, status }] }, status)
}

/** Track v1. */
export function trackErrors(context: Context, ...errors: string[]): Response {
  return context.json({ meta: { errors } }, 400)
}

export interface Paging {
  readonly limit: number
  readonly start: number | 'first'
}

/** `limit` and `start` of a request, or the sentence that says what is wrong with them. */
export function pagingOf(context: Context, usual: number, most: number): Paging | string {
  const asked = context.req.query('limit')
  const limit = asked === undefined ? usual : Number(asked)
  if (!Number.isInteger(limit) || limit < 1 || limit > most) return `limit must be between 1 and ${most}`
  const start = positionOf(context.req.query('start'))
  return start === null ? 'start is not a valid cursor' : { limit, start }
}
