import { readFile, rename, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderOf, gz, line, loadOf, parquet, track } from '../../support/files.ts'
import { tempDir } from '../../support/temp-dir.ts'

/** One track in every form that the destination has, and what must be in the snapshot of each. */
const stored = {
  id: 'm-1',
  type: 'event',
  name: 'purchase',
  customer_id: 'u-1',
  anonymous_id: 'anon-1',
  at: '2026-11-20T10:00:00Z',
  received_at: '2026-11-20T10:00:01Z',
  token: 'tok-1',
  platform: 'ios',
  app_version: '3.2.0',
  sdk_version: '4.7.1',
  source: 'pipelines',
}
const asCsv = (record: Readonly<Record<string, unknown>>, delimiter = ','): string => {
  const cell = (value: unknown): string =>
    `"${(typeof value === 'object' ? JSON.stringify(value) : String(value)).replaceAll('"', '""')}"`
  return `${Object.keys(record).join(delimiter)}\n${Object.values(record).map(cell).join(delimiter)}\n`
}
const asText = (record: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  ...record,
  properties: JSON.stringify(record['properties']),
  context: JSON.stringify(record['context']),
})
const unix = { received_at: 1795168801, sent_at: 1795168800 }
const one = track('m-1')
const utf16 = (text: string): Buffer =>
  Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()

const forms: Readonly<Record<string, readonly [name: string, content: string | Buffer]>> = {
  'JSON lines, nested': ['a.tracks.jsonl', line(one)],
  'JSON lines with JSON text': ['a.tracks.json', line(asText(one))],
  'JSON lines, Unix times': ['a.tracks.jsonl', line({ ...one, ...unix })],
  'JSON lines, Unix times as text': [
    'a.tracks.jsonl',
    line({ ...one, received_at: '1795168801', sent_at: '1795168800' }),
  ],
  'JSON lines, times with an offset': [
    'a.tracks.jsonl',
    line({ ...one, received_at: '2026-11-20T12:00:01+02:00', sent_at: '2026-11-20T12:00:00+02:00' }),
  ],
  'JSON lines, gzip': ['a.tracks.jsonl.gz', gz(line(one))],
  'JSON lines with a byte order mark': ['a.tracks.jsonl', `\ufeff${line(one)}`],
  'JSON lines in UTF-16': ['a.tracks.jsonl', utf16(line(one))],
  'JSON lines in UTF-16, big end first, no mark': ['a.tracks.jsonl', utf16be(line(one))],
  CSV: ['a.tracks.csv', asCsv(one)],
  'CSV, gzip': ['a.tracks.csv.gz', gz(asCsv(one))],
  'CSV with semicolons': ['a.tracks.csv', asCsv(one, ';')],
  'CSV with tabs and a byte order mark': ['a.tracks.csv', `\ufeff${asCsv(one, '\t')}`],
  'CSV in UTF-16': ['a.tracks.csv', utf16(asCsv(one))],
  'a name that says nothing': ['export-7', line(one)],
}

describe('a track is read from', () => {
  test.each(Object.entries(forms))('%s', async (_, [name, content]) => {
    const loaded = await loadOf(await folderOf({ [name]: content }))
    expect(loaded.streams).toEqual(['tracks: 1/0 complete'])
    const [row] = await loaded.rows('from activity')
    expect(row).toMatchObject(stored)
    expect(JSON.parse(String(row?.['data']))).toEqual({ order_id: 'o-1', revenue: 5.5 })
  })

  const context = `{'device': {'token': 'tok-1', 'type': 'ios'}, 'os': {'name': 'iOS'}, 'app': {'version': '3.2.0'}, 'library': {'version': '4.7.1'}}`
  const properties = `{'order_id': 'o-1', 'revenue': 5.5}`
  const rest = `'m-1' as id, 'anon-1' as anonymous_id, 'u-1' as user_id, 'purchase' as event, 'purchase' as event_text`
  test.each([
    [
      'nested',
      `'2026-11-20T10:00:01.500Z' as received_at, '2026-11-20T10:00:00.250Z' as sent_at, ${properties} as properties, ${context} as context`,
    ],
    [
      'JSON text',
      `timestamp '2026-11-20 10:00:01.5' as received_at, timestamptz '2026-11-20 10:00:00.25+00' as sent_at, to_json(${properties})::varchar as properties, to_json(${context})::varchar as context`,
    ],
    [
      'Unix seconds',
      `1795168801 as received_at, 1795168800.25::double as sent_at, to_json(${properties}) as properties, to_json(${context})::varchar::blob as context`,
    ],
  ])('Parquet, %s', async (_, columns) => {
    const path = join(await tempDir(), 'x.parquet')
    await parquet(path, `select ${rest}, ${columns}`)
    const loaded = await loadOf(path)
    const [row] = await loaded.rows('from activity')
    expect(row).toMatchObject(stored)
    expect(JSON.parse(String(row?.['data']))).toEqual({ order_id: 'o-1', revenue: 5.5 })
  })
})

test('what was not as usual is said', async () => {
  const folder = await folderOf({
    'a.tracks.csv': asCsv(one, ';'),
    'b.tracks.jsonl': utf16(line(track('m-2'))),
    'c.tracks.jsonl': `\ufeff${line(track('m-3'))}`,
  })
  const { notes } = await loadOf(folder)
  expect(notes).toEqual([
    'files: 1 file taken for Pipelines files: tracks (csv, separated by ;).',
    'files: 1 file taken for Pipelines files: tracks (jsonl, UTF-16LE, byte order mark).',
    'files: 1 file taken for Pipelines files: tracks (jsonl, byte order mark).',
  ])
})

test('Parquet files of one type with different columns and types', async () => {
  const folder = await tempDir()
  const common = `'u-1' as user_id, 'a' as anonymous_id, 'purchase' as event_text`
  await parquet(
    join(folder, '1.tracks.parquet'),
    `select '1' as id, 1795168800 as sent_at, ${common}, '{"a":1}' as properties`,
  )
  await parquet(
    join(folder, '2.tracks.parquet'),
    `select 2 as id, '2026-11-20T10:00:00Z' as sent_at, ${common}, {'a': 2} as properties, '{}' as context`,
  )
  await parquet(
    join(folder, '3.tracks.parquet'),
    `select '3' as id, 'later' as extra, timestamp '2026-11-20 10:00:00' as sent_at, ${common}, {'b': 'x'} as properties`,
  )
  const loaded = await loadOf(folder)
  expect(loaded.streams).toEqual(['tracks: 3/0 complete'])
  expect(
    await loaded.rows('select id, "at"::varchar as "at", data::varchar as data from activity order by id'),
  ).toEqual([
    { id: '1', at: '2026-11-20 10:00:00', data: '{"a":1}' },
    { id: '2', at: '2026-11-20 10:00:00', data: '{"a":2}' },
    { id: '3', at: '2026-11-20 10:00:00', data: '{"b":"x"}' },
  ])
})

test('a nested column of Parquet has no keys that its row does not have', async () => {
  const path = join(await tempDir(), 'x.identifies.parquet')
  const traits = `unnest([{'email': 'ana@shop.test', 'plan': null, 'of': {'a': 1, 'b': null}}, {'email': null, 'plan': 'gold', 'of': null}, null])`
  await parquet(
    path,
    `select unnest(['1', '2', '3']) as id, 'u-1' as user_id, 1795168800 as sent_at, ${traits} as traits`,
  )
  const loaded = await loadOf(path)
  expect(await loaded.rows('select data::varchar as data from call order by id')).toEqual([
    { data: '{"email":"ana@shop.test","of":{"a":1}}' },
    { data: '{"plan":"gold"}' },
    { data: '{}' },
  ])
})

test('numbers of 32 bits in Parquet keep their value', async () => {
  const path = join(await tempDir(), 'x.tracks.parquet')
  const properties = `{'price': 19.99::float, 'FLOAT': 0.1::float, 'a "b" FLOAT, c': [1.1::float], 'exact': 2.5::double, 'of': {'none': null::float}, 'n': 3}`
  await parquet(
    path,
    `select 'm-1' as id, 'u-1' as user_id, 'purchase' as event_text, 1795168800 as sent_at, ${properties} as properties`,
  )
  const [row] = await (await loadOf(path)).rows('select data::varchar as data from activity')
  expect(JSON.parse(String(row?.['data']))).toEqual({
    price: 19.99,
    FLOAT: 0.1,
    'a "b" FLOAT, c': [1.1],
    exact: 2.5,
    of: {},
    n: 3,
  })
})

test('whole numbers in a column of floating ones are ids as everybody writes them', async () => {
  const path = join(await tempDir(), 'x.identifies.parquet')
  const ids = `[1001.0, 2.5, 1e15, 9007199254740992, null]::double[]`
  await parquet(
    path,
    `select unnest(['a', 'b', 'c', 'd', 'e']) as id, unnest(${ids}) as user_id, 7::float as anonymous_id, '{}' as traits, 1795168800 as sent_at`,
  )
  const rows = await (await loadOf(path)).rows('select user_id, anonymous_id from call order by id')
  expect(rows.map((row) => row['user_id'])).toEqual([
    '1001',
    '2.5',
    '1000000000000000',
    '9007199254740992.0',
    null,
  ])
  expect(new Set(rows.map((row) => row['anonymous_id']))).toEqual(new Set(['7']))
})

test('pages and screens: the name decides, then the folder, then the device', async () => {
  const call = (id: string, type?: string): string =>
    line({
      id,
      user_id: 'u-1',
      sent_at: 1795168800,
      name: 'home',
      properties: {},
      context: type === undefined ? {} : { device: { type } },
    })
  const loaded = await loadOf(
    await folderOf({
      '1.2.3.pages.jsonl': call('p', 'ios'),
      'screens/part-1.jsonl': call('s'),
      'part-2.jsonl': call('x', 'android') + call('y'),
    }),
  )
  expect(await loaded.rows('select id, type from activity order by id')).toEqual([
    { id: 'p', type: 'page' },
    { id: 's', type: 'screen' },
    { id: 'x', type: 'screen' },
    { id: 'y', type: 'page' },
  ])
})

test("the SDK's semantic calls are no events", async () => {
  const device = (id: string, event_text: string): string =>
    line(track(id, { event_text, event: 'x', properties: { push_enabled: true } }))
  const loaded = await loadOf(
    await folderOf({
      'a.tracks.jsonl':
        device('d-1', 'Device Created or Updated') +
        device('d-2', 'Device Deleted') +
        device('d-3', 'User Deleted') +
        line(track('m-1')),
    }),
  )
  expect(await loaded.rows('select id from activity')).toEqual([{ id: 'm-1' }])
  expect(
    await loaded.rows('select id, kind, user_id, token, data::varchar as data from call order by id'),
  ).toEqual([
    { id: 'd-1', kind: 'device', user_id: 'u-1', token: 'tok-1', data: '{"push_enabled":true}' },
    { id: 'd-2', kind: 'device-deleted', user_id: 'u-1', token: 'tok-1', data: '{"push_enabled":true}' },
    { id: 'd-3', kind: 'user-deleted', user_id: 'u-1', token: 'tok-1', data: '{"push_enabled":true}' },
  ])
})

test('the name in event_text counts, the slug only where there is no other', async () => {
  const loaded = await loadOf(
    await folderOf({
      'a.tracks.jsonl':
        line(track('1', { event: 'order_completed', event_text: 'Order Completed' })) +
        line(track('2', { event: 'cart', event_text: null })),
    }),
  )
  expect(await loaded.rows('select name from activity order by id')).toEqual([
    { name: 'Order Completed' },
    { name: 'cart' },
  ])
})

test('one message id in several files is one event, and the copies are counted', async () => {
  const folder = await folderOf({
    'a.tracks.jsonl': line(track('m-1')) + line(track('m-2')),
    'b.tracks.jsonl': line(track('m-2')) + line(track('m-1')) + line(track('m-1')),
  })
  const loaded = await loadOf(folder)
  expect(await loaded.rows('select id from activity order by id')).toEqual([{ id: 'm-1' }, { id: 'm-2' }])
  expect(await loaded.rows("select value from meta where key = 'repeated_calls'")).toEqual([{ value: '3' }])
})

test('it happened at timestamp, else original_timestamp, else when it was sent', async () => {
  const loaded = await loadOf(
    await folderOf({
      'a.tracks.jsonl':
        line(track('1', { timestamp: '2026-11-19T01:00:00Z', original_timestamp: '2026-11-18T01:00:00Z' })) +
        line(track('2', { timestamp: null, original_timestamp: '2026-11-18T01:00:00Z' })) +
        line(track('3')),
    }),
  )
  expect(await loaded.rows('select "at" from activity order by id')).toEqual([
    { at: '2026-11-19T01:00:00Z' },
    { at: '2026-11-18T01:00:00Z' },
    { at: '2026-11-20T10:00:00Z' },
  ])
})

test('the newest arrival is the "now" of the files, not a clock that runs ahead', async () => {
  const loaded = await loadOf(
    await folderOf({
      'a.tracks.jsonl': line(track('1')) + line(track('2', { received_at: '2099-01-01T00:00:00Z' })),
    }),
  )
  expect(await loaded.rows("select value from meta where key = 'files_as_of'")).toEqual([
    { value: '2026-11-20T10:00:02Z' },
  ])
})

describe('a stream that broke off', () => {
  /** Nine days with a call every six hours, from the tenth of November. */
  const hours = Array.from({ length: 36 }, (_, at) => at * 6)
  const called = (hour: number) => ({
    received_at: new Date(Date.UTC(2026, 10, 10) + hour * 3_600_000).toISOString(),
  })
  const identified = hours.map((hour) =>
    line({ message_id: `i${hour}`, user_id: 'u1', traits: { plan: 'pro' }, ...called(hour) }),
  )
  const brokenOff = async (tracked: readonly number[]) => {
    const loaded = await loadOf(
      await folderOf({
        'a.identifies.jsonl': identified.join(''),
        'a.tracks.jsonl': tracked.map((hour) => line(track(`t${hour}`, called(hour)))).join(''),
      }),
    )
    return await loaded.rows("select key, value from meta where key like 'files_end%'")
  }

  test('is told from one that came to the end, or nearly', async () => {
    expect(await brokenOff(hours.filter((hour) => hour <= 180))).toEqual([
      { key: 'files_end.tracks', value: '2026-11-17T12:00:00Z' },
    ])
    expect(await brokenOff(hours.filter((hour) => hour <= 186))).toEqual([])
  })

  test('is told from one that always was silent for long, and one that had hardly begun', async () => {
    expect(await brokenOff(hours.filter((hour) => hour <= 180 && (hour < 60 || hour > 66)))).toEqual([])
    expect(await brokenOff(hours.filter((hour) => hour <= 180 && hour >= 18))).toEqual([])
    expect(await brokenOff(hours.filter((hour) => hour <= 180 && hour >= 12))).toHaveLength(1)
  })

  test('whatever came years before says nothing of how often it comes', async () => {
    expect(await brokenOff([-20_000, -10_000, ...hours.filter((hour) => hour <= 180)])).toHaveLength(1)
  })

  test('is found of people too', async () => {
    const late = hours.map((hour) => hour + 48)
    expect(await brokenOff([...hours, ...late.slice(-8)])).toEqual([
      { key: 'files_end.identifies', value: '2026-11-18T18:00:00Z' },
    ])
  })
})

test('files that say no time are as old as the youngest of them', async () => {
  const folder = await folderOf({
    'a.csv': 'cio_id,id,email\nc1,u1,a@b.c\n',
    'b.csv': 'cio_id,id,email\nc2,u2,b@b.c\n',
  })
  await utimes(join(folder, 'a.csv'), 0, Date.UTC(2026, 10, 19, 8) / 1000)
  await utimes(join(folder, 'b.csv'), 0, Date.UTC(2026, 10, 18, 8) / 1000)
  const loaded = await loadOf(folder)
  expect(await loaded.rows("select value from meta where key = 'files_as_of'")).toEqual([
    { value: '2026-11-19T08:00:00Z' },
  ])
})

test('the same bytes give the same hash, in whatever files order; other bytes another', async () => {
  const a = line(track('1'))
  const b = line(track('2'))
  const hashOf = async (files: Record<string, string>): Promise<string> =>
    (await loadOf(await folderOf(files))).hash
  const first = await hashOf({ 'a.tracks.jsonl': a, 'b.tracks.jsonl': b })
  expect(await hashOf({ 'z.tracks.jsonl': a, 'b.tracks.jsonl': b })).toBe(first)
  expect(await hashOf({ 'a.tracks.jsonl': a, 'b.tracks.jsonl': line(track('3')) })).not.toBe(first)
})

test('what a writer leaves out of the first lines is read further below', async () => {
  const visits = Array.from({ length: 60 }, (_, n) =>
    line({
      id: `v-${n}`,
      anonymous_id: 'anon-1',
      received_at: '2026-11-20T10:00:00Z',
      event: 'home',
      properties: {},
    }),
  )
  const loaded = await loadOf(
    await folderOf({
      'a.tracks.jsonl':
        visits.join('') +
        line(track('m-1', { timestamp: '2026-11-19T10:00:00Z' })) +
        line(track('m-2', { event: 'Device Created or Updated', event_text: undefined })),
      'b.tracks.jsonl': line({ ...track('m-3'), User_ID: 'x', Id: 'y' }),
    }),
  )
  expect(await loaded.rows(`select * from activity where id = 'm-1'`)).toEqual([
    expect.objectContaining({ ...stored, at: '2026-11-19T10:00:00Z' }),
  ])
  expect(await loaded.rows(`select id, customer_id from activity where id = 'm-3'`)).toEqual([
    { id: 'm-3', customer_id: 'u-1' },
  ])
  expect(await loaded.rows('select id, kind, user_id from call')).toEqual([
    { id: 'm-2', kind: 'device', user_id: 'u-1' },
  ])
})

test('of files with the same bytes one is read, whichever way they came in twice', async () => {
  const folder = await folderOf({
    'a/x.tracks.jsonl': line(track('', { id: null })),
    'b/x.tracks.jsonl': line(track('', { id: null })),
    'c/x.tracks.jsonl': line(track('', { id: null, user_id: 'u-2' })),
  })
  await symlink(join(folder, 'c/x.tracks.jsonl'), join(folder, 'd.tracks.jsonl'))
  const loaded = await loadOf(folder, join(folder, 'a'))
  expect(loaded.streams).toEqual(['tracks: 2/0 complete'])
  expect(loaded.notes).toEqual([
    'files: 4 files taken for Pipelines files: tracks (jsonl).',
    'files/b/x.tracks.jsonl was left aside: it holds the same bytes as files/a/x.tracks.jsonl.',
    'files/d.tracks.jsonl was left aside: it holds the same bytes as files/c/x.tracks.jsonl.',
    'files: 1 file taken for Pipelines files: tracks (jsonl).',
    'files/x.tracks.jsonl was left aside: it holds the same bytes as files/a/x.tracks.jsonl.',
  ])
  expect(await loaded.rows('select count(*) as n from file where stream is not null')).toEqual([{ n: 2 }])
})

describe('several people exports', () => {
  const header = 'cio_id,id,email,plan\n'
  const old = `${header}c1,u1,ana@shop.test,gold\nc2,u2,ben@shop.test,gold\n,u3,,gold\n`
  // A column more than the one before: another header, so another statement that loads it.
  const fresh = 'cio_id,id,email,plan,tier\nc1,u1,new@shop.test,,vip\n,u3,,silver,\nc4,u4,,,\n'
  const load = async (files: Readonly<Record<string, string>>, ...sources: readonly string[]) => {
    const folder = await folderOf(files)
    const loaded = await loadOf(...(sources.length > 0 ? sources : ['']).map((name) => join(folder, name)))
    const people = await loaded.rows(
      "select id, coalesce(email, '') || ' ' || coalesce(attributes ->> 'plan', '') as says from profile order by id",
    )
    const [meta] = await loaded.rows("select value from meta where key = 'superseded_records'")
    return {
      people: people.map(({ id, says }) => `${String(id)} ${String(says)}`),
      superseded: meta?.['value'],
      hash: loaded.hash,
    }
  }
  const latest = ['u1 new@shop.test ', 'u2 ben@shop.test gold', 'u3  silver', 'u4  ']

  test('of a person in several the last file counts, by name; whom the first alone names is there too', async () => {
    const { people, superseded } = await load({ '2026-11-01.csv': old, '2026-11-20.csv': fresh })
    expect(people).toEqual(latest)
    expect(superseded).toBe('2')
  })

  test.each([
    ['people.csv', 'people (1).csv'],
    ['people.csv', 'people(1).csv'],
    ['people.csv', 'people-2.csv'],
    ['people (9).csv', 'people (10).csv'],
  ])('what a browser saved later comes later: %s, then %s', async (first, second) => {
    expect((await load({ [first]: old, [second]: fresh })).people).toEqual(latest)
  })

  test('of several sources the last one', async () => {
    const files = { 'a/people.csv': fresh, 'b/people.csv': old }
    expect((await load(files, 'b', 'a')).people).toEqual(latest)
    expect((await load(files)).people).toEqual([
      'u1 ana@shop.test gold',
      'u2 ben@shop.test gold',
      'u3  gold',
      'u4  ',
    ])
  })

  test('which of them is the last is a part of the hash, the names are none', async () => {
    const before = await load({ 'a.csv': old, 'b.csv': fresh })
    expect((await load({ 'x.csv': old, 'y.csv': fresh })).hash).toBe(before.hash)
    expect((await load({ 'a.csv': fresh, 'b.csv': old })).hash).not.toBe(before.hash)
  })

  test('who stands twice in one file stays twice, and exports of different people lose nobody', async () => {
    const { people, superseded } = await load({
      'a.csv': `${header}c1,u1,ana@shop.test,gold\nc1,u1,new@shop.test,gold\n`,
      'b.csv': `${header}c2,u2,ben@shop.test,gold\n`,
    })
    expect(people).toHaveLength(3)
    expect(superseded).toBe('0')
  })
})

test('columns that a file has of those who put it together, and folders that look like columns', async () => {
  const folder = await folderOf({
    'user_id=u-9/anonymous_id=x/sent_at=2020-01-01/a.tracks.jsonl': line({ ...one, filename: 'b' }),
    'user_id=u-9/anonymous_id=x/sent_at=2020-01-01/b.parquet': '',
  })
  const path = join(folder, 'user_id=u-9/anonymous_id=x/sent_at=2020-01-01/b.parquet')
  await parquet(
    path,
    `select 'm-2' as id, 'u-1' as user_id, 'anon-1' as anonymous_id, 'purchase' as event_text,
      unnest(['2026-11-20T10:00:00Z', 'soon']) as sent_at, '{}' as properties, 'c' as "FileName", 'x' as file_row_number`,
  )
  const loaded = await loadOf(folder)
  expect(await loaded.rows('select id, customer_id, anonymous_id, "at" from activity order by id')).toEqual([
    { id: 'm-1', customer_id: 'u-1', anonymous_id: 'anon-1', at: '2026-11-20T10:00:00Z' },
    { id: 'm-2', customer_id: 'u-1', anonymous_id: 'anon-1', at: '2026-11-20T10:00:00Z' },
  ])
  expect(loaded.rejects).toEqual([
    {
      position: 'files/user_id=u-9/anonymous_id=x/sent_at=2020-01-01/b.parquet, record m-2',
      reason: 'sent_at is no time',
    },
  ])
})

test('names with letters that mean something to the engine', async () => {
  const folder = await folderOf({
    "a [1]*?/people [2]'s.csv": 'cio_id,id,email\nc1,u1,a@b.c\n',
    'a [1]*?/people 2.csv': 'cio_id,id,email\nc2,u2,b@b.c\n',
    'a [1]*?/x[3]*.tracks.jsonl': line(track('m-1')),
  })
  await parquet(
    join(folder, 'y.parquet'),
    `select '2' as id, 'u' as user_id, 'purchase' as event_text, 1795168800 as sent_at, '{}' as properties`,
  )
  await rename(join(folder, 'y.parquet'), join(folder, 'y[4]*.tracks.parquet'))
  const loaded = await loadOf(folder)
  expect(loaded.streams).toEqual(['people: 2/0 complete', 'tracks: 2/0 complete'])
})

test('warehouse files of two workspaces are no source, and a file that cannot be read does not hide it', async () => {
  const folder = await tempDir()
  const people = async (sequence: number, workspace: number) => {
    const path = join(folder, `people_v4_1_${sequence}.parquet`)
    await parquet(
      path,
      `select ${workspace}::bigint as workspace_id, 'c${sequence}' as internal_customer_id, 'u${sequence}' as customer_id, false as deleted, false as suppressed, timestamp '2026-11-01' as updated_at`,
    )
    return path
  }
  await people(1, 101)
  const second = await people(2, 101)
  expect((await loadOf(folder)).notes).toHaveLength(1)
  const bytes = await readFile(second)
  // The footer is whole, and nothing that it points at.
  await writeFile(second, bytes.fill(0xff, 4, 40))
  await people(3, 7)
  await expect(loadOf(folder)).rejects.toThrow('The sources belong to different workspaces (101, 7).')
})
