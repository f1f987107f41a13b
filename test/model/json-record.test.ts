import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, type Cell, type Database } from '../../src/engine/database.ts'
import { join, raw, sql, type Query } from '../../src/engine/sql.ts'
import {
  columnLeaf,
  isFilled,
  isKind,
  kindOf,
  leafColumns,
  leavesOf,
  openedColumns,
  openRecords,
  textOf,
  trimmedText,
} from '../../src/model/json-record.ts'

let db: Database
beforeAll(async () => {
  db = await openDatabase({ path: ':memory:', access: 'write' })
})
afterAll(() => db.close())

/** What is asked of the JSON text of a value. */
const asked = (of: (leaf: Query) => Query, value: unknown): Promise<Cell> =>
  db.scalar(
    sql`select ${of(raw('leaf'))} from (select ${value === undefined ? null : JSON.stringify(value)}::varchar as leaf)`,
  )

const names = ['price', 'Price', 'sku', 'PRICE', 'Sku', 'absent', 'say "hi"']
const record = { PRICE: 3, price: 1, Price: [2], sku: 'a', Sku: null, 'say "hi"': true, other: 9 }
const said = ['1', '[2]', '"a"', '3', null, null, 'true']

test('names that differ in case alone are values of their own', async () => {
  const leaf = columnLeaf(names)
  const [row] = await db.rows(sql`
    with opened as (select ${openedColumns(sql`${JSON.stringify(record)}::varchar`, names)})
    select ${leafColumns(names)} from opened`)
  expect(names.map((name) => row?.[leaf(name).text])).toEqual(said)
})

test.each(['list', 'object'] as const)('also within a %s', async (of) => {
  const json = JSON.stringify(of === 'list' ? [record] : record)
  const leaf = leavesOf('one', names)
  const opened = openRecords(sql`${json}::varchar`, names, of)
  expect(
    await db.scalar(sql`select list_transform(${opened}, lambda one: [${join(names.map(leaf), ', ')}])[1]`),
  ).toEqual(said)
})

const kinds = {
  text: ['', '~'],
  number: [-1, 0, 9e20],
  boolean: [true, false],
  array: [[], [1]],
  object: [{}, { a: 1 }],
}

test.each(Object.entries(kinds))('the kind %s is told by the first character', async (kind, values) => {
  for (const value of values) {
    expect(await asked(kindOf, value)).toBe(kind)
    const fits = await Promise.all(
      (['text', 'number', 'boolean', 'array', 'object'] as const).map((other) =>
        asked((leaf) => isKind(leaf, other), value),
      ),
    )
    expect(fits.filter(Boolean)).toHaveLength(1)
    expect(await asked((leaf) => isKind(leaf, kind as 'text'), value)).toBe(true)
  }
})

test.each([
  ['plain', 'plain', 'plain'],
  [' before', ' before', 'before'],
  ['after ', 'after ', 'after'],
  ['a\\b "c"', 'a\\b "c"', 'a\\b "c"'],
  [12, '12', '12'],
  [undefined, null, null],
])('%j says %j, and %j without space', async (value, text, trimmed) => {
  expect(await asked(textOf, value)).toBe(text)
  expect(await asked(trimmedText, value)).toBe(trimmed)
})

test.each([
  ['x', true],
  [' x', true],
  ['', false],
  [' \n\u00a0\ufeff', false],
  [0, true],
  [false, true],
  [[], true],
  [undefined, false],
])('%j is filled: %j', async (value, expected) => {
  expect(await asked(isFilled, value)).toBe(expected)
})
