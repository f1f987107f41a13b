import { describe, expect, test } from 'vitest'
import type { Person } from '../../src/simulator/types.ts'
import { activitiesOf, bySubject, factsOf, nowSeconds, shop } from './shops.ts'

type Past = Record<'from' | 'to', string>

const dayOf = ({ createdAt }: Person): string => new Date(createdAt * 1000).toISOString().slice(0, 10)
const plain = (text: string | null): string => (text ?? '').normalize('NFKC').trim().toLowerCase()
const isAddress = (text: string | null): boolean => /^[^@\s]+@[^@\s]+\.[a-z]+$/.test(plain(text))

const byKey = (people: readonly Person[], keyOf: (person: Person) => string): Record<string, string[]> =>
  Object.fromEntries(
    [...Map.groupBy(people, keyOf)].map(([key, own]) => [key, own.map(({ cioId }) => cioId).toSorted()]),
  )

describe.each(['broken', 'healthy'] as const)('%s: people one by one', (variant) => {
  const population = shop(variant)
  const { people } = population
  const isNobody = ({ id, email, phone, attributes }: Person): boolean =>
    plain(email) === '' &&
    plain(phone) === '' &&
    (/^(?:[^\d@]*|-?[01]|[0-]+)$/.test(plain(id)) || plain(id) === attributes['anonymous_id'])

  test('who has no id', () => {
    const found = people.filter((person) => plain(person.id) === '' && !isNobody(person))
    expect(found.length).toBeGreaterThan(5)
    expect(bySubject(factsOf(population, 'identity/missing-id'))).toEqual(byKey(found, dayOf))
  })

  test('who cannot be reached', () => {
    const found = people.filter(
      ({ email, phone, devices }) =>
        (!isAddress(email) ||
          /^(test@test|noemail@|none@none|guest@guest|a@a\.|no@email\.)/.test(plain(email))) &&
        !/[1-9].*[1-9]/.test(phone ?? '') &&
        devices.length === 0,
    )
    expect(found.length).toBeGreaterThan(1)
    expect(bySubject(factsOf(population, 'identity/unreachable'))).toEqual(byKey(found, dayOf))
  })

  test('whose id, e-mail or phone means nobody', () => {
    const found: [string, string][] = people.flatMap(({ cioId, id, email, phone }) => {
      const held: [string, string | null, RegExp][] = [
        [
          'id',
          id,
          /^(null|undefined|guest|anonymous|unknown|none|nan|n\/a|nil|0|-1|\[object object\]|[0-]{36})$/,
        ],
        ['email', email, /^(test@test|noemail@noemail|none@none|guest@guest|a@a|no@email)\.com$|^unknown$/],
        ['phone', phone, /^(0{10}|\+1 ?0{3} ?0{3} ?0{4}|\(000\) 000-0000|1{10}|1234567890|unknown|n\/a)$/],
      ]
      return held.flatMap(([kind, text, nobody]): [string, string][] => {
        const value = plain(text)
        if (!nobody.test(value)) return []
        return [[`${kind}:${/^[+(]/.test(value) ? value.replaceAll(/[() -]/g, '') : value}`, cioId]]
      })
    })
    const named = Object.fromEntries(
      [...Map.groupBy(found, ([subject]) => subject)].map(([subject, own]) => [
        subject,
        own.map(([, cioId]) => cioId).toSorted(),
      ]),
    )
    expect(bySubject(factsOf(population, 'identity/placeholder-id'))).toEqual(named)
    expect(Object.keys(named).length).toBeGreaterThan(variant === 'broken' ? 12 : 1)
  })

  test('which of them gather strangers by the history of their address', () => {
    const nobodies = /^(test@test|noemail@noemail|none@none|guest@guest|a@a|no@email)\.com$/
    const pasts = Map.groupBy(
      activitiesOf(population).filter(
        ({ type, timestamp, data }) =>
          type === 'attribute_change' && 'email' in data && timestamp > nowSeconds - 30 * 86_400,
      ),
      ({ person }) => people[person]?.cioId,
    )
    const addressesOf = ({ cioId, email }: Person): number =>
      new Set(
        [email, ...(pasts.get(cioId) ?? []).flatMap(({ data }) => Object.values(data['email'] as Past))]
          .map(plain)
          .filter((text) => isAddress(text) && !nobodies.test(text)),
      ).size
    const byCioId = new Map(people.map((person) => [person.cioId, person]))
    const held = factsOf(population, 'identity/placeholder-id').flatMap(({ records, informative }) =>
      records.map((record) => ({ informative, person: byCioId.get(record) })),
    )
    const aged = held.filter(({ person }) => pasts.has(person?.cioId ?? ''))
    const gathering = aged.filter(({ informative }) => !informative)
    const counts = gathering.map(({ person }) => (person ? addressesOf(person) : 0))
    expect(counts).toEqual(counts.map(() => 3))
    const alone = aged.filter(({ informative }) => informative)
    const named = alone.filter(({ person }) => plain(person?.id ?? null).length < 36)
    expect(named.filter(({ person }) => person && addressesOf(person) > 2)).toEqual([])
    expect([gathering.length, named.length, alone.length]).toEqual(
      variant === 'broken' ? [4, 4, 5] : [0, 0, 0],
    )
  })

  test('whose id is of another system', () => {
    const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
    const nobodies = new Set(
      [
        ...factsOf(population, 'identity/placeholder-id'),
        ...factsOf(population, 'identity/anonymous-profile'),
      ]
        .filter(({ rule, subject }) => rule.endsWith('profile') || subject.startsWith('id:'))
        .flatMap((fact) => fact.records),
    )
    const found = people
      .filter(({ cioId, id }) => plain(id) !== '' && !uuid.test(plain(id)) && !nobodies.has(cioId))
      .map(({ cioId }) => cioId)
    const facts = factsOf(population, 'identity/mixed-id-format')
    expect(facts.flatMap((fact) => fact.records).toSorted()).toEqual(found.toSorted())
    expect(facts.map(({ subject }) => subject).toSorted()).toEqual(
      variant === 'healthy'
        ? []
        : [
            'e-mail',
            'hex of 32 digits',
            'integer',
            'other',
            'prefix gid://shopify/customer/',
            'prefix user_',
            'ulid',
          ],
    )
  })

  test('who is nobody, and who has an address as id', () => {
    const own = ({ cioId }: Person): string => cioId
    expect(bySubject(factsOf(population, 'identity/anonymous-profile'))).toEqual(
      byKey(people.filter(isNobody), own),
    )
    const addressed = people.filter(({ id }) => isAddress(id))
    expect(bySubject(factsOf(population, 'identity/email-as-id'))).toEqual(byKey(addressed, own))
    expect(addressed.length > 0).toBe(variant === 'broken')
  })
})

describe('broken: every way in which it is written', () => {
  const { people } = shop('broken')
  const forms = (texts: readonly (string | null)[]): number =>
    new Set(texts.map((text) => JSON.stringify(text)?.replaceAll(/[a-z0-9.]+/g, 'x'))).size

  test('five spellings, and near misses', () => {
    const unreachable = people.filter(({ email, devices }) => !isAddress(email) && devices.length === 0)
    expect(forms(unreachable.map(({ email, phone }) => `${email} ${phone}`))).toBeGreaterThanOrEqual(5)
    const addressed = people.filter(({ id }) => isAddress(id))
    expect(forms(addressed.map(({ id, email }) => `${id} ${email === null}`))).toBeGreaterThanOrEqual(5)
    expect(new Set(addressed.map(({ email }) => isAddress(email))).size).toBe(2)
    const idsOf = people.filter(({ attributes }) => attributes['anonymous_id'] !== undefined)
    expect(new Set(idsOf.map(({ email }) => isAddress(email))).size).toBe(2)
    const ids = people.filter(({ id, email }) => !id && isAddress(email))
    expect(new Set(ids.map(({ id, phone }) => `${id} ${phone === null}`)).size).toBe(4)
  })

  test('one day on which a form went live', () => {
    const days = Map.groupBy(
      people.filter(({ id, email }) => id === null && isAddress(email)),
      dayOf,
    )
    const sizes = [...days.values()].map((own) => own.length).toSorted((one, other) => other - one)
    expect(sizes[0]).toBeGreaterThanOrEqual(12)
    expect(sizes[1]).toBeLessThan(4)
  })
})

describe.each(['broken', 'healthy'] as const)('%s: values that several have', (variant) => {
  const population = shop(variant)
  const { people } = population
  const variantOf = (email: string | null): string => {
    const [local = '', domain = ''] = plain(email).replace(/\+.*@/, '@').split('@')
    return isAddress(email) ? `${domain === 'gmail.com' ? local.replaceAll('.', '') : local}@${domain}` : ''
  }
  const addressesOf = (holders: readonly Person[]): number =>
    new Set(holders.map(({ email }) => variantOf(email)).filter((address) => address !== '')).size
  /** A number without its signs; one of the United States may lack their code. */
  const numberOf = ({ phone }: Person): string => {
    const digits = (phone ?? '').replaceAll(/\D/g, '')
    return digits.length === 10 && phone?.startsWith('(') === true ? `1${digits}` : digits
  }
  const several = (keyOf: (person: Person) => string): [string, Person[]][] =>
    [...Map.groupBy(people, keyOf)].filter(([key, holders]) => key !== '' && holders.length > 1)

  test('phones', () => {
    const shared = several(numberOf).filter(([digits]) => !/^(0+|10+|1+|12345)$/.test(digits))
    const isOne = ([, holders]: [string, Person[]]): boolean =>
      holders.length <= 5 && addressesOf(holders) <= 1
    const named = (groups: readonly [string, Person[]][]): Record<string, string[]> =>
      Object.fromEntries(
        groups.map(([digits, own]) => [`phone:+${digits}`, own.map(({ cioId }) => cioId).toSorted()]),
      )
    expect(bySubject(factsOf(population, 'identity/duplicate-phone'))).toEqual(named(shared.filter(isOne)))
    const mailboxes = several(({ email }) => /^(info|support)@/.exec(plain(email))?.input ?? '')
    expect(bySubject(factsOf(population, 'identity/shared-contact'))).toEqual({
      ...named(shared.filter((group) => !isOne(group))),
      ...Object.fromEntries(
        mailboxes.map(([address, own]) => [`email:${address}`, own.map(({ cioId }) => cioId).toSorted()]),
      ),
    })
    if (variant === 'healthy') return
    const forms = shared.filter(isOne).flatMap(([, own]) => own.map(({ phone }) => phone))
    expect(new Set(forms.map((phone) => phone?.replaceAll(/\d+/g, '9'))).size).toBeGreaterThanOrEqual(5)
    expect(shared.some(([, own]) => own.length === 5)).toBe(true)
    expect(shared.some(([, own]) => own.length > 5 && addressesOf(own) === 1)).toBe(true)
    expect(shared.some(([, own]) => own.length > 5 && addressesOf(own) > 1)).toBe(true)
  })

  test('ids in several writings', () => {
    const nobodies = new Set(
      factsOf(population, 'identity/placeholder-id')
        .filter(({ subject }) => subject.startsWith('id:'))
        .flatMap((fact) => fact.records),
    )
    const numberIn = ({ id }: Person): string => /^(?:user_)?0*(\d{6})$/.exec(plain(id))?.[1] ?? ''
    const groups = [
      ...several(({ cioId, id }) => (nobodies.has(cioId) ? '' : plain(id))),
      ...several(numberIn).filter(
        ([, own]) =>
          new Set(own.map(({ email }) => plain(email))).size === 1 ||
          own.every((person) => numberOf(person) !== '' && numberOf(person) === numberOf(own[0] ?? person)),
      ),
    ]
    const facts = factsOf(population, 'identity/id-variant')
    expect(bySubject(facts)).toEqual(
      Object.fromEntries(groups.map(([id, own]) => [`id:${id}`, own.map(({ cioId }) => cioId).toSorted()])),
    )
    expect(facts.filter(({ informative }) => informative).map(({ subject }) => subject)).toEqual(
      groups.filter(([, own]) => addressesOf(own) > 1).map(([id]) => `id:${id}`),
    )
    const writings = groups.flatMap(([, own]) => own.map(({ id }) => id ?? ''))
    const forms = new Set(writings.map((id) => id.replaceAll(/[\da-f]+/g, 'x').replaceAll(/[\dA-F]+/g, 'X')))
    expect(forms.size >= 5).toBe(variant === 'broken')
  })
})
