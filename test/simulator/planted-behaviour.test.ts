import { describe, expect, test } from 'vitest'
import { activitiesOf, bySubject, factsOf, nowSeconds, shop, type Activity } from './shops.ts'

const isRecent = ({ timestamp }: Activity): boolean => timestamp >= nowSeconds - 30 * 86_400

describe('broken: what is planted on the behaviour of people is there, and nothing else', () => {
  const population = shop('broken')
  const { people } = population
  const recent = activitiesOf(population).filter(isRecent)
  const of = (person: number) => people[person] ?? { cioId: '', id: null, email: null }

  test('crowds on one profile', () => {
    const nobody = /^(test@test|noemail@noemail|none@none|guest@guest|a@a|no@email)\.com$/
    const mailboxes = new Map<number, Set<string>>()
    for (const { type, person, data } of recent) {
      const change = data['email']
      if (type !== 'attribute_change' || typeof change !== 'object' || change === null) continue
      const own = mailboxes.get(person) ?? new Set()
      mailboxes.set(person, own)
      for (const address of Object.values(change) as string[]) {
        const plain = address.trim().toLowerCase()
        if (nobody.test(plain)) continue
        const [local = '', domain] = plain.split('@')
        const name = local.replace(/\+.*/, '')
        if (domain !== undefined)
          own.add(`${domain === 'gmail.com' ? name.replaceAll('.', '') : name}@${domain}`)
      }
    }
    const crowds = people.filter(
      ({ devices }, person) => devices.length > 10 || (mailboxes.get(person)?.size ?? 0) > 3,
    )
    expect(crowds.length).toBeGreaterThanOrEqual(6)
    expect(Object.keys(bySubject(factsOf(population, 'identity/over-merged'))).toSorted()).toEqual(
      crowds.map(({ cioId }) => cioId).toSorted(),
    )
    expect([...mailboxes.values()].filter(({ size }) => size > 0 && size <= 3).length).toBeGreaterThan(2)
    expect(people.filter(({ devices }) => devices.length === 10).length).toBeGreaterThan(1)
  })

  test('refusals that name what somebody else has', () => {
    const types = /^(failed_attribute_change|failed_event|skipped_update)$/
    const named = factsOf(population, 'identity/conflict').flatMap(({ records }) => records)
    const refused = recent.filter(({ type }) => types.test(type))
    for (const cioId of named) {
      const own = refused.filter(({ person }) => of(person).cioId === cioId)
      const text = own.map(({ data }) => JSON.stringify(data).toLowerCase()).join(' ')
      const others = people.filter(
        (other) =>
          other.cioId !== cioId &&
          [other.cioId, other.id, other.email].some((value) => value && text.includes(value.toLowerCase())),
      )
      expect([cioId, others.length]).toEqual([cioId, 1])
    }
    expect(new Set(named).size).toBeGreaterThanOrEqual(8)
    expect(new Set(refused.map(({ person }) => person)).size).toBeGreaterThan(named.length + 4)
  })

  test('nothing is ever merged, although people come', () => {
    expect(recent.filter(({ type }) => type === 'anon_merge')).toEqual([])
    const [fact] = factsOf(population, 'identity/merge-evidence')
    expect(fact?.records.length).toBeGreaterThan(50)
    const created = new Set(
      people.filter(({ createdAt }) => createdAt >= nowSeconds - 30 * 86_400).map(({ cioId }) => cioId),
    )
    expect(fact?.records.filter((record) => !created.has(record))).toEqual([])
  })
})

test.each(['healthy', 'sterile'] as const)('%s: merging is on', (variant) => {
  expect(activitiesOf(shop(variant)).filter(({ type }) => type === 'anon_merge').length).toBeGreaterThan(20)
})
