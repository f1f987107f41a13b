import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, snapshotRows } from '../support/workspace.ts'
import { planWith } from './attribute-plan.ts'

/** What is filled of each name, one value a profile. */
const values: Readonly<Record<string, readonly string[]>> = {
  alone: ['5', '2026-01-01'],
  tier: ['gold', 'gold'],
  Tier: ['gold', 'gold', 'gold'],
  size: ['12', '14', 'small', 'large'],
  since: ['1700000000', '2026-01-01', '2026-01-01T10:00', 'true'],
  note: ['call', 'call', 'call', '12', 'TRUE', '[1]', '[object Object]', 'null'],
  count: ['1', '-2.5', '1e3', '{"a": 1}', '{1}'],
  code: ['007'],
  color: ['red'],
  'co-lor': ['red'],
  created_at: ['1700000000'],
  createdAt: ['1700000000'],
  _score: ['1'],
  score: ['1'],
  '': ['x'],
}

let db: Database
beforeAll(async () => {
  const profiles = Object.entries(values).flatMap(([name, held]) =>
    held.map((value, n) => ({ cio_id: `${name} ${n}`, attributes: { [name]: value } })),
  )
  db = await modelOver(snapshotRows({ profiles }), planWith({ alone: {}, tier: {} }))
})
afterAll(() => {
  db.close()
})

test('names, with how many others differ in spelling alone; those of Customer.io are no spelling', async () => {
  const names = raw(
    'select name, profiles, folded, planned, reserved, spellings from attribute_name order by name',
  )
  expect((await db.rows(names)).map((row) => Object.values(row))).toEqual([
    ['Tier', 3, 'tier', false, false, 2],
    ['_score', 1, 'score', false, true, 1],
    ['alone', 2, 'alone', true, false, 1],
    ['co-lor', 1, 'color', false, false, 2],
    ['code', 1, 'code', false, false, 1],
    ['color', 1, 'color', false, false, 2],
    ['count', 5, 'count', false, false, 1],
    ['createdAt', 1, 'createdat', false, false, 1],
    ['created_at', 1, 'createdat', false, true, 1],
    ['note', 8, 'note', false, false, 1],
    ['score', 1, 'score', false, false, 1],
    ['since', 4, 'since', false, false, 1],
    ['size', 4, 'size', false, false, 1],
    ['tier', 2, 'tier', true, false, 2],
  ])
})

test('kinds of values; digits among more text are text, those of half and of no text are numbers', async () => {
  const kinds = raw(
    'select name, kind, sum(profiles)::integer as profiles from attribute_kind group by all order by all',
  )
  expect((await db.rows(kinds)).map((row) => Object.values(row))).toEqual([
    ['Tier', 'text', 3],
    ['co-lor', 'text', 1],
    ['code', 'text', 1],
    ['color', 'text', 1],
    ['count', 'json', 1],
    ['count', 'number', 3],
    ['count', 'text', 1],
    ['createdAt', 'number', 1],
    ['note', 'boolean', 1],
    ['note', 'json', 1],
    ['note', 'text', 6],
    ['score', 'number', 1],
    ['since', 'boolean', 1],
    ['since', 'date', 2],
    ['since', 'number', 1],
    ['size', 'number', 2],
    ['size', 'text', 2],
    ['tier', 'text', 2],
  ])
})

test('the values that are not of the commonest kind', async () => {
  const odd = raw('select name, kind, value from attribute_oddity order by all')
  expect((await db.rows(odd)).map((row) => Object.values(row))).toEqual([
    ['count', 'json', '{"a": 1}'],
    ['count', 'text', '{1}'],
    ['note', 'boolean', 'TRUE'],
    ['note', 'json', '[1]'],
    ['since', 'boolean', 'true'],
    ['since', 'number', '1700000000'],
    ['size', 'number', '12'],
    ['size', 'number', '14'],
  ])
})

test('the spelling of the plan before all others, else the first by name, and who writes another', async () => {
  const rare = raw('select name, folded, profiles, commonest, most from rare_spelling order by name')
  expect((await db.rows(rare)).map((row) => Object.values(row))).toEqual([
    ['Tier', 'tier', 3, 'tier', 2],
    ['color', 'color', 1, 'co-lor', 1],
  ])
  const who = raw('select cio_id, name, folded from attribute_spelling order by cio_id')
  expect((await db.rows(who)).map((row) => Object.values(row))).toEqual([
    ['Tier 0', 'Tier', 'tier'],
    ['Tier 1', 'Tier', 'tier'],
    ['Tier 2', 'Tier', 'tier'],
    ['color 0', 'color', 'color'],
  ])
})
