import type { Cast } from './cast.ts'
import {
  plantBareDevices,
  plantBouncedDevices,
  plantMalformedTokens,
  plantSilentDevices,
  plantTestBuilds,
} from './devices.ts'
import { plantFlapping } from './flapping.ts'
import { plantContradictions, plantUnreached } from './permission.ts'

/** What is wrong with devices and with the permission to push, each case on people of its own. */
export function plantDevices(cast: Cast, people: number): void {
  plantMalformedTokens(cast, people)
  plantBouncedDevices(cast, people)
  plantTestBuilds(cast, people)
  plantBareDevices(cast, people)
  plantSilentDevices(cast, people)
  plantContradictions(cast, people)
  plantUnreached(cast, people)
  plantFlapping(cast, people)
}
