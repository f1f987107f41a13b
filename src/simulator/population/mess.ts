import { derivedSeed, Random } from '../random.ts'
import type { EventDraft } from './stage.ts'

type Send = (draft: EventDraft) => string

/** What senders without a plan add to their events; each of them is there or not, whole or not. */
const optionalNumbers = [
  'dwell_seconds',
  'scroll_depth',
  'list_position',
  'session_number',
  'load_ms',
  'battery_level',
  'score',
  'stock_left',
  'margin',
  'rating_average',
  'discount_share',
  'distance_km',
] as const
const keySpace = 1_000_000

/**
 * Adds shapes without end to every event: twelve optional numbers and a map whose keys are data. Copies of an event
 * are made of the draft, so that they stay copies; chance of its own leaves everything else as it is without the mess.
 */
export function withMess(send: Send, seed: number): Send {
  const random = new Random(derivedSeed(seed, 'mess'))
  return (draft) => {
    const data = { ...draft.data }
    for (const name of optionalNumbers) {
      if (!random.chance(0.5)) continue
      data[name] = random.chance(0.5) ? random.int(0, 500) : random.int(1, 99_999) / 100
    }
    const attributes: Record<string, unknown> = {}
    for (let keys = random.int(1, 4); keys > 0; keys -= 1) {
      attributes[`k${random.int(1, keySpace)}`] = random.pick(['on', 'off', 7, 12.5, true, null])
    }
    return send({ ...draft, data: Object.assign(data, { attributes }) })
  }
}
