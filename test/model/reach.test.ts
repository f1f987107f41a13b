import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, settings, snapshotRows } from '../support/workspace.ts'

const event = (cio_id: string, name: string, at = '2026-11-20T10:00:00Z') => ({ cio_id, name, at })
const workspace = {
  profiles: [
    { cio_id: 'sender', email: 'ana@shop.com' },
    { cio_id: 'sender-twin', email: 'Ana@Shop.com' },
    { cio_id: 'early' },
    { cio_id: 'other' },
    { cio_id: 'born', attributes: { birthday: '2000-01-01', 'a/b~c/d~e': '' } },
    { cio_id: 'unborn', attributes: { birthday: ' ', 'a/b~c/d~e': '2000-01-01' } },
  ],
  events: [
    event('sender', 'cart'),
    event('ghost', 'cart'),
    event('early', 'cart', '2026-10-20T10:00:00Z'),
    event('other', 'purchase'),
  ],
  calls: [{ kind: 'screen' as const, name: 'cart', user_id: 'looker', at: '2026-11-20T10:00:00Z' }],
  journeys: [
    { id: 1, event: 'cart' },
    { id: 2, event: 'purchase' },
    { id: 3, dateAttribute: 'birthday' },
    { id: 4, dateAttribute: 'a/b~c/d~e' },
    { id: 5, event: 'cart', dateAttribute: 'birthday' },
    { id: 6, triggerSegments: [1] },
  ],
}
const everybody = ['born', 'early', 'id:looker', 'other', 'sender', 'sender-twin', 'unborn']

test.each([
  { named: [], people: [] },
  // With the other profile of the person; who is no profile any more was there all the same.
  { named: [1], people: ['ghost', 'sender', 'sender-twin'] },
  { named: [2], people: ['other'] },
  { named: [3], people: ['born'] },
  { named: [4], people: ['unborn'] },
  { named: [5], people: ['ghost', 'sender', 'sender-twin'] },
  { named: [2, 3], people: ['born', 'other'] },
  { named: [6], people: everybody },
])('journeys $named reach $people', async ({ named, people }) => {
  const db = await modelOver(snapshotRows(workspace), planOf({}), settings, 2, named)
  const rows = await db.rows(raw('select cio_id from reach order by all'))
  db.close()
  expect(rows.map(({ cio_id }) => cio_id)).toEqual(people)
})
