import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase, type Database, type Row } from '../../src/engine/database.ts'
import { jsonRows } from '../../src/engine/json-rows.ts'
import { raw, sql } from '../../src/engine/sql.ts'
import { tempDir } from '../support/temp-dir.ts'

async function opened(): Promise<{ db: Database; folder: string }> {
  const folder = join(await tempDir(), "it's [here] for $1")
  const db = await openDatabase({ path: ':memory:', access: 'write', tempDir: folder })
  onTestFinished(() => db.close())
  return { db, folder }
}

async function partsOf(parts: AsyncIterable<Buffer>): Promise<string[]> {
  const texts: string[] = []
  for await (const part of parts) texts.push(part.toString('utf8'))
  return texts
}

test('lines come in the order of the query, in parts that end with one, and as they are', async () => {
  const { db, folder } = await opened()
  const given = [
    'plain',
    'a,b',
    'say "hi"',
    "it's",
    ' spaces ',
    'back\\slash',
    'Zoë 名前',
    '#',
    '\u0001mark',
    '\ttab',
  ]
  const asked = sql`select list_extract(${given}::varchar[], i) from range(1, ${given.length + 1}) r(i) order by i`
  expect(await partsOf(db.lines(asked))).toEqual([given.map((line) => `${line}\n`).join('')])
  expect(await readdir(folder)).toEqual([])
})

test('more than fits into one part is cut between two lines, each of which is there once', async () => {
  const { db } = await opened()
  const parts = await partsOf(
    db.lines(raw("select i || ' ' || repeat('ä', 40) from range(60_000) r(i) order by i desc")),
  )
  expect(parts.length).toBeGreaterThan(4)
  expect(parts.filter((part) => !part.endsWith('\n'))).toEqual([])
  const numbers = parts.join('').split('\n').slice(0, -1)
  expect(numbers.map((line) => Number.parseInt(line, 10))).toEqual(
    Array.from({ length: 60_000 }, (_, i) => 59_999 - i),
  )
})

test('no rows are no parts', async () => {
  const { db } = await opened()
  expect(await partsOf(db.lines(raw("select 'x' where false")))).toEqual([])
})

test('the file goes when the reader stops, and when the query fails', async () => {
  const { db, folder } = await opened()
  for await (const part of db.lines(raw('select i::varchar from range(1_000_000) r(i)'))) {
    expect(part.length).toBeGreaterThan(0)
    break
  }
  await expect(partsOf(db.lines(raw("select error('broken on purpose')")))).rejects.toThrow(
    /broken on purpose/,
  )
  expect(await readdir(folder)).toEqual([])
})

test('a session that may only read writes its lines, and nothing elsewhere', async () => {
  const folder = await tempDir()
  const path = join(folder, 'data.duckdb')
  const written = await openDatabase({ path, access: 'write' })
  await written.run(raw("create table word as select 'one' as text"))
  written.close()
  const db = await openDatabase({ path, access: 'read', tempDir: join(folder, 'spill') })
  onTestFinished(() => db.close())
  expect(await partsOf(db.lines(raw('select text from word')))).toEqual(['one\n'])
  await expect(db.run(raw(`copy word to '${join(folder, 'word.csv')}'`))).rejects.toThrow(
    /disabled by configuration/,
  )
})

test('rows by way of JSON are those of a stream', async () => {
  const { db } = await opened()
  const asked = sql`
    select i, i::bigint * 1_000_000 as large, 'line' || chr(10) || 'break "' || i || '" \\ ' || chr(0) as text, i % 2 = 0 as even,
      case when i > 1 then null else 'first' end as some, [i::varchar, null] as list, {'a': 'b', 'c': [i]} as one
    from range(3000) r(i) order by i desc`
  const read = async (chunks: AsyncIterable<readonly Row[]>): Promise<Row[]> => {
    const rows: Row[] = []
    for await (const chunk of chunks) rows.push(...chunk)
    return rows
  }
  const rows = await read(jsonRows(db, asked))
  expect(rows).toEqual(await read(db.stream(asked)))
  expect(rows).toHaveLength(3000)
})
