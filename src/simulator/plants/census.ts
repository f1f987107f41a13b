import type { FactBook } from '../facts.ts'
import type { Shopper } from '../population/shopper.ts'

/**
 * What is true of single people once every case is planted. Many cases take an id, an address or a device away; whether
 * somebody can still be reached then shows at the end only.
 */
export function noteCensus(facts: FactBook, shoppers: readonly Shopper[]): void {
  for (const { person, known } of shoppers) {
    const created = new Date(person.createdAt * 1000).toISOString().slice(0, 10)
    const own = [person.cioId]
    const isNamed = !isBlank(person.id)
    if (!known) facts.add('identity/anonymous-profile', person.cioId, own)
    if (known && !isNamed) facts.add('identity/missing-id', created, own)
    const isReachable = hasAddress(person.email) || hasNumber(person.phone) || person.devices.length > 0
    if (!isReachable) facts.add('identity/unreachable', created, own)
    if (known && hasAddress(person.id)) facts.add('identity/email-as-id', person.cioId, own)
  }
}

const isBlank = (text: string | null): boolean => (text ?? '').trim() === ''

/** What the planter writes where there is nobody. */
const nobodysMail = new Set(['test@test.com'])
const nobodysPhones = new Set(['0000000000', '+10000000000'])

const hasAddress = (text: string | null): boolean =>
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test((text ?? '').trim()) && !nobodysMail.has(text ?? '')

const hasNumber = (text: string | null): boolean => !isBlank(text) && !nobodysPhones.has(text ?? '')
