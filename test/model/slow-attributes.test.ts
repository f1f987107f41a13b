import { expect, test } from 'vitest'
import type { Plan } from '../../src/core/plan.ts'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, rowsOf, snapshotRows, type Rows } from '../support/workspace.ts'

const created = Date.UTC(2026, 10, 20, 10)
const after = (minutes: number): Date => new Date(created + minutes * 60_000)
const plan: Plan = planOf({
  plannedAttributes: {
    age: { type: 'integer', required: true, appliesTo: 'all' },
    city: { required: true },
    tier: {},
  },
})

async function slow(rows: Rows): Promise<unknown[]> {
  const db = await modelOver(rows, plan)
  try {
    const found = await db.rows(
      raw('select cio_id, attribute, filled_at from slow_attribute order by cio_id, attribute'),
    )
    return found.map((row) => Object.values(row))
  } finally {
    db.close()
  }
}

test('files of the warehouse tell each time at which an attribute was set, and emptied', async () => {
  const people = ['in-time', 'emptied', 'never', 'gone-again']
  const set = (cio_id: string, name: string, value: string | null, minutes: number) => ({
    cio_id,
    name,
    value,
    at: after(minutes),
    sequence: 1n,
    source: 'warehouse-sync',
  })
  const rows = {
    ...rowsOf(
      'profile',
      people.map((cio_id) => ({
        cio_id,
        id: cio_id,
        created_at: after(0),
        deleted: false,
        suppressed: false,
        sequence: 1n,
        source: 'warehouse-sync',
      })),
    ),
    ...rowsOf('attribute_change', [
      ...people.map((cio_id) => set(cio_id, 'age', '30', 60)),
      set('in-time', 'city', 'Rome', 59),
      set('emptied', 'city', ' ', 30),
      set('emptied', 'city', 'Rome', 90),
      set('emptied', 'tier', 'gold', 30),
      set('never', 'tier', 'gold', 30),
      set('gone-again', 'city', 'Rome', 30),
      set('gone-again', 'city', null, 31),
    ]),
  }
  expect(await slow(rows)).toEqual([
    ['emptied', 'city', '2026-11-20T11:30:00Z'],
    ['never', 'city', null],
  ])
})

test('over the App API what is there counts as filled in time, whatever it reads as', async () => {
  const profiles = [
    { cio_id: 'a1', id: 'u-1', createdAt: after(0).toISOString(), attributes: { age: 'old', city: 'Rome' } },
    { cio_id: 'a2', id: 'u-2', createdAt: after(0).toISOString(), attributes: { age: '30', city: ' ' } },
  ]
  expect(await slow(snapshotRows({ profiles }))).toEqual([['a2', 'city', null]])
})
