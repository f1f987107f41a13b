import type { FeedNote, Shopper } from '../population/shopper.ts'
import type { Cast } from './cast.ts'
import { Quota, Turns } from './quota.ts'

type Note = (reference: string) => Omit<FeedNote, 'hoursAgo'>

/** Ways of saying that something was refused; the shape is not documented. */
const refusals: readonly Note[] = [
  (reference) => ({
    type: 'failed_event',
    data: { name: 'cart_updated', reason: `Event data is larger than 100000 bytes (reference ${reference})` },
    refusal: 'event data is larger than … bytes',
  }),
  (reference) => ({
    type: 'failed_event',
    data: { name: 'purchase', error: { message: `invalid timestamp, request id: ${reference}7` } },
    refusal: 'invalid timestamp',
  }),
  (reference) => ({
    type: 'failed_event',
    data: {
      event_name: 'cart_updated',
      errors: [{ field: 'timestamp', message: 'Invalid timestamp.' }],
      reference,
    },
    refusal: 'invalid timestamp',
  }),
  (reference) => ({
    type: 'failed_attribute_change',
    data: { reason: `attribute "note_${reference}" has more than 1000 bytes` },
    refusal: 'attribute … has more than … bytes',
  }),
  (reference) => ({
    type: 'failed_attribute_change',
    data: { errors: [`no person with id ${reference}0 to update`] },
    refusal: 'no person with id … to update',
  }),
  (reference) => ({
    type: 'failed_batch_update',
    data: { detail: `operation 17 failed  [ref #${reference}]` },
    refusal: 'operation … failed',
  }),
  () => ({ type: 'failed_batch_update', data: {}, refusal: 'no reason given' }),
]

/** What is about a message or another object, or was not refused but left out. */
const harmless: readonly Note[] = [
  () => ({ type: 'failed_email', data: { reason: 'mailbox is full' } }),
  () => ({ type: 'relationship_failed_attribute_change', data: { reason: 'no such object' } }),
  () => ({ type: 'skipped_update', data: { reason: 'nothing has changed' } }),
]

/** Every sixteenth person; nothing else hangs on these notes, and nothing is drawn. */
export function plantRejections(cast: Cast, shoppers: readonly Shopper[]): void {
  const [quota, turns, others] = [new Quota(0.06, 0.5), new Turns(refusals), new Turns(harmless)]
  for (const [position, shopper] of shoppers.entries()) {
    if (!quota.next()) continue
    const reference = (position + 0xa0_0000 + cast.block).toString(16)
    const hoursAgo = 3 + (position % 600)
    shopper.feed.push({ ...turns.next()(reference), hoursAgo })
    if (position % 2 === 0) shopper.feed.push({ ...others.next()(reference), hoursAgo })
    // Before the window, where no rule looks.
    if (position % 3 === 0) shopper.feed.push({ ...turns.next()(reference), hoursAgo: hoursAgo + 32 * 24 })
  }
}
