import type { Context, Hono } from 'hono'
import { z } from 'zod'
import { bodyOf } from './app-people.ts'
import { deviceBody } from './devices.ts'
import { identify, overLimits, readIdentifier } from './identify.ts'
import {
  addDevice,
  deletePerson,
  mergeBody,
  mergePeople,
  recordEvent,
  removeDevice,
  timeOf,
  typeOf,
} from './operations.ts'
import { trackErrors } from './replies.ts'
import type { Track } from './track.ts'

const eventBody = z.object({
  name: z.string().min(1),
  type: z.string().optional(),
  id: z.string().optional(),
  timestamp: z.unknown().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  anonymous_id: z.string().optional(),
})
type EventBody = z.infer<typeof eventBody>

const maxNameBytes = 100
const maxDataBytes = 100_000
function eventErrors(body: EventBody | undefined): string[] {
  if (body === undefined) return ['name is required']
  const errors: string[] = []
  if (Buffer.byteLength(body.name) > maxNameBytes) errors.push(`name is longer than ${maxNameBytes} bytes`)
  if (Buffer.byteLength(JSON.stringify(body.data ?? {})) > maxDataBytes)
    errors.push(`data is larger than ${maxDataBytes} bytes`)
  return errors
}

const personIn = (context: Context, track: Track): number | undefined => {
  const { kind, value } = readIdentifier(context.req.param('customer') ?? '')
  return track.workspace.find(kind, value)[0]
}

export function trackRoutes(app: Hono, track: Track, region: 'us' | 'eu'): void {
  const accepted = (context: Context): Response => context.json({})

  app.get('/api/v1/accounts/region', (context) =>
    context.json({
      url: region === 'eu' ? 'https://track-eu.customer.io' : 'https://track.customer.io',
      region,
      environment_id: track.workspace.id,
    }),
  )

  app.put('/api/v1/customers/:customer', async (context) => {
    const body = z.record(z.string(), z.unknown()).safeParse(await bodyOf(context))
    if (!body.success) return trackErrors(context, 'body must be a JSON object')
    const errors = overLimits(body.data)
    if (errors.length > 0) return trackErrors(context, ...errors)
    identify(track, readIdentifier(context.req.param('customer')), body.data)
    return accepted(context)
  })

  app.delete('/api/v1/customers/:customer', (context) => {
    const person = personIn(context, track)
    if (person !== undefined) deletePerson(track, person)
    return accepted(context)
  })

  app.put('/api/v1/customers/:customer/devices', async (context) => {
    const body = deviceBody.safeParse(await bodyOf(context))
    if (!body.success)
      return trackErrors(context, ...body.error.issues.map((issue) => `${issue.path.join('.')} is invalid`))
    const person = personIn(context, track)
    if (person !== undefined) addDevice(track, person, body.data.device)
    return accepted(context)
  })

  app.delete('/api/v1/customers/:customer/devices/:token', (context) => {
    const person = personIn(context, track)
    if (person !== undefined) removeDevice(track, person, context.req.param('token'))
    return accepted(context)
  })

  app.post('/api/v1/customers/:customer/events', async (context) => {
    const body = eventBody.safeParse(await bodyOf(context))
    const errors = eventErrors(body.data)
    if (!body.success || errors.length > 0) return trackErrors(context, ...errors)
    const { kind, value } = readIdentifier(context.req.param('customer'))
    // An event for an unknown id creates the person, as identify would; for an unknown `cio_` it is dropped.
    if (track.workspace.find(kind, value).length === 0 && kind !== 'cio_id')
      identify(track, { kind, value }, {})
    const [person] = track.workspace.find(kind, value)
    if (person !== undefined) recordEvent(track, person, body.data)
    return accepted(context)
  })

  app.post('/api/v1/events', async (context) => {
    const body = eventBody.safeParse(await bodyOf(context))
    const errors = eventErrors(body.data)
    if (!body.success || errors.length > 0) return trackErrors(context, ...errors)
    // Without an anonymous id nobody can ever claim it: accepted and never seen again.
    const { anonymous_id: anonymousId, name, data = {} } = body.data
    if (anonymousId !== undefined && anonymousId !== '') {
      track.keepAnonymous(anonymousId, {
        type: typeOf(body.data.type),
        name,
        data,
        timestamp: timeOf(body.data.timestamp, track.nowSeconds()),
      })
    }
    return accepted(context)
  })

  app.post('/api/v1/merge_customers', async (context) => {
    const body = mergeBody.safeParse(await bodyOf(context))
    // The one envelope with a single `error`.
    if (!body.success)
      return context.json({ meta: { error: 'primary and secondary must each name one person' } }, 400)
    mergePeople(track, body.data)
    return accepted(context)
  })
}
