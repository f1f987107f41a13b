import { expect, test } from 'vitest'
import { openDatabase, type Cell } from '../../../src/engine/database.ts'
import { raw } from '../../../src/engine/sql.ts'
import { readFacts, type ValueFacts } from '../../../src/model/observed/facts.ts'

interface Person {
  readonly known?: boolean
  readonly app?: boolean
  readonly customer?: boolean
}

/** Facts of one path whose values these are, as JSON. */
async function factsOf(
  values: readonly unknown[],
  people: readonly Person[] = [],
): Promise<ValueFacts | undefined> {
  const db = await openDatabase({ path: ':memory:', access: 'write' })
  await db.run(
    raw('create table leaf (path integer, leaf varchar, known boolean, app_user boolean, customer boolean)'),
  )
  await db.run(
    raw(
      'create table path (path integer, event integer, parent integer, key varchar, depth integer, "into" varchar)',
    ),
  )
  await db.run(
    raw(
      'create table opened_count (event integer, parent integer, containers bigint, known bigint, app_user bigint, customer bigint)',
    ),
  )
  await db.run(raw("insert into path values (7, 3, 2, 'size', 1, null), (8, 3, 2, 'empty', 1, null)"))
  await db.run(raw('insert into opened_count values (3, 2, 50, 40, 30, 20), (3, 0, 1, 1, 1, 1)'))
  await db.append(
    'leaf',
    values.map((value, at): (string | number | boolean | null)[] => {
      const { known = null, app = null, customer = null } = people[at] ?? {}
      return [7, JSON.stringify(value), known, app, customer]
    }),
  )
  const [facts, ...others] = await readFacts(db)
  db.close()
  expect(others).toEqual([])
  return facts
}

test('values are counted by kind and by what they read as', async () => {
  const facts = await factsOf(['a', ' a', '5', 5, 2.5, true, [], [1], ['x', 'y'], {}, { a: 1 }, '', ' \n'])
  expect(facts).toMatchObject({
    path: 7,
    event: 3,
    parent: 2,
    key: 'size',
    of: 50,
    filled: 11,
    emptyLists: 1,
    kinds: { text: 3, number: 2, boolean: 1, array: 3, object: 2 },
    low: 2.5,
    high: 5,
    distinct: 4,
    prefix: null,
  })
  expect(facts?.reads).toMatchObject({ number: 3, integer: 2, boolean: 1, date: 0 })
  expect(facts?.top).toEqual([
    { value: '5', times: 2 },
    { value: 'a', times: 2 },
    { value: '2.5', times: 1 },
    { value: 'true', times: 1 },
  ])
})

test('lists and objects are no values to be told apart', async () => {
  expect(await factsOf([['a'], ['b'], { a: 1 }])).toMatchObject({
    distinct: 0,
    top: [],
    low: null,
    high: null,
    emptyLists: 0,
  })
})

test('of many values a dozen are named, the commonest first', async () => {
  const letters = Array.from('mlkjihgfedcba')
  const facts = await factsOf([...letters, 'm'])
  expect(facts?.distinct).toBe(13)
  expect(facts?.top.map(({ value }): Cell => value)).toEqual(Array.from('mabcdefghijk'))
})

test('long texts that begin alike are one value', async () => {
  const facts = await factsOf([`${'x'.repeat(60)}1`, `${'x'.repeat(60)}2`, 'x'.repeat(59)])
  expect(facts?.top).toEqual([
    { value: 'x'.repeat(60), times: 2 },
    { value: 'x'.repeat(59), times: 1 },
  ])
})

test.each([
  [['ORD-1', 'ORD-22'], 'ORD-'],
  [['ORD-1', 'REF-1'], null],
  [['ORD-1', 'other'], null],
  [['ORD-1', 7], null],
  [['1', '2'], null],
])('what stands before the digits of %j is %j', async (values, expected) => {
  expect((await factsOf(values))?.prefix).toBe(expected)
})

test('people are counted by audience', async () => {
  const facts = await factsOf(
    ['a', 'b', 'c', 'd'],
    [{ known: true, app: true, customer: true }, { known: true, app: true }, { known: true, app: false }, {}],
  )
  expect(facts?.audiences).toEqual({
    known: { of: 40, filled: 3 },
    'app-users': { of: 30, filled: 2 },
    customers: { of: 20, filled: 1 },
  })
})
