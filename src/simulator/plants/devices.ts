import type { Shopper } from '../population/shopper.ts'
import type { Random } from '../random.ts'
import type { Device } from '../types.ts'
import { cases, type Cast, type Dress } from './cast.ts'
import { Turns } from './quota.ts'

const day = 86_400
const browsing: Dress = { depth: 'browse', devices: 1 }

/** Somebody whom nothing else is wrong with, who uses the app, with the devices of the dress. */
export function takeAppUser(cast: Cast, dress: Dress = browsing): [Shopper, Device] | null {
  const [shopper] =
    cast.take(
      1,
      ({ surface, known, person }) =>
        known && (surface === 'ios' || surface === 'android') && person.id !== null && person.email !== null,
    ) ?? []
  if (shopper === undefined) return null
  cast.dress(shopper, dress)
  const [device] = shopper.person.devices
  return device === undefined ? null : [shopper, device]
}

/** Opts somebody in, by the attribute and by each device. */
export function sayYes({ person, touched }: Shopper): void {
  touched.add('push_opt_in')
  person.attributes['push_opt_in'] = 'true'
  for (const { attributes } of person.devices) attributes['push_enabled'] = 'true'
}

type Respell = (token: string, random: Random) => string

/** What senders really put in the place of a token. `token` is one of APNs. */
const wrongTokens: readonly Respell[] = [
  (token) => `<${(token.match(/.{8}/g) ?? []).join(' ')}>`,
  () => 'null',
  (token) => `"${token}"`,
  (token) => token.slice(0, 40),
  (_, random) => `ExponentPushToken[${random.urlSafe(22)}]`,
  (token) => ` ${token}\n`,
  (_, random) => random.uuid(),
  () => '[object Object]',
  (token) => token.repeat(4),
  (_, random) => `${random.urlSafe(22)}%3AAPA91b${random.urlSafe(134)}`,
  (token) => `{length = 32, bytes = 0x${token.slice(0, 16)} ... ${token.slice(48)}}`,
  () => '0'.repeat(64),
]

/** Unusual, and fine: an iOS app with FCM, capital letters, a longer APNs token, the old form of FCM. */
const oddTokens: readonly Respell[] = [
  (_, random) => `${random.urlSafe(22)}:APA91b${random.urlSafe(134)}`,
  (token) => token.toUpperCase(),
  (_, random) => random.hex(160),
  (_, random) => random.urlSafe(152),
]

function giveToken(cast: Cast, { person }: Shopper, device: Device, respell: Respell): string {
  const token = respell(cast.random.hex(64), cast.random)
  person.devices[person.devices.indexOf(device)] = { ...device, token }
  return token
}

export function plantMalformedTokens(cast: Cast, people: number): void {
  const wrong = new Turns(wrongTokens)
  for (let turn = 0; turn < cases(people, 0.003, 13); turn += 1) {
    const [shopper, device] = takeAppUser(cast, { depth: 'browse', devices: turn % 5 === 4 ? 2 : 1 }) ?? []
    if (shopper === undefined || device === undefined) return
    if (turn % 2 === 0) sayYes(shopper)
    const token = giveToken(cast, shopper, device, wrong.next())
    cast.malformed.add(token)
    cast.facts.add('devices/malformed-token', token, [shopper.person.cioId])
  }
  const odd = new Turns(oddTokens)
  for (let turn = 0; turn < cases(people, 0.0005, 4); turn += 1) {
    const [shopper, device] = takeAppUser(cast) ?? []
    if (shopper === undefined || device === undefined) return
    giveToken(cast, shopper, device, odd.next())
  }
}

/** Devices whose last push bounced; every third of their owners has another one that works. */
export function plantBouncedDevices(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.006, 12); turn += 1) {
    const [, device] = takeAppUser(cast, { depth: 'cart', devices: turn % 3 === 2 ? 2 : 1 }) ?? []
    if (device === undefined) return
    device.attributes['_last_status'] = turn % 2 === 0 ? 'bounced' : 'suppressed'
  }
}

const identifier = 'com.northwindoutfitters.shop'

/** How a build that no customer should have gives itself away; the name is what must be told. */
const testBuilds: readonly (readonly ['app_identifier' | 'app_version', string])[] = [
  ['app_identifier', `${identifier}.debug`],
  ['app_version', '3.3.0-beta.2'],
  ['app_identifier', `${identifier}.dev`],
  ['app_version', '3.2.0 (Test)'],
  ['app_identifier', `${identifier}Staging`],
  ['app_version', '3.3.0-DEBUG'],
  ['app_identifier', `${identifier}-beta`],
]

/** Names in which such a word only seems to stand. */
const properBuilds: readonly (readonly ['app_identifier' | 'app_version', string])[] = [
  ['app_identifier', 'com.northwindoutfitters.contest'],
  ['app_version', '3.2.0-latest'],
  ['app_identifier', 'dev.northwindoutfitters.shop'],
]

export function plantTestBuilds(cast: Cast, people: number): void {
  const wrong = new Turns(testBuilds)
  for (let turn = 0; turn < cases(people, 0.004, 8); turn += 1) {
    const [shopper, device] = takeAppUser(cast) ?? []
    if (shopper === undefined || device === undefined) return
    const [attribute, name] = wrong.next()
    device.attributes[attribute] = name
    cast.facts.add('devices/debug-build', name, [shopper.person.cioId])
  }
  for (const [attribute, name] of properBuilds) {
    const [, device] = takeAppUser(cast) ?? []
    if (device === undefined) return
    device.attributes[attribute] = name
  }
}

/** Devices that a server registered, without what an SDK says of them: one of the facts, or none at all. */
export function plantBareDevices(cast: Cast, people: number): void {
  const facts = ['app_version', 'device_os', 'cio_sdk_version'] as const
  for (let turn = 0; turn < cases(people, 0.003, 8); turn += 1) {
    const [, device] = takeAppUser(cast) ?? []
    if (device === undefined) return
    const [kind, isAbsent] = [turn % 5, turn % 2 === 0]
    for (const [position, name] of facts.entries()) {
      if (kind !== 4 && kind !== position) continue
      if (isAbsent) delete device.attributes[name]
      else device.attributes[name] = position === 0 ? '' : ' '
    }
    if (kind >= 3) device.platform = isAbsent ? null : ''
  }
}

/** A phone in a drawer, on both sides of the limit of 270 days. */
export function plantSilentDevices(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.001, 6); turn += 1) {
    const [, device] = takeAppUser(cast, { depth: 'none', devices: 1 }) ?? []
    if (device === undefined) return
    device.lastUsed = cast.nowSeconds - (turn % 3 === 0 ? 269 * day : 271 * day + turn * day)
  }
}
