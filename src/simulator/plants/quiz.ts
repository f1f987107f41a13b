import type { Stage } from '../population/stage.ts'
import { reaches, type Shopper } from '../population/shopper.ts'
import { derivedSeed, Random } from '../random.ts'
import { cases } from './cast.ts'
import { Quota } from './quota.ts'

const hourMs = 3_600_000
const name = 'quiz_answered'

/** What each property is, and what the broken shop sends instead now and then. */
const properties: Readonly<
  Record<string, { good: (random: Random) => unknown; bad: (good: unknown) => unknown }>
> = {
  size: { good: (random) => random.int(36, 47), bad: (good) => String(good) },
  newsletter: { good: (random) => random.chance(0.5), bad: (good) => (good === true ? 1 : 0) },
  activity: { good: (random) => random.pick(['hiking', 'running']), bad: (good) => [good] },
  colours: { good: (random) => [random.pick(['red', 'blue'])], bad: (good) => JSON.stringify(good) },
  budget: { good: (random) => ({ max: random.int(50, 400) }), bad: () => 'any' },
}

/**
 * An event that nobody planned. Fine in it: decimal numbers among whole ones, a null, and what is of another type less
 * than once in a hundred times. Chance of its own.
 */
export function plantQuiz(stage: Stage, shoppers: readonly Shopper[], seed: number): void {
  const { variant, nowMs, facts } = stage
  if (variant === 'sterile') return
  const random = new Random(derivedSeed(seed, 'quiz'))
  const longAgo = nowMs / 1000 - 26 * 24 * 3600
  const players = shoppers.filter(
    (shopper) =>
      reaches(shopper, 'browse') &&
      shopper.surface !== 'pos' &&
      shopper.known &&
      shopper.person.createdAt < longAgo,
  )
  if (players.length === 0) return
  const bad = Object.keys(properties).map((path) => ({ path, quota: new Quota(0.04, random.fraction()) }))
  const rare = new Quota(0.004, 0)
  for (let count = cases(shoppers.length, 0.1, 200); count > 0; count -= 1) {
    const data: Record<string, unknown> = { event_id: random.uuid() }
    for (const [path, { good }] of Object.entries(properties)) data[path] = good(random)
    data['points'] = random.chance(0.5) ? random.int(0, 10) : random.int(0, 99) / 10
    data['coupon'] = random.chance(0.5) ? null : 'WELCOME'
    data['shop'] = rare.next() ? 7 : 'Berlin'
    const spoilt = variant === 'broken' ? bad.filter(({ quota }) => quota.next()).map(({ path }) => path) : []
    for (const path of spoilt) data[path] = properties[path]?.bad(data[path])
    const timeMs = nowMs - random.int(2 * hourMs, 25 * 24 * hourMs)
    const id = stage.send({ name, timeMs, shopper: random.pick(players), data, marks: [], isSettled: true })
    for (const path of spoilt) facts.add('events/mixed-type', `${name}.${path}`, [id])
  }
}
