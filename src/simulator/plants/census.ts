import type { FactBook } from '../facts.ts'
import type { Shopper } from '../population/shopper.ts'
import type { Person } from '../types.ts'

/**
 * What is true of single people once every case is planted. Many cases take an id, an address or a device away; whether
 * somebody can still be reached then shows at the end only.
 */
export function noteCensus(facts: FactBook, shoppers: readonly Shopper[]): void {
  for (const { person, known } of shoppers) {
    const created = new Date(person.createdAt * 1000).toISOString().slice(0, 10)
    const own = [person.cioId]
    notePlaceholders(facts, person)
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
  email: new Set(['test@test.com', 'noemail@noemail.com', 'none@none.com', 'guest@guest.com', 'unknown']),
  phone: new Set(['0000000000', '+10000000000', '1111111111', 'unknown', 'n/a']),
}

function notePlaceholders(facts: FactBook, { cioId, id, email, phone }: Person): void {
  const held = { id: plain(id), email: plain(email), phone: bare(phone) }
  for (const kind of ['id', 'email', 'phone'] as const) {
    if (nobody[kind].has(held[kind])) facts.add('identity/placeholder-id', `${kind}:${held[kind]}`, [cioId])
  }
}

const plain = (text: string | null): string => (text ?? '').trim().toLowerCase()
/** A number without the signs that it is written with. */
const bare = (text: string | null): string =>
  /\d/.test(text ?? '') ? (text ?? '').replaceAll(/[^\d+]/g, '') : plain(text)

const hasAddress = (text: string | null): boolean =>
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(plain(text)) && !nobody.email.has(plain(text))

const hasNumber = (text: string | null): boolean => plain(text) !== '' && !nobody.phone.has(plain(text))
