import type { PopulationOptions, Variant } from '../simulator/index.ts'
import type { Io } from './io.ts'
import { parseIso } from './moments.ts'

export interface ShopFlags {
  readonly people: number
  readonly seed: number
  readonly variant: string
  readonly events?: number | undefined
  readonly now?: string | undefined
}

/** The shop that the flags of `simulate` wish for. */
export function populationOf({ people, seed, variant, events, now }: ShopFlags, io: Io): PopulationOptions {
  return {
    people,
    seed,
    variant: variant as Variant,
    now: now === undefined ? io.now() : parseIso('--now', now),
    ...(events === undefined ? {} : { eventsPerPerson: events / people }),
  }
}
