import { cases, type Cast, type Dress } from './cast.ts'

interface Gathering {
  readonly id: string
  readonly dress: Dress
}

/** Ids that an app sends before it knows anybody, in the ways in which they are written, and what has gathered there. */
const gatherings: readonly Gathering[] = [
  { id: 'NULL', dress: { depth: 'cart', devices: 1 } },
  { id: ' Undefined', dress: { depth: 'none', devices: 2 } },
  { id: 'Guest', dress: { depth: 'purchase', devices: 0 } },
  { id: 'N/A', dress: { depth: 'browse', devices: 3 } },
  { id: 'None\n', dress: { depth: 'checkout', devices: 2 } },
  { id: '[Object object]', dress: { depth: 'opens', devices: 2 } },
  // One device and no intent: somebody, but no crowd.
  { id: 'nil', dress: { depth: 'opens', devices: 1 } },
]
/** Near misses: ids that hold such a word and mean somebody. */
const names = ['guest-7f3a', 'nullable', 'none of us', 'test.user']

/** What a till writes where it must write a number. */
const noNumbers = ['0000000000', '+1 000 000 0000', '(000) 000-0000', '1111111111', 'unknown', 'N/A']
/** What a clerk writes where there must be an address. */
const noAddresses = ['test@test.com', 'NoEmail@noemail.com', ' none@none.com', 'unknown', 'guest@guest.com']

/**
 * Placeholders. The last customer's address stands on those that gather, as it does in life. An id can exist once only, so
 * those are all in the first block.
 */
export function plantPlaceholders(cast: Cast, people: number): void {
  for (const { id, dress } of cast.block === 0 ? gatherings : []) {
    const [shopper] = cast.take(1) ?? []
    if (shopper === undefined) return
    cast.dress(shopper, dress)
    shopper.person.id = id
  }
  for (const name of cast.block === 0 ? names : []) {
    const [shopper] = cast.take(1) ?? []
    if (shopper === undefined) return
    shopper.person.id = name
    cast.facts.add('identity/mixed-id-format', 'other', [shopper.person.cioId])
  }
  for (let turn = 0; turn < cases(people, 0.004, 10); turn += 1) {
    const [shopper] = cast.take(1, ({ person }) => person.email !== null) ?? []
    if (shopper === undefined) return
    if (turn % 2 === 0) shopper.person.phone = noNumbers[(turn / 2) % noNumbers.length] ?? null
    else shopper.person.email = noAddresses[((turn - 1) / 2) % noAddresses.length] ?? null
    // Who can be reached by a device alone still can.
    if (turn % 2 === 1 && shopper.person.devices.length === 0) shopper.person.phone = null
  }
}
