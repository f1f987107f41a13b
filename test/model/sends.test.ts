import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, rowsOf } from '../support/workspace.ts'

test('what no step of a journey sent, or to nobody who is told, is no send', async () => {
  const sent = {
    id: 'd1',
    cio_id: 'a1',
    type: 'email',
    campaign_id: 5n,
    action_id: 50n,
    created_at: new Date('2026-11-20T10:00:00Z'),
  }
  const rows = rowsOf('delivery', [
    sent,
    { ...sent, id: 'newsletter', campaign_id: null },
    { ...sent, id: 'stepless', action_id: null },
    { ...sent, id: 'unaddressed', cio_id: null },
  ])
  const db = await modelOver(rows, planOf({}))
  const sends = await db.rows(raw('select id from send'))
  db.close()
  expect(sends).toEqual([{ id: 'd1' }])
})
