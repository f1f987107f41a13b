import { platformOf } from '../../population/devices.ts'
import type { Shopper } from '../../population/shopper.ts'
import type { Device, Person } from '../../types.ts'
import type { Call } from './calls.ts'
import { mobileContext, zoneOf } from './contexts.ts'
import { anonymousIdOf, type Sender } from './senders.ts'

/** What the phone says about a device: everything but what only Customer.io knows. */
function propertiesOf({ token, attributes }: Device): string {
  const properties: Record<string, string | boolean> = { token }
  for (const [name, value] of Object.entries(attributes)) {
    if (name === '_last_status') continue
    properties[name] = name === 'push_enabled' && /^(true|false)$/.test(value) ? value === 'true' : value
  }
  return JSON.stringify(properties)
}

/**
 * When the device was last spoken of, in Unix seconds. Files have no word for a device that was never used: whoever
 * brought it in registered it when its owner came.
 */
export const spokenOf = ({ createdAt }: Person, { lastUsed }: Device): number => lastUsed ?? createdAt + 60

/** Each device of a person keeps an anonymous id of its own. */
export function deviceSender({ person }: Shopper, position: number): Sender {
  return {
    anonymousId: anonymousIdOf(person.cioId, position),
    userId: person.id === '' ? null : person.id,
  }
}

/** What this one of a person's phones says about itself. */
export function deviceContext(shopper: Shopper, device: Device): string {
  return mobileContext(platformOf(device), device.attributes, device.token, zoneOf(shopper))
}

export function deviceCall(
  name: 'Device Created or Updated' | 'Device Deleted',
  timeMs: number,
  sender: Sender,
  shopper: Shopper,
  device: Device,
): Call {
  return {
    type: 'tracks',
    timeMs,
    ...sender,
    name,
    body: name === 'Device Deleted' ? '{}' : propertiesOf(device),
    context: deviceContext(shopper, device),
    mobile: true,
  }
}
