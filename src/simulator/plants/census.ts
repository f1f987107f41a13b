import type { FactBook } from '../facts.ts'
import { showsIntent, type Shopper } from '../population/shopper.ts'
import { addressChanges } from './address-changes.ts'

/**
 * What is true of single people once every case is planted. Many cases take an id, an address or a device away; whether
 * somebody can still be reached then shows at the end only.
 */
export function noteCensus(facts: FactBook, shoppers: readonly Shopper[]): void {
  for (const shopper of shoppers) {
    const { person, known } = shopper
    const created = new Date(person.createdAt * 1000).toISOString().slice(0, 10)
    const own = [person.cioId]
    notePlaceholders(facts, shopper)
    if (!known) facts.add('identity/anonymous-profile', person.cioId, own)
    if (known && plain(person.id) === '') facts.add('identity/missing-id', created, own)
    const isReachable = hasAddress(person.email) || hasNumber(person.phone) || person.devices.length > 0
    if (!isReachable) facts.add('identity/unreachable', created, own)
    if (!known || !hasAddress(person.id)) continue
    facts.add('identity/email-as-id', person.cioId, own)
    facts.add('identity/mixed-id-format', 'e-mail', own)
  }
}

/** What the planter writes where there is nobody, in lower case. */
const nobody = {
  id: new Set([
    'null',
    'undefined',
    'guest',
    'anonymous',
    'unknown',
    'none',
    'nan',
    'n/a',
    'nil',
    '0',
    '-1',
    '[object object]',
    '00000000-0000-0000-0000-000000000000',
  ]),
  email: new Set([
    'test@test.com',
    'noemail@noemail.com',
    'none@none.com',
    'guest@guest.com',
    'a@a.com',
    'no@email.com',
    'unknown',
  ]),
  phone: new Set(['0000000000', '+10000000000', '1111111111', '1234567890', 'unknown', 'n/a']),
}

/** Informative where nobody is gathered: the placeholder stands beside a better name, or there is one person at most. */
function notePlaceholders(facts: FactBook, shopper: Shopper): void {
  const { cioId, id, email, phone } = shopper.person
  const held = { id: plain(id), email: plain(email), phone: bare(phone) }
  const names = { id: true, email: held.id === '', phone: held.id === '' && !isAddress(email) }
  for (const kind of ['id', 'email', 'phone'] as const) {
    if (!nobody[kind].has(held[kind])) continue
    const informative = !(names[kind] && isCrowd(shopper))
    facts.add('identity/placeholder-id', `${kind}:${held[kind]}`, [cioId], { informative })
  }
}

/** It holds a cart or the like, several phones, or had the addresses of several people in the window. */
function isCrowd(shopper: Shopper): boolean {
  const { email, devices } = shopper.person
  const told = addressChanges(shopper).flatMap(({ hoursAgo, from, to }) =>
    hoursAgo < 30 * 24 ? [from, to] : [],
  )
  const addresses = new Set([email, ...told].filter(hasAddress).map(plain))
  return showsIntent(shopper) || devices.length > 1 || addresses.size > 2
}

const plain = (text: string | null): string => (text ?? '').trim().toLowerCase()
/** A number without the signs that it is written with. */
const bare = (text: string | null): string =>
  /\d/.test(text ?? '') ? (text ?? '').replaceAll(/[^\d+]/g, '') : plain(text)

const isAddress = (text: string | null): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(plain(text))

const hasAddress = (text: string | null): boolean => isAddress(text) && !nobody.email.has(plain(text))

const hasNumber = (text: string | null): boolean => plain(text) !== '' && !nobody.phone.has(plain(text))
