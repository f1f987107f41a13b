import type { Shopper } from '../population/shopper.ts'
import { cases, type Cast, type Dress } from './cast.ts'
import { shareEmail } from './emails.ts'
import { noteShared } from './shared-values.ts'

const day = 86_400

function shareToken(cast: Cast, members: readonly Shopper[]): void {
  const device = members[0]?.person.devices[0]
  if (device === undefined) return
  for (const [position, { person }] of members.slice(1).entries()) {
    person.devices.push({
      ...device,
      lastUsed: device.lastUsed === null ? null : device.lastUsed - (position + 1) * day,
      attributes: { ...device.attributes },
    })
  }
  cast.facts.add(
    'devices/shared-token',
    device.token,
    members.map((shopper) => shopper.person.cioId),
  )
}

/** One phone, several profiles: an account switch, a family's tablet, a shop's demo phone, or one person twice. */
export function plantSharedTokens(cast: Cast, people: number): void {
  const browsing: Dress = { depth: 'cart', devices: 1 }
  for (let turn = 0; turn < cases(people, 0.006, 12); turn += 1) {
    const kind = turn % 6
    const members = cast.take(
      kind === 1 ? 3 : kind === 2 && turn % 12 === 2 ? 7 : 2,
      (shopper) => shopper.person.email !== null,
    )
    if (members === null) return
    const [first, second] = members
    cast.dress(first, browsing)
    for (const shopper of members.slice(1))
      cast.dress(shopper, { depth: kind === 5 ? 'none' : 'browse', devices: kind === 4 ? 1 : 0 })
    shareToken(cast, members)
    if (kind === 3 || kind === 5) {
      // One person twice. The buyer holds the token too, so it can be messaged: shared, but not orphaned.
      shareEmail(cast, members, (email) => email)
      cast.noteOrphans(members)
    }
    if (kind === 4 && second !== undefined) second.person.unsubscribed = true
  }
}

/** The healthy share of account switches. */
export function plantAccountSwitches(cast: Cast, count: number): void {
  for (let turn = 0; turn < count; turn += 1) {
    const members = cast.take(2, (shopper) => shopper.person.devices.length === 1)
    if (members === null) return
    for (const shopper of members.slice(1)) shopper.person.devices = []
    shareToken(cast, members)
  }
}

/** Ids that mean nobody. Each can exist once only, since Customer.io keeps ids apart: all are in the first block. */
const nobodies = [
  'null',
  'undefined',
  'guest',
  'anonymous',
  'unknown',
  'none',
  'nan',
  '0',
  '-1',
  '[object Object]',
  '00000000-0000-0000-0000-000000000000',
]

/** Profiles without id, e-mail and phone that hold a device: the token arrived before anybody was identified. */
export function plantAnonymousHolders(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.006, 16); turn += 1) {
    const [shopper] = cast.take(1) ?? []
    if (shopper === undefined) return
    const { person } = shopper
    cast.dress(shopper, { depth: 'none', devices: turn % 5 === 0 ? 2 : 1 })
    person.id =
      turn % 3 === 0 ? (cast.block === 0 ? (nobodies[turn / 3] ?? null) : null) : turn % 3 === 1 ? null : ''
    person.email = turn % 4 === 2 ? '' : null
    person.phone = null
    shopper.known = false
    for (const name of Object.keys(person.attributes)) delete person.attributes[name]
    // Whoever has a device is an app user, known or not: that is what the built-in plan asks for an app version.
    cast.facts.add('attributes/missing', 'app_version', [person.cioId], {
      plan: 'built-in',
      informative: true,
    })
    for (const { token } of person.devices) cast.facts.add('devices/orphaned-token', token, [person.cioId])
  }
}

/**
 * Ways in which two profiles are plainly one person, beside a shared e-mail. The first one holds the device. Each gives
 * what tells it.
 */
const links: readonly ((holder: Shopper, mate: Shopper) => string)[] = [
  (holder, mate) => {
    holder.person.phone = mate.person.phone
    mate.person.email = null
    return `phone:${mate.person.phone}`
  },
  (holder, mate) => {
    holder.person.id = mate.person.email
    holder.person.email = null
    return `email:${mate.person.email}`
  },
  (holder, mate) => {
    holder.person.id = mate.person.id?.toUpperCase() ?? null
    holder.person.email = null
    return `id:${mate.person.id}`
  },
  (holder, mate) => {
    holder.person.id = ` ${mate.person.id ?? ''}`
    holder.person.email = null
    return `id:${mate.person.id}`
  },
  (holder, mate) => {
    const phone = mate.person.phone ?? ''
    holder.person.phone = `${phone.slice(0, 3)} ${phone.slice(3, 6)} ${phone.slice(6)}`
    holder.person.email = ''
    return `phone:${phone}`
  },
]

/** An address that is an id is noted where people are counted one by one. */
const ruleOf: Readonly<Record<string, string>> = {
  phone: 'identity/duplicate-phone',
  id: 'identity/id-variant',
}

/** The device sits on one profile of a person, the cart on another. */
export function plantSplitPeople(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.004, 10); turn += 1) {
    const needsPhone = turn % links.length === 0 || turn % links.length === 4
    const members = cast.take(2, ({ person }) => !needsPhone || person.phone !== null)
    if (members === null) return
    const [holder, mate] = members
    if (mate === undefined) return
    cast.dress(holder, { depth: turn % 2 === 0 ? 'none' : 'opens', devices: 1 })
    cast.dress(mate, { depth: 'cart', devices: turn % 3 === 0 ? 1 : 0 })
    const subject = links[turn % links.length]?.(holder, mate)
    if (subject !== undefined) {
      cast.join(members, subject)
      const rule = ruleOf[subject.slice(0, subject.indexOf(':'))]
      if (rule !== undefined)
        cast.facts.add(
          rule,
          subject,
          members.map((shopper) => shopper.person.cioId),
        )
    }
    cast.noteOrphans(members)
  }
}

/** Tokens whose holder did nothing, and that are fine nevertheless. */
export function plantTokenNearMisses(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.001, 3); turn += 1) {
    plantFamily(cast, true)
    onlyByPhone(cast)
    const quiet = cast.take(2)
    if (quiet?.[1] === undefined) return
    // One person twice, but nobody showed intent: the token is dormant, not orphaned.
    cast.dress(quiet[0], { depth: 'none', devices: 1 })
    cast.dress(quiet[1], { depth: 'search', devices: 0 })
    shareEmail(cast, quiet, (email) => email)
  }
}

/** A family on one phone: different addresses, so different people, whatever sits on whose device. */
export function plantFamily(cast: Cast, withSilentHolder: boolean): void {
  const members = cast.take(2, ({ person }) => person.phone !== null)
  if (members?.[1] === undefined) return
  const [first, second] = members
  second.person.phone = first.person.phone
  noteShared(cast, members)
  if (!withSilentHolder) return
  cast.dress(first, { depth: 'none', devices: 1 })
  cast.dress(second, { depth: 'purchase', devices: 0 })
  // The same key on two strangers proves nothing.
  const [stranger] = cast.take(1, (shopper) => shopper.person.devices.length > 0) ?? []
  if (stranger === undefined) return
  cast.dress(stranger, { depth: 'cart', devices: 1 })
  cast.shareKey([second, stranger], false)
}

/** Known by phone alone: no id, no e-mail, but somebody. */
function onlyByPhone(cast: Cast): void {
  const [shopper] = cast.take(1, ({ person }) => person.phone !== null) ?? []
  if (shopper === undefined) return
  cast.dress(shopper, { depth: 'none', devices: 1 })
  shopper.person.id = null
  shopper.person.email = null
}
