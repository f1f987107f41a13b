import type { Shopper } from '../population/shopper.ts'
import type { Person } from '../types.ts'
import { cases, type Cast } from './cast.ts'

interface Refusal {
  readonly type: string
  readonly data: object
  /** Why, without what is this record's own; a skipped update is no refusal. */
  readonly refusal?: string
}

/** Ways in which a feed says that an identifier belongs to somebody else; the shape is not documented anywhere. */
const refusals: readonly ((own: Person, other: Person) => Refusal)[] = [
  (_, { email }) => ({
    type: 'failed_attribute_change',
    data: { email: { from: '', to: email }, reason: 'email is already in use by another person' },
    refusal: 'email is already in use by another person',
  }),
  (_, { email }) => ({
    type: 'failed_attribute_change',
    data: { attribute: 'email', value: ` ${email?.toUpperCase()}`, error: 'duplicate identifier' },
    refusal: 'duplicate identifier',
  }),
  (_, { id }) => ({
    type: 'failed_attribute_change',
    data: { reason: `The identifier id "${id}" belongs to a different person.` },
    refusal: 'the identifier id … belongs to a different person',
  }),
  (_, { email }) => ({
    type: 'failed_event',
    data: { name: 'newsletter_signup', reason: `a customer with email <${email}> exists already` },
    refusal: 'a customer with email … exists already',
  }),
  (own, { id }) => ({
    type: 'skipped_update',
    data: { identifiers: { id, email: own.email }, reason: 'identifiers of two people' },
  }),
  (_, { cioId }) => ({
    type: 'failed_attribute_change',
    data: { conflict: { cio_id: `cio_${cioId}` }, message: 'cannot merge' },
    refusal: 'cannot merge',
  }),
  (_, { cioId }) => ({
    type: 'failed_event',
    data: { name: 'purchase', error: { message: `identifies ${cioId}, who is somebody else` } },
    refusal: 'identifies …, who is somebody else',
  }),
]

const isComplete = ({ person }: Shopper): boolean => Boolean(person.id) && Boolean(person.email)

/** Profiles that were refused what another one has. */
export function plantConflicts(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.002, 8); turn += 1) {
    const [one, other] = cast.take(2, isComplete) ?? []
    if (one === undefined || other === undefined) return
    const refusal = refusals[turn % refusals.length]?.(one.person, other.person)
    if (refusal === undefined) return
    // Every third was tried again, as an app does that asks at each start.
    for (let time = 0; time <= turn % 3; time += 1)
      one.feed.push({ ...refusal, hoursAgo: 5 + turn + time * 24 })
    cast.facts.add('identity/conflict', one.person.cioId, [one.person.cioId])
  }
}

/** Refusals about something else: the own identifiers, nobody's, a friend's, a relative's phone, a number of bytes. */
const harmless: readonly ((own: Person, other: Person) => Refusal & { readonly isOld?: boolean })[] = [
  ({ email, id }) => ({
    type: 'failed_attribute_change',
    data: { identifiers: { id, email: email?.toUpperCase() }, reason: 'value is too long' },
    refusal: 'value is too long',
  }),
  () => ({
    type: 'failed_attribute_change',
    data: { email: { from: '', to: 'nobody.has.this@web.de' }, reason: 'address is suppressed' },
    refusal: 'address is suppressed',
  }),
  (_, { email }) => ({
    type: 'failed_event',
    data: {
      name: 'friend_invited',
      email,
      data: { email },
      reason: 'event data is larger than 100000 bytes',
    },
    refusal: 'event data is larger than … bytes',
  }),
  (_, { email }) => ({
    type: 'skipped_update',
    data: { invited_email: { from: '', to: email }, reason: 'nothing has changed' },
  }),
  (_, { phone }) => ({
    type: 'failed_attribute_change',
    data: { phone: { from: '', to: phone }, reason: 'not a phone number' },
    refusal: 'not a phone number',
  }),
  (_, { email }) => ({
    type: 'failed_attribute_change',
    data: { email: { from: '', to: email }, reason: 'email is already in use' },
    refusal: 'email is already in use',
    isOld: true,
  }),
]

export function plantConflictNearMisses(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.0015, 6); turn += 1) {
    const [one, other] = cast.take(2, isComplete) ?? []
    if (one === undefined || other === undefined) return
    const note = harmless[turn % harmless.length]?.(one.person, other.person)
    if (note === undefined) return
    const { isOld, ...refusal } = note
    one.feed.push({ ...refusal, hoursAgo: isOld === true ? 40 * 24 : 9 + turn })
  }
}
