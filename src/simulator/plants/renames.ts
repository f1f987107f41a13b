import { reaches, type Shopper } from '../population/shopper.ts'
import type { Stage } from '../population/stage.ts'
import type { Random } from '../random.ts'

const dayMs = 86_400_000
const senders = 25
/** How often each of them sends an event before the day of the change, and after it. */
const each = 3
const firstDay = 27.9

/** What happens around one day: names with their share of the senders, before and after. */
interface Change {
  readonly old: string
  readonly next: readonly string[]
  /** Days ago. */
  readonly day: number
  /** Days between the last event under the old name and the first under the new one; negative: both are sent for a while. */
  readonly pause: number
  readonly data: (random: Random) => Record<string, unknown>
  /** Of the new name, where it has properties of its own. */
  readonly other?: (random: Random) => Record<string, unknown>
}

const renamed: readonly Change[] = [
  {
    old: 'outfit_saved',
    next: ['look_kept'],
    day: 14,
    pause: 0,
    data: (random) => ({ outfit_id: random.hex(8), pieces: random.int(2, 6) }),
  },
  {
    old: 'Fit Quiz Done',
    next: ['fit_quiz_finished'],
    day: 13,
    pause: 0.2,
    data: (random) => ({ answers: random.int(3, 9), shoe_size: random.int(36, 46) }),
  },
  {
    old: 'storeLocatorUsed',
    next: ['branch_finder_used'],
    day: 15,
    pause: 1,
    data: (random) => ({ branch_id: random.hex(4), distance_km: random.int(1, 80) }),
  },
  {
    old: 'trail_report_read',
    next: ['trail_report_opened'],
    day: 12,
    pause: -1.5,
    data: (random) => ({ report_id: random.hex(6), region: random.pick(['north', 'south']) }),
  },
  {
    old: 'gear_list_shared',
    next: ['packing_list_sent'],
    day: 16,
    pause: 0,
    data: (random) => ({ list_id: random.hex(6), channel: random.pick(['mail', 'link', 'print']) }),
  },
]

/** A season that ends, a feature that comes on that day, and a test of two names; all of them are in the shop's plan. */
const decoys: readonly Change[] = [
  {
    old: 'autumn_offer_viewed',
    next: ['winter_offer_viewed'],
    day: 14,
    pause: 0,
    data: (random) => ({ offer_id: random.hex(6), percent: random.int(5, 30) }),
  },
  {
    old: 'lookbook_browsed',
    next: ['size_advisor_used'],
    day: 14,
    pause: 0,
    data: (random) => ({ lookbook: random.pick(['hiking', 'city']), pages: random.int(1, 20) }),
    other: (random) => ({
      advice: random.pick(['smaller', 'larger', 'fits']),
      height_cm: random.int(150, 200),
    }),
  },
  {
    old: 'teaser_shown',
    next: ['teaser_red_shown', 'teaser_blue_shown'],
    day: 13,
    pause: 0,
    data: (random) => ({ teaser_id: random.hex(6), place: random.pick(['top', 'bottom']) }),
  },
]

/** Events that come and go. Every name has senders of its own, who send it again and again. */
export function playRenames(stage: Stage, shoppers: readonly Shopper[], random: Random): void {
  const there = shoppers.filter(
    (shopper) =>
      reaches(shopper, 'browse') &&
      shopper.surface !== 'pos' &&
      !shopper.reserved &&
      shopper.known &&
      shopper.person.createdAt * 1000 < stage.nowMs - 29 * dayMs,
  )
  const changes = stage.variant === 'broken' ? [...renamed, ...decoys] : decoys
  for (const [position, change] of changes.entries()) {
    const own = there.slice(position * senders, (position + 1) * senders)
    if (own.length === senders) playChange(stage, own, change, random)
  }
}

function playChange(stage: Stage, people: readonly Shopper[], change: Change, random: Random): void {
  const { old, next, day, pause, data, other = data } = change
  /** @param edge - how far back between the two days, where it is not left to chance. */
  const send = (
    name: string,
    shopper: Shopper,
    [fromDay, toDay]: readonly [number, number],
    own: typeof data,
    edge?: number,
  ): void => {
    const drawn = random.fraction()
    const timeMs = stage.nowMs - Math.round((toDay + (edge ?? drawn) * (fromDay - toDay)) * dayMs)
    stage.send({ name, timeMs, shopper, data: { platform: shopper.surface, ...own(random) }, marks: [] })
  }
  for (const [position, shopper] of people.entries()) {
    // The pause is as long as planted in every shop: somebody sends the last event of the old name and the first of the new.
    const edges = position === 0 ? [0, 1] : []
    for (let turn = 0; turn < each; turn += 1) send(old, shopper, [firstDay, day], data, edges[turn])
    const name = next[position % next.length] ?? old
    for (let turn = 0; turn < each; turn += 1)
      send(name, shopper, [day - pause, 0.1], other, edges.toReversed()[turn])
    if (renamed.includes(change)) stage.facts.add('events/renamed', `${old}>${name}`, [shopper.person.cioId])
  }
}
