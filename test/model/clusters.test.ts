import { fc } from '../support/properties.ts'
import { beforeAll, expect, test } from 'vitest'
import type { ExampleWorkspace } from '../../src/audit/rule.ts'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, settings, snapshotRows } from '../support/workspace.ts'

type Profile = NonNullable<ExampleWorkspace['profiles']>[number]
type Rest = Omit<Profile, 'cio_id'>

/** All cases stand in one workspace, so each has addresses, ids, numbers and tokens of its own. */
interface Own {
  readonly p: (name: string, rest?: Rest) => Profile
  readonly mail: (local: string) => string
  readonly id: (text: string) => string
  readonly number: string
  /** The same number, as people write it at home. */
  readonly national: string
  readonly phone: (number: string, rest?: Rest) => Rest
  readonly token: (letter: string) => { token: string }[]
}

const own = (index: number): Own => {
  const k = String(index).padStart(3, '0')
  return {
    p: (name, rest = {}) => ({ cio_id: `${k}/${name}`, ...rest }),
    mail: (local) => `${local}@case${k}.test`,
    id: (text) => text + k,
    number: `+14155552${k}`,
    national: `(415) 555-2${k}`,
    phone: (number, rest = {}) => ({ ...rest, attributes: { phone: number } }),
    token: (letter) => [{ token: k.padStart(64, letter) }],
  }
}

/** Clusters of two and more of each case, as sorted lists of names. */
async function clusters(profiles: readonly Profile[], identity = {}): Promise<Map<number, string[][]>> {
  const changed = { ...settings, identity: { ...settings.identity, ...identity } }
  const db = await modelOver(snapshotRows({ profiles }), planOf({}), changed)
  const rows = await db.rows(
    raw(`
    select cluster, list(cio_id order by cio_id) as members from member group by cluster having count(*) > 1 order by cluster`),
  )
  db.close()
  const found = new Map<number, string[][]>()
  for (const row of rows) {
    const members = row['members'] as string[]
    expect(row['cluster']).toBe(members[0])
    const [index = -1] = members.map((member) => Number(member.split('/')[0]))
    found.set(index, [...(found.get(index) ?? []), members.map((member) => member.split('/')[1] ?? '')])
  }
  return found
}

const nobody = '+14155559999'
const cases: [string, (its: Own) => Profile[], string[][]][] = [
  [
    'the same e-mail in two spellings',
    ({ p, mail }) => [p('1', { email: mail('ana') }), p('2', { email: `${mail('ANA')} ` })],
    [['1', '2']],
  ],
  ['nothing in common', ({ p, mail }) => [p('1', { email: mail('ana') }), p('2')], []],
  [
    'a role mailbox joins nobody',
    ({ p, mail }) => [p('1', { email: mail('info') }), p('2', { email: mail('info') })],
    [],
  ],
  [
    'an id that is the e-mail of another profile',
    ({ p, mail, id }) => [p('1', { id: mail('Ana') }), p('2', { id: id('u'), email: mail('ana') })],
    [['1', '2']],
  ],
  [
    'an id that is the role mailbox of another profile',
    ({ p, mail, id }) => [p('1', { id: mail('info') }), p('2', { id: id('u'), email: mail('info') })],
    [],
  ],
  [
    'an anonymous id that is the e-mail of another profile is no id',
    ({ p, mail }) => [
      p('1', { id: mail('ana'), attributes: { anonymous_id: mail('ana') } }),
      p('2', { email: mail('ana') }),
    ],
    [],
  ],
  [
    'an id that is an e-mail, but the profile has another address',
    ({ p, mail }) => [p('1', { id: mail('ana'), email: mail('bo') }), p('2', { email: mail('ana') })],
    [],
  ],
  [
    'an id that is an e-mail, but the profile has a variant of it',
    ({ p, mail }) => [p('1', { id: mail('ana+x'), email: mail('ana') }), p('2', { email: mail('ana+x') })],
    [],
  ],
  [
    'ids equal up to case and space',
    ({ p, id }) => [p('1', { id: id('U-') }), p('2', { id: ` ${id('u-')}` })],
    [['1', '2']],
  ],
  [
    'ids equal up to case, but the addresses differ',
    ({ p, id, mail }) => [
      p('1', { id: id('U-'), email: mail('ana') }),
      p('2', { id: id('u-'), email: mail('bo') }),
    ],
    [],
  ],
  [
    'ids equal up to case on three: the one whose address differs stays apart',
    ({ p, id, mail }) => [
      p('1', { id: id('U-'), email: mail('ana') }),
      p('2', { id: id('u-') }),
      p('3', { id: ` ${id('u-')}`, email: mail('bo') }),
    ],
    [['1', '2']],
  ],
  ['placeholder ids join nobody', ({ p }) => [p('1', { id: 'null' }), p('2', { id: 'NULL' })], []],
  [
    'leading zeros alone are no evidence',
    ({ p, id }) => [p('1', { id: id('0077') }), p('2', { id: id('77') })],
    [],
  ],
  [
    'leading zeros, and one token',
    ({ p, id, token }) => [
      p('1', { id: id('0077'), devices: token('a') }),
      p('2', { id: id('77'), devices: token('a') }),
    ],
    [['1', '2']],
  ],
  [
    'the prefix of a system, and one token',
    ({ p, id, token }) => [
      p('1', { id: id('Shop-77'), devices: token('a') }),
      p('2', { id: id('77'), devices: token('a') }),
    ],
    [['1', '2']],
  ],
  [
    'the prefixes of two systems, leading zeros, and variants of one address',
    ({ p, id, mail }) => [
      p('1', { id: id('shop:0077'), email: mail('ana+x') }),
      p('2', { id: id('crm_77'), email: mail('ana') }),
    ],
    [['1', '2']],
  ],
  [
    'leading zeros and one role mailbox',
    ({ p, id, mail }) => [
      p('1', { id: id('0077'), email: mail('info+a') }),
      p('2', { id: id('77'), email: mail('info+b') }),
    ],
    [],
  ],
  [
    'leading zeros, and the phone of a family: who else is on it stays apart',
    ({ p, id, phone, number, mail }) => [
      p('1', phone(number, { id: id('0077'), email: mail('ana') })),
      p('2', phone(number, { id: id('77') })),
      p('3', phone(number, { email: mail('bo') })),
    ],
    [['1', '2']],
  ],
  [
    'leading zeros and one token, but the addresses differ',
    ({ p, id, mail, token }) => [
      p('1', { id: id('0077'), email: mail('ana'), devices: token('a') }),
      p('2', { id: id('77'), email: mail('bo'), devices: token('a') }),
    ],
    [],
  ],
  [
    'leading zeros and a placeholder phone',
    ({ p, id, phone }) => [
      p('1', phone(nobody, { id: id('0077') })),
      p('2', phone(nobody, { id: id('77') })),
    ],
    [],
  ],
  [
    'leading zeros and a malformed token',
    ({ p, id }) => [
      p('1', { id: id('0077'), devices: [{ token: 'none' }] }),
      p('2', { id: id('77'), devices: [{ token: 'none' }] }),
    ],
    [],
  ],
  [
    'a prefix before a UUID, and one token',
    ({ p, id, token }) => [
      p('1', { id: id('shop-4b1c93d2-0a5e-4f7b-9c11-8e2d6f3a5'), devices: token('a') }),
      p('2', { id: id('4B1C93D2-0A5E-4F7B-9C11-8E2D6F3A5'), devices: token('a') }),
    ],
    [['1', '2']],
  ],
  [
    'a prefix before a long hash, and one token',
    ({ p, id, token }) => [
      // As long as a UUID.
      p('1', { id: id('usr_507f1f77bcf86cd799439011aaaaa'), devices: token('a') }),
      p('2', { id: id('507f1f77bcf86cd799439011aaaaa'), devices: token('a') }),
    ],
    [['1', '2']],
  ],
  [
    'a prefix before a UUID that begins with a letter, and one token',
    ({ p, id, token }) => [
      p('1', { id: id('shop-cb1c93d2-0a5e-4f7b-9c11-8e2d6f3a5'), devices: token('a') }),
      p('2', { id: id('cb1c93d2-0a5e-4f7b-9c11-8e2d6f3a5'), devices: token('a') }),
    ],
    [['1', '2']],
  ],
  [
    'a prefix that is as long as the first part of a UUID, and one token',
    ({ p, id, token }) => [
      p('1', { id: id('customer-1042'), devices: token('a') }),
      p('2', { id: id('1042'), devices: token('a') }),
    ],
    [['1', '2']],
  ],
  [
    'an anonymous id with a prefix is no id that looks like another',
    ({ p, id, token }) => [
      p('1', { id: id('anon-77'), attributes: { anonymous_id: id('anon-77') }, devices: token('a') }),
      p('2', { id: id('77'), devices: token('a') }),
      p('3', { id: id('v'), devices: token('a') }),
    ],
    [],
  ],
  [
    'the prefixes of two systems before three digits, and one token',
    ({ p, token }) => [
      p('1', { id: 'shop-907', devices: token('a') }),
      p('2', { id: 'crm-907', devices: token('a') }),
    ],
    [['1', '2']],
  ],
  [
    'number 97 of two systems on one device: two digits prove nothing',
    ({ p, token }) => [
      p('1', { id: 'shop-97', devices: token('a') }),
      p('2', { id: 'crm-97', devices: token('a') }),
    ],
    [],
  ],
  [
    'two people of one surname on one device',
    ({ p, id, token }) => [
      p('1', { id: id('ana-lee'), devices: token('a') }),
      p('2', { id: id('bo-lee'), devices: token('a') }),
    ],
    [],
  ],
  [
    'letters before a number are no prefix without a separator',
    ({ p, id, token }) => [
      p('1', { id: id('u77'), devices: token('a') }),
      p('2', { id: id('77'), devices: token('a') }),
    ],
    [],
  ],
  [
    'one phone in two spellings',
    ({ p, phone, number, national }) => [p('1', phone(number)), p('2', phone(national))],
    [['1', '2']],
  ],
  [
    'a family on one phone',
    ({ p, phone, number, mail }) => [
      p('1', phone(number, { email: mail('ana') })),
      p('2', phone(number, { email: mail('bo') })),
    ],
    [],
  ],
  [
    'a family on one phone, one of whom has the address as the id',
    ({ p, phone, number, mail }) => [
      p('1', phone(number, { id: mail('ana') })),
      p('2', phone(number, { email: mail('bo') })),
    ],
    [],
  ],
  [
    'one phone, an address and the same one with a tag as the id',
    ({ p, phone, number, mail }) => [
      p('1', phone(number, { id: mail('ana+x') })),
      p('2', phone(number, { email: mail('ana') })),
    ],
    [['1', '2']],
  ],
  [
    'one phone, and an anonymous id that is an address is nobody’s',
    ({ p, phone, number, mail }) => [
      p('1', {
        id: mail('ana'),
        attributes: { phone: number, anonymous_id: mail('ana') },
      }),
      p('2', phone(number, { email: mail('bo') })),
    ],
    [['1', '2']],
  ],
  [
    'one phone and variants of one address',
    ({ p, phone, number, mail }) => [
      p('1', phone(number, { email: mail('ana') })),
      p('2', phone(number, { email: mail('ana+x') })),
    ],
    [['1', '2']],
  ],
  [
    'one phone, and addresses that are made of two other numbers: no tags of one mailbox',
    ({ p, phone, number, mail }) => [
      p('1', phone(number, { email: mail('+1') })),
      p('2', phone(number, { email: mail('+2') })),
    ],
    [],
  ],
  [
    'one phone, two ids: still one person',
    ({ p, phone, number, id }) => [
      p('1', phone(number, { id: id('u') })),
      p('2', phone(number, { id: id('v') })),
    ],
    [['1', '2']],
  ],
  ['a placeholder phone', ({ p, phone }) => [p('1', phone(nobody)), p('2', phone('(415) 555-9999'))], []],
  [
    'one token, nothing against it',
    ({ p, id, mail, token }) => [
      p('1', { id: id('u'), devices: token('a') }),
      p('2', { email: mail('ana'), devices: token('a') }),
    ],
    [['1', '2']],
  ],
  [
    'one token, and a placeholder is no second id',
    ({ p, id, token }) => [
      p('1', { id: id('u'), devices: token('a') }),
      p('2', { id: 'null', devices: token('a') }),
    ],
    [['1', '2']],
  ],
  [
    'one token, two ids: an account switch',
    ({ p, id, token }) => [
      p('1', { id: id('u'), devices: token('a') }),
      p('2', { id: id('v'), devices: token('a') }),
    ],
    [],
  ],
  [
    'one token, two addresses: an account switch',
    ({ p, mail, token }) => [
      p('1', { email: mail('ana'), devices: token('a') }),
      p('2', { email: mail('bo'), devices: token('a') }),
    ],
    [],
  ],
  [
    'one token, an address as the id and another address: an account switch',
    ({ p, mail, token }) => [
      p('1', { id: mail('ana'), devices: token('a') }),
      p('2', { email: mail('bo'), devices: token('a') }),
    ],
    [],
  ],
  [
    'one token on three, two of whom have ids of their own, joins none of them',
    ({ p, id, token }) => [
      p('1', { id: id('u'), devices: token('a') }),
      p('2', { id: id('v'), devices: token('a') }),
      p('3', { devices: token('a') }),
    ],
    [],
  ],
  [
    'one token, and the other id is on a profile of the person that does not hold it',
    ({ p, id, mail, token }) => [
      p('1', { email: mail('ana'), devices: token('a') }),
      p('2', { id: id('u'), email: mail('ana') }),
      p('3', { id: id('v'), devices: token('a') }),
    ],
    [['1', '2']],
  ],
  [
    'a malformed token joins nobody',
    ({ p }) => [p('1', { devices: [{ token: 'null' }] }), p('2', { devices: [{ token: 'null' }] })],
    [],
  ],
  [
    'a phone on three people, two of whom contradict, joins none of them',
    ({ p, phone, number, mail }) => [
      p('1', phone(number, { email: mail('ana') })),
      p('2', phone(number)),
      p('3', phone(number, { email: mail('bo') })),
    ],
    [],
  ],
  [
    'a contradiction over the whole cluster: the weaker link is not made',
    ({ p, phone, number, mail, token }) => [
      p('1', phone(number, { email: mail('ana') })),
      p('2', phone(number, { devices: token('a') })),
      p('3', { email: mail('bo'), devices: token('a') }),
    ],
    [['1', '2']],
  ],
  [
    'a chain of evidence',
    ({ p, id, mail, token }) => [
      p('1', { id: id('u'), email: mail('ana') }),
      p('2', { id: mail('ana'), devices: token('b') }),
      p('3', { devices: token('b') }),
    ],
    [['1', '2', '3']],
  ],
]

let straight: Map<number, string[][]>
let reversed: Map<number, string[][]>
beforeAll(async () => {
  const profiles = cases.flatMap(([, build], index) => build(own(index)))
  straight = await clusters(profiles, { placeholders: [nobody] })
  reversed = await clusters(profiles.toReversed(), { placeholders: [nobody] })
})

test.each(cases.map(([name, , expected], index) => ({ name, expected, index })))(
  '$name',
  ({ expected, index }) => {
    expect(straight.get(index) ?? []).toEqual(expected)
    expect(reversed.get(index) ?? []).toEqual(expected)
  },
)

test('no cluster reaches from one case into another', () => {
  expect([...straight.keys()].every((index) => index in cases)).toBe(true)
  const joined = [...straight.values()].flat(2).length
  expect(joined).toBe(cases.flatMap(([, , expected]) => expected.flat()).length)
})

test('a value on more than maxShare profiles joins nobody', async () => {
  const crowd = (its: Own, n: number, rest: Rest) =>
    Array.from({ length: n }, (_, i) => its.p(String(i), rest))
  const shared: ((its: Own) => Rest)[] = [
    ({ mail }) => ({ email: mail('ana') }),
    ({ phone, number }) => phone(number),
    ({ token }) => ({ devices: token('a') }),
  ]
  const spelt = own(8)
  const profiles = shared.flatMap((rest, i) => [
    ...crowd(own(2 * i), 3, rest(own(2 * i))),
    ...crowd(own(2 * i + 1), 4, rest(own(2 * i + 1))),
  ])
  // The id that four profiles spell differently joins none of them, and it is still an id in common for the token.
  const common = [
    spelt.p('1', { id: 'only', email: spelt.mail('ana'), devices: spelt.token('a') }),
    spelt.p('2', { id: 'ab', email: spelt.mail('ana'), devices: spelt.token('a') }),
    spelt.p('3', { id: 'AB', devices: spelt.token('a') }),
    spelt.p('4', { id: 'aB' }),
    spelt.p('5', { id: 'Ab' }),
  ]
  const found = await clusters([...profiles, ...common], { maxShare: 3 })
  expect([...found]).toEqual([
    [0, [['0', '1', '2']]],
    [2, [['0', '1', '2']]],
    [4, [['0', '1', '2']]],
    [8, [['1', '2', '3']]],
  ])
})

test('what more than maxShare profiles hold agrees with no id up to its prefix', async () => {
  const shared: ((its: Own) => Rest)[] = [
    ({ mail }) => ({ email: mail('ana') }),
    ({ phone, number }) => phone(number),
    ({ token }) => ({ devices: token('a') }),
  ]
  // Customers 907 and 908 of two systems: all four hold the value, and in the cases after them only three.
  const ids = ['shop-907', 'crm-907', 'shop-908', 'crm-908']
  const profiles = shared.flatMap((rest, i) =>
    ids.map((id, n) => own(i).p(String(n), { id: `${id}${i}`, ...rest(own(i)) })),
  )
  const few = shared.map((rest, i) =>
    ids.slice(0, 3).map((id, n) => own(i + 3).p(String(n), { id: `${id}${i + 3}`, ...rest(own(i + 3)) })),
  )
  const found = await clusters([...profiles, ...few.flat()], { maxShare: 3 })
  expect([...found]).toEqual([
    [3, [['0', '1', '2']]],
    [4, [['0', '1', '2']]],
    [5, [['0', '1']]],
  ])
})

test('clusters never hold two different addresses, whatever the order of the input', async () => {
  const identifier = fc.record({
    email: fc.option(fc.constantFrom('ana', 'bo', 'ana+x', 'info')),
    id: fc.option(fc.constantFrom('u-', 'U-', 'v-', '@', 'null')),
    phone: fc.option(fc.constantFrom('5', '6')),
    token: fc.option(fc.constantFrom('a', 'b')),
  })
  const shops = fc.array(fc.array(identifier, { minLength: 2, maxLength: 8 }), {
    minLength: 20,
    maxLength: 20,
  })
  await fc.assert(
    fc.asyncProperty(shops, async (groups) => {
      const profiles = groups.flatMap((people, index) => {
        const its = own(index)
        const idOf = (id: string) => (id === '@' ? its.mail('ana') : id === 'null' ? id : its.id(id))
        return people.map(({ email, id, phone, token }, n): Profile => ({
          cio_id: its.p(String(n)).cio_id,
          email: email && its.mail(email),
          id: id && idOf(id),
          ...(phone ? { attributes: { phone: its.number.replace('5552', `555${phone}`) } } : {}),
          ...(token ? { devices: its.token(token) } : {}),
        }))
      })
      const found = await clusters(profiles)
      expect([...(await clusters(profiles.toReversed()))]).toEqual([...found])
      for (const [index, lists] of found) {
        for (const members of lists) {
          const addresses = members
            .map((member) => groups[index]?.[Number(member)]?.email)
            .filter((e) => e && e !== 'info')
          expect(new Set(addresses.map((e) => e?.replace('+x', ''))).size).toBeLessThanOrEqual(1)
        }
      }
    }),
    { numRuns: 3 },
  )
})
