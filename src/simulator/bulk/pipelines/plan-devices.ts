import type { CustodyAct, Shopper } from '../../population/shopper.ts'
import type { Random } from '../../random.ts'
import type { Device, Variant } from '../../types.ts'
import type { Contexts } from './contexts.ts'
import { deviceCall, deviceContext, deviceSender, spokenOf } from './device-calls.ts'
import { contactsOf } from './identifies.ts'
import type { Planned } from './planned.ts'
import { senderOf, type Sender } from './senders.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const beforeLoginShare = 0.05
const logoutShare = 0.01

export interface DevicePlan {
  readonly shoppers: readonly Shopper[]
  readonly contexts: Contexts
  readonly random: Random
  readonly variant: Variant
  readonly nowMs: number
}

const isNobody = ({ known }: Shopper): boolean => !known

/** All that is said about devices: who holds which, and how it came to that. */
export function planDevices(plan: DevicePlan): Planned[] {
  const { shoppers, random, variant, nowMs } = plan
  const plain = shoppers.filter(isPlainAppUser)
  const calls: Planned[] = []
  for (const shopper of shoppers) {
    calls.push(...changes(shopper, nowMs))
    calls.push(...shopper.custody.map((act) => handOver(shopper, act)))
    for (const [position, device] of shopper.person.devices.entries()) {
      if (shopper.custody.some(({ device: { token } }) => token === device.token)) continue
      const sender = deviceSender(shopper, position)
      if (isNobody(shopper) && sender.userId === null) {
        calls.push(...orphan(plan, shopper, device, sender, plain))
        continue
      }
      calls.push(held(shopper, device, sender, spokenMs(shopper, device)))
      if (random.chance(beforeLoginShare)) calls.push(...login(shopper, device, sender))
      if (variant !== 'sterile' && isPlainAppUser(shopper) && random.chance(logoutShare))
        calls.push(...logout(shopper, device, random.pick(plain), random))
    }
  }
  return calls
}

/** Nothing is planted on who they are or on what they hold. */
const isPlainAppUser = ({ known, reserved, surface, person }: Shopper): boolean =>
  known && !reserved && (surface === 'ios' || surface === 'android') && person.devices.length > 0

const spokenMs = ({ person }: Shopper, device: Device): number => spokenOf(person, device) * 1000

const held = (shopper: Shopper, device: Device, sender: Sender, timeMs: number): Planned => ({
  timeMs,
  make: () => deviceCall('Device Created or Updated', timeMs, sender, shopper, device),
})

/** What Customer.io noted as a change of the device was said by its app: as it was until then, and as it is. */
function changes(shopper: Shopper, nowMs: number): Planned[] {
  const [device] = shopper.person.devices
  if (device === undefined) return []
  return shopper.feed.flatMap(({ type, hoursAgo, data }) => {
    if (type !== 'device_change') return []
    const timeMs = nowMs - hoursAgo * hourMs
    const as = (side: 'from' | 'to'): Device => ({
      ...device,
      attributes: { ...device.attributes, ...sideOf(data, side) },
    })
    const sender = deviceSender(shopper, 0)
    return [held(shopper, as('from'), sender, timeMs - minuteMs), held(shopper, as('to'), sender, timeMs)]
  })
}

function sideOf(data: object, side: 'from' | 'to'): Record<string, string> {
  const told = Object.entries(data as Record<string, unknown>)
  return Object.fromEntries(
    told.flatMap(([name, change]) =>
      typeof change === 'object' && change !== null && side in change
        ? [[name, String((change as Record<typeof side, unknown>)[side])]]
        : [],
    ),
  )
}

/** The SDK says the same when a device comes and when it is renewed. */
function handOver(shopper: Shopper, { device, at, act }: CustodyAct): Planned {
  const name = act === 'deleted' ? 'Device Deleted' : 'Device Created or Updated'
  const sender = deviceSender(shopper, 0)
  return { timeMs: at * 1000, make: () => deviceCall(name, at * 1000, sender, shopper, device) }
}

/** The SDK's usual order: the token comes before anybody is known, then somebody logs in, then it is said again. */
function login(shopper: Shopper, device: Device, sender: Sender): Planned[] {
  const timeMs = spokenMs(shopper, device)
  return [
    held(shopper, device, { ...sender, userId: null }, timeMs - 90_000),
    identified(timeMs - 2_000, sender, shopper, () => deviceContext(shopper, device)),
  ]
}

function identified(timeMs: number, sender: Sender, shopper: Shopper, context: () => string): Planned {
  return {
    timeMs,
    make: () => ({
      type: 'identifies',
      timeMs,
      ...sender,
      body: JSON.stringify(contactsOf(shopper.person)),
      context: context(),
      mobile: false,
    }),
  }
}

/** Somebody else was logged in on this phone and has logged out properly, some days before. */
function logout(shopper: Shopper, device: Device, before: Shopper, random: Random): Planned[] {
  if (before === shopper || before.person.devices.some(({ token }) => token === device.token)) return []
  const goneMs = spokenMs(shopper, device) - random.int(hourMs, 48 * hourMs)
  const cameMs = goneMs - random.int(5 * minuteMs, 24 * hourMs)
  if (cameMs < before.person.createdAt * 1000) return []
  // A logout resets the anonymous id, so that the two accounts have different ones.
  const sender = deviceSender(before, 9)
  return [
    held(before, device, sender, cameMs),
    { timeMs: goneMs, make: () => deviceCall('Device Deleted', goneMs, sender, before, device) },
  ]
}

/**
 * A token that stays with an anonymous id, although somebody is known under that id soon after: the app registers
 * for push at its start and never again.
 */
function orphan(
  { random, contexts }: DevicePlan,
  shopper: Shopper,
  device: Device,
  sender: Sender,
  plain: readonly Shopper[],
): Planned[] {
  const timeMs = spokenMs(shopper, device)
  const call = held(shopper, device, sender, timeMs)
  const owner = plain.length > 0 ? random.pick(plain) : undefined
  if (owner === undefined) return [call]
  const { userId } = senderOf(owner)
  const laterMs = timeMs + random.int(2 * minuteMs, 40 * minuteMs)
  return [
    call,
    identified(laterMs, { ...sender, userId }, owner, () => contexts.withoutToken(owner, 'account')),
  ]
}
