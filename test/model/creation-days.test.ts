import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, settings, snapshotRows, type Rows } from '../support/workspace.ts'

interface Created {
  readonly on: string | null
  readonly id?: string | null
  readonly email?: string | null
  readonly phone?: string | null
  readonly token?: string
}

async function over(people: readonly Created[], placeholders: readonly string[] = []) {
  const profiles = people.map(({ id = null, email = null, phone, token }, index) => ({
    cio_id: String(index).padStart(4, '0'),
    id,
    email,
    attributes: phone == null ? {} : { phone },
    devices: token === undefined ? [] : [{ token }],
  }))
  const rows: Rows = snapshotRows({ profiles })
  const profile = (rows.profile ?? []).map((row, index) => {
    const on = people[index]?.on ?? null
    return [...row.slice(0, 4), on === null ? null : new Date(on), ...row.slice(5)]
  })
  const changed = { ...settings, identity: { ...settings.identity, placeholders } }
  const db = await modelOver({ ...rows, profile }, planOf({}), changed)
  try {
    return {
      lacking: (await db.rows(raw('select lack, cio_id from shortcoming order by all'))).map(
        (row) => `${row['lack']} ${Number(row['cio_id'])}`,
      ),
      days: await db.rows(raw('from creation_day order by lack, day')),
    }
  } finally {
    db.close()
  }
}

const on = '2026-03-01T10:00:00Z'

test('who has no id: nothing, and space, but neither a placeholder nor an anonymous profile', async () => {
  const email = 'ana@shop.test'
  const { lacking } = await over([
    { on, id: null, email },
    { on, id: '', email },
    { on, id: ' \t', email },
    { on, id: null, phone: '12' },
    { on, id: 'null', email },
    { on, id: '7', email },
    { on, id: null, email: ' ', phone: ' ' },
    { on, id: null },
  ])
  expect(lacking.filter((line) => line.startsWith('id'))).toEqual(['id 0', 'id 1', 'id 2', 'id 3'])
})

test('who cannot be reached', async () => {
  const { lacking } = await over(
    [
      { on, id: '0' },
      { on, id: '1', email: '' },
      { on, id: '2', email: 'noemail', phone: ' ' },
      { on, id: '3', email: 'Test@Test.com', phone: '0000000000' },
      { on, id: '4', email: 'none@shop.test' },
      { on },
      // Near misses: each has one thing that reaches.
      { on, id: '6', email: 'ana@shop.test' },
      { on, id: '7', email: 'noemail', phone: '555' },
      { on, id: '8', token: 'x' },
    ],
    ['none@shop.test'],
  )
  expect(lacking).toEqual(['contact 0', 'contact 1', 'contact 2', 'contact 3', 'contact 4', 'contact 5'])
})

test('days are of UTC, and what has no time is a day of its own', async () => {
  const { days } = await over([
    { on: '2026-03-01T00:00:00Z', id: 'a' },
    { on: '2026-03-01T23:59:59Z', email: 'ana@shop.test' },
    { on: '2026-03-02T00:00:00Z', id: 'b' },
    { on: '2026-03-02T12:00:00Z', id: 'c', email: 'bo@shop.test' },
    { on: '2026-03-02T13:00:00Z' },
    { on: null, email: 'cy@shop.test' },
  ])
  expect(days.map(({ lack, day, affected, created }) => [lack, day, affected, created])).toEqual([
    ['contact', '2026-03-01', 1, 2],
    ['contact', '2026-03-02', 2, 3],
    ['id', '2026-03-01', 1, 2],
    ['id', 'unknown', 1, 1],
  ])
  expect(days[1]).toMatchObject({ first_seen: '2026-03-02T00:00:00Z', last_seen: '2026-03-02T13:00:00Z' })
})

const lacking = (count: number, day: string | null): Created[] =>
  Array.from({ length: count }, (_, index) => ({ on: day, email: `${day}${index}@shop.test` }))
const fine = (day: string): Created => ({ on: day, id: day, email: `${day}@shop.test` })

test.each([
  ['ten on one day, one on each of three others', lacking(10, '2026-03-01'), 1, true],
  ['nine are too few', lacking(9, '2026-03-01'), 1, false],
  ['five times the usual is not more than five times', lacking(10, '2026-03-01'), 2, false],
  ['more than five times', lacking(11, '2026-03-01'), 2, true],
  ['nobody knows which day it was', lacking(30, null), 1, false],
])('a surge: %s', async (_, crowd, others, surge) => {
  const days = ['2026-03-02', '2026-03-03', '2026-03-04']
  const { days: found } = await over([...crowd, ...days.flatMap((day) => lacking(others, day))])
  const [first] = found.filter(({ day }) => !days.includes(String(day)))
  expect(first).toMatchObject({ lack: 'id', usual: others, surge })
  expect(found.filter(({ day }) => days.includes(String(day))).map((row) => row['surge'])).toEqual([
    false,
    false,
    false,
  ])
})

test('a day without any counts for what is usual, and a single day is compared with nothing', async () => {
  const quietDays = [...lacking(10, '2026-03-01'), ...lacking(4, '2026-03-02'), fine('2026-03-03')]
  expect((await over(quietDays)).days[0]).toMatchObject({ usual: 2, surge: false })
  expect((await over([...quietDays, fine('2026-03-04')])).days[0]).toMatchObject({
    usual: 4 / 3,
    surge: true,
  })
  expect((await over(lacking(50, '2026-03-01'))).days).toMatchObject([{ usual: null, surge: false }])
})
