import { showsIntent, type Shopper } from '../population/shopper.ts'
import { cases, type Cast, type PersonTwice } from './cast.ts'

/**
 * Writes down whose shopping, device and e-mail are not all on one profile: from what every person on several profiles
 * was given in the end, whichever case gave it.
 */
export function noteSplitHistories(cast: Cast): void {
  for (const { subject, members } of cast.persons) {
    if (!isSplit(members)) continue
    cast.facts.add(
      'identity/split-history',
      subject,
      members.map(({ person }) => person.cioId),
    )
  }
}

function isSplit(members: PersonTwice['members']): boolean {
  const [buyer, ...others] = members.filter(showsIntent)
  if (buyer === undefined) return false
  const hasDevice = ({ person }: Shopper): boolean => person.devices.length > 0
  const hasEmail = ({ person }: Shopper): boolean => person.email !== null && person.email !== ''
  const isElsewhere = (has: (shopper: Shopper) => boolean): boolean => members.some(has) && !has(buyer)
  return others.length > 0 || isElsewhere(hasDevice) || isElsewhere(hasEmail)
}

/** People on profiles that have nothing but the phone in common. */
export function plantSplitByPhone(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.0015, 4); turn += 1) {
    const members = cast.take(turn % 4 === 0 ? 3 : 2, ({ person }) => person.phone !== null)
    const [buyer, mate, third] = members ?? []
    if (members === null || buyer === undefined || mate === undefined) return
    const phone = buyer.person.phone ?? ''
    for (const { person } of members.slice(1)) person.phone = spelt(phone, turn)
    scenes[turn % scenes.length]?.(cast, buyer, mate)
    if (third !== undefined) {
      // Cart, device and e-mail on three profiles.
      cast.dress(third, { depth: 'none', devices: 1 })
      third.person.email = null
      mate.person.devices = []
    }
    cast.join(members, `phone:${phone}`)
    cast.facts.add(
      'identity/duplicate-phone',
      `phone:${phone}`,
      members.map(({ person }) => person.cioId),
    )
    cast.noteOrphans(members)
  }
}

const spelt = (phone: string, turn: number): string =>
  turn % 2 === 0 ? phone : `${phone.slice(0, 3)} ${phone.slice(3, 6)}-${phone.slice(6)}`

/** The first profile shops. The fourth is a near miss: all that matters is on it, and the other one is quiet. */
const scenes: readonly ((cast: Cast, buyer: Shopper, mate: Shopper) => void)[] = [
  (cast, buyer, mate) => {
    cast.dress(buyer, { depth: 'cart', devices: 0 })
    cast.dress(mate, { depth: 'none', devices: 0 })
    buyer.person.email = null
  },
  (cast, buyer, mate) => {
    cast.dress(buyer, { depth: 'checkout', devices: 1 })
    cast.dress(mate, { depth: 'opens', devices: 0 })
    buyer.person.email = null
  },
  (cast, buyer, mate) => {
    cast.dress(buyer, { depth: 'cart', devices: 1 })
    cast.dress(mate, { depth: 'purchase', devices: 1 })
    mate.person.email = null
  },
  (cast, buyer, mate) => {
    cast.dress(buyer, { depth: 'purchase', devices: 1 })
    cast.dress(mate, { depth: 'search', devices: 1 })
    mate.person.email = null
  },
]
