import { isUsedSince, platformOf } from '../population/devices.ts'
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
  const bestOf = bestDevices(cast, shoppers)
  for (const shopper of shoppers) {
    noteEachDevice(cast, shopper)
    notePermission(cast, shopper, bestOf(shopper))
  }
}

/** The best device of a person, once all plants are done. */
export function bestDevices(cast: Cast, shoppers: readonly Shopper[]): (shopper: Shopper) => Best {
  const holders = new Map<string, number>()
  for (const { person } of shoppers) {
    for (const { token } of person.devices) holders.set(token, (holders.get(token) ?? 0) + 1)
  }
  const fateOf = (device: Device): Fate => {
    const { token, attributes } = device
    if (cast.malformed.has(token)) return 'malformed'
    if ((holders.get(token) ?? 0) > 1) return 'shared'
    if (hasBounced(device)) return 'bounced'
    if (attributes['push_enabled'] === 'false') return 'disabled'
    return silenceOf(device, cast.nowSeconds) === 'unused' ? 'dormant' : 'fine'
  }
  return ({ person }) => {
    const own = person.devices.map(fateOf)
    return fates.find((fate) => own.includes(fate)) ?? 'no-device'
  }
}

/** From the best to the worst; `dormant` has not been used for long. */
const fates = ['fine', 'dormant', 'disabled', 'bounced', 'shared', 'malformed'] as const
type Fate = (typeof fates)[number]
export type Best = Fate | 'no-device'

/** Whoever never said a time may have the app open at this moment: not dormant. */
function silenceOf(device: Device, nowSeconds: number): 'unused' | 'never-used' | null {
  if (device.lastUsed === null) return 'never-used'
  return isUsedSince(device, nowSeconds - staleSeconds) ? null : 'unused'
}

const hasBounced = ({ attributes }: Device): boolean =>
  attributes['_last_status'] === 'bounced' || attributes['_last_status'] === 'suppressed'

function noteEachDevice(cast: Cast, { person }: Shopper): void {
  const note = (rule: string, subject: string): void => cast.facts.add(rule, subject, [person.cioId])
  if (person.devices.length > most) note('devices/too-many', person.cioId)
  for (const device of person.devices) {
    const { attributes } = device
    const silence = silenceOf(device, cast.nowSeconds)
    if (silence !== null) note('devices/stale-token', silence)
    if (hasBounced(device)) note('devices/undeliverable-token', attributes['_last_status'] ?? '')
    if (platformOf(device) === null) note('devices/missing-metadata', 'platform')
    for (const name of sdkFacts) if (!attributes[name]?.trim()) note('devices/missing-metadata', name)
  }
}

/** What is known of somebody's permission. */
export function permissionOf({ person, surface, depth }: Shopper) {
  const { devices } = person
  const text = (person.attributes['push_opt_in'] ?? '').trim().toLowerCase()
  const saysYes = ['true', '1', 'yes'].includes(text)
  const saysNo = ['false', '0', 'no'].includes(text)
  const answers = devices.map(({ attributes }) => attributes['push_enabled'])
  const isSwitchedOn = answers.includes('true')
  const isSwitchedOff = devices.length > 0 && answers.every((answer) => answer === 'false')
  const visited = (surface === 'ios' || surface === 'android') && depth !== 'none'
  return {
    text,
    saysYes,
    saysNo,
    answers,
    isSwitchedOn,
    isSwitchedOff,
    usesApp: visited || devices.length > 0,
    visited,
    isIn: !person.unsubscribed && (saysYes || (!saysNo && isSwitchedOn)),
    isOut: !person.unsubscribed && (saysNo || (!saysYes && isSwitchedOff)),
  }
}

function notePermission(cast: Cast, shopper: Shopper, best: Best): void {
  const { person } = shopper
  const { devices } = person
  const { text, saysYes, saysNo, answers, isSwitchedOn, isSwitchedOff, usesApp, isIn } = permissionOf(shopper)
  const note = (rule: string, subject: string, informative = false): void =>
    cast.facts.add(rule, subject, [person.cioId], { informative })

  if (text === '' && answers.every((answer) => answer === undefined) && usesApp) {
    const platforms = [...new Set(devices.map((device) => platformOf(device) ?? 'unknown'))].toSorted()
    note('devices/permission-untracked', platforms.join(' and ') || 'no device')
  }
  if (saysNo && isSwitchedOn) note('devices/permission-contradiction', 'attribute-false')
  if (saysYes && isSwitchedOff) note('devices/permission-contradiction', 'attribute-true')
  if (!isIn || best === 'fine') return
  const isDormant = !isActive(cast, shopper) || best === 'dormant'
  note('devices/opted-in-unreachable', isDormant ? 'dormant' : best, isDormant)
}

/** Was in the app within the window. */
export function isActive({ nowSeconds }: Cast, shopper: Shopper): boolean {
  const isUsed = shopper.person.devices.some((device) => isUsedSince(device, nowSeconds - 30 * day))
  return permissionOf(shopper).visited || isUsed
}
