import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { buildSharedIdentifiers } from '../../src/model/shared-identifiers.ts'
import { modelOver, planOf, settings, snapshotRows } from '../support/workspace.ts'

const token = (letter: string) => [{ token: letter.repeat(64) }]

test('what one profile alone holds is not shared, and equal ids are no matter of prefixes', async () => {
  const profiles = [
    { cio_id: 'a1', id: '1001', email: 'ana@shop.test', devices: token('a') },
    { cio_id: 'a2', id: '1001', email: 'ana@shop.test', devices: token('b') },
    { cio_id: 'b1', id: 'shop-1002', email: 'bo@shop.test', attributes: { phone: '+14155552671' } },
    { cio_id: 'c1', id: 'bo@shop.test' },
    { cio_id: 'd1', id: '0777', devices: token('d') },
    { cio_id: 'd2', id: '777', devices: token('d') },
  ]
  const db = await modelOver(snapshotRows({ profiles }), planOf({}))
  await buildSharedIdentifiers(db, settings)
  const rows = await db.rows(
    raw(
      `select evidence, value, string_agg(cio_id, ' ' order by cio_id) as held_by, max(holders) as holders
      from shared_identifier group by strength, evidence, value order by strength, value`,
    ),
  )
  db.close()
  expect(rows.map((row) => Object.values(row))).toEqual([
    ['email', 'ana@shop.test', 'a1 a2', 2],
    ['id-as-email', 'bo@shop.test', 'b1 c1', 2],
    ['id-spelling', '1001', 'a1 a2', 2],
    ['id-core', `777 ${'d'.repeat(64)}`, 'd1 d2', 2],
    ['token', 'd'.repeat(64), 'd1 d2', 2],
  ])
})
