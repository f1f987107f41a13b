import type { Hono } from 'hono'
import { z } from 'zod'
import { bodyOf } from './app-people.ts'
import { identify, type PathIdentifier } from './identify.ts'
import { addDevice, deletePerson, mergeBody, mergePeople, recordEvent, removeDevice } from './operations.ts'
import type { Track } from './track.ts'

const identifiers = z.union([
  z.strictObject({ id: z.string().min(1) }),
  z.strictObject({ email: z.string().min(1) }),
  z.strictObject({ cio_id: z.string().min(1) }),
])
const person = { type: z.literal('person'), identifiers }
const attributes = z.record(z.string(), z.unknown()).optional()
const device = z.strictObject({
  token: z.string().min(1),
  platform: z.enum(['ios', 'android']).optional(),
  last_used: z.int().nonnegative().optional(),
  // SDKs once put the token here; v2 wants it at the top.
  attributes: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .refine((values) => !('token' in values), 'must be in the top-level device object')
    .optional(),
})
const event = {
  ...person,
  name: z.string().min(1),
  id: z.string().optional(),
  timestamp: z.unknown().optional(),
  attributes,
}

/** What `POST /api/v2/entity` does to people. */
const operation = z.discriminatedUnion('action', [
  z.object({ ...person, action: z.literal('identify'), attributes }),
  z.object({ ...person, action: z.literal('delete') }),
  z.object({ ...event, action: z.enum(['event', 'page', 'screen']) }),
  z.object({ ...person, action: z.literal('add_device'), device }),
  z.object({ ...person, action: z.literal('delete_device'), device }),
  z.object({ type: z.literal('person'), action: z.literal('merge'), ...mergeBody.shape }),
])
type Operation = z.infer<typeof operation>

/** v2's own envelope: reason, field and message; in a batch the position, too. */
function fieldErrors(error: z.ZodError): Record<string, unknown>[] {
  return error.issues.map((issue) => ({
    reason: 'invalid',
    field: issue.path.join('.'),
    message: issue.message,
  }))
}

function apply(track: Track, sent: Operation): void {
  if (sent.action === 'merge') return mergePeople(track, sent)
  const [kind, value] = Object.entries(sent.identifiers)[0] as [PathIdentifier['kind'], string]
  const bare = { kind, value: kind === 'cio_id' ? value.replace(/^cio_/, '') : value }
  const isNew = track.workspace.find(bare.kind, bare.value).length === 0
  if (sent.action === 'identify' || (isNew && 'name' in sent))
    identify(track, bare, (sent.action === 'identify' && sent.attributes) || {})
  const [index] = track.workspace.find(bare.kind, bare.value)
  if (index === undefined) return
  if (sent.action === 'delete') deletePerson(track, index)
  if ('name' in sent) recordEvent(track, index, { ...sent, type: sent.action, data: sent.attributes })
  if (sent.action === 'delete_device') removeDevice(track, index, sent.device.token)
  if (sent.action === 'add_device') {
    const { token, platform = 'ios', last_used, attributes: deviceAttributes } = sent.device
    addDevice(track, index, { id: token, platform, last_used, attributes: deviceAttributes })
  }
}

export function trackV2Routes(app: Hono, track: Track): void {
  app.post('/api/v2/entity', async (context) => {
    const sent = operation.safeParse(await bodyOf(context))
    if (!sent.success) return context.json({ errors: fieldErrors(sent.error) }, 400)
    apply(track, sent.data)
    return context.json({})
  })

  app.post('/api/v2/batch', async (context) => {
    const body = z.object({ batch: z.array(z.unknown()).min(1) }).safeParse(await bodyOf(context))
    if (!body.success) return context.json({ errors: fieldErrors(body.error) }, 400)
    const errors = body.data.batch.flatMap((item, position) => {
      const sent = operation.safeParse(item)
      if (!sent.success) return fieldErrors(sent.error).map((error) => ({ batch_index: position, ...error }))
      apply(track, sent.data)
      return []
    })
    return errors.length > 0 ? context.json({ errors }, 207) : context.json({})
  })
}
