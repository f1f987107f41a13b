import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, rowsOf, type Fields, type Rows } from '../support/workspace.ts'

const at = (day: number): Date => new Date(Date.UTC(2026, 10, day))

/** A change over the API. */
const change = (cio_id: string | null, from: string, to: string, more: Fields = {}): Fields => ({
  id: `${cio_id}-${to}`,
  type: 'attribute_change',
  cio_id,
  at: at(10),
  data: JSON.stringify({ email: { from, to } }),
  source: 'app-api',
  ...more,
})
const identify = (user_id: string, email: string, time: Date, more: Fields = {}): Fields => ({
  id: `${user_id}-${email}-${time.getTime()}`,
  kind: 'identify',
  user_id,
  at: time,
  received_at: time,
  data: JSON.stringify({ email }),
  source: 'pipelines',
  ...more,
})

async function history(activity: readonly Fields[], call: readonly Fields[]) {
  const profile = ['1', '2', '3'].map((n) => ({
    cio_id: `c${n}`,
    id: `u${n}`,
    attributes: '{}',
    source: 'app-api',
  }))
  const rows: Rows = {
    ...rowsOf('profile', profile),
    ...rowsOf('activity', activity),
    ...rowsOf('call', call),
  }
  const db = await modelOver(rows, planOf({}))
  try {
    return await db.rows(raw('from address_history order by all'))
  } finally {
    db.close()
  }
}
const mailboxes = async (activity: readonly Fields[], call: readonly Fields[]) =>
  (await history(activity, call)).map(({ cio_id, mailbox }) => `${cio_id} ${mailbox}`)

test('a mailbox that the API and files both name is one, from the first time to the last', async () => {
  const found = await history(
    [change('c1', 'ana@shop.test', 'bo@shop.test')],
    [identify('u1', 'Bo+x@shop.test', at(5)), identify('u1', 'Bo+x@shop.test', at(15))],
  )
  const day = (n: number): string => at(n).toISOString().replace('.000', '')
  expect(found).toEqual([
    { cio_id: 'c1', mailbox: 'ana@shop.test', first_at: day(10), last_at: day(10) },
    { cio_id: 'c1', mailbox: 'bo@shop.test', first_at: day(5), last_at: day(15) },
  ])
})

test('over the API, changes of the window that say of whom; a placeholder is no address', async () => {
  const found = await mailboxes(
    [
      change('c1', 'test@test.com', 'ana@shop.test'),
      change('c1', 'none given', 'ana@shop.test', { at: at(11) }),
      // Before the window, after it, of nobody, and of something else.
      change('c1', 'bo@shop.test', 'cy@shop.test', { at: new Date('2026-10-24T11:59:59Z') }),
      change('c1', 'dee@shop.test', 'eve@shop.test', { at: new Date('2026-11-23T12:00:01Z') }),
      change(null, 'flo@shop.test', 'gus@shop.test'),
      change('c1', 'hal@shop.test', 'ida@shop.test', { type: 'device_change' }),
    ],
    [],
  )
  expect(found).toEqual(['c1 ana@shop.test'])
})

test('in files, calls of the window by those who were identified more than once', async () => {
  const found = await mailboxes(
    [],
    [
      identify('u1', 'ana@shop.test', at(5)),
      identify('u1', 'bo@shop.test', at(6)),
      identify('u1', 'cy@shop.test', new Date('2026-10-24T11:59:59Z')),
      identify('u1', 'dee@shop.test', at(7), { kind: 'device', token: 'a'.repeat(64) }),
      // One identify, and a call that is none.
      identify('u2', 'eve@shop.test', at(5)),
      identify('u2', 'flo@shop.test', at(6), { kind: 'device', token: 'b'.repeat(64) }),
    ],
  )
  expect(found).toEqual(['c1 ana@shop.test', 'c1 bo@shop.test'])
})
