import { fc } from '../support/properties.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lineMark, recordsQuery, type Records } from '../../src/audit/evidence-records.ts'
import { fingerprintOf } from '../../src/audit/fingerprint-query.ts'
import { fingerprint } from '../../src/core/fingerprint.ts'
import { openDatabase, type Database, type Row } from '../../src/engine/database.ts'
import { raw, sql } from '../../src/engine/sql.ts'
import { csvText } from '../../src/reports/csv.ts'

let db: Database
let tempDir: string
beforeAll(async () => {
  tempDir = await mkdtemp(join(tmpdir(), 'cio-audit-records-'))
  db = await openDatabase({ path: ':memory:', access: 'write', tempDir })
})
afterAll(async () => {
  db.close()
  await rm(tempDir, { recursive: true })
})

interface Asked {
  readonly print: string
  readonly line: string | null
  readonly cells: Row | null
}

const recordsOf = (select: string, names: readonly string[]): Promise<Records | null> =>
  recordsQuery(db, raw(select), names, (identity) => fingerprintOf(7, 'identity/rule', 'event', identity))

const printOf = (identity: string): string => fingerprint(7, 'identity/rule', 'event', identity)

async function asked(select: string, names: readonly string[]): Promise<Asked[]> {
  const records = await recordsOf(select, names)
  if (records === null) throw new Error('a type that is not written')
  const parts: Buffer[] = []
  for await (const lines of db.lines(records.query)) parts.push(lines)
  const lines = Buffer.concat(parts).toString('utf8').split('\n')
  expect(lines.pop()).toBe('')
  return lines.map((line) => {
    if (!line.startsWith(lineMark)) return { print: line.slice(0, 32), line: line.slice(33), cells: null }
    const { fingerprint: print, cells } = records.read(line)
    return { print, line: null, cells }
  })
}

function lineOf(row: Row, names: readonly string[]): string {
  const cells = names.map((name) =>
    name === 'cio_id' && /^(?:id|email|anon|phone):/.test(String(row[name])) ? '' : (row[name] ?? null),
  )
  return csvText([cells as string[]]).slice(0, -1)
}

/** What the reporter writes of the same row when the engine hands over its cells. */
async function slowly(select: string, names: readonly string[]): Promise<string[]> {
  const lines: string[] = []
  for await (const chunk of db.stream(sql`select * from (${raw(select)}) e order by all`)) {
    for (const row of chunk) {
      lines.push(lineOf(row, names))
    }
  }
  return lines
}

/** The engine may leave any row to the reporter, but what it writes itself must be the same to the letter. */
async function agree(select: string, names: readonly string[]): Promise<number> {
  const [rows, lines] = [await asked(select, names), await slowly(select, names)]
  expect(rows).toHaveLength(lines.length)
  const written = rows.map(({ line, cells }) => line ?? lineOf(cells ?? {}, names))
  expect(written).toEqual(lines)
  return rows.filter(({ line }) => line !== null).length
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

test.each([
  ['ana@shop.example', true],
  ['Zoë Müller 3', true],
  ['', true],
  ['名前', true],
  ['_private', true],
  ['a-b=c+d;e|f (g) #h', true],
  ['=1+1', false],
  ['-5', false],
  ['+49 170', false],
  ['@home', false],
  ["'quoted", false],
  [' space first', false],
  ['a,b', true],
  ['say "hi"', true],
  ['"', true],
  ['["EUR"]', true],
  ['{"a":[1,-2]}', true],
  ['(none), yet', true],
  [',first', true],
  ['\u00a0=space', false],
  ['＝wide', false],
  ['\u3000wide space', false],
  ['(none)', true],
  ['🛒', true],
  ['["back\\\\slash"]', false],
  ['["two\nlines"]', false],
  ['["turned\u202egnp"]', false],
  ['two\nlines', false],
  ['two\rlines', false],
  ['tab\tinside', false],
  ['back\\slash', false],
  ['back\\u0007', false],
  ['bell\u0007', false],
  ['unit\u001fseparator', false],
  ['delete\u007f', false],
  ['c1\u0085', false],
  ['turned\u202egnp', false],
  ['isolated\u2066x', false],
])('the text %j: written by the engine is %s', async (text, isPlain) => {
  const plain = await agree(`select 's' as subject, ${literal(text)} as value, 'x' as last`, [
    'value',
    'last',
  ])
  expect(plain).toBe(isPlain ? 1 : 0)
})

test.each([
  ['null::varchar', true],
  ['true', true],
  ['7', true],
  ['9007199254740993::bigint', true],
  ['170141183460469231731687303715884105727::hugeint', false],
  ['sum(5)', true],
  ['12.50::decimal(10, 2)', true],
  ['3.0::double', true],
  ['0.1::double + 0.2::double', true],
  ['0.0001::double', true],
  ['0.00001::double', false],
  ['999999999999999::double', true],
  ['1e15::double', false],
  ['1e300::double', false],
  ["'nan'::double", false],
  ['-3', false],
  ['null::double', true],
  ["timestamp '2026-11-23 12:00:00.9'", true],
  ["timestamp '0999-12-31 23:59:59'", false],
  ["timestamp '9999-12-31 23:59:59'", true],
  ["timestamp '10000-01-01 00:00:00'", false],
  ['null::timestamp', true],
])('the value %s: written by the engine is %s', async (value, isPlain) => {
  expect(await agree(`select 's' as subject, ${value} as value`, ['value'])).toBe(isPlain ? 1 : 0)
})

test('any texts and numbers come out as the reporter writes them', { timeout: 60_000 }, async () => {
  const cell = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({ unit: fc.constantFrom(...Array.from('=+-@,"\\\n\r\t\' aé0#u;|')), maxLength: 6 }),
  )
  // The appender takes a whole number for one, and refuses those that an integer cannot hold.
  const number = fc.double().filter((value) => !Number.isInteger(value) || Math.abs(value) < 2 ** 53)
  const row = fc.record({ a: cell, b: number, c: cell })
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
      await db.run(raw('create or replace table given (subject varchar, a varchar, b double, c varchar)'))
      const own = rows.map(({ a, b, c }) => [a, a, b, c].map((value) => plainly(value)))
      await db.append('given', own)
      await agree('select * from given', ['a', 'b', 'c'])
    }),
    { numRuns: 60 },
  )
})

/** The engine keeps neither half characters nor, in this test, the sign of zero. */
const plainly = (value: string | number): string | number =>
  typeof value === 'string' ? value.toWellFormed() : value

test('the fingerprint goes by the identity where a rule gives one', async () => {
  const names = ['cio_id']
  expect(await asked("select 's' as subject, 'i' as identity, 'id:7' as cio_id", names)).toEqual([
    { print: printOf('i'), line: '', cells: null },
  ])
  expect(await asked("select 's' as subject, null as identity, 'c1' as cio_id", names)).toEqual([
    { print: printOf('s'), line: 'c1', cells: null },
  ])
  expect(await asked("select 's' as subject, 'id:7' as other", ['other'])).toEqual([
    { print: printOf('s'), line: 'id:7', cells: null },
  ])
})

test('a column that the query does not give is empty, and rows stand in the order of the query', async () => {
  const rows = await asked('select (9 - i)::varchar as subject, i from range(9) r(i)', ['i', 'absent'])
  expect(rows.map(({ line }) => line)).toEqual(['8,', '7,', '6,', '5,', '4,', '3,', '2,', '1,', '0,'])
})

test('lists and structures are left to the reporter as a whole', async () => {
  expect(await recordsOf("select 's' as subject, [1] as list", ['list'])).toBe(null)
  expect(await recordsOf("select 's' as subject", [])).toBe(null)
  expect(await recordsOf("select 's' as subject, {'a': 1} as one", ['one'])).toBe(null)
})

test('a type is told without running the query', async () => {
  const wide = sql`select ${'x'}::varchar as a, 1.5::decimal(4, 1) as b, error('never run') as c`
  expect((await db.columns(wide)).map(({ type }) => type).slice(0, 2)).toEqual(['VARCHAR', 'DECIMAL(4,1)'])
})

test.each([7, null])(
  'the engine works out the fingerprints of workspace %j as the program does',
  async (workspace) => {
    const identities = [
      '',
      'ana@shop.example',
      "it's",
      'back\\slash \\x41',
      'Zoë 名前 🛒',
      'line\nbreak\t',
      '\u0000',
      'x'.repeat(500),
    ]
    const [rule, kind] = ["custom/'rule' é", 'profile']
    const given = raw(`list_extract(given, i::bigint)`)
    const rows = await db.rows(sql`
    select ${fingerprintOf(workspace, rule, kind, given)} as print
    from (select ${identities}::varchar[] as given), range(1, ${identities.length + 1}) r(i) order by i`)
    expect(rows.map(({ print }) => print)).toEqual(
      identities.map((identity) => fingerprint(workspace, rule, kind, identity)),
    )
  },
)
