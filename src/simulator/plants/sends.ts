import type { FactBook } from '../facts.ts'
import type { Stage } from '../population/stage.ts'
import { derivedSeed, Random } from '../random.ts'
import type { Delivery, Population } from '../types.ts'
import { Turns } from './quota.ts'

const hour = 3_600

/** What a journey that started twice sends; the near misses are a day later, another step, and one that never left. */
interface Again {
  readonly after: number
  readonly otherStep?: true
  readonly drafted?: true
}

const cases: readonly Again[] = [
  { after: 0 },
  { after: 40 },
  { after: 24 * hour + 60 },
  { after: 20 * 60 },
  { after: 40, otherStep: true },
  { after: 5 * hour },
  { after: 40, drafted: true },
  { after: 24 * hour },
]
/** One delivery in so many is followed by another. */
const every = 15
/** A step that no other message of the shop uses. */
const otherStep = 199

export function plantDoubleSends({ deliveries, log, nowMs }: Stage): void {
  const random = new Random(derivedSeed(deliveries.length, 'double sends'))
  const turns = new Turns(cases)
  const sent = deliveries.filter(({ metrics }) => 'sent' in metrics && !('bounced' in metrics))
  for (const [position, delivery] of sent.entries()) {
    if (position % every !== 0) continue
    const again = turns.next()
    const createdAt = delivery.createdAt + again.after
    if (createdAt * 1000 > nowMs - 60_000) continue
    const id = `dgTEdb${random.urlSafe(20)}`
    const metrics = again.drafted ? { drafted: createdAt } : { sent: createdAt, delivered: createdAt + 1 }
    deliveries.push({
      ...delivery,
      id,
      createdAt,
      actionId: again.otherStep ? otherStep : delivery.actionId,
      metrics,
    })
    if (again.drafted) continue
    log.add({
      type: `sent_${delivery.channel}`,
      timeMs: createdAt * 1000,
      person: delivery.person,
      data: { delivery_id: id, delivered: createdAt + 1, opened: null },
      beside: { delivery_id: id, delivery_type: delivery.channel },
    })
  }
}

/** Whoever got one step of a journey twice within a day, on one profile or on two of theirs. Only warehouse files show it. */
export function noteDoubleSends(
  facts: FactBook,
  { deliveries, people, persons }: Pick<Population, 'deliveries' | 'people' | 'persons'>,
): void {
  const ownerOf = new Map(persons.flatMap((members) => members.map((cioId) => [cioId, members[0]] as const)))
  const lines = new Map<string, Delivery[]>()
  for (const delivery of deliveries) {
    if (!('sent' in delivery.metrics)) continue
    const cioId = people[delivery.person]?.cioId ?? ''
    const owner = ownerOf.get(cioId) ?? cioId
    const line = `${owner} ${delivery.campaignId} ${delivery.actionId}`
    lines.set(line, [...(lines.get(line) ?? []), delivery])
  }
  // A person counts once, by the first of the profiles that got it again.
  const again = new Map<string, string>()
  for (const line of lines.values()) {
    const ordered = line.toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
    for (const [position, delivery] of ordered.entries()) {
      const before = ordered[position - 1]
      if (before === undefined || delivery.createdAt - before.createdAt > 24 * hour) continue
      const cioId = people[delivery.person]?.cioId ?? ''
      const owner = ownerOf.get(cioId) ?? cioId
      const known = again.get(owner)
      if (known === undefined || cioId < known) again.set(owner, cioId)
    }
  }
  for (const cioId of again.values()) facts.add('journeys/double-send', cioId, [cioId])
}
