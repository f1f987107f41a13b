import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { setApart } from '../../src/model/happenings.ts'
import { modelOver, planOf, snapshotRows } from '../support/workspace.ts'

test('only the rows that are asked for are set apart, payloads and all', async () => {
  const events = ['a', 'b', 'c'].map((id) => ({
    id,
    cio_id: 'a1',
    name: `event_${id}`,
    at: '2026-11-20T10:00:00Z',
    data: { of: id },
  }))
  const db = await modelOver(snapshotRows({ events }), planOf({}))
  await setApart(db, 'chosen', `select seq from stored where id <> 'b'`)
  const rows = await db.rows(raw('select id, name, data::varchar as data from chosen order by id'))
  db.close()
  expect(rows).toEqual([
    { id: 'a', name: 'event_a', data: '{"of":"a"}' },
    { id: 'c', name: 'event_c', data: '{"of":"c"}' },
  ])
})
