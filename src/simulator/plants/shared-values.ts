import type { Shopper } from '../population/shopper.ts'
import { cases, type Cast, type Dress } from './cast.ts'
import { shareEmail } from './emails.ts'
import { numbered } from './id-formats.ts'

const nothing: Dress = { depth: 'none', devices: 0 }
const idsOf = (members: readonly Shopper[]): string[] => members.map(({ person }) => person.cioId)

function quiet(cast: Cast, count: number, needsPhone: boolean): [Shopper, ...Shopper[]] | null {
  const members = cast.take(
    count,
    ({ person }) => person.email !== null && (!needsPhone || person.phone !== null),
  )
  for (const shopper of members ?? []) cast.dress(shopper, nothing)
  return members
}

/** Ways in which one number is written; numbers of the default country without its code, too. */
const numberForms: readonly ((phone: string) => string)[] = [
  (phone) => phone,
  (phone) => `${phone.slice(0, 3)} ${phone.slice(3, 6)} ${phone.slice(6)}`,
  (phone) => `${phone.slice(0, 3)}-${phone.slice(3, 7)}-${phone.slice(7)}`,
  (phone) => ` ${phone}\t`,
  (phone) => phone.replace('+', '＋'),
  (phone) =>
    phone.startsWith('+1') ? `(${phone.slice(2, 5)}) ${phone.slice(5, 8)}-${phone.slice(8)}` : `tel:${phone}`,
]
const noAddress = [null, '', 'noemail'] as const

/** One person at the till and in the app: the number is the same, and no address speaks against it. */
export function plantDuplicatePhones(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.002, 8); turn += 1) {
    // Five are as many as one person may have.
    const members = quiet(cast, turn % 8 === 6 ? 5 : turn % 4 === 2 ? 3 : 2, true)
    if (members === null) return
    const [{ person: first }, ...others] = members
    const phone = first.phone ?? ''
    for (const [position, { person }] of others.entries()) {
      person.phone = (numberForms[(turn + position) % numberForms.length] ?? String)(phone)
      person.email = noAddress[(turn + position) % noAddress.length] ?? null
    }
    cast.facts.add('identity/duplicate-phone', `phone:${phone}`, idsOf(members))
    if (turn % 5 === 4) shareEmail(cast, members, (email) => email.toUpperCase())
    else cast.join(members, `phone:${phone}`)
  }
  taggedAddress(cast)
}

/** Near and far at once: two writings of one mailbox are no contradiction. */
function taggedAddress(cast: Cast): void {
  const members = cast.take(
    2,
    ({ person }) => person.phone !== null && !/@gmail/.test(person.email ?? '@gmail'),
  )
  if (members?.[1] === undefined) return
  for (const shopper of members) cast.dress(shopper, nothing)
  const [{ person: first }, { person: second }] = members
  second.phone = first.phone
  second.email = first.email?.replace('@', '+till@') ?? null
  const ids = idsOf(members)
  cast.facts.add('identity/duplicate-phone', `phone:${first.phone}`, ids)
  cast.facts.add('identity/email-variant', `email:${first.email}`, ids, { informative: true })
  cast.join(members, `phone:${first.phone}`)
}

/** Numbers of tills, with and without addresses, and one that two people had one after the other. */
export function plantSharedPhones(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.0006, 3); turn += 1) {
    const members = quiet(cast, turn % 3 === 2 ? 2 : 6 + (turn % 4), true)
    if (members === null) return
    const [{ person: first }, ...others] = members
    for (const { person } of others) {
      person.phone = first.phone
      if (turn % 3 === 0) person.email = null
    }
    if (turn % 3 === 2) first.createdAt -= 400 * 86_400
    noteShared(cast, members)
  }
  // Near miss: too short for a number of any country, so nobody can say that it is one.
  for (const { person } of quiet(cast, 2, false) ?? []) person.phone = '12345'
}

/** People who have a number together. */
export function noteShared(cast: Cast, members: readonly Shopper[]): void {
  cast.facts.add('identity/shared-contact', `phone:${members[0]?.person.phone}`, idsOf(members), {
    informative: true,
  })
}

const otherWritings: readonly ((id: string) => string)[] = [
  (id) => id.toUpperCase(),
  (id) => ` ${id}`,
  (id) => `${id}\t`,
  (id) => `${id}\n`,
  (id) => `${id.slice(0, 18).toUpperCase()}${id.slice(18)} `,
]

/** One id in two writings; and ids that only look like it. */
export function plantIdVariants(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.0015, 9); turn += 1) {
    const kind = turn % 9
    const members = quiet(cast, 2, kind === 6)
    if (members?.[1] === undefined) return
    const [{ person: first }, { person: second }] = members
    const number = String(810_000 + numbered(cast, turn))
    const ids = idsOf(members)
    const note = (subject: string, informative = false): void =>
      cast.facts.add('identity/id-variant', `id:${subject}`, ids, { informative })
    if (kind < 5 || kind === 7) {
      second.id = (otherWritings[kind % otherWritings.length] ?? String)(first.id ?? '')
      // Two addresses: perhaps the case means something, so they are not joined, and only told.
      if (kind === 7) note(first.id ?? '', true)
      else {
        second.email = turn % 2 === 0 ? null : ''
        note(first.id ?? '')
        cast.join(members, `id:${first.id}`)
      }
      continue
    }
    first.id = kind === 6 ? `user_${number}` : number
    second.id = kind === 6 ? number : `000${number}`
    cast.facts.add('identity/mixed-id-format', kind === 6 ? 'prefix user_' : 'integer', [first.cioId])
    cast.facts.add('identity/mixed-id-format', 'integer', [second.cioId])
    // Near miss: number 17 of one system need not be number 17 of the other.
    if (kind === 8) continue
    note(number)
    if (kind === 5) shareEmail(cast, members, String)
    else {
      second.phone = first.phone
      second.email = null
      cast.facts.add('identity/duplicate-phone', `phone:${first.phone}`, ids)
      cast.join(members, `phone:${first.phone}`)
    }
  }
}
