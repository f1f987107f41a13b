import { derivedSeed } from '../random.ts'
import type { PopulationOptions } from '../types.ts'

/** Up to so many people a shop is one block, and a larger one is cut into blocks of so many people or activities. */
export interface BlockSize {
  readonly whole: number
  readonly people: number
  readonly activities: number
}

const usual: BlockSize = { whole: 50_000, people: 20_000, activities: 200_000 }

/**
 * A large shop in pieces that are made one by one, each from a seed of its own, so that memory holds a piece and not
 * the shop. How many there are depends on the shop alone, never on the machine. One piece is the very population that
 * the simulated API shows.
 */
export function blocksOf(options: PopulationOptions, size: BlockSize = usual): PopulationOptions[] {
  const { people, seed, eventsPerPerson = 8 } = options
  if (people <= size.whole) return [options]
  const count = Math.max(
    Math.ceil(people / size.people),
    Math.ceil((people * eventsPerPerson) / size.activities),
  )
  return Array.from({ length: count }, (_, number) => {
    const firstPerson = Math.floor((people * number) / count)
    const nextPerson = Math.floor((people * (number + 1)) / count)
    return {
      ...options,
      people: nextPerson - firstPerson,
      seed: number === 0 ? seed : derivedSeed(seed, number),
      block: { number, firstPerson, shopSeed: seed },
    }
  })
}
