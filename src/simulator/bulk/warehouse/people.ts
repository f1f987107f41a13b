import { pastAddresses, type PastAddress } from '../../plants/address-changes.ts'
import { Quota } from '../../plants/quota.ts'
import type { Shopper } from '../../population/shopper.ts'
import type { Random } from '../../random.ts'
import { mixed } from '../../random.ts'
import type { BlockPlace, Person } from '../../types.ts'
import { IsoWriter } from '../times.ts'
import { historyOf, withPast, type Change } from './history.ts'
import { syncs, workspaceId, type Sync, type SyncFiles } from './tables.ts'

const day = 86_400
/** Somewhat more than one in two thousand, so that a shop of that size has one for certain. */
const unsetShare = 0.0006
const goneShare = 0.01

interface Fate {
  readonly deleted: boolean
  readonly suppressed: boolean
}
const alive: Fate = { deleted: false, suppressed: false }

export interface PeopleSync {
  readonly shoppers: readonly Shopper[]
  readonly files: SyncFiles
  readonly random: Random
  /** Unix seconds. */
  readonly now: number
  readonly block: BlockPlace | undefined
}

/** Everybody as they were, what they became, and some who are no more. */
export function syncPeople({ shoppers, files, random, now, block }: PeopleSync): void {
  const people = shoppers.map(({ person }) => person)
  const iso = new IsoWriter()
  const at = (seconds: number): string => iso.write(seconds * 1000)
  const syncOf = (time: number): Sync => (time <= now - 20 * day ? 1 : time <= now - 10 * day ? 2 : 3)

  const personRow = (
    person: Person,
    sync: Sync,
    email: string | null,
    updatedAt: number,
    fate: Fate,
  ): void => {
    const { id, cioId, createdAt } = person
    files.add('people', sync, [
      workspaceId,
      id,
      cioId,
      String(fate.deleted),
      String(fate.suppressed),
      at(createdAt),
      at(updatedAt),
      email,
    ])
  }
  const attributeRow = ({ cioId }: Person, sync: Sync, { name, value, time }: Change): void =>
    files.add('attributes', sync, [workspaceId, cioId, name, value, at(time)])

  const unset = new Quota(unsetShare, random.fraction())
  const write = (person: Person, otherEmail: string | null, past: readonly PastAddress[]): void => {
    const changes = withPast(historyOf(person, random, now, otherEmail), past)
    // For somebody whose creation time was never set, an unset time is all that there is to show.
    const shown = unset.next() ? { ...person, createdAt: 0 } : person
    let email: string | null = null
    let updatedAt = person.createdAt
    for (const sync of syncs) {
      // Whoever came after the first sync stands in it nevertheless: it is the one that holds everybody.
      const own = changes.filter(({ time }) => (time === person.createdAt ? 1 : syncOf(time)) === sync)
      for (const change of own) {
        attributeRow(person, sync, change)
        updatedAt = Math.max(updatedAt, change.time)
        if (change.name === 'email') email = change.value
      }
      if (own.length > 0 || sync === 1) personRow(shown, sync, email, updatedAt, alive)
    }
  }

  for (const shopper of shoppers) {
    const otherEmail = random.chance(0.4) ? random.pick(people).email : null
    write(shopper.person, otherEmail, pastAddresses(shopper, now))
  }
  for (let number = Math.ceil(people.length * goneShare); number > 0; number -= 1) {
    const person = goneOne((block?.firstPerson ?? 0) + number, random, now, random.pick(people))
    personRow(person, 1, person.email, person.createdAt, alive)
    const attributes = { first_name: person.attributes['first_name'] ?? null, email: person.email }
    for (const [name, value] of Object.entries(attributes))
      attributeRow(person, 1, { name, value, time: person.createdAt })
    const fate = random.chance(0.6)
      ? { deleted: true, suppressed: false }
      : { deleted: false, suppressed: true }
    personRow(person, random.pick([2, 3]), person.email, now - random.int(3_600, 9 * day), fate)
  }
}

/** Somebody whom the API does not know any more; a third of them have the address of somebody who lives. */
function goneOne(number: number, random: Random, now: number, twin: Person): Person {
  const local = `gone.${random.hex(10)}`
  return {
    ...twin,
    cioId: `d9c107${mixed(number, 7).toString(16).padStart(8, '0')}`,
    id: random.uuid(),
    email: random.chance(0.3) ? twin.email : `${local}@gmail.com`,
    createdAt: now - random.int(60 * day, 900 * day),
  }
}
