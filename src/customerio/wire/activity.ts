import { z } from 'zod'
import { recordText } from '../json.ts'
import { asObject } from './received.ts'
import { optionalText, record, restOf, text, timeOf } from './values.ts'

/**
 * GET /v1/activities?type=&name=&start=&limit= (reference, section 4): cursor `start`/`next`, 100 a page at most.
 * There is no time window; the order is not promised. The set of types is open, so any text is a type.
 */
export interface Activity {
  readonly id: string
  readonly type: string
  readonly name: string | null
  readonly cioId: string | null
  readonly customerId: string | null
  readonly email: string | null
  /** Null where `timestamp` is no time; the original is in `rest` then. */
  readonly at: Date | null
  readonly deliveryId: string | null
  readonly deliveryType: string | null
  /** JSON text. */
  readonly data: string | null
  /** JSON text. */
  readonly rest: string | null
}

export const activitiesPath = '/v1/activities'
export const activitiesPerPage = 100

const columns = z.object({
  id: text,
  type: text,
  name: optionalText,
  customer_id: optionalText,
  delivery_id: optionalText,
  delivery_type: optionalText,
})
const identifiers = z.object({ cio_id: optionalText, id: optionalText, email: optionalText })
const inColumns = new Set([
  'id',
  'type',
  'name',
  'customer_id',
  'delivery_id',
  'delivery_type',
  'data',
  'customer_identifiers',
  'timestamp',
])
const named = new Set(['event', 'screen', 'page'])

export const activitySchema = record.transform((raw, context): Activity => {
  const read = columns.safeParse(raw)
  const person = asObject(raw['customer_identifiers'])
  const who = identifiers.safeParse(person ?? {})
  for (const failed of [read, who]) {
    for (const { path, message } of failed.error?.issues ?? [])
      context.addIssue({ code: 'custom', message, path: [...path] })
  }
  if (!read.success || !who.success) return z.NEVER
  const { id, type, customer_id, delivery_id, delivery_type } = read.data
  const at = timeOf(raw['timestamp'])
  const data = raw['data']
  return {
    id,
    type,
    // Older copies of the API have the name of an event in its data only.
    name: read.data.name ?? (named.has(type) ? nameIn(data) : null),
    cioId: bareCioId(who.data.cio_id),
    customerId: customer_id ?? who.data.id,
    email: who.data.email,
    at,
    deliveryId: delivery_id,
    deliveryType: delivery_type,
    data: data === undefined || data === null ? null : recordText(data),
    rest: rest(raw, person, at),
  }
})

function nameIn(data: unknown): string | null {
  const name = asObject(data)?.['name']
  return typeof name === 'string' && name !== '' ? name : null
}

/** Identifiers and time stand in `rest` as well where the columns do not say all of them. */
function rest(
  raw: Record<string, unknown>,
  person: Record<string, unknown> | null,
  at: Date | null,
): string | null {
  const isTimeSaid = at !== null && Number.isInteger(raw['timestamp'])
  const isPersonSaid = person
    ? Object.keys(person).every((key) => key === 'cio_id' || key === 'id' || key === 'email')
    : (raw['customer_identifiers'] ?? null) === null
  if (isTimeSaid && isPersonSaid) return restOf(raw, inColumns)
  const known = new Set(inColumns)
  if (!isTimeSaid) known.delete('timestamp')
  if (!isPersonSaid) known.delete('customer_identifiers')
  return restOf(raw, known)
}

/** Customer.io returns it bare; where it came with the prefix that addresses need, the prefix is no part of it. */
export function bareCioId(value: string | null): string | null {
  return value?.startsWith('cio_') ? value.slice(4) : value
}
