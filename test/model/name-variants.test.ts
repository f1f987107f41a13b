import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, snapshotRows } from '../support/workspace.ts'

test('of all the events those are kept that came under another spelling', async () => {
  const names = ['add_to_cart', 'add_to_cart', 'Add To Cart', 'search']
  const events = names.map((name, n) => ({ cio_id: 'a', name, at: `2026-11-1${n}T10:00:00Z` }))
  const db = await modelOver(snapshotRows({ events }), planOf({ plan: { add_to_cart: {} } }))
  expect(await db.rows(raw('select * from name_variant'))).toEqual([
    { name: 'Add To Cart', meant: 'add_to_cart', kind: 'spelling' },
  ])
  expect(await db.rows(raw('select name, cio_id from variant_event'))).toEqual([
    { name: 'Add To Cart', cio_id: 'a' },
  ])
  db.close()
})
