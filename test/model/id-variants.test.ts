import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, snapshotRows } from '../support/workspace.ts'

interface Holder {
  readonly id: string | null
  readonly email?: string
  readonly phone?: string
  readonly token?: string
}

async function over(holders: readonly Holder[]) {
  const profiles = holders.map(({ id, email, phone, token }, index) => ({
    cio_id: String(index).padStart(3, '0'),
    id,
    email: email ?? null,
    attributes: phone === undefined ? {} : { phone },
    devices: token === undefined ? [] : [{ token }],
  }))
  const db = await modelOver(snapshotRows({ profiles }), planOf({}))
  try {
    return (
      await db.rows(
        raw(`select subject, list(cio_id order by cio_id) as ids, any_value(written) as written, any_value(contradicts) as contradicts,
          count(distinct (written, contradicts)) as words from id_variant group by subject order by subject`),
      )
    ).map(({ subject, ids, written, contradicts, words }) => {
      expect(words).toBe(1)
      return [subject, (ids as string[]).map(Number), written, contradicts]
    })
  } finally {
    db.close()
  }
}

const ana = 'ana@shop.test'
const phone = '+14155552671'

test('case and space', async () => {
  const ids = ['U-1', 'u-1', ' U-1', 'u-1\n', '\tu-1 ', 'u-2', 'null', 'NULL', '', null]
  expect(await over(ids.map((id) => ({ id })))).toEqual([['id:u-1', [0, 1, 2, 3, 4], false, false]])
})

test('spaces that are none of ASCII’s', async () => {
  const ids = ['u-1', 'u-1\u00a0', '\ufeffu-1', '\u2009U-1', 'u-\u00a01', '\u00a0', 'null\u00a0']
  expect(await over(ids.map((id) => ({ id })))).toEqual([['id:u-1', [0, 1, 2, 3], false, false]])
})

test('two ids of one person, each in several writings', async () => {
  const ids = ['U-1', 'u-1', 'shop-142', '142', 'Shop-142 ']
  expect(await over(ids.map((id, n) => (n === 4 ? { id } : { id, email: ana })))).toEqual([
    ['id:142', [2, 3, 4], true, false],
    ['id:u-1', [0, 1], false, false],
  ])
})

test('two ids of one person that differ in case alone stay two', async () => {
  const ids = ['U-1', 'u-1', 'W-2', 'w-2']
  expect(await over(ids.map((id) => ({ id, email: ana })))).toEqual([
    ['id:u-1', [0, 1], false, false],
    ['id:w-2', [2, 3], false, false],
  ])
})

test.each([
  [
    'leading zeros with an address',
    [
      { id: '0042', email: ana },
      { id: '42', email: ' ANA@shop.test' },
    ],
    'id:42',
  ],
  [
    'leading zeros with a phone',
    [
      { id: '0042', phone },
      { id: '42', phone: '(415) 555-2671' },
    ],
    'id:42',
  ],
  [
    'a prefix with an address',
    [
      { id: 'user_142', email: ana },
      { id: '142', email: ana },
    ],
    'id:142',
  ],
  [
    'two prefixes with a device',
    [
      { id: 'user_142', token: 'a'.repeat(64) },
      { id: 'shop-142', token: 'a'.repeat(64) },
    ],
    'id:shop-142',
  ],
  [
    'prefix, zeros and case',
    [
      { id: 'USER_00142', phone },
      { id: '142', phone, email: ana },
    ],
    'id:142',
  ],
])('%s', async (_, holders, subject) => {
  expect(await over(holders)).toEqual([[subject, [0, 1], true, false]])
})

test.each([
  ['nothing agrees', [{ id: '0042' }, { id: '42' }]],
  [
    'other addresses',
    [
      { id: 'user_142', email: ana },
      { id: '142', email: 'bo@shop.test' },
    ],
  ],
  [
    'the same phone, other addresses',
    [
      { id: '0042', email: ana, phone },
      { id: '42', email: 'bo@shop.test', phone },
    ],
  ],
  [
    'a mailbox of a job',
    [
      { id: '0042', email: 'info@shop.test' },
      { id: '42', email: 'info@shop.test' },
    ],
  ],
  [
    'another number',
    [
      { id: 'user_142', email: ana },
      { id: '143', email: ana },
    ],
  ],
])('near miss: %s', async (_, holders) => {
  expect(await over(holders)).toEqual([])
})

test('writings of one person are one finding under the shortest of them', async () => {
  expect(
    await over([
      { id: '00142', email: ana },
      { id: 'User_142', email: ana },
      { id: '142', email: ana },
      { id: ' 142' },
      { id: 'other' },
    ]),
  ).toEqual([['id:142', [0, 1, 2, 3], true, false]])
})

test('where two addresses have an id, its case may mean something', async () => {
  expect(
    await over([
      { id: 'aB3', email: ana },
      { id: 'Ab3', email: 'bo@shop.test' },
    ]),
  ).toEqual([['id:ab3', [0, 1], false, true]])
  // Whoever says no address may be one of them; the doubt is about all.
  expect(
    await over([{ id: 'aB3', email: ana }, { id: 'ab3' }, { id: 'Ab3', email: 'bo@shop.test' }]),
  ).toEqual([['id:ab3', [0, 1, 2], false, true]])
  // Variants of one mailbox are one person.
  expect(
    await over([
      { id: 'aB3', email: ana },
      { id: 'Ab3', email: 'ana+x@shop.test' },
    ]),
  ).toEqual([['id:ab3', [0, 1], false, false]])
})

/** Ids that differ in the case of their last letter, each pair with two addresses. */
const pairs = (count: number, write: (letter: string) => string) =>
  'ghijklmnop'
    .split('')
    .slice(0, count)
    .flatMap((letter) => [
      { id: write(letter), email: `${letter}@shop.test` },
      { id: write(letter.toUpperCase()), email: `${letter}-2@shop.test` },
    ])

test('where the case of ids tells ten people apart it is no spelling, and space still is', async () => {
  const short = (letter: string) => `0035g000003Ab${letter}`
  const silent = [{ id: short('y') }, { id: short('Y') }]
  const spaced = [{ id: short('z') }, { id: ` ${short('z')}` }]
  const agreeing = (id: string) => [
    { id, email: ana },
    { id: id.toUpperCase(), email: ana },
  ]
  expect(await over([...pairs(10, short), ...silent, ...spaced])).toEqual([
    ['id:0035g000003abz', [22, 23], false, false],
  ])
  expect(await over([...pairs(9, short), ...silent])).toHaveLength(10)
  expect(await over([...pairs(10, short), ...agreeing('w-1')])).toEqual([])
  expect(await over([...pairs(10, short), ...agreeing('w-1'), ...agreeing('w-2')])).toHaveLength(12)
  // A UUID and an address have no case.
  expect(
    await over(
      pairs(10, (letter) => `${letter.toLowerCase() === letter ? 'a' : 'A'}${letter.charCodeAt(0) % 32}`),
    ),
  ).toHaveLength(10)
  expect(await over(pairs(10, (letter) => `${letter}@shop.test`))).toHaveLength(10)
})
