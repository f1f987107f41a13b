import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openDatabase, type Database } from '../../src/engine/database.ts'
import { join, raw, sql } from '../../src/engine/sql.ts'
import { tempFolder } from '../support/cli.ts'

let db: Database
beforeAll(async () => {
  db = await openDatabase({ path: ':memory:', access: 'write' })
})
afterAll(() => db.close())

test.each([
  ['a whole number', '42::bigint', 42],
  ['a whole number that JavaScript cannot hold', '9007199254740993::bigint', '9007199254740993'],
  ['a moment', "'2026-11-23 12:00:00.9'::timestamp", '2026-11-23T12:00:00Z'],
  ['a moment past the year 9999', "'55000-01-01'::timestamp", null],
  ['a moment before the year 0', "'0044-03-15 (BC)'::timestamp", null],
  ['a list', "['a', null]", ['a', null]],
  ['nothing', 'null', null],
])('%s comes out as it is written in reports', async (_, expression, expected) => {
  expect(await db.scalar(raw(`select ${expression}`))).toEqual(expected)
})

test('values go in as parameters, also through fragments', async () => {
  const hostile = "'; drop table x; --"
  const part = sql`${hostile} as a, ${['x', 'y']}::varchar[] as b`
  const rows = await db.rows(
    sql`select ${1} as n, ${part}, ${join([sql`${2}`, sql`${3}`], ' + ')} as sum, ${[]}::varchar[] as none`,
  )
  expect(rows).toEqual([{ n: 1, a: hostile, b: ['x', 'y'], sum: 5, none: [] }])
})

test('a dollar sign in the text of a fragment is text', async () => {
  const costs = sql`select 'from $1 to $2' as costs, ${'a'} as a`
  expect(await db.rows(sql`select ${'b'} as b, * from (${costs})`)).toEqual([
    { b: 'b', costs: 'from $1 to $2', a: 'a' },
  ])
})

test('a transaction that fails leaves nothing behind', async () => {
  await db.run(raw('create table kept (n integer)'))
  await expect(
    db.transaction(async () => {
      await db.append('kept', [[1]])
      throw new Error('stopped')
    }),
  ).rejects.toThrow('stopped')
  expect(await db.scalar(raw('select count(*) from kept'))).toBe(0)
})

test('what is appended comes out as it went in, whatever its kind', async () => {
  await db.run(
    raw(
      'create table cells (a varchar, b double, c bigint, d timestamp, e boolean, f varchar[], g integer, h hugeint)',
    ),
  )
  const moment = new Date('2026-11-23T12:00:00.900Z')
  await db.append('cells', [
    ['a\u0000b', 1.5, 2 ** 40, moment, true, ['x', 'y'], -3, 2n ** 100n],
    ['\uD800', 1e300, Number.MAX_SAFE_INTEGER, moment, false, [], 2 ** 31 - 1, -(2n ** 100n)],
    ['', 2, -(2 ** 53), null, null, ['\u0000'], 0, 0n],
    // What a row leaves out at its end is null.
    ['ü😀'],
  ])
  expect(
    await db.rows(
      raw(
        'select a, b, c::varchar as c, epoch_ms(d) as d, e, f, g, h::varchar as h from cells order by rowid',
      ),
    ),
  ).toEqual([
    {
      a: 'a\u0000b',
      b: 1.5,
      c: String(2 ** 40),
      d: moment.getTime(),
      e: true,
      f: ['x', 'y'],
      g: -3,
      h: String(2n ** 100n),
    },
    {
      a: '\uFFFD',
      b: 1e300,
      c: '9007199254740991',
      d: moment.getTime(),
      e: false,
      f: [],
      g: 2 ** 31 - 1,
      h: String(-(2n ** 100n)),
    },
    { a: '', b: 2, c: '-9007199254740992', d: null, e: null, f: ['\u0000'], g: 0, h: '0' },
    { a: 'ü😀', b: null, c: null, d: null, e: null, f: null, g: null, h: null },
  ])
})

test('a result is streamed while the session does other work', async () => {
  await db.run(raw('create table seen (n bigint)'))
  for await (const rows of db.stream(raw('select range as n from range(10000)'))) {
    await db.append(
      'seen',
      rows.map((row) => [BigInt(String(row['n']))]),
    )
  }
  expect(await db.scalar(raw('select count(distinct n) from seen'))).toBe(10_000)
})

test('statements that are begun beside each other run one after the other', async () => {
  const session = await openDatabase({ path: ':memory:', access: 'write' })
  const [, count] = await Promise.all([
    session.run(sql`create table made as select ${'a'} as n`),
    session.scalar(raw('select count(*) from made')),
  ])
  expect(count).toBe(1)
  // One that fails does not hold up the next.
  const [wrong, right] = await Promise.allSettled([
    session.rows(sql`select nothing + ${1}`),
    session.scalar(raw('select 2')),
  ])
  expect([wrong.status, right]).toEqual(['rejected', { status: 'fulfilled', value: 2 }])
  session.close()
})

test('a session that may only read takes nothing but questions, so that the next question is of the same tables', async () => {
  const path = `${await tempFolder(onTestFinished)}/kept.duckdb`
  const writer = await openDatabase({ path, access: 'write' })
  await writer.run(raw('create table kept as from range(3)'))
  writer.close()
  const reader = await openDatabase({ path, access: 'read' })
  onTestFinished(() => reader.close())
  for (const text of [
    'create temp table kept as select 1',
    'create temp view kept as select 1',
    "create temp macro lower(x) as 'no'",
    "set search_path = 'temp'",
    'set variable a = 1',
    'begin transaction',
    'detach kept',
    'pragma enable_profiling',
    'call enable_logging()',
    'explain analyze select 1',
  ]) {
    const query = raw(text)
    await expect(reader.rows(query)).rejects.toThrow(/may only ask/)
    await expect(reader.columns(query)).rejects.toThrow(/may only ask/)
    await expect(Array.fromAsync(reader.stream(query))).rejects.toThrow(/may only ask/)
  }
  expect(await reader.scalar(raw("select count(*) || lower('A') from kept"))).toBe('3a')
  expect(await reader.scalar(raw('with a as (values (1), (2)) from a select count(*)'))).toBe(2)
})
