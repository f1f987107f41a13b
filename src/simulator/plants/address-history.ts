import type { Shopper } from '../population/shopper.ts'
import type { Person } from '../types.ts'
import { noteAddresses } from './address-changes.ts'
import { cases, type Cast } from './cast.ts'

/** Somebody's addresses before the one of now; `former` makes those of real people. */
type Past = (former: (number: number) => string) => readonly string[]

/** With the own one four people, whatever a till wrote in between. */
const crowds: readonly Past[] = [
  (former) => ['test@test.com', former(0), 'unknown', former(1), ' none@none.com', former(2)],
  (former) => [former(0), 'NoEmail@noemail.com', former(1), former(2), 'GUEST@guest.com'],
]
/** Near misses: one person fewer, and nobody but the own one. */
const families: readonly Past[] = [
  (former) => ['Test@Test.com', former(0), 'n/a', former(1), 'guest@guest.com', 'noemail@noemail.com'],
  () => ['test@test.com', 'none@none.com', 'null', 'guest@guest.com', 'NOEMAIL@noemail.com'],
]

interface Named extends Partial<Pick<Person, 'id' | 'email' | 'phone'>> {
  readonly past: Past
}

/**
 * Who is called by a placeholder, and gathers strangers only as far as the history of the address tells: it takes three
 * addresses that mean somebody. Each placeholder names one profile.
 */
const gatherings: readonly Named[] = [
  { id: 'UNKNOWN', past: (former) => [former(0), former(1)] },
  { id: 'Anonymous', past: (former) => ['test@test.com', former(0), ' none@none.com', former(1)] },
  { id: null, email: 'A@a.com', past: (former) => [former(0), former(1), former(2)] },
  {
    id: null,
    email: '',
    phone: '1234567890',
    past: (former) => [former(0), 'unknown', former(1), former(2)],
  },
]
/** Near misses: two addresses, one in several spellings, none but placeholders; and an id of one's own. */
const loners: readonly Named[] = [
  { id: 'NaN', past: (former) => ['unknown', former(0), 'NoEmail@noemail.com'] },
  { id: ' nil', past: (former) => [former(0), former(0).toUpperCase(), ` ${former(0)}`] },
  { id: 'Null', past: () => ['test@test.com', 'guest@guest.com', 'none@none.com'] },
  { id: null, email: 'no@email.com', past: (former) => [former(0), 'test@test.com', former(1)] },
  { email: 'test@test.com', past: (former) => [former(0), former(1), former(2)] },
]

/**
 * Placeholders that once stood for somebody's address: they are nobody's, however often it was changed to one and back.
 * Planted on people as they came; nothing is drawn, so that everybody else is as they would be without them.
 */
export function plantAddressHistories(cast: Cast, people: number): void {
  const courses = [...crowds, ...families]
  for (let turn = 0; turn < cases(people, 0.0006, courses.length); turn += 1) {
    const shopper = takeQuiet(cast)
    const past = courses[turn % courses.length]
    if (shopper === undefined || past === undefined) return
    noteAddresses(shopper, past(formerOf(shopper)))
    if (turn % courses.length < crowds.length)
      cast.facts.add('identity/over-merged', shopper.person.cioId, [shopper.person.cioId])
  }
  // An id can exist once only, so those are all in the first block.
  for (const { past, ...named } of cast.block === 0 ? [...gatherings, ...loners] : []) {
    const shopper = takeQuiet(cast)
    if (shopper === undefined) return
    Object.assign(shopper.person, named)
    noteAddresses(shopper, past(formerOf(shopper)))
  }
}

/** Somebody of long ago who shows no intent and has one device at most: only the history can tell that they gather others. */
function takeQuiet(cast: Cast): Shopper | undefined {
  const since = cast.nowSeconds - 29 * 86_400
  const fits = ({ depth, known, person }: Shopper): boolean =>
    known && depth === 'none' && person.devices.length < 2 && person.createdAt < since && hasNames(person)
  const [shopper] = cast.take(1, fits) ?? []
  return shopper
}

const hasNames = ({ id, email }: Person): boolean => Boolean(id) && email?.includes('@') === true

const formerOf =
  ({ person }: Shopper) =>
  (number: number): string =>
    `customer${number}.${person.cioId}@web.de`
