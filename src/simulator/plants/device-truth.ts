import type { Shopper } from '../population/shopper.ts'
import type { Device } from '../types.ts'
import type { Cast } from './cast.ts'

const day = 86_400
const staleSeconds = 270 * day
const sdkFacts = ['app_version', 'device_os', 'cio_sdk_version'] as const
const most = 10

/**
 * Writes down what is true of everybody's devices and permission, planted or as they came: when all plants are done,
 * because a plant that shares a token or takes one away changes what is true of people whom another one took.
 */
export function noteDevices(cast: Cast, shoppers: readonly Shopper[]): void {
  const holders = new Map<string, number>()
  for (const { person } of shoppers) {
    for (const { token } of person.devices) holders.set(token, (holders.get(token) ?? 0) + 1)
  }
  const fateOf = (device: Device): Fate => {
    const { token, attributes, lastUsed } = device
    if (cast.malformed.has(token)) return 'malformed'
    if ((holders.get(token) ?? 0) > 1) return 'shared'
    if (hasBounced(device)) return 'bounced'
    if (attributes['push_enabled'] === 'false') return 'disabled'
    return lastUsed < cast.nowSeconds - staleSeconds ? 'dormant' : 'fine'
  }
  for (const shopper of shoppers) {
    noteEachDevice(cast, shopper)
    notePermission(cast, shopper, fateOf)
  }
}

/** From the best to the worst; `dormant` has not been used for long. */
const fates = ['fine', 'dormant', 'disabled', 'bounced', 'shared', 'malformed'] as const
type Fate = (typeof fates)[number]

const hasBounced = ({ attributes }: Device): boolean =>
  attributes['_last_status'] === 'bounced' || attributes['_last_status'] === 'suppressed'

function noteEachDevice(cast: Cast, { person }: Shopper): void {
  const note = (rule: string, subject: string): void => cast.facts.add(rule, subject, [person.cioId])
  if (person.devices.length > most) note('devices/too-many', person.cioId)
  for (const device of person.devices) {
    const { lastUsed, attributes } = device
    if (lastUsed < cast.nowSeconds - staleSeconds) note('devices/stale-token', 'unused')
    if (hasBounced(device)) note('devices/undeliverable-token', attributes['_last_status'] ?? '')
    for (const name of sdkFacts) if (!attributes[name]?.trim()) note('devices/missing-metadata', name)
  }
}

function notePermission(
  cast: Cast,
  { person, surface, depth }: Shopper,
  fateOf: (device: Device) => Fate,
): void {
  const { devices } = person
  const note = (rule: string, subject: string, informative = false): void =>
    cast.facts.add(rule, subject, [person.cioId], { informative })
  const visited = (surface === 'ios' || surface === 'android') && depth !== 'none'
  const text = (person.attributes['push_opt_in'] ?? '').trim().toLowerCase()
  const saysYes = ['true', '1', 'yes'].includes(text)
  const saysNo = ['false', '0', 'no'].includes(text)
  const answers = devices.map(({ attributes }) => attributes['push_enabled'])
  const isSwitchedOn = answers.includes('true')

  if (text === '' && answers.every((answer) => answer === undefined) && (visited || devices.length > 0)) {
    const platforms = [...new Set(devices.map(({ platform }) => platform))].toSorted()
    note('devices/permission-untracked', platforms.join(' and ') || 'no device')
  }
  if (saysNo && isSwitchedOn) note('devices/permission-contradiction', 'attribute-false')
  if (saysYes && devices.length > 0 && answers.every((answer) => answer === 'false'))
    note('devices/permission-contradiction', 'attribute-true')

  const isOptedIn = !person.unsubscribed && (saysYes || (!saysNo && isSwitchedOn))
  const own = devices.map(fateOf)
  const best = fates.find((fate) => own.includes(fate)) ?? 'no-device'
  if (!isOptedIn || best === 'fine') return
  const isActive = visited || devices.some(({ lastUsed }) => lastUsed >= cast.nowSeconds - 30 * day)
  const isDormant = !isActive || best === 'dormant'
  note('devices/opted-in-unreachable', isDormant ? 'dormant' : best, isDormant)
}
