import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { snapshotVersion } from '../../src/core/tables.ts'
import { openDatabase } from '../../src/engine/database.ts'
import { raw, sql } from '../../src/engine/sql.ts'
import { openSnapshot, snapshotPath } from '../../src/snapshot/index.ts'
import type { DataRow, Snapshot } from '../../src/snapshot/index.ts'
import { tempDir } from '../support/temp-dir.ts'

async function write(stateDir: string, options: { fresh?: boolean } = {}): Promise<Snapshot> {
  return openSnapshot({ stateDir, access: 'write', memoryBytes: 128 * 2 ** 20, ...options })
}

const activity = (id: string, data: string | null = null): DataRow => [
  id,
  'event',
  'e',
  'c',
  null,
  null,
  new Date(0),
  null,
  null,
  data,
  null,
]

describe('a page', () => {
  test('is there with its cursor, its rejects and its ledger line, also after the process is gone', async () => {
    const dir = await tempDir()
    const first = await write(dir)
    await first.openStream('people', 2)
    await first.commit({
      stream: 'people',
      read: 3,
      rows: {
        person: [
          ['a', '1', null],
          ['b', null, 'b@example.com'],
        ],
      },
      rejects: [{ position: 'page 1, record 3', reason: 'no', raw: 'x'.repeat(70_000) }],
      cursor: 'next',
    })
    await first.close()
    const second = await write(dir)
    expect(second.stream('people')).toEqual({
      source: 'app-api',
      name: 'people',
      state: 'open',
      read: 3,
      expected: 2,
      rejected: 1,
      complete: false,
      ended: null,
      cursor: 'next',
    })
    expect(await second.rows(raw('select * from person order by cio_id'))).toEqual([
      { cio_id: 'a', id: '1', email: null },
      { cio_id: 'b', id: null, email: 'b@example.com' },
    ])
    expect(await second.rows(raw('select position, reason, length(raw) as n from reject'))).toEqual([
      { position: 'page 1, record 3', reason: 'no', n: 65_536 },
    ])
    await second.close()
  })

  test('that cannot be written leaves nothing behind, what was there stays, and none can follow it', async () => {
    const dir = await tempDir()
    const snapshot = await write(dir)
    await snapshot.openStream('s')
    const page = (id: string, cursor: string, text?: string) =>
      snapshot.commit({
        stream: 's',
        read: 1,
        rows: { activity: [activity(id)] },
        cursor,
        ...(text ? { statements: [raw(text)] } : {}),
      })
    await page('a', '1')
    const bad = page('b', '2', 'insert into no_such_table values (1)')
    const next = page('c', '3')
    await expect(bad).rejects.toThrow('no_such_table')
    // With its cursor in the file a resumed pull would take the lost page for read.
    await expect(next).rejects.toThrow('no_such_table')
    await expect(page('d', '4')).rejects.toThrow('no_such_table')
    await snapshot.close()
    const again = await write(dir)
    onTestFinished(() => again.close())
    expect(await again.rows(raw('select id from activity'))).toEqual([{ id: 'a' }])
    expect(again.stream('s')).toMatchObject({ read: 1, cursor: '1' })
  })

  test('holds each activity once, however often and from wherever it comes, also after a restart', async () => {
    const dir = await tempDir()
    const first = await write(dir)
    await first.openStream('s')
    await first.openStream('t')
    await Promise.all([
      first.commit({
        stream: 's',
        read: 3,
        rows: { activity: [activity('a'), activity('b'), activity('a')] },
      }),
      first.commit({
        stream: 't',
        read: 2,
        rows: { activity: [activity('b'), activity('01J9Z6W3Q0K4V0S3R1TB5N8E7M')] },
      }),
    ])
    await first.commit({ stream: 't', read: 1, rows: { activity: [activity('a')] } })
    await first.close()
    const second = await write(dir)
    await second.commit({
      stream: 't',
      read: 2,
      rows: { activity: [activity('01J9Z6W3Q0K4V0S3R1TB5N8E7M'), activity('c')] },
    })
    expect((await second.rows(raw('select id from activity order by id'))).map(({ id }) => id)).toEqual([
      '01J9Z6W3Q0K4V0S3R1TB5N8E7M',
      'a',
      'b',
      'c',
    ])
    expect(second.stream('t')?.read).toBe(5)
    await second.close()
  })

  test('goes together with those that wait, and a question in between is answered before the rest', async () => {
    const snapshot = await write(await tempDir())
    onTestFinished(() => snapshot.close())
    await snapshot.openStream('s')
    const all = Array.from({ length: 300 }, (_, n) =>
      snapshot.commit({ stream: 's', read: 1, rows: { activity: [activity(`a${n}`)] }, cursor: String(n) }),
    )
    const seen = await snapshot.count(raw('select count(*) from activity'))
    expect(seen).toBeLessThan(100)
    await Promise.all(all)
    expect(snapshot.stream('s')).toMatchObject({ read: 300, cursor: '299' })
    expect(await snapshot.count(raw('select count(*) from activity'))).toBe(300)
  })

  test('brings hostile values through unharmed', async () => {
    const dir = await tempDir()
    const snapshot = await write(dir)
    onTestFinished(() => snapshot.close())
    const values = [
      'a\u0000b',
      '\u001b[31m',
      '=1+1',
      '__proto__',
      '\u{1f600}',
      'x'.repeat(1_000_000),
      "'; drop table activity; --",
      '\ufffd',
    ]
    await snapshot.openStream('s')
    await snapshot.commit({
      stream: 's',
      read: values.length,
      rows: { activity: values.map((value) => activity(value, JSON.stringify({ value }))) },
    })
    const rows = await snapshot.rows(
      raw("select id, json_extract_string(data, '$.value') as value from activity"),
    )
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(values))
    for (const { id, value } of rows) expect(value).toBe(id)
  })
})

describe('the content hash', () => {
  async function hashOf(work: (snapshot: Snapshot) => Promise<void>): Promise<string> {
    const snapshot = await write(await tempDir())
    await snapshot.openStream('s')
    await snapshot.openStream('t')
    await work(snapshot)
    const hash = await snapshot.contentHash()
    await snapshot.close()
    return hash
  }
  const rows = (ids: string[]): readonly DataRow[] => ids.map((id) => [id, null, null])

  test('is the same in any order and however the pages were cut', async () => {
    const forwards = await hashOf(async (snapshot) => {
      await snapshot.commit({ stream: 's', read: 3, rows: { person: rows(['a', 'b', 'c']) }, cursor: '1' })
      await snapshot.commit({ stream: 't', read: 1, rows: { person: rows(['d']) } })
    })
    const backwards = await hashOf(async (snapshot) => {
      await snapshot.commit({ stream: 't', read: 1, rows: { person: rows(['d']) }, cursor: '7' })
      await snapshot.commit({ stream: 's', read: 1, rows: { person: rows(['c']) } })
      await snapshot.commit({ stream: 's', read: 2, rows: { person: rows(['b', 'a']) } })
      await snapshot.setMeta({ pull_started_at: 'whenever', pull_ended_at: 'later', hash: 'x' })
    })
    expect(forwards).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(backwards).toBe(forwards)
  })

  test('differs for every difference', async () => {
    const person =
      (...row: (string | null)[]) =>
      (snapshot: Snapshot) =>
        snapshot.commit({ stream: 's', read: 1, rows: { person: [row] } })
    const hashes = await Promise.all(
      [
        person('a', null, null),
        person('a', '', null),
        person('a', null, ''),
        person('a', 'null', null),
        person('a', '1,4', 'null'),
        person('a', '1', '4:null'),
        person('b', null, null),
        (snapshot: Snapshot) =>
          snapshot.commit({ stream: 's', read: 2, rows: { person: [['a', null, null]] } }),
        (snapshot: Snapshot) =>
          snapshot.commit({ stream: 't', read: 1, rows: { person: [['a', null, null]] } }),
        (snapshot: Snapshot) =>
          snapshot.commit({
            stream: 's',
            read: 1,
            rows: { person: [['a', null, null]] },
            end: { complete: true, ended: 'x' },
          }),
        (snapshot: Snapshot) =>
          snapshot.commit({
            stream: 's',
            read: 1,
            rows: { person: [['a', null, null]] },
            rejects: [{ position: 'p', reason: 'r', raw: '' }],
          }),
        async (snapshot: Snapshot) => {
          await person('a', null, null)(snapshot)
          await snapshot.setMeta({ since: 'another' })
        },
      ].map(hashOf),
    )
    expect(new Set(hashes).size).toBe(hashes.length)
  })
})

describe('the finished snapshot', () => {
  test('stays whole until a new pull has ended, and is replaced by it then', async () => {
    const dir = await tempDir()
    const first = await write(dir)
    await first.setMeta({ since: 'one' })
    await first.finish()
    expect(await first.meta('since')).toBe('one')
    await first.close()
    expect((await readdir(dir)).toSorted()).toEqual(['.gitignore', 'snapshot.duckdb'])

    const second = await write(dir)
    await second.setMeta({ since: 'two' })
    await second.close()
    const before = await openSnapshot({ stateDir: dir, access: 'read' })
    expect(await before.meta('since')).toBe('one')
    await before.close()

    const third = await write(dir)
    expect(await third.meta('since')).toBe('two')
    await third.finish()
    await third.close()
    const after = await openSnapshot({ stateDir: dir, access: 'read' })
    expect(await after.meta('since')).toBe('two')
    await after.close()
  })

  test('is not there before the first pull has ended', async () => {
    const dir = await tempDir()
    const opened = () => openSnapshot({ stateDir: dir, access: 'read' })
    await expect(opened()).rejects.toMatchObject({ code: 'SNAPSHOT_MISSING', oclif: { exit: 2 } })
    await (await write(dir)).close()
    await expect(opened()).rejects.toMatchObject({
      code: 'SNAPSHOT_MISSING',
      message: expect.stringContaining('has not ended'),
    })
  })

  test('--fresh drops the unfinished pull and keeps the finished one', async () => {
    const dir = await tempDir()
    const first = await write(dir)
    await first.setMeta({ since: 'one' })
    await first.finish()
    await first.close()
    const second = await write(dir)
    await second.setMeta({ since: 'two' })
    await second.close()
    const third = await write(dir, { fresh: true })
    expect(await third.meta('since')).toBe(null)
    await third.close()
    const finished = await openSnapshot({ stateDir: dir, access: 'read' })
    expect(await finished.meta('since')).toBe('one')
    await finished.close()
  })
})

describe('the state folder', () => {
  test('is made for its owner, keeps out of version control, and loses what a crash spilled', async () => {
    const dir = join(await tempDir(), 'deep', 'state')
    const snapshot = await write(dir)
    await snapshot.close()
    expect((await stat(dir)).mode & 0o077).toBe(0)
    expect(await readFile(join(dir, '.gitignore'), 'utf8')).toBe('*\n')
    await mkdir(join(dir, 'tmp'))
    await writeFile(join(dir, 'tmp', 'left'), 'x')
    const again = await write(dir)
    expect(existsSync(join(dir, 'tmp', 'left'))).toBe(false)
    await again.close()
    expect(existsSync(join(dir, 'tmp'))).toBe(false)
  })

  test('that is a file, or lies below one, or cannot be written, is a wrong usage', async () => {
    const dir = await tempDir()
    const file = join(dir, 'file')
    await writeFile(file, '')
    for (const stateDir of [file, join(file, 'below'), '/proc/cio-audit']) {
      await expect(write(stateDir)).rejects.toMatchObject({ code: 'SNAPSHOT_STATE_DIR', oclif: { exit: 2 } })
    }
  })

  test('is free again when opening it fails', async () => {
    const dir = await tempDir()
    await writeFile(
      join(dir, 'pull.duckdb'),
      'this is no database, but it is long enough to be taken for one'.repeat(100),
    )
    await expect(write(dir)).rejects.toMatchObject({
      code: 'ENGINE_DAMAGED',
      suggestions: [expect.stringContaining('--fresh')],
    })
    expect(existsSync(join(dir, 'lock'))).toBe(false)
    await (await write(dir, { fresh: true })).close()
  })

  test('in use by another run is a wrong usage', async () => {
    const dir = await tempDir()
    const first = await write(dir)
    await expect(write(dir)).rejects.toMatchObject({ code: 'SNAPSHOT_LOCKED', oclif: { exit: 2 } })
    await first.close()
  })
})

describe('a file of another version', () => {
  async function fileWith(path: string, statement: string): Promise<void> {
    const database = await openDatabase({ path, access: 'write' })
    await database.run(raw('create table meta (key varchar primary key, value varchar)'))
    await database.run(raw(statement))
    database.close()
  }
  const version = (n: number): string => `insert into meta values ('version', '${n}')`

  test.each(['pull.duckdb', 'snapshot.duckdb'])('newer: %s is refused and kept', async (name) => {
    const dir = await tempDir()
    await fileWith(join(dir, name), version(snapshotVersion + 1))
    await expect(write(dir)).rejects.toMatchObject({ code: 'SNAPSHOT_NEWER', oclif: { exit: 2 } })
    expect(existsSync(join(dir, name))).toBe(true)
  })

  test('newer: not read either', async () => {
    const dir = await tempDir()
    await fileWith(snapshotPath(dir), version(snapshotVersion + 1))
    await expect(openSnapshot({ stateDir: dir, access: 'read' })).rejects.toMatchObject({
      code: 'SNAPSHOT_NEWER',
    })
  })

  test('older or foreign: said in a sentence', async () => {
    const older = await tempDir()
    await fileWith(join(older, 'pull.duckdb'), version(0.5))
    await expect(write(older)).rejects.toMatchObject({
      code: 'SNAPSHOT_FOREIGN',
      message: expect.stringContaining('older version'),
    })
    const foreign = await tempDir()
    await fileWith(join(foreign, 'pull.duckdb'), 'create table x (y int)')
    await expect(write(foreign)).rejects.toMatchObject({
      code: 'SNAPSHOT_FOREIGN',
      message: expect.stringContaining('no snapshot'),
    })
  })
})

test('streams are read from their beginning again without their rejects, and records stay', async () => {
  const snapshot = await write(await tempDir())
  onTestFinished(() => snapshot.close())
  await snapshot.openStream('s')
  await snapshot.commit({
    stream: 's',
    read: 2,
    rows: { activity: [activity('a')] },
    rejects: [{ position: 'p', reason: 'r', raw: '' }],
    cursor: '9',
  })
  await snapshot.restartStream('s')
  expect(snapshot.stream('s')).toMatchObject({ read: 0, rejected: 0, cursor: null, state: 'open' })
  expect(
    await snapshot.rows(
      sql`select (select count(*) from reject) as rejects, (select count(*) from activity) as activities`,
    ),
  ).toEqual([{ rejects: 0, activities: 1 }])
})
