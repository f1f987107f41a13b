import { anonymousIdOf } from '../bulk/pipelines/senders.ts'
import type { Shopper } from '../population/shopper.ts'
import { cases, type Cast } from './cast.ts'

const day = 86_400

/** Takes one shopper who does nothing and holds nothing, so that what is planted is all that is told of them. */
function quiet(cast: Cast, fits: (shopper: Shopper) => boolean = () => true): Shopper | undefined {
  const [shopper] = cast.take(1, fits) ?? []
  if (shopper !== undefined) cast.dress(shopper, { depth: 'none', devices: 0 })
  return shopper
}

/** Somebody who is known by an address or a number alone, in the ways in which an id is not there. */
export function plantMissingIds(cast: Cast, people: number, scale: number): void {
  for (let turn = 0; turn < cases(people, 0.004 * scale, 6); turn += 1) {
    const shopper = quiet(cast, ({ person }) => turn % 3 === 0 || person.phone !== null)
    if (shopper === undefined) return
    shopper.person.id = turn % 2 === 0 ? null : ''
    if (turn % 3 === 0) shopper.person.phone = null
    if (turn % 3 === 2) shopper.person.email = turn % 4 === 2 ? null : ''
  }
}

/** A form that went live one day and sends e-mail addresses only. */
export function plantIdSurge(cast: Cast, people: number): void {
  const midnight = Math.floor(cast.nowSeconds / day - 12) * day
  for (let turn = 0; turn < cases(people, 0.006, 12); turn += 1) {
    const shopper = quiet(cast)
    if (shopper === undefined) return
    shopper.person.id = null
    shopper.person.phone = null
    // The first and the last second of the day belong to it; the second after it does not, and is nearly empty.
    shopper.person.createdAt =
      midnight + (turn === 0 ? 0 : turn === 1 ? day - 1 : cast.random.int(0, day - 1))
  }
}

/** What stands in the field of the e-mail and of the phone of those who cannot be reached. */
const noContacts: readonly (readonly [string | null, string | null])[] = [
  [null, null],
  ['', null],
  ['noemail', ''],
  ['customer@', null],
  ['test@test.com', '0000000000'],
  [null, ' '],
  ['unknown', '+10000000000'],
]

/** An id and nothing to write to. One near miss each: a device, a phone or an address is enough. */
export function plantUnreachable(cast: Cast, people: number, scale: number): void {
  for (let turn = 0; turn < cases(people, 0.004 * scale, 8); turn += 1) {
    const shopper = quiet(cast)
    if (shopper === undefined) return
    const [email = null, phone = null] = noContacts[turn % noContacts.length] ?? []
    shopper.person.email = email
    shopper.person.phone = phone
    if (turn % 4 === 3) cast.dress(shopper, { depth: 'none', devices: 1 })
  }
}

/** Ids that are the person's address, in the ways in which forms send it. */
const emailIds: readonly ((email: string) => string)[] = [
  (email) => email,
  (email) => email.toUpperCase(),
  (email) => ` ${email}`,
  (email) => email.replace('@', '+app@'),
  (email) => `${email}\n`,
]

/** Identified with the e-mail by one place: alone, beside the same address as e-mail, or while another profile has it. */
export function plantEmailIds(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.003, 8); turn += 1) {
    const members = cast.take(turn % 3 === 2 ? 2 : 1)
    if (members === null) return
    for (const shopper of members) cast.dress(shopper, { depth: 'none', devices: 0 })
    const [holder, mate] = members
    const address = (mate ?? holder).person.email ?? ''
    holder.person.id = (emailIds[turn % emailIds.length] ?? String)(address)
    if (mate !== undefined && holder.person.id.trim().toLowerCase() === address)
      cast.join(members, `email:${address}`)
    if (mate !== undefined || turn % 3 === 0) holder.person.email = null
  }
}

/** Profiles that a forwarding tool made for visitors, without a device. The third kind has its anonymous id as id. */
export function plantAnonymousProfiles(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.003, 9); turn += 1) {
    const shopper = quiet(cast)
    if (shopper === undefined) return
    const { person } = shopper
    person.id = turn % 3 === 0 ? null : turn % 3 === 1 ? '' : anonymousIdOf(person.cioId)
    person.email = turn % 2 === 0 ? null : ''
    person.phone = turn % 4 === 3 ? '' : null
    // Near miss: the same, and an e-mail. Whoever has that is somebody.
    const known = turn % 8 === 5
    if (known) person.email = `visitor.${person.cioId}@gmail.com`
    else for (const name of Object.keys(person.attributes)) delete person.attributes[name]
    if (turn % 3 === 2) person.attributes['anonymous_id'] = person.id
    shopper.known = known
  }
}
