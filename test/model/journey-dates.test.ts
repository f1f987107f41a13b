import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, settings, snapshotRows } from '../support/workspace.ts'

test('dates of journeys that run or were named, with the values that are none', async () => {
  const journeys = [
    { id: 1, dateAttribute: 'due' },
    { id: 2, dateAttribute: 'born', state: 'draft' as const },
    { id: 3, dateAttribute: 'due', state: 'draft' as const },
    { id: 4, event: 'due' },
  ]
  const profiles = ['soon', '1763800000', ' '].map((due, n) => ({
    cio_id: `a${n}`,
    attributes: { due, born: n === 0 ? '1.1.1990' : '' },
  }))
  const db = await modelOver(snapshotRows({ journeys, profiles }), planOf({}), settings, 2, [2])
  const dates = await db.rows(raw('select * from journey_date order by journey'))
  const unusable = await db.rows(raw('select * from unusable_date order by journey'))
  db.close()
  expect(dates.map((row) => Object.values(row))).toEqual([
    [1, 'due', false, 2],
    [2, 'born', true, 1],
  ])
  expect(unusable.map((row) => Object.values(row))).toEqual([
    [1, 'due', 'a0', 'soon', 'text'],
    [2, 'born', 'a0', '1.1.1990', 'local date'],
  ])
})
