import type { Stage } from '../population/stage.ts'
import { reaches, type Shopper } from '../population/shopper.ts'
import { derivedSeed, Random } from '../random.ts'
import { cases } from './cast.ts'
import { Turns } from './quota.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** Clocks that were never set, lost their battery, or were set ahead to win a game. */
const wrong: readonly ((nowMs: number) => number)[] = [
  () => 0,
  () => Date.UTC(2001, 0, 1),
  () => Date.UTC(2009, 11, 31, 23, 59, 59),
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
  const times = new Turns(wrong)
  for (const name of ['purchase', 'cart_updated']) {
    for (let count = cases(shoppers.length, 0.004, 8); count > 0; count -= 1) {
      facts.add('events/bad-timestamp', name, [send(name, times.next()(nowMs))])
    }
  }
}
