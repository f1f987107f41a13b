import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, snapshotRows } from '../support/workspace.ts'

test('a tester who did nothing has no events, which is a number too', async () => {
  const profiles = [{ cio_id: 'a1', id: 'u-1', email: 'ana@example.com' }]
  const db = await modelOver(snapshotRows({ profiles }), planOf({}))
  const testers = await db.rows(raw('from tester'))
  db.close()
  expect(testers).toEqual([
    { cio_id: 'a1', reason: 'domain', marked: false, events: 0, purchases: 0, revenue: null },
  ])
})
