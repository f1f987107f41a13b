import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, rowsOf } from '../support/workspace.ts'

test('only where a file names the message has Customer.io dropped the repeats', async () => {
  const sent = { type: 'event', name: 'order', customer_id: 'u1', at: new Date('2026-11-20T10:00:00Z') }
  const data = '{"total":5}'
  const rows = rowsOf('activity', [
    { ...sent, id: 'message', source: 'pipelines', data },
    { ...sent, id: null, source: 'pipelines', data },
    { ...sent, id: null, source: 'pipelines', data: '{"key":"k"}' },
    { ...sent, id: 'activity', source: 'app-api', customer_id: null, cio_id: 'a1', data },
  ])
  const plan = { order: { critical: true, dedupeKey: 'key' } }
  const db = await modelOver(rows, planOf({ plan }))
  const events = await db.rows(raw('select source, id, cio_id, name from keyless_event order by source'))
  db.close()
  expect(events).toEqual([
    { source: 'app-api', id: 'activity', cio_id: 'a1', name: 'order' },
    { source: 'pipelines', id: null, cio_id: 'id:u1', name: 'order' },
  ])
})
