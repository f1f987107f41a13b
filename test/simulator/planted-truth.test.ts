import { describe, expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { bySubject, eventsOf, activitiesOf, factsOf, groups, isToken, shop } from './shops.ts'
import type { Json } from './support.ts'

describe('broken: plain counting finds what the facts say, and nothing else', () => {
  const population = shop('broken')
  const events = eventsOf(population)
  const cioIdOf = (person: number): string => population.people[person]?.cioId ?? ''

  test('e-mail addresses', () => {
    const nobody = /^(info|support)@|^test@test\.com$|@mailinator\.com$|^[^@]+$|@$/
    const normalised = (email: string | null): string | null => {
      const plain = (email ?? '').normalize('NFKC').trim().toLowerCase()
      return nobody.test(plain) ? null : plain
    }
    const found = groups(population.people, (person) => normalised(person.email))
    const named = Object.fromEntries(
      [...found].map(([email, members]) => [
        `email:${email}`,
        members.map((person) => person.cioId).toSorted(),
      ]),
    )
    expect(bySubject(factsOf(population, 'identity/duplicate-email'))).toEqual(named)
    expect([...found.values()].some((members) => members.length > 5)).toBe(true)
    const spellings = new Set(
      [...found.values()].flatMap((members) =>
        members.map(({ email }) =>
          email === normalised(email) ? 'plain' : JSON.stringify(email).replaceAll(/[a-z0-9.]+/g, 'x'),
        ),
      ),
    )
    expect(spellings.size).toBeGreaterThanOrEqual(5)

    const folded = (email: string | null): string | null => {
      const plain = normalised(email)
      if (plain === null) return null
      const [local = '', domain = ''] = plain.split('@')
      const untagged = local.replace(/\+.*/, '')
      return `${domain === 'gmail.com' ? untagged.replaceAll('.', '') : untagged}@${domain}`
    }
    const variantGroups = [...groups(population.people, (person) => folded(person.email))].filter(
      ([, members]) => new Set(members.map((person) => normalised(person.email))).size > 1,
    )
    expect(bySubject(factsOf(population, 'identity/email-variant'))).toEqual(
      Object.fromEntries(
        variantGroups.map(([email, members]) => [
          `email:${email}`,
          members.map((person) => person.cioId).toSorted(),
        ]),
      ),
    )
  })

  test('tokens', () => {
    const held = [...population.devices]
    // What is no token joins nobody, however many profiles hold it.
    const shared = groups(held, ({ device }) => (isToken(device.token) ? device.token : null))
    expect(bySubject(factsOf(population, 'devices/shared-token'))).toEqual(
      Object.fromEntries(
        [...shared].map(([token, holders]) => [token, holders.map(({ cioId }) => cioId).toSorted()]),
      ),
    )
    const intent = new Set(
      events
        .filter((event) =>
          /^(product_viewed|add_to_cart|cart_updated|checkout_started|purchase)$/.test(event.name ?? ''),
        )
        .map((event) => cioIdOf(event.person)),
    )
    const orphaned = factsOf(population, 'devices/orphaned-token')
    expect(orphaned.length).toBeGreaterThan(20)
    for (const { subject, records } of orphaned) {
      expect(held.filter(({ device }) => device.token === subject).map(({ cioId }) => cioId)).toEqual(records)
      expect(intent.has(records[0] ?? '')).toBe(false)
    }
    const nobodies = population.people.filter(
      (person) => !person.email && !person.phone && !/^[0-9a-f -]{36,37}$|@/i.test(person.id ?? ''),
    )
    const named = new Set(orphaned.flatMap((fact) => fact.records))
    expect(nobodies.filter((person) => person.devices.length > 0 && !named.has(person.cioId))).toEqual([])
  })

  test('split histories', () => {
    const shoppers = new Set(
      events
        .filter(({ name = '' }) =>
          ['product_viewed', 'add_to_cart', 'cart_updated', 'checkout_started', 'purchase'].includes(name),
        )
        .map((event) => cioIdOf(event.person)),
    )
    const byCioId = new Map(population.people.map((person) => [person.cioId, person]))
    const split = population.persons.filter((members) => {
      const buyers = members.filter((cioId) => shoppers.has(cioId))
      const holders = members.filter((cioId) => byCioId.get(cioId)?.devices.length)
      const addressees = members.filter((cioId) => byCioId.get(cioId)?.email)
      const [buyer = ''] = buyers
      const isElsewhere = (those: readonly string[]): boolean => those.length > 0 && !those.includes(buyer)
      return buyers.length > 1 || (buyers.length === 1 && (isElsewhere(holders) || isElsewhere(addressees)))
    })
    const named = Object.values(bySubject(factsOf(population, 'identity/split-history')))
    const sorted = (lists: readonly (readonly string[])[]): string[] =>
      lists.map((list) => list.toSorted().join(' ')).toSorted()
    expect(sorted(named)).toEqual(sorted(split))
    expect(split.length).toBeGreaterThan(20)
    expect(population.persons.length - split.length).toBeGreaterThan(5)
  })

  test('dedupe keys', () => {
    const own = groups(events, ({ name, person, data }) =>
      typeof data['event_id'] === 'string' ? `${name} ${person} ${data['event_id']}` : null,
    )
    const named = new Map(Object.entries(bySubject(factsOf(population, 'events/duplicate-key'))))
    const ids = (name: string): string[] =>
      [...own.values()]
        .filter(([first]) => first?.name === name)
        .flatMap((copies) => copies.map((copy) => copy.id))
    for (const [name, records] of named) expect(records).toEqual(expect.arrayContaining(ids(name)))
    expect([...own.values()].every(([first]) => named.has(first?.name ?? ''))).toBe(true)
    // What remains are keys that two profiles of one person share.
    const emailOf = new Map(events.map((event) => [event.id, population.people[event.person]?.email]))
    const keyOf = new Map(events.map((event) => [event.id, event.data['event_id']]))
    const rest = [...named].flatMap(([name, records]) => records.filter((id) => !ids(name).includes(id)))
    const pairs = groups(rest, (id) => `${String(keyOf.get(id))} ${emailOf.get(id)}`)
    expect(rest.length).toBeGreaterThanOrEqual(10)
    expect([...pairs.values()].flat().length).toBe(rest.length)
  })

  test('events in one second', () => {
    const planned = new Set([
      'product_viewed',
      'add_to_cart',
      'cart_updated',
      'checkout_started',
      'purchase',
      'search_performed',
    ])
    const sorted = (data: Json): string =>
      JSON.stringify(
        Object.entries(data)
          .filter(([name]) => name !== 'event_id')
          .toSorted(([one], [other]) => (one < other ? -1 : 1)),
      )
    const bursts = groups(events, ({ name = '', person, timestamp, data }) =>
      planned.has(name) ? `${name} ${person} ${timestamp} ${sorted(data)}` : null,
    )
    const found = Map.groupBy(bursts.values(), ([first]) => first?.name ?? '')
    const named = Object.fromEntries(
      [...found].map(([name, copies]) => [
        name,
        copies
          .flat()
          .map((copy) => copy.id)
          .toSorted(),
      ]),
    )
    const facts = factsOf(population, 'events/duplicate-burst').filter((fact) => !fact.informative)
    expect(bySubject(facts)).toEqual(named)
    for (const fact of facts)
      expect(fact.surplus).toBe((named[fact.subject]?.length ?? 0) - (found.get(fact.subject)?.length ?? 0))
    // Near misses: pairs a few seconds apart, which are told at most.
    expect(
      events.some(
        (event, index) =>
          events[index + 1]?.person === event.person &&
          (events[index + 1]?.timestamp ?? 0) - event.timestamp < 9,
      ),
    ).toBe(true)
  })

  test('properties', () => {
    const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === ''
    const ids = (name: string, holds: (data: Json) => boolean): string[] =>
      events
        .filter((event) => event.name === name && holds(event.data))
        .map((event) => event.id)
        .toSorted()
    const missing = bySubject(factsOf(population, 'events/missing-property'))
    const wrong = bySubject(factsOf(population, 'events/wrong-type'))
    for (const [name, property] of [
      ['cart_updated', 'cart_value'],
      ['checkout_started', 'currency'],
      ['purchase', 'order_id'],
      ['product_viewed', 'price'],
    ] as const) {
      expect(missing[`${name}.${property}`], `${name}.${property}`).toEqual(
        ids(name, (data) => isAbsent(data[property])),
      )
    }
    const items = (data: Json): Json[] => (Array.isArray(data['items']) ? (data['items'] as Json[]) : [])
    expect(missing['purchase.items[].price']).toEqual(
      ids('purchase', (data) => items(data).some((item) => isAbsent(item['price']))),
    )
    expect(wrong['product_viewed.price']).toEqual(
      ids('product_viewed', ({ price }) => !isAbsent(price) && typeof price !== 'number'),
    )
    expect(wrong['cart_updated.cart_value']).toEqual(
      ids(
        'cart_updated',
        ({ cart_value: value }) => !isAbsent(value) && (typeof value !== 'number' || value < 0),
      ),
    )
    expect(wrong['purchase.items']).toEqual(
      ids('purchase', (data) => !isAbsent(data['items']) && !Array.isArray(data['items'])),
    )
  })

  test('attributes', () => {
    const known = population.people.filter((person) => person.attributes['customer_id'] !== undefined)
    const missing = bySubject(factsOf(population, 'attributes/missing'))
    expect(missing['country']).toEqual(
      known
        .filter((person) => !person.attributes['country'])
        .map((person) => person.cioId)
        .toSorted(),
    )
    const wrong = bySubject(factsOf(population, 'attributes/wrong-type'))
    const ids = (name: string, good: RegExp): string[] =>
      population.people
        .filter(({ attributes }) => attributes[name] && !good.test(attributes[name]))
        .map((person) => person.cioId)
        .toSorted()
    expect(wrong['country']).toEqual(ids('country', /^[A-Z]{2}$/))
    expect(wrong['last_purchase_at']).toEqual(ids('last_purchase_at', /^\d{10}$/))
    expect(wrong['push_opt_in']).toEqual(ids('push_opt_in', /^ *(true|false|1|0) *$/i))
    expect(wrong['lifetime_value']).toEqual(ids('lifetime_value', /^\d+\.\d\d$/))
    const values = population.people.map((person) => person.attributes['country'] ?? '')
    expect(new Set(values.filter((value) => value.length > 2 || /\d/.test(value))).size).toBe(5)
  })

  test('critical events', () => {
    const seen = new Set(events.map((event) => event.name))
    const missing = factsOf(population, 'events/missing-critical').map((fact) => fact.subject)
    expect(missing).toHaveLength(5)
    expect(missing.filter((name) => seen.has(name))).toEqual([])
    expect(events.filter((event) => event.name === 'loyalty_joined')).toHaveLength(1)
    expect(
      activitiesOf(population).some(
        (activity) => activity.type === 'screen' && activity.name === 'store_visited',
      ),
    ).toBe(true)
  })

  test('every planted record exists', () => {
    const known = new Set([
      ...population.people.map((person) => person.cioId),
      ...activitiesOf(population).map(({ id }) => id),
    ])
    expect(population.facts.flatMap((fact) => fact.records.filter((record) => !known.has(record)))).toEqual(
      [],
    )
    const ruleIds = new Set<string>(rules.map(({ meta }) => meta.id))
    expect(population.facts.filter((fact) => !ruleIds.has(fact.rule))).toEqual([])
  })

  test('defects overlap on one person', () => {
    const personOf = new Map(events.map((event) => [event.id, cioIdOf(event.person)]))
    const rulesOf = new Map<string, Set<string>>()
    for (const { rule, records } of population.facts) {
      for (const record of records) {
        const person = personOf.get(record) ?? record
        rulesOf.set(person, (rulesOf.get(person) ?? new Set()).add(rule))
      }
    }
    expect([...rulesOf.values()].filter((named) => named.size >= 3).length).toBeGreaterThan(20)
  })
})
