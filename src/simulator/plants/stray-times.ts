import type { Stage } from '../population/stage.ts'
import { reaches, type Shopper } from '../population/shopper.ts'
import { derivedSeed, Random } from '../random.ts'
import { cases } from './cast.ts'
import { Turns } from './quota.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

type Clock = (nowMs: number) => number

/** Clocks that were never set or lost their battery. */
const behind: readonly Clock[] = [
  () => 0,
  () => Date.UTC(2001, 0, 1),
  () => Date.UTC(2009, 11, 31, 23, 59, 59),
]
/** Clocks that were set ahead to win a game. */
const ahead: readonly Clock[] = [
  (nowMs) => nowMs + 60 * minuteMs,
  (nowMs) => nowMs + 6 * minuteMs,
  (nowMs) => nowMs + dayMs,
  (nowMs) => nowMs + 365 * dayMs,
]
/** The first orders of an old shop. */
const fine: readonly (() => number)[] = [() => Date.UTC(2010, 0, 1, 0, 0, 1), () => Date.UTC(2016, 1, 29)]

/**
 * Events at times that cannot be true, and at some that only look so. They lie outside the window, where no other rule
 * looks. Chance of its own.
 */
export function plantStrayTimes(stage: Stage, shoppers: readonly Shopper[], seed: number): void {
  const { variant, nowMs, facts } = stage
  if (variant === 'sterile') return
  const random = new Random(derivedSeed(seed, 'stray times'))
  const buyers = shoppers.filter(
    (shopper) => shopper.known && reaches(shopper, 'cart') && shopper.surface !== 'pos',
  )
  if (buyers.length === 0) return
  const send = (name: string, timeMs: number): string =>
    stage.send({
      name,
      timeMs,
      shopper: random.pick(buyers),
      data: { event_id: random.uuid() },
      marks: [],
      beforeWindow: true,
    })
  const odd = new Turns(fine)
  for (let count = cases(shoppers.length, 0.0005, 4); count > 0; count -= 1) send('purchase', odd.next()())
  if (variant !== 'broken') return
  const plant = (name: string, clocks: readonly Clock[], count: number): void => {
    const times = new Turns(clocks)
    for (let left = count; left > 0; left -= 1)
      facts.add('events/bad-timestamp', name, [send(name, times.next()(nowMs))])
  }
  const count = cases(shoppers.length, 0.004, 8)
  // Reading over the API ends where a whole page of a hundred lies before the window. Imported orders fill such pages, so
  // what lies before them is never met; of carts there is nothing else from before.
  plant('purchase', ahead, count)
  plant('cart_updated', [...behind, ...ahead], Math.min(count, 150))
}
