import type { Shopper } from '../population/shopper.ts'
import type { Device } from '../types.ts'
import { cases, type Cast } from './cast.ts'

/**
 * Cases on devices that people came with. They are planted last and draw nothing, so that everybody else is as they
 * would be without them.
 */
function takeDevice(cast: Cast, fits: (shopper: Shopper) => boolean): Device | undefined {
  const [shopper] =
    cast.take(1, (one) => one.known && (one.surface === 'ios' || one.surface === 'android') && fits(one)) ??
    []
  return shopper?.person.devices.at(-1)
}

/** Does nothing in the app, and has one device. */
const isIdle = ({ depth, person }: Shopper): boolean => depth === 'none' && person.devices.length === 1

/** Near misses: a platform is a platform in any spelling. */
export function plantSpeltPlatforms(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.0005, 2); turn += 1) {
    const device = takeDevice(cast, isIdle)
    if (device === undefined) return
    device.platform = spelt(device.platform ?? '', turn)
  }
}

const spelt = (name: string, turn: number): string =>
  turn % 2 === 0 ? name.toUpperCase() : name.replace(/^./, (first) => first.toUpperCase())
