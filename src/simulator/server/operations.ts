import { z } from 'zod'
import { putDevice, type DeviceBody } from './devices.ts'
import { setAttribute } from './identify.ts'
import type { Track } from './track.ts'
import type { IdType } from './workspace.ts'

/** A time that is no plausible number of seconds (text, milliseconds) becomes "now", as in production. */
const latestSeconds = 4_000_000_000

export function timeOf(timestamp: unknown, nowSeconds: number): number {
  const isSeconds =
    typeof timestamp === 'number' &&
    Number.isInteger(timestamp) &&
    timestamp >= 0 &&
    timestamp < latestSeconds
  return isSeconds ? timestamp : nowSeconds
}

/** Anything but page and screen is an event. */
export function typeOf(type: string | undefined): string {
  return type === 'page' || type === 'screen' ? type : 'event'
}

export interface SentEvent {
  readonly name: string
  readonly type?: string | undefined
  readonly id?: string | undefined
  readonly timestamp?: unknown
  readonly data?: Record<string, unknown> | undefined
}

/** Writes an event for a person, unless the sender's id came before: then it is a retry, and dropped. */
export function recordEvent(track: Track, person: number, event: SentEvent): void {
  if (event.id !== undefined) {
    if (track.seenEventIds.has(event.id)) return
    track.seenEventIds.add(event.id)
  }
  const type = typeOf(event.type)
  const name = event.name.trim()
  const timestamp = timeOf(event.timestamp, track.nowSeconds())
  track.note(
    type,
    person,
    event.data ?? {},
    type === 'page' ? { timestamp, beside: { url: name } } : { timestamp, name },
  )
}

export function deletePerson(track: Track, index: number): void {
  track.note('profile_delete', index, {})
  track.workspace.change(index, (person) => {
    person.deleted = true
  })
}

export function addDevice(track: Track, index: number, device: DeviceBody): void {
  track.workspace.change(index, (person) => {
    const changes = putDevice(person, device, track.nowSeconds())
    track.note('device_change', index, { id: device.id, platform: device.platform, ...changes })
  })
}

export function removeDevice(track: Track, index: number, token: string): void {
  track.workspace.change(index, (person) => {
    const left = person.devices.filter((device) => device.token !== token)
    if (left.length === person.devices.length) return
    person.devices = left
    track.note('device_change', index, { id: token, deleted: { from: 'false', to: 'true' } })
  })
}

const oneIdentity = z.union([
  z.strictObject({ id: z.string() }),
  z.strictObject({ email: z.string() }),
  z.strictObject({ cio_id: z.string() }),
])
export const mergeBody = z.strictObject({ primary: oneIdentity, secondary: oneIdentity })

/** Not reversible: the secondary is deleted, and what the primary lacks comes from it. Devices stay behind. */
export function mergePeople(track: Track, { primary, secondary }: z.infer<typeof mergeBody>): void {
  const { workspace } = track
  const find = (identity: z.infer<typeof oneIdentity>): number | undefined => {
    const [kind, value] = Object.entries(identity)[0] ?? []
    return kind === undefined ? undefined : workspace.find(kind as IdType, String(value))[0]
  }
  const kept = find(primary)
  const merged = find(secondary)
  if (kept === undefined || merged === undefined || kept === merged) return
  const { cioId, attributes, ...rest } = workspace.person(merged)
  workspace.change(merged, (person) => {
    person.deleted = true
  })
  workspace.population.activities.reassign(merged, kept)
  workspace.change(kept, (person) => {
    for (const name of ['id', 'email', 'phone'] as const) person[name] ||= rest[name]
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && !person.attributes[name]) setAttribute(person, name, value)
    }
  })
  track.note('profile_merge', kept, { merged: { cio_id: cioId, id: rest.id, email: rest.email } })
}
