import { cases, type Cast } from './cast.ts'
import { sayYes, takeAppUser } from './devices.ts'

const day = 86_400
type Answer = 'true' | 'false' | null

interface Torn {
  /** The attribute as somebody would have sent it; each reads as a boolean. */
  readonly attribute: string
  /** What the devices say, one by one. */
  readonly devices: readonly Answer[]
}

/** The attribute and the devices contradict each other. */
const contradictions: readonly Torn[] = [
  { attribute: 'true', devices: ['false'] },
  { attribute: 'false', devices: ['true'] },
  { attribute: 'TRUE', devices: ['false', 'false'] },
  { attribute: '0', devices: ['true'] },
  { attribute: '1', devices: ['false'] },
  { attribute: 'False', devices: ['false', 'true'] },
  { attribute: ' true ', devices: ['false'] },
]

/** Each differs from one of those in a single fact, and is fine. */
const agreements: readonly Torn[] = [
  { attribute: 'true', devices: ['false', 'true'] },
  { attribute: 'true', devices: ['false', null] },
  { attribute: 'false', devices: ['false'] },
  { attribute: 'false', devices: [null] },
]

function plantTorn(cast: Cast, { attribute, devices }: Torn): void {
  const [shopper] = takeAppUser(cast, { depth: 'cart', devices: devices.length }) ?? []
  if (shopper === undefined) return
  const { person, touched } = shopper
  touched.add('push_opt_in')
  person.attributes['push_opt_in'] = attribute
  for (const [position, device] of person.devices.entries()) {
    const answer = devices[position] ?? null
    if (answer === null) delete device.attributes['push_enabled']
    else device.attributes['push_enabled'] = answer
  }
}

export function plantContradictions(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.004, 7); turn += 1) {
    const torn = contradictions[turn % contradictions.length]
    if (torn !== undefined) plantTorn(cast, torn)
  }
  for (const torn of agreements) plantTorn(cast, torn)
}

/** Active people who said yes, and whom no push can reach; and some who only look so. */
const unreached: readonly ((cast: Cast) => void)[] = [
  (cast) => optIn(cast, 0, 'bounced'),
  (cast) => optIn(cast, 1, 'bounced'),
  (cast) => optIn(cast, 2, 'suppressed'),
  // Active, and the only device is an old one: dormant.
  (cast) => optIn(cast, 1, 'sent', 300 * day),
  // Fine: an old bounce beside a phone that works, and a person who unsubscribed from everything.
  (cast) => {
    const shopper = optIn(cast, 2, 'sent')
    const [device] = shopper?.person.devices ?? []
    if (device !== undefined) device.attributes['_last_status'] = 'suppressed'
  },
  (cast) => {
    const shopper = optIn(cast, 1, 'bounced')
    if (shopper !== null) shopper.person.unsubscribed = true
  },
]

function optIn(cast: Cast, devices: number, status: string, unusedSeconds?: number) {
  const [shopper] = takeAppUser(cast, { depth: 'cart', devices: Math.max(1, devices) }) ?? []
  if (shopper === undefined) return null
  const { person } = shopper
  person.devices = person.devices.slice(0, devices)
  sayYes(shopper)
  for (const device of person.devices) {
    device.attributes['_last_status'] = status
    if (unusedSeconds !== undefined) device.lastUsed = cast.nowSeconds - unusedSeconds
  }
  return shopper
}

export function plantUnreached(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.004, unreached.length); turn += 1)
    unreached[turn % unreached.length]?.(cast)
}
