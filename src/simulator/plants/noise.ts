import { isUsedSince } from '../population/devices.ts'
import type { Shopper } from '../population/shopper.ts'
import { showsIntent } from '../population/shopper.ts'
import type { Stage } from '../population/stage.ts'
import { Turns } from './quota.ts'

const dayMs = 86_400_000

/** How often an app sends such an event on each of three days; a hundred are not too many. */
const pings: readonly (readonly [name: string, perDay: number])[] = [
  ['location_pinged', 104],
  ['scrolled', 101],
  ['video_heartbeat', 100],
]
const pingers = 4
const pingDays = [2, 3, 5]

/** A few phones that send far too much; so many whatever the size of the shop, so that they never are most of its events. */
export function playNoise(stage: Stage, shoppers: readonly Shopper[]): void {
  const midnightMs = Math.floor(stage.nowMs / dayMs) * dayMs
  const fits = (shopper: Shopper): boolean =>
    showsIntent(shopper) && !shopper.reserved && isPhone(shopper) && isThere(shopper, stage, 7)
  const senders = shoppers.filter(fits).slice(0, pingers)
  if (senders.length < pingers) return
  for (const [name, perDay] of pings) {
    for (const shopper of senders) {
      for (const day of pingDays) {
        const startMs = midnightMs - day * dayMs + 3_600_000
        for (let turn = 0; turn < perDay; turn += 1) {
          const data = { platform: shopper.surface, turn: turn + day * 1000 }
          stage.send({ name, timeMs: startMs + turn * 120_000, shopper, data, marks: [] })
        }
      }
      if (perDay > 100) stage.facts.add('events/noisy', name, [shopper.person.cioId])
    }
  }
}

/** What apps send when the system wakes them up. */
const openings = [
  'app_opened',
  'Application Opened',
  'session_start',
  'appForegrounded',
  'App Launched',
] as const

/** People who do nothing, and whose phone opens the app for them. They were seen with that phone in the window anyway. */
export function playBackgroundOpens(stage: Stage, shoppers: readonly Shopper[]): void {
  const names = new Turns(openings)
  const sleeping = shoppers.filter(
    (shopper) =>
      shopper.depth === 'none' &&
      !shopper.reserved &&
      shopper.known &&
      isPhone(shopper) &&
      isThere(shopper, stage, 9) &&
      shopper.person.devices.some((device) => isUsedSince(device, (stage.nowMs - 28 * dayMs) / 1000)),
  )
  for (const [position, shopper] of sleeping.entries()) {
    if (position % 3 === 2) continue
    stage.facts.add('events/background-opens', 'app-opens', [shopper.person.cioId])
    for (let opens = 1 + (position % 3); opens > 0; opens -= 1) {
      const timeMs = stage.nowMs - opens * 2.5 * dayMs - position * 60_000
      const data = { platform: shopper.surface, source: 'organic', opens }
      stage.send({ name: names.next(), timeMs, shopper, data, marks: [] })
    }
  }
}

const isPhone = ({ surface }: Shopper): boolean => surface === 'ios' || surface === 'android'

const isThere = ({ person }: Shopper, { nowMs }: Stage, days: number): boolean =>
  person.createdAt * 1000 < nowMs - days * dayMs
