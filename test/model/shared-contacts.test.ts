import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, settings, snapshotRows } from '../support/workspace.ts'

type Holder = readonly [email: string | null, phone: string | null]

async function over(holders: readonly Holder[], maxShare = 5, placeholders: readonly string[] = []) {
  const profiles = holders.map(([email, phone], index) => ({
    cio_id: String(index).padStart(3, '0'),
    email,
    attributes: phone === null ? {} : { phone },
  }))
  const changed = { ...settings, identity: { ...settings.identity, maxShare, placeholders } }
  const db = await modelOver(snapshotRows({ profiles }), planOf({}), changed)
  try {
    const holdersOf = new Map(
      (
        await db.rows(
          raw('select subject, list(cio_id order by cio_id) as ids from contact_holder group by subject'),
        )
      ).map((row) => [row['subject'], row['ids']]),
    )
    return (
      await db.rows(raw('select * exclude (first_seen, last_seen) from shared_contact order by subject'))
    ).map((row) => ({ ...row, ids: (holdersOf.get(row['subject']) as string[]).map(Number) }))
  } finally {
    db.close()
  }
}

const number = '+14155552671'
const crowd = (count: number, phone: string, emailOf: (n: number) => string | null): Holder[] =>
  Array.from({ length: count }, (_, n) => [emailOf(n), phone])

test('one person: no address, one address, or variants of one', async () => {
  expect(
    await over([
      ['ana@shop.test', number],
      [null, '(415) 555-2671'],
      [' ANA+x@shop.test', '+1 415 555 2671'],
      ['noemail', number],
      ['bo@shop.test', '+14155552672'],
    ]),
  ).toEqual([
    {
      subject: `phone:${number}`,
      kind: 'phone',
      value: number,
      profiles: 4,
      spellings: 3,
      addresses: 1,
      reason: 'duplicate',
      ids: [0, 1, 2, 3],
    },
  ])
})

test.each([
  ['different addresses contradict', crowd(2, number, (n) => `p${n}@shop.test`), 'contradiction', 2],
  [
    'a mailbox of a job contradicts too',
    [
      ['ana@shop.test', number],
      ['info@shop.test', number],
    ],
    'contradiction',
    2,
  ],
  ['five without an address', crowd(5, number, () => null), 'duplicate', 0],
  ['six without an address', crowd(6, number, () => null), 'mass', 0],
  ['six of one address', crowd(6, number, () => 'ana@shop.test'), 'mass', 1],
  ['six with different ones', crowd(6, number, (n) => `p${n}@shop.test`), 'mass', 6],
] as const)('%s', async (_, holders, reason, addresses) => {
  expect(await over(holders as readonly Holder[])).toMatchObject([
    { reason, addresses, profiles: holders.length },
  ])
})

test('the settings say how many may share, and which numbers are none', async () => {
  expect(
    await over(
      crowd(3, number, () => null),
      2,
    ),
  ).toMatchObject([{ reason: 'mass' }])
  expect(
    await over(
      crowd(3, number, () => null),
      5,
      [number],
    ),
  ).toEqual([])
})

test('numbers that are alone, not valid, or no numbers, are shared by nobody', async () => {
  expect(
    await over([
      [null, number],
      [null, '+14155552672'],
      [null, '12345'],
      [null, '12345'],
      [null, ''],
    ]),
  ).toEqual([])
})

test('mailboxes of a job, with their tags; no placeholder and no person', async () => {
  expect(
    await over([
      ['info@shop.test', null],
      ['Info+eu@shop.test', null],
      ['support@shop.test', null],
      ['ana@shop.test', null],
      ['ana@shop.test', null],
      ['test@test.com', null],
      ['test@test.com', null],
      ['info', null],
      ['info', null],
    ]),
  ).toEqual([
    {
      subject: 'email:info@shop.test',
      kind: 'email',
      value: 'info@shop.test',
      profiles: 2,
      spellings: 2,
      addresses: 1,
      reason: 'role',
      ids: [0, 1],
    },
  ])
})
