import type { z } from 'zod'
import { ApiError } from '../api-error.ts'
import type { Answer } from '../http.ts'
import { deepestRecord, isRawNumber, nesting, recordText } from '../json.ts'
import { holdsLoneSurrogate, mayHoldLoneSurrogate, wellFormed } from '../well-formed.ts'

/** One record of an answer: what it says, or why it could not be read. */
export type Received<T> =
  | {
      readonly fits: true
      readonly value: T
      /** The record as it came, only where `value` had to alter it. */ readonly raw: string | null
    }
  | { readonly fits: false; readonly reason: string; readonly raw: string }

export interface Page<T> {
  readonly records: readonly Received<T>[]
  /** Null at the end of the cursor. */
  readonly next: string | null
}

/** The list under `key`, each record read by `schema`. Go writes an empty list as null. */
export function readPage<T>(answer: Answer, key: string, schema: z.ZodType<T>, host: string): Page<T> {
  const body = asObject(answer.json)
  const list = body?.[key]
  if (!body || (list !== null && !Array.isArray(list))) {
    throw new ApiError('exhausted', null, `the answer had no list "${key}"`, host)
  }
  const next = body['next']
  const read = recordReader(answer.text, schema)
  return {
    records: ((list ?? []) as unknown[]).map(read),
    next: isRawNumber(next)
      ? next.rawJSON
      : typeof next === 'number'
        ? String(next)
        : typeof next === 'string' && next !== ''
          ? next
          : null,
  }
}

/** The looks at the whole text are cheap; most pages then need none at their records. */
export function recordReader<T>(text: string, schema: z.ZodType<T>): (record: unknown) => Received<T> {
  const isDeep = nesting(text) > deepestRecord
  const isSuspect = mayHoldLoneSurrogate(text)
  return (record) => {
    if (isDeep && isDeeperThan(record, deepestRecord)) {
      return { fits: false, reason: `nested deeper than ${deepestRecord} levels`, raw: recordText(record) }
    }
    const raw = isSuspect ? recordText(record) : null
    const isAltered = raw !== null && holdsLoneSurrogate(raw)
    const parsed = schema.safeParse(isAltered ? wellFormed(record) : record)
    if (!parsed.success)
      return { fits: false, reason: reasonOf(parsed.error), raw: raw ?? recordText(record) }
    return { fits: true, value: parsed.data, raw: isAltered ? raw : null }
  }
}

/** "timestamp: expected number": where and what, never the value. */
function reasonOf(error: z.ZodError): string {
  const [first] = error.issues
  if (!first) return 'does not fit'
  const path = first.path.map(String).join('.')
  return `${path === '' ? 'record' : path}: ${first.message}`
}

/** Level by level, because a recursion over a record of unknown depth would overflow the stack. */
function isDeeperThan(record: unknown, levels: number): boolean {
  let level: unknown[] = [record]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > levels) return true
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null && !isRawNumber(value) ? Object.values(value) : [],
    )
    level = level.filter((value) => typeof value === 'object' && value !== null)
  }
  return false
}

export function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawNumber(value)
    ? (value as Record<string, unknown>)
    : null
}
