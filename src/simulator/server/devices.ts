import { z } from 'zod'
import type { Person } from '../types.ts'

const scalar = z.union([z.string(), z.number(), z.boolean()])

/** A device as Track v1 takes it. */
export const deviceBody = z.object({
  device: z.object({
    id: z.string().min(1),
    platform: z.enum(['ios', 'android']),
    last_used: z.int().nonnegative().optional(),
    attributes: z.record(z.string(), scalar).optional(),
  }),
})
export type DeviceBody = z.infer<typeof deviceBody>['device']

type Change = Record<string, { from: string; to: string }>

/** Adds or renews a device of a person; returns what changed, for the feed. A known token forgets its last status. */
export function putDevice(person: Person, device: DeviceBody, nowSeconds: number): Change {
  const sent = Object.entries(device.attributes ?? {}).map(([name, value]) => [name, String(value)] as const)
  const old = person.devices.find(({ token }) => token === device.id)
  const changes: Change = {}
  for (const [name, to] of sent) {
    const from = old?.attributes[name] ?? ''
    if (from !== to) changes[name] = { from, to }
  }
  const lastUsed = device.last_used ?? nowSeconds
  if (old === undefined) {
    person.devices.push({
      token: device.id,
      platform: device.platform,
      lastUsed,
      attributes: { ...Object.fromEntries(sent), _last_status: '' },
    })
  } else {
    old.lastUsed = lastUsed
    Object.assign(old.attributes, Object.fromEntries(sent), { _last_status: '' })
  }
  return changes
}
