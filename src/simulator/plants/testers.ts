import type { FactBook } from '../facts.ts'
import type { Shopper } from '../population/shopper.ts'
import type { Person } from '../types.ts'
import { cases, type Cast } from './cast.ts'

type Rename = (mailbox: string, domain: string) => string

/** Whom nobody takes for a customer. */
const testers: readonly Rename[] = [
  (mailbox) => `${mailbox}@example.com`,
  (mailbox, domain) => `${mailbox}+test@${domain}`,
  (mailbox) => `${mailbox}@Mailinator.com`,
  (mailbox, domain) => `${mailbox}+TEST7@${domain}`,
  (mailbox) => `${mailbox}@staging.northwind.test`,
  (mailbox, domain) => `${mailbox}+checkout-test@${domain}`,
  (mailbox) => ` ${mailbox}@yopmail.com`,
  (mailbox, domain) => `${mailbox}+qa@${domain}`,
  (mailbox) => `${mailbox}@qa.invalid`,
]
/** Customers, whatever it looks like. */
const customers: readonly Rename[] = [
  (mailbox, domain) => `${mailbox}+testimonials@${domain}`,
  (mailbox) => `${mailbox}@contest.org`,
  (mailbox, domain) => `test.${mailbox}@${domain}`,
  (mailbox) => `${mailbox}@example.com.br`,
  (mailbox, domain) => `${mailbox}+latest@${domain}`,
]

/** Testers who shop, and near misses. */
export function plantTesters(cast: Cast, people: number): void {
  const rename = (names: readonly Rename[], count: number): void => {
    for (let turn = 0; turn < count; turn += 1) {
      const [shopper] = cast.take(1, ({ person }) => /^[a-z]+[.\w]*@[\w.]+$/.test(person.email ?? '')) ?? []
      if (shopper === undefined) return
      const [mailbox = '', domain = ''] = (shopper.person.email ?? '').split('@')
      cast.dress(shopper, { depth: turn % 2 === 0 ? 'purchase' : 'cart', devices: 1 })
      shopper.person.email = names[turn % names.length]?.(mailbox, domain) ?? null
    }
  }
  rename(testers, cases(people, 0.004, 10))
  rename(customers, cases(people, 0.002, 5))
}

const domains = /@(?:example\.com|mailinator\.com|yopmail\.com|\S*\.test|\S*\.invalid)\s*$/i
const tags = /\+(?:test|test7|checkout-test|qa)@/i

/** The truth, over everybody: other plants know such addresses too. */
export function noteTesters(facts: FactBook, shoppers: readonly Shopper[]): void {
  for (const { person } of shoppers) {
    const reason = reasonOf(person)
    if (reason !== null) facts.add('governance/test-profiles', reason, [person.cioId])
  }
}

/** Why somebody is taken for a tester. */
export function reasonOf({ email }: Pick<Person, 'email'>): 'domain' | 'tag' | null {
  return domains.test(email ?? '') ? 'domain' : tags.test(email ?? '') ? 'tag' : null
}
