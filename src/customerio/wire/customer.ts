import { z } from 'zod'
import { bareCioId } from './activity.ts'
import { asObject } from './received.ts'
import { optionalText, record, restOf, text, textMap, timeOf } from './values.ts'

/**
 * POST /v1/customers/attributes?id_type=cio_id (reference, section 3.4): attributes and devices of 1 to 100 people,
 * no cursor. Unknown ids are left out of the reply without a word. Sources disagree whether an item is the person
 * or `{ customer: person }`, and whether `identifiers` is there, so both are read.
 */
export interface Customer {
  readonly cioId: string
  readonly id: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly createdAt: Date | null
  readonly isUnsubscribed: boolean
  /** JSON text: object of text values. */
  readonly attributes: string
  /** JSON text: object of Unix seconds. */
  readonly attributeTimes: string | null
  readonly rest: string | null
  /** Not yet read: each is a record of its own and may fail alone. */
  readonly devices: readonly unknown[]
}

export const customersPath = '/v1/customers/attributes'
export const customersPerRequest = 100

const identifiers = z.object({ cio_id: optionalText, id: optionalText, email: optionalText })
const reserved = z.object({
  cio_id: optionalText,
  id: optionalText,
  email: optionalText,
  phone: optionalText,
})
const inColumns = new Set(['id', 'identifiers', 'attributes', 'timestamps', 'unsubscribed', 'devices'])

export const customerSchema = record
  .transform((item) => asObject(item['customer']) ?? item)
  .transform((raw, context): Customer => {
    const fail = (path: string, message: string): typeof z.NEVER => {
      context.addIssue({ code: 'custom', message, path: [path] })
      return z.NEVER
    }
    const attributes = asObject(raw['attributes'])
    if (!attributes) return fail('attributes', 'expected an object')
    const own = identifiers.safeParse(raw['identifiers'] ?? {})
    const said = reserved.safeParse(attributes)
    const top = optionalText.safeParse(raw['id'])
    if (!own.success || !said.success || !top.success) return fail('identifiers', 'expected texts')
    const cioId = bareCioId(own.data.cio_id ?? said.data.cio_id)
    if (cioId === null) return fail('identifiers.cio_id', 'expected text, found nothing')
    const devices = raw['devices'] ?? []
    if (!Array.isArray(devices)) return fail('devices', 'expected a list')
    const times = asObject(raw['timestamps'])
    return {
      cioId,
      id: top.data ?? own.data.id ?? said.data.id,
      email: own.data.email ?? said.data.email,
      phone: said.data.phone,
      createdAt: timeOf(attributes['created_at']),
      isUnsubscribed: meansTrue(raw['unsubscribed'] ?? attributes['unsubscribed']),
      attributes: textMap(attributes),
      attributeTimes: times ? JSON.stringify(times) : null,
      rest: restOf(raw, inColumns),
      devices,
    }
  })

/** The values that Customer.io takes for true; anything else means subscribed. */
function meansTrue(value: unknown): boolean {
  return (
    value === true ||
    value === 1 ||
    value === '1' ||
    (typeof value === 'string' && value.toLowerCase() === 'true')
  )
}

export interface Device {
  readonly token: string
  readonly platform: string | null
  readonly lastUsed: Date | null
  /** JSON text: object of text values. */
  readonly attributes: string | null
  readonly rest: string | null
}

const deviceColumns = z.object({ id: text, platform: optionalText })
const inDeviceColumns = new Set(['id', 'platform', 'last_used', 'attributes'])
const beyondTime = new Set(['id', 'platform', 'attributes'])

export const deviceSchema = record.transform((raw, context): Device => {
  const read = deviceColumns.safeParse(raw)
  const attributes = raw['attributes'] ?? null
  const map = asObject(attributes)
  if (!read.success || (attributes !== null && !map)) {
    const [issue] = read.error?.issues ?? []
    context.addIssue({
      code: 'custom',
      message: issue?.message ?? 'expected an object',
      path: [...(issue?.path ?? ['attributes'])],
    })
    return z.NEVER
  }
  const lastUsed = timeOf(raw['last_used'])
  const isTimeSaid = lastUsed !== null || (raw['last_used'] ?? null) === null
  return {
    token: read.data.id,
    platform: read.data.platform,
    lastUsed,
    attributes: map ? textMap(map) : null,
    rest: restOf(raw, isTimeSaid ? inDeviceColumns : beyondTime),
  }
})
