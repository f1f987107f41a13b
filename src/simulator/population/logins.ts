import { commonData } from './payloads.ts'
import { appVersions } from './devices.ts'
import { reaches, type Shopper } from './shopper.ts'
import type { Random } from '../random.ts'
import type { Stage } from './stage.ts'

const loginShare = 0.35

/** How many logins a month has for one who uses the app or the web shop: one at most. */
export function logsIn(shopper: Shopper, random: Random): boolean {
  return shopper.known && shopper.surface !== 'pos' && reaches(shopper, 'browse') && random.chance(loginShare)
}

/** A login in an hour of its own. */
export function playLogin(stage: Stage, shopper: Shopper, timeMs: number, random: Random): void {
  const version = shopper.person.devices[0]?.attributes['app_version'] ?? appVersions[2]
  const data = {
    ...commonData(shopper, version, random),
    method: random.pick(['password', 'password', 'code', 'apple']),
  }
  stage.send({ name: 'login', timeMs, shopper, data, marks: [] })
}
