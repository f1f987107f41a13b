import type { FactBook } from '../facts.ts'
import { rareEvents } from '../population/sessions.ts'
import type { EventDraft } from '../population/stage.ts'
import type { Variant } from '../types.ts'
import { criticalInBoth } from './duplicates.ts'
import { Quota, Turns } from './quota.ts'

type Data = Record<string, unknown>

/** Ways in which an event has no key; the built-in plan knows one of the other names. */
const losses: readonly ((data: Data, key: unknown) => void)[] = [
  () => undefined,
  (data) => (data['event_id'] = null),
  (data) => (data['event_id'] = ''),
  (data) => (data['event_id'] = '  '),
  (data, key) => (data['eventId'] = key),
  (data, key) => (data['Event_ID'] = key),
]

const critical: ReadonlySet<string> = new Set([
  ...criticalInBoth,
  'product_viewed',
  'add_to_cart',
  ...rareEvents,
])
const shares: Readonly<Record<Variant, number>> = { sterile: 0, healthy: 0.001, broken: 0.08 }

/** Takes the keys of some events away. It draws nothing, so that everything else is as it would be without it. */
export function keyLoser(variant: Variant): (draft: EventDraft) => void {
  const quotas = new Map<string, Quota>()
  const turns = new Turns(losses)
  return (draft) => {
    let quota = quotas.get(draft.name)
    if (quota === undefined) quotas.set(draft.name, (quota = new Quota(shares[variant], 0.5)))
    if (!critical.has(draft.name) || !quota.next()) return
    const { event_id: key, ...data } = draft.data
    turns.next()(data, key)
    draft.data = data
  }
}

/** Copies can have lost their key, too: so it is seen where events are written. */
export function noteLostKey(facts: FactBook, { name, data }: EventDraft, id: string): void {
  if (!critical.has(name) || isKey(data['event_id'])) return
  facts.add('events/missing-key', name, [id], { plan: 'shop' })
  if (criticalInBoth.has(name) && !isKey(data['eventId']))
    facts.add('events/missing-key', name, [id], { plan: 'built-in' })
}

const isKey = (value: unknown): boolean => typeof value === 'string' && value.trim() !== ''
