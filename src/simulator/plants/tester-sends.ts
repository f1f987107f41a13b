import type { FactBook } from '../facts.ts'
import type { Stage } from '../population/stage.ts'
import { derivedSeed, Random } from '../random.ts'
import type { Delivery, Person, Population } from '../types.ts'
import { reasonOf } from './testers.ts'

const dayMs = 86_400_000
/** The team tries its messages on itself: a journey that testers alone get. */
const rehearsal = { campaignId: 90, actionId: 190 } as const
/** A welcome that customers get and most testers too; to one in four of them it was only drafted. */
const welcome = { campaignId: 91, actionId: 191 } as const
const welcomed = 20

/** Messages to testers, beside those of the journeys that their carts start. */
export function plantTesterSends(
  { deliveries, nowMs }: Stage,
  people: readonly Person[],
  seed: number,
): void {
  const random = new Random(derivedSeed(seed, 'messages to testers'))
  const createdAt = Math.floor((nowMs - 3 * dayMs) / 1000)
  const send = (
    person: number,
    journey: Pick<Delivery, 'campaignId' | 'actionId'>,
    state: 'sent' | 'drafted',
  ): void => {
    const recipient = people[person]?.email
    if (!recipient) return
    const id = `dgTEtt${random.urlSafe(20)}`
    const metrics = { [state]: createdAt }
    deliveries.push({
      ...journey,
      id,
      person,
      channel: 'email',
      recipient,
      createdAt,
      triggerEventId: '',
      metrics,
    })
  }
  let testers = 0
  let customers = 0
  for (const [person, each] of people.entries()) {
    if (reasonOf(each) !== null) {
      testers += 1
      send(person, rehearsal, 'sent')
      send(person, welcome, testers % 4 === 0 ? 'drafted' : 'sent')
    } else if (customers < welcomed && each.email) {
      customers += 1
      send(person, welcome, 'sent')
    }
  }
}

/** Testers whom a journey sent to that is not only theirs. Only warehouse files show it. */
export function noteTesterSends(
  facts: FactBook,
  { deliveries, people }: Pick<Population, 'deliveries' | 'people'>,
): void {
  for (const { person, campaignId, metrics } of deliveries) {
    const who = people[person]
    if (!('sent' in metrics) || campaignId === rehearsal.campaignId || who === undefined) continue
    if (reasonOf(who) !== null) facts.add('journeys/testers-included', String(campaignId), [who.cioId])
  }
}
