import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ExampleWorkspace } from '../../src/audit/rule.ts'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, settings, snapshotRows } from '../support/workspace.ts'

type Profile = NonNullable<ExampleWorkspace['profiles']>[number]

const token = 'a'.repeat(64)
const other = 'b'.repeat(64)
const p = (cio_id: string, rest: Omit<Profile, 'cio_id'> = {}): Profile => ({ cio_id, ...rest })
const phone = (number: string, rest: Omit<Profile, 'cio_id'> = {}) => ({
  ...rest,
  attributes: { phone: number },
})

/** Clusters of two and more, as sorted lists of members. */
async function clusters(profiles: readonly Profile[], maxShare = 5): Promise<string[][]> {
  const changed = { ...settings, identity: { ...settings.identity, maxShare } }
  const db = await modelOver(snapshotRows({ profiles }), planOf({}), changed)
  const rows = await db.rows(
    raw(`
    select cluster, list(cio_id order by cio_id) as members, min(cio_id) as first from member group by cluster having count(*) > 1 order by cluster`),
  )
  db.close()
  for (const row of rows) expect(row['cluster']).toBe(row['first'])
  return rows.map((row) => row['members'] as string[])
}

const number = '+14155552671'
const cases: [string, Profile[], string[][]][] = [
  [
    'the same e-mail in two spellings',
    [p('1', { email: 'ana@shop.test' }), p('2', { email: 'ANA@shop.test ' })],
    [['1', '2']],
  ],
  [
    'a role mailbox joins nobody',
    [p('1', { email: 'info@shop.test' }), p('2', { email: 'info@shop.test' })],
    [],
  ],
  [
    'an id that is the e-mail of another profile',
    [p('1', { id: 'Ana@shop.test' }), p('2', { id: 'u-2', email: 'ana@shop.test' })],
    [['1', '2']],
  ],
  [
    'an id that is an e-mail, but the profile has another address',
    [p('1', { id: 'ana@shop.test', email: 'bo@shop.test' }), p('2', { email: 'ana@shop.test' })],
    [],
  ],
  ['ids equal up to case and space', [p('1', { id: 'U-77' }), p('2', { id: ' u-77' })], [['1', '2']]],
  [
    'ids equal up to case, but the addresses differ',
    [p('1', { id: 'U-77', email: 'ana@shop.test' }), p('2', { id: 'u-77', email: 'bo@shop.test' })],
    [],
  ],
  ['placeholder ids join nobody', [p('1', { id: 'null' }), p('2', { id: 'NULL' })], []],
  ['leading zeros alone are no evidence', [p('1', { id: '0077' }), p('2', { id: '77' })], []],
  ['one phone in two spellings', [p('1', phone(number)), p('2', phone('(415) 555-2671'))], [['1', '2']]],
  [
    'a family on one phone',
    [p('1', phone(number, { email: 'ana@shop.test' })), p('2', phone(number, { email: 'bo@shop.test' }))],
    [],
  ],
  [
    'one phone and variants of one address',
    [p('1', phone(number, { email: 'ana@shop.test' })), p('2', phone(number, { email: 'ana+x@shop.test' }))],
    [['1', '2']],
  ],
  [
    'one phone, two ids: still one person',
    [p('1', phone(number, { id: 'u-1' })), p('2', phone(number, { id: 'u-2' }))],
    [['1', '2']],
  ],
  ['a placeholder phone', [p('1', phone('+1 234 567 890')), p('2', phone('+1234567890'))], []],
  [
    'one token, nothing against it',
    [p('1', { id: 'u-1', devices: [{ token }] }), p('2', { email: 'ana@shop.test', devices: [{ token }] })],
    [['1', '2']],
  ],
  [
    'one token, two ids: an account switch',
    [p('1', { id: 'u-1', devices: [{ token }] }), p('2', { id: 'u-2', devices: [{ token }] })],
    [],
  ],
  [
    'one token, two addresses: an account switch',
    [
      p('1', { email: 'ana@shop.test', devices: [{ token }] }),
      p('2', { email: 'bo@shop.test', devices: [{ token }] }),
    ],
    [],
  ],
  [
    'a malformed token joins nobody',
    [p('1', { devices: [{ token: 'null' }] }), p('2', { devices: [{ token: 'null' }] })],
    [],
  ],
  [
    'a phone on three people, two of whom contradict, joins none of them',
    [
      p('1', phone(number, { email: 'ana@shop.test' })),
      p('2', phone(number)),
      p('3', phone(number, { email: 'bo@shop.test' })),
    ],
    [],
  ],
  [
    'a contradiction over the whole cluster: the weaker link is not made',
    [
      p('1', phone(number, { email: 'ana@shop.test' })),
      p('2', phone(number, { devices: [{ token }] })),
      p('3', { email: 'bo@shop.test', devices: [{ token }] }),
    ],
    [['1', '2']],
  ],
  [
    'a chain of evidence',
    [
      p('1', { id: 'u-1', email: 'ana@shop.test' }),
      p('2', { id: 'ana@shop.test', devices: [{ token: other }] }),
      p('3', { devices: [{ token: other }] }),
    ],
    [['1', '2', '3']],
  ],
]

test.each(cases)('%s', async (_, profiles, expected) => {
  expect(await clusters(profiles)).toEqual(expected)
  expect(await clusters(profiles.toReversed())).toEqual(expected)
})

test('a value on more than maxShare profiles joins nobody', async () => {
  const crowd = (n: number, of: (i: number) => Omit<Profile, 'cio_id'>) =>
    Array.from({ length: n }, (_, i) => p(String(i), of(i)))
  for (const of of [
    () => ({ email: 'ana@shop.test' }),
    () => phone(number),
    () => ({ devices: [{ token }] }),
  ]) {
    expect(await clusters(crowd(3, of), 3)).toHaveLength(1)
    expect(await clusters(crowd(4, of), 3)).toHaveLength(0)
  }
})

test('clusters never hold two different addresses, whatever the order of the input', async () => {
  const identifier = fc.record({
    email: fc.option(fc.constantFrom('ana@shop.test', 'bo@shop.test', 'ana+x@shop.test', 'info@shop.test')),
    id: fc.option(fc.constantFrom('u-1', 'U-1', 'u-2', 'ana@shop.test', 'null')),
    phone: fc.option(fc.constantFrom(number, '+14155552672')),
    token: fc.option(fc.constantFrom(token, other)),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(identifier, { minLength: 2, maxLength: 8 }), async (people) => {
      const profiles = people.map(({ email, id, phone: own, token: device }, index): Profile => ({
        cio_id: String(index),
        email,
        id,
        ...(own ? { attributes: { phone: own } } : {}),
        ...(device ? { devices: [{ token: device }] } : {}),
      }))
      const found = await clusters(profiles)
      expect(await clusters(profiles.toReversed())).toEqual(found)
      for (const members of found) {
        const addresses = members
          .map((m) => people[Number(m)]?.email)
          .filter((e) => e && !e.startsWith('info'))
        expect(new Set(addresses.map((e) => e?.replace('+x', ''))).size).toBeLessThanOrEqual(1)
      }
    }),
    { numRuns: 8 },
  )
})
