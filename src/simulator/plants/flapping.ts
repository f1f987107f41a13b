import type { Depth, Shopper } from '../population/shopper.ts'
import type { Device } from '../types.ts'
import { cases, type Cast } from './cast.ts'
import { takeAppUser } from './devices.ts'

type Field = 'app_version' | 'cio_sdk_version' | 'device_locale'

interface Course {
  /** From the oldest to the one of now. */
  readonly versions: readonly string[]
  readonly fields: readonly Field[]
  /** Hours between two changes. */
  readonly step: number
  /** How the feed names the device; null where it does not. */
  readonly naming: 'id' | 'token' | null
  readonly depth: Depth
}

/** Versions that go back to an earlier one twice and more. */
const flapping: readonly Course[] = [
  {
    versions: ['4.7.1', '4.5.0', '4.7.1', '4.5.0'],
    fields: ['cio_sdk_version'],
    step: 40,
    naming: 'id',
    depth: 'browse',
  },
  {
    versions: ['3.1.0', '3.2.0', '3.1.0', '3.2.0', '3.1.0', '3.2.0'],
    fields: ['app_version'],
    step: 1,
    naming: 'token',
    depth: 'cart',
  },
  {
    versions: ['3.1.0', '3.2.0', '3.1.0', '3.2.0'],
    fields: ['app_version', 'cio_sdk_version'],
    step: 90,
    naming: 'id',
    depth: 'none',
  },
  {
    versions: ['4.5.0', '4.7.1', '4.5.0', '4.7.1'],
    fields: ['cio_sdk_version'],
    step: 12,
    naming: null,
    depth: 'browse',
  },
  {
    versions: ['3.0.4', '3.1.0', '3.0.4', '3.2.0', '3.0.4'],
    fields: ['app_version'],
    step: 60,
    naming: 'id',
    depth: 'none',
  },
]

/** Near misses: a version that was taken back, updates one after another, and what is no version. */
const steady: readonly Course[] = [
  { versions: ['3.1.0', '3.2.0', '3.1.0'], fields: ['app_version'], step: 30, naming: 'id', depth: 'none' },
  {
    versions: ['3.0.4', '3.1.0', '3.1.2', '3.2.0'],
    fields: ['app_version', 'cio_sdk_version'],
    step: 120,
    naming: 'id',
    depth: 'none',
  },
  {
    versions: ['de-DE', 'en-US', 'de-DE', 'en-US', 'de-DE'],
    fields: ['device_locale'],
    step: 20,
    naming: 'token',
    depth: 'browse',
  },
]

/** The feed of a device whose versions changed; it ends in what the device says now. */
function play(cast: Cast, { versions, fields, step, naming, depth }: Course): [Shopper, Device] | null {
  const taken = takeAppUser(cast, { depth, devices: 1 })
  if (taken === null) return null
  const [shopper, device] = taken
  const named = naming === null ? {} : { [naming]: device.token, platform: device.platform }
  for (const [position, to] of versions.entries()) {
    if (position === 0) continue
    const change = { from: versions[position - 1] ?? '', to }
    const data = { ...named, ...Object.fromEntries(fields.map((field) => [field, change])) }
    shopper.feed.push({ type: 'device_change', hoursAgo: 4 + (versions.length - position) * step, data })
  }
  device.lastUsed = cast.nowSeconds - 2 * 3_600
  for (const field of fields) device.attributes[field] = versions.at(-1) ?? ''
  return taken
}

/** Two SDKs, or two installs, that take turns in registering one token. */
export function plantFlapping(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.004, 10); turn += 1) {
    const course = flapping[turn % flapping.length]
    const [shopper, device] = (course && play(cast, course)) ?? []
    if (shopper === undefined || device === undefined) return
    cast.facts.add('devices/sdk-flapping', device.token, [shopper.person.cioId])
  }
  for (const course of steady) play(cast, course)
}
