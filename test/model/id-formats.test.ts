import { describe, expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, settings, snapshotRows } from '../support/workspace.ts'

async function over(ids: readonly (string | null)[], canonicalId = 'auto') {
  const profiles = ids.map((id, index) => ({ cio_id: String(index).padStart(3, '0'), id }))
  const changed = { ...settings, identity: { ...settings.identity, canonicalId } }
  const db = await modelOver(snapshotRows({ profiles }), planOf({}), changed)
  try {
    return {
      canonical: (await db.rows(raw('from canonical_id')))[0],
      misfits: (await db.rows(raw('from id_misfit order by cio_id'))).map((row) => ({
        ...row,
        cio_id: ids[Number(row['cio_id'])],
      })),
    }
  } finally {
    db.close()
  }
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(100 + index))
const misfit = (cio_id: string, format: string) => ({ cio_id, format, email: false, told: true })

describe('formats', () => {
  const ids = [
    ['5F0C9B0E-13C5-4a77-9d6b-0b62a9f6b3aa', 'uuid'],
    [' 5f0c9b0e-13c5-4a77-9d6b-0b62a9f6b3ab\n', 'uuid'],
    ['01ARZ3NDEKTSV4RRFFQ69G5FAV', 'ulid'],
    ['5f0c9b0e13c54a779d6b0b62a9f6b3aa', 'hex of 32 digits'],
    ['507f1f77bcf86cd799439011', 'hex of 24 digits'],
    ['da39a3ee5e6b4b0d3255bfef95601890afd80709', 'hex of 40 digits'],
    ['e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'hex of 64 digits'],
    // Near misses: one digit more, one letter that base 32 leaves out, one sign more.
    ['507f1f77bcf86cd7994390111', 'other'],
    ['81ARZ3NDEKTSV4RRFFQ69G5FAV', 'other'],
    ['5f0c9b0e-13c5-4a77-9d6b-0b62a9f6b3aaa', 'other'],
    ['user_1', 'prefix user_'],
    ['User_22', 'prefix user_'],
    ['user_0x9', 'prefix user_'],
    ['gid://shopify/Customer/12', 'prefix gid://shopify/customer/'],
    ['gid://shopify/Customer/13', 'prefix gid://shopify/customer/'],
    ['gid://shopify/Customer/14', 'prefix gid://shopify/customer/'],
    ['C0012', 'prefix c'],
    ['C0013', 'prefix c'],
    ['c14', 'prefix c'],
    // Only two share it, so it is chance.
    ['d14', 'other'],
    ['d15', 'other'],
    // However somebody logs in, it is one directory.
    ['auth0|507f1f77bcf86cd799439011', 'connection|id'],
    ['google-oauth2|117123456789012345678', 'connection|id'],
    ['apple|001234.5f0c9b0e13c54a779d6b0b62a9f6b3aa.0456', 'connection|id'],
    ['samlp|firm|ana@firm.com', 'connection|id'],
    ['17|18', 'other'],
    ['kJ8sPq2LxZw0Rt5VbN3m', 'code of 20 characters'],
    ['kJ8sPq2LxZw0Rt5VbN3n', 'code of 20 characters'],
    ['kJ8sPq2LxZw0Rt5VbN3-', 'code of 20 characters'],
    ['kJ8sPq2LxZw0R', 'other'],
    // As long as a hash, and no hex.
    ['kJ8sPq2LxZw0Rt5VbN3mWq7z', 'other'],
    ['user_', 'other'],
    ['ana lee', 'other'],
    ['ana@shop', 'other'],
  ] as const

  test('each id in a word', async () => {
    const all = [...ids.map(([id]) => id), ...numbers(200)]
    const { canonical, misfits } = await over(all)
    expect(canonical).toMatchObject({ given: false, name: 'integer', ids: 234 })
    expect(misfits).toEqual(ids.map(([id, format]) => misfit(id, format)))
  })

  test('what means nobody has no format', async () => {
    const { canonical, misfits } = await over(['null', '', null, ' ', ...numbers(3)])
    expect(canonical).toMatchObject({ ids: 3, share: 1 })
    expect(misfits).toEqual([])
  })

  test('no ids at all: nothing is canonical', async () => {
    expect(await over([null])).toEqual({ canonical: undefined, misfits: [] })
    expect(await over([null], 'uuid')).toEqual({ canonical: undefined, misfits: [] })
  })
})

describe('codes behind a prefix', () => {
  const codes = Array.from({ length: 40 }, (_, n) => `cus_Nffr${n}eUfNV2H${n % 10}`)

  test('a code without a digit, or with a separator of its own, is one as the others of its length', async () => {
    const ids = [...codes, 'cus_NffrFeUfNVHibb', 'cus_Nffr9e_fNV2Hib']
    expect(await over(ids)).toMatchObject({ canonical: { name: 'prefix cus_', share: 1 }, misfits: [] })
  })

  test('three of them are enough', async () => {
    const odd = 'cus_NffrFeUfNVHibb'
    expect(await over([...codes.slice(10, 13), odd])).toMatchObject({
      canonical: { name: 'prefix cus_', share: 1 },
    })
    expect((await over([...codes.slice(10, 12), odd])).canonical).not.toMatchObject({
      name: 'prefix cus_',
      share: 1,
    })
  })

  test('a word of another length, and an id without the prefix, are no such codes', async () => {
    const ids = [...codes, 'cus_unknown', 'cas_NffrFeUfNVHibb']
    expect((await over(ids)).misfits).toEqual([
      misfit('cus_unknown', 'other'),
      misfit('cas_NffrFeUfNVHibb', 'code of 18 characters'),
    ])
  })

  test('what is no code cannot have the length of one', async () => {
    const ids = [...Array.from({ length: 40 }, (_, n) => `user_${1000 + n}`), 'user_test']
    expect((await over(ids)).misfits).toEqual([misfit('user_test', 'other')])
  })
})

describe('which is the canonical one', () => {
  test('four of five are enough, and fewer say nothing but which ids are e-mail addresses', async () => {
    expect((await over([...numbers(8), 'x', 'y'])).canonical).toEqual({
      given: false,
      name: 'integer',
      top: 'integer',
      share: 0.8,
      ids: 10,
    })
    const { canonical, misfits } = await over([...numbers(7), 'x', 'y', 'Ana@Shop.test'])
    expect(canonical).toMatchObject({ name: null, top: 'integer' })
    expect(misfits).toEqual([{ cio_id: 'Ana@Shop.test', format: 'e-mail', email: true, told: false }])
  })

  test('ids of no format are no format to compare with', async () => {
    const { canonical, misfits } = await over(['ana', 'bo', 'cy', 'dee', 'eve', '12'])
    expect(canonical).toMatchObject({ name: null, top: 'other' })
    expect(misfits).toEqual([])
  })

  test('of two equal formats it is the e-mail address', async () => {
    const { canonical, misfits } = await over(['12', 'ana@shop.test'])
    expect(canonical).toMatchObject({ name: null, top: 'e-mail', share: 0.5 })
    expect(misfits).toEqual([])
  })

  test('where most ids are e-mail addresses, the others are the misfits', async () => {
    const { misfits } = await over(['a@shop.test', 'b@shop.test', 'c@shop.test', 'd@shop.test', '12'])
    expect(misfits).toEqual([misfit('12', 'integer')])
  })
})

describe('given by the settings', () => {
  const ids = ['12', 'A-7', ' A-8 ', 'a-9', 'ana@shop.test', '5f0c9b0e-13c5-4a77-9d6b-0b62a9f6b3aa']

  test.each([
    ['integer', ['A-7', ' A-8 ', 'a-9', 'ana@shop.test', '5f0c9b0e-13c5-4a77-9d6b-0b62a9f6b3aa'], 1 / 6],
    ['uuid', ['12', 'A-7', ' A-8 ', 'a-9', 'ana@shop.test'], 1 / 6],
    ['ulid', ids, 0],
    ['email', ['12', 'A-7', ' A-8 ', 'a-9', '5f0c9b0e-13c5-4a77-9d6b-0b62a9f6b3aa'], 1 / 6],
    ['A-[0-9]', ['12', 'a-9', 'ana@shop.test', '5f0c9b0e-13c5-4a77-9d6b-0b62a9f6b3aa'], 2 / 6],
    ['.*@.*|[0-9]+', ['A-7', ' A-8 ', 'a-9', '5f0c9b0e-13c5-4a77-9d6b-0b62a9f6b3aa'], 2 / 6],
  ])('%s', async (pattern, expected, share) => {
    const { canonical, misfits } = await over(ids, pattern)
    expect(canonical).toEqual({
      given: true,
      name: pattern,
      top: pattern === 'email' ? 'e-mail' : pattern,
      share,
      ids: 6,
    })
    expect(misfits.map(({ cio_id }) => cio_id)).toEqual(expected)
    // An address that the pattern allows is no mistake.
    expect(misfits.filter((row) => 'email' in row && row['email'] === true)).toHaveLength(
      pattern === 'email' || pattern.includes('@') ? 0 : 1,
    )
  })
})

test('an id that is an address: with the smallest of the others who have it as theirs', async () => {
  const profiles = [
    // So many that what is neither a number nor an address is no id like the others.
    ...numbers(20).map((id) => ({ cio_id: `n${id}`, id })),
    // Its own e-mail is no other profile.
    { cio_id: 'a1', id: 'Ana@shop.test', email: 'ana@shop.test' },
    { cio_id: 'a3', id: '42', email: 'ana@shop.test' },
    { cio_id: 'a2', id: '43', email: 'ANA@shop.test' },
    { cio_id: 'b1', id: 'bo@shop.test', email: 'bo@shop.test' },
    { cio_id: 'c1', id: 'no address' },
    // Whoever reads the mailbox of a job need not be the same customer.
    { cio_id: 'd1', id: 'info@shop.test' },
    { cio_id: 'd2', id: '44', email: 'info@shop.test' },
  ]
  const db = await modelOver(snapshotRows({ profiles }), planOf({}))
  const rows = await db.rows(raw('select cio_id, identity, mate from email_as_id order by cio_id'))
  db.close()
  expect(rows).toEqual([
    { cio_id: 'a1', identity: 'id:Ana@shop.test', mate: 'a2' },
    { cio_id: 'b1', identity: 'id:bo@shop.test', mate: null },
    { cio_id: 'd1', identity: 'id:info@shop.test', mate: null },
  ])
})
