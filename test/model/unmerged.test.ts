import { expect, test } from 'vitest'
import { builtInPlan } from '../../src/config/built-in-plan.ts'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, snapshotRows } from '../support/workspace.ts'

test('whose a visit may be is asked of those alone that nobody joined', async () => {
  const day = (n: number): string => `2026-11-1${n}T10:00:00Z`
  const visit = (anonymous_id: string) => [
    { kind: 'event' as const, name: 'product_viewed', at: day(0), anonymous_id },
    { kind: 'event' as const, name: 'app_opened', at: day(1), anonymous_id, user_id: 'u-1' },
  ]
  const calls = [
    ...visit('joined'),
    ...visit('lost'),
    { kind: 'identify' as const, at: day(2), anonymous_id: 'joined', user_id: 'u-1' },
  ]
  const db = await modelOver(snapshotRows({ calls }), builtInPlan)
  const rows = await db.rows(
    raw('select anonymous_id, joined, cio_id, reason from anonymous_visit order by anonymous_id'),
  )
  db.close()
  expect(rows).toEqual([
    { anonymous_id: 'joined', joined: true, cio_id: null, reason: null },
    { anonymous_id: 'lost', joined: false, cio_id: 'id:u-1', reason: 'same anonymous id' },
  ])
})
