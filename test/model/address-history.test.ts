import { expect, test } from 'vitest'
import { raw, type SqlValue } from '../../src/engine/sql.ts'
import { modelOver, planOf, snapshotRows } from '../support/workspace.ts'

const at = (day: number): Date => new Date(Date.UTC(2026, 10, day))

test('a mailbox that the API and files both name is one, from the first time to the last', async () => {
  const change: SqlValue[] = [
    'x',
    'attribute_change',
    null,
    'c1',
    null,
    null,
    at(10),
    null,
    null,
    JSON.stringify({ email: { from: 'ana@shop.test', to: 'bo@shop.test' } }),
    null,
    'app-api',
  ]
  const identify = (day: number): SqlValue[] => {
    const none = [null, null]
    return [
      `i${day}`,
      'identify',
      'u1',
      ...none,
      at(day),
      at(day),
      ...none,
      ...none,
      null,
      '{"email":"Bo+x@shop.test"}',
      null,
      'pipelines',
    ]
  }
  const db = await modelOver(
    {
      ...snapshotRows({ profiles: [{ cio_id: 'c1', id: 'u1' }] }),
      activity: [change],
      call: [identify(5), identify(15)],
    },
    planOf({}),
  )
  const rows = await db.rows(raw('from address_history order by mailbox'))
  db.close()
  expect(rows).toEqual([
    {
      cio_id: 'c1',
      mailbox: 'ana@shop.test',
      first_at: '2026-11-10T00:00:00Z',
      last_at: '2026-11-10T00:00:00Z',
    },
    {
      cio_id: 'c1',
      mailbox: 'bo@shop.test',
      first_at: '2026-11-05T00:00:00Z',
      last_at: '2026-11-15T00:00:00Z',
    },
  ])
})
