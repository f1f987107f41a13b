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

const hour = 3_600

/**
 * Tokens of which no time of use is known: an import wrote them, and no app has said that it holds one. The only device
 * of somebody who said yes to push, who said no, of anybody, and one beside a phone that is used. The near miss was
 * registered an hour ago and not used since: registering is a use.
 */
export function plantNeverUsed(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.002, 8); turn += 1) {
    const device = takeDevice(cast, owners[turn % owners.length] ?? isIdle)
    if (device === undefined) return
    device.lastUsed = turn % 5 === 4 ? cast.nowSeconds - hour : null
  }
}

const owners: readonly ((shopper: Shopper) => boolean)[] = [
  isIdle,
  (shopper) => isIdle(shopper) && shopper.person.attributes['push_opt_in'] === 'true',
  ({ person }) => person.devices.length === 2,
  (shopper) => isIdle(shopper) && shopper.person.attributes['push_opt_in'] === 'false',
]

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
