import { rmSync } from 'node:fs'
import { readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { raw } from '../../../src/engine/sql.ts'
import { openSnapshot } from '../../../src/snapshot/index.ts'
import { bringFiles, findSources } from '../../../src/sources/files/index.ts'
import { folderOf, gz, line, loadedAt, loadOf, parquet, track } from '../../support/files.ts'
import { tempDir } from '../../support/temp-dir.ts'

const good = line(track('m-1'))
const header = 'cio_id,id,email,plan\n'

describe('JSON lines', () => {
  test.each([
    [
      'a torn last line',
      `${good}{"id":"m-2","user`,
      'line 2',
      'the file is torn: its last line ends in the middle',
    ],
    ['a line that is no JSON', `${good}{"id":}\n${line(track('m-2'))}`, 'line 2', 'it is no JSON'],
    ['a line that is no object', `${good}[1]\n`, 'line 2', 'it is no JSON object'],
    ...['{"s":"cut \\ud83d"}', '{"a":[{"\\uDE00":1}]}'].map(
      (properties): [string, string, string, string] => [
        `half of an emoji: ${properties}`,
        `${good}{"id":"m-2","event":"x","user_id":"u","sent_at":1795168800,"properties":${properties}}\n${line(track('m-3'))}`,
        'line 2',
        'it holds half a letter: a text was cut within an emoji',
      ],
    ),
    [
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from(good), Buffer.from('{"id":"\xff"}\n', 'latin1')]),
      'line 2',
      'it holds bytes that are no UTF-8 text',
    ],
    [
      'a time that is none',
      good + line(track('m-2', { sent_at: 'soon' })),
      'record m-2',
      'sent_at is no time',
    ],
    ...['infinity', '-infinity', 'epoch', '294247-01-01T00:00:00Z'].map(
      (when): [string, string, string, string] => [
        `a time that no Date holds: ${when}`,
        good + line(track('m-2', { sent_at: when })),
        'record m-2',
        'sent_at is no time',
      ],
    ),
    [
      'no time at all',
      good + line(track('m-2', { sent_at: null, received_at: '' })),
      'record m-2',
      'it has no time',
    ],
    [
      'nobody',
      good + line(track('m-2', { user_id: '', anonymous_id: null })),
      'record m-2',
      'it names neither a user nor an anonymous id',
    ],
    [
      'no name',
      good + line(track('m-2', { event: '', event_text: null })),
      'record m-2',
      'it has no event name',
    ],
    [
      'properties that are text',
      good + line(track('m-2', { properties: '{"a":' })),
      'record m-2',
      'properties is no JSON',
    ],
  ])('%s is rejected with its place, and the rest is read', async (_, content, place, reason) => {
    const loaded = await loadOf(await folderOf({ 'a.tracks.jsonl': content }))
    expect(loaded.rejects).toEqual([
      { position: expect.stringMatching(new RegExp(`^files/a\\.tracks\\.jsonl, ${place}$`)), reason },
    ])
    expect(await loaded.rows("select id from activity where id = 'm-1'")).toEqual([{ id: 'm-1' }])
    expect(loaded.streams[0]).toMatch(/^tracks: \d\/1 complete$/)
  })

  test('blank lines are no records', async () => {
    const loaded = await loadOf(await folderOf({ 'a.tracks.jsonl': `\n${good}\n\n{"torn` }))
    expect(loaded.streams).toEqual(['tracks: 2/1 complete'])
  })

  test('a damaged file costs no other', async () => {
    const files = {
      'a.tracks.jsonl': good,
      'b.tracks.jsonl': `${line(track('m-2'))}{"id":`,
      'c.tracks.jsonl': line(track('m-3')),
    }
    const loaded = await loadOf(await folderOf(files))
    expect(await loaded.rows('select id from activity order by id')).toEqual([
      { id: 'm-1' },
      { id: 'm-2' },
      { id: 'm-3' },
    ])
    expect(loaded.rejects).toHaveLength(1)
  })
})

describe('gzip', () => {
  test('torn: what came before is read, and the stream is incomplete', async () => {
    const many = Array.from({ length: 3000 }, (_, i) =>
      line(track(`m-${i}`, { properties: { n: Math.sin(i) } })),
    ).join('')
    const whole = gz(many)
    const loaded = await loadOf(await folderOf({ 'a.tracks.jsonl.gz': whole.subarray(0, whole.length / 2) }))
    expect(loaded.streams[0]).toMatch(
      /^tracks: \d+\/\d damaged files: files\/a\.tracks\.jsonl\.gz: it is torn: its gzip data ends in the middle$/,
    )
    const [{ n } = { n: 0 }] = await loaded.rows('select count(*) as n from activity')
    expect(Number(n)).toBeGreaterThan(500)
  })

  test('a checksum that does not match, although every line is JSON', async () => {
    const bytes = gz(good)
    bytes.writeUInt32LE(7, bytes.length - 8)
    const loaded = await loadOf(await folderOf({ 'a.tracks.jsonl.gz': bytes }))
    expect(loaded.streams).toEqual([
      'tracks: 1/0 damaged files: files/a.tracks.jsonl.gz: its gzip data is damaged',
    ])
  })
})

describe('CSV', () => {
  test.each([
    ['too many columns', 'c2,u2,b@b.c,x,y\n', 'line 3, column 5', 'it has 5 columns, the header has 4'],
    ['too few columns', 'c2,u2\n', 'line 3, column 3', 'it has 2 columns, the header has 4'],
    ['another delimiter', 'c2;u2;b@b.c;x\n', 'line 3, column 2', 'it has 1 columns, the header has 4'],
    [
      'a quote without end',
      'c2,u2,"b@b.c,x\n',
      'line 3, column 3',
      'a quote is not closed before the end of the file',
    ],
    [
      'bytes that are no UTF-8',
      Buffer.from('c2,u2,b\xff@b.c,x\n', 'latin1'),
      'line 3, column 3',
      'it holds bytes that are no UTF-8 text',
    ],
    ['nobody', ',,,x\n', 'a record', 'it names nobody: no cio_id, id, email or phone'],
  ])('%s', async (_, bad, place, reason) => {
    const content = Buffer.concat([Buffer.from(`${header}c1,u1,a@a.a,\n`), Buffer.from(bad)])
    const loaded = await loadOf(await folderOf({ 'people.csv': content }))
    expect(loaded.rejects).toEqual([{ position: `files/people.csv, ${place}`, reason }])
    expect(
      await loaded.rows('select cio_id, id, email, attributes::varchar as attributes from profile'),
    ).toEqual([
      {
        cio_id: 'c1',
        id: 'u1',
        email: 'a@a.a',
        attributes: '{"cio_id":"c1","id":"u1","email":"a@a.a","plan":null}',
      },
    ])
  })

  test.each([
    ['\n', '\r\n'],
    ['\r\n', '\n'],
  ])(
    'lines that end now with %j and now with %j, as of files put one behind the other',
    async (one, other) => {
      const content = `${header.trim()}${one}c1,u1,a@b.c,"x${other}y"${one}c2,u2,b@b.c,"z"${other}c3,u3,c@b.c,z${other}`
      const loaded = await loadOf(await folderOf({ 'people.csv': content }))
      expect(loaded.rejects).toEqual([])
      expect(
        await loaded.rows(`select cio_id, attributes ->> '$.plan' as plan from profile order by cio_id`),
      ).toEqual([
        { cio_id: 'c1', plan: `x${other}y` },
        { cio_id: 'c2', plan: 'z' },
        { cio_id: 'c3', plan: 'z' },
      ])
    },
  )

  test('a line with several quotes that are none is one record, kept as far as it was read', async () => {
    const bad = 'c2,u2,b@b.c,say "hi" and "ho"'
    const content = `${header}c1,u1,a@b.c,x\n${bad}\n${bad}\nc3,u3,c@b.c,z\nc4,u4,"d@b.c"d,"y"\n`
    const loaded = await loadOf(await folderOf({ 'people.csv': content }))
    expect(loaded.streams).toEqual(['people: 5/3 complete'])
    expect(await loaded.rows('select position, raw from reject order by position')).toEqual([
      { position: 'files/people.csv, line 3, column 4', raw: bad },
      { position: 'files/people.csv, line 4, column 4', raw: bad },
      { position: 'files/people.csv, line 6, column 3', raw: 'c4,u4,"d@b.c"d,"' },
    ])
  })

  test('a header alone is an export of nobody', async () => {
    expect((await loadOf(await folderOf({ 'people.csv': header }))).streams).toEqual(['people: 0/0 complete'])
  })

  test('quotes, line breaks and hostile column names stay what they are', async () => {
    const loaded = await loadOf(
      await folderOf({
        'people.csv': `cio_id,id,email,"a ""b"", $.c'\n; drop",Email\nc1,u1,a@a.a,"x\n""y""",B\n`,
      }),
    )
    const [row] = await loaded.rows('select attributes::varchar as attributes from profile')
    expect(JSON.parse(String(row?.['attributes']))).toMatchObject({ 'a "b", $.c\'\n; drop': 'x\n"y"' })
  })
})

describe('Parquet', () => {
  const write = async (): Promise<Buffer> => {
    const path = join(await tempDir(), 'x.parquet')
    await parquet(
      path,
      `select i::varchar as id, 'u' as user_id, 'purchase' as event_text, 1795168800 as sent_at, '{}' as properties from range(1000) t(i)`,
    )
    return await readFile(path)
  }

  test.each([
    [
      'the end is missing',
      (b: Buffer) => b.subarray(0, b.length - 20),
      'it is torn: the end of the Parquet file is missing',
    ],
    [
      'half of it',
      (b: Buffer) => b.subarray(0, b.length / 2),
      'it is torn: the end of the Parquet file is missing',
    ],
  ])('%s', async (_, damage, reason) => {
    const loaded = await loadOf(
      await folderOf({ 'a.tracks.parquet': damage(await write()), 'b.tracks.jsonl': good }),
    )
    expect(loaded.streams).toEqual([`tracks: 1/0 damaged files: files/a.tracks.parquet: ${reason}`])
    expect(loaded.rejects).toEqual([{ position: 'files/a.tracks.parquet', reason }])
  })

  const fixture = fileURLToPath(
    new URL('../../../fixtures/parquet/checksums.tracks.parquet', import.meta.url),
  )
  test('pages whose checksums hold are read', async () => {
    expect((await loadOf(fixture)).streams).toEqual(['tracks: 20/0 complete'])
  })

  test('one letter of a text that became another breaks the checksum of its page', async () => {
    const bytes = await readFile(fixture)
    bytes[bytes.indexOf('o-7') + 2] = '8'.charCodeAt(0)
    const loaded = await loadOf(await folderOf({ 'a.tracks.parquet': bytes, 'b.tracks.jsonl': good }))
    expect(loaded.streams).toEqual([
      'tracks: 1/0 damaged files: files/a.tracks.parquet: it is damaged: a checksum does not match',
    ])
  })

  test('rows that are no calls are named by their number', async () => {
    const folder = await tempDir()
    await parquet(
      join(folder, 'a.tracks.parquet'),
      `select i::varchar as id, 'u' as user_id, 'purchase' as event_text, case when i = 4 then 'x' else '2026-11-20' end as sent_at, case when i = 7 then '{' else '{}' end as properties from range(9) t(i)`,
    )
    const loaded = await loadOf(folder)
    expect(loaded.rejects).toEqual([
      { position: 'files/a.tracks.parquet, row 5', reason: 'sent_at is no time' },
      { position: 'files/a.tracks.parquet, row 8', reason: 'properties is no JSON' },
    ])
    expect(loaded.streams).toEqual(['tracks: 9/2 complete'])
  })
})

describe('a data file whose name does not tell what it is', () => {
  const torn = Buffer.from('PAR1 and then no more')
  test.each([
    ['torn Parquet', 'part-2.parquet', torn, 'it is torn: the end of the Parquet file is missing'],
    ['an empty file', 'part-2.jsonl', Buffer.from(''), 'it is empty'],
    ['zero bytes for Parquet', 'part-2.parquet', Buffer.alloc(64), 'it is neither text nor Parquet'],
    ['zero bytes for lines', 'part-2.jsonl', Buffer.alloc(64), 'it is neither text nor Parquet'],
    ['zero bytes for a gzip file', 'part-2.csv.gz', Buffer.alloc(64), 'it is neither text nor Parquet'],
    [
      'an error page for Parquet',
      'part-2.parquet',
      Buffer.from('<Error>AccessDenied</Error>'),
      'it has no columns of a file of Customer.io',
    ],
    ...['jsonl.zst', 'csv.bz2', 'parquet.snappy'].map((end): [string, string, Buffer, string] => [
      `packed, ${end}`,
      `part-2.${end}`,
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 1]),
      'it is packed in a way that is not read; unpack it, or pack it with gzip',
    ]),
    ['an empty file in gzip', 'part-2.jsonl.gz', gz(''), 'it is empty'],
    ['rubbish in gzip', 'part-2.jsonl.gz', Buffer.from([0x1f, 0x8b, 8, 0]), 'its gzip data cannot be read'],
  ])('%s: what lies beside it is not whole', async (_, name, content, reason) => {
    const loaded = await loadOf(
      await folderOf({
        'a/part-1.jsonl': good,
        [`a/${name}`]: content,
        'b/people.csv': `${header}c1,u1,a@b.c,x\n`,
      }),
    )
    expect(loaded.streams).toEqual([
      'people: 1/0 complete',
      `tracks: 1/0 damaged files: files/a/${name}: ${reason}`,
    ])
    expect(loaded.rejects).toEqual([{ position: `files/a/${name}`, reason }])
  })

  test('in a folder of its own it may be of any stream', async () => {
    const loaded = await loadOf(
      await folderOf({ 'a/1.jsonl': good, 'b/2.parquet': torn, 'c/people.csv': `${header}c1,u1,a@b.c,x\n` }),
    )
    expect(loaded.streams).toEqual([
      expect.stringMatching(/^people: 1\/0 damaged files/),
      expect.stringMatching(/^tracks: 1\/0 damaged files/),
    ])
    // It is told once, however many those are.
    const why = 'it is torn: the end of the Parquet file is missing'
    expect(loaded.notes.filter((note) => note.includes('2.parquet'))).toEqual([
      `files/b/2.parquet may belong to any of the files beside it, but ${why}.`,
      `Left out in whole or in part: files/b/2.parquet: ${why}.`,
    ])
  })

  test('a folder says what an unreadable file was, and nothing of text that is of others', async () => {
    const shop = {
      'tracks/a.jsonl': good,
      'tracks/manifest.json': '{\n  "files": []\n}\n',
      'tracks/ids.json': '[1, 2]',
      'people-data/products.csv': 'sku,price\n1,2\n',
    }
    const loaded = await loadOf(await folderOf({ ...shop, 'x/people.csv': `${header}c1,u1,a@b.c,x\n` }))
    expect(loaded.streams).toEqual(['people: 1/0 complete', 'tracks: 1/0 complete'])
    expect(loaded.notes).toContain(
      'files/people-data/products.csv was left aside: it has no columns of a file of Customer.io.',
    )
    const damage = {
      'people/x.parquet': torn,
      'tracks/b.json': '{"id":"m-2","user',
      'tracks/c.jsonl': '{"to\n{"to\n',
    }
    expect((await loadOf(await folderOf({ ...shop, ...damage }))).streams).toEqual([
      expect.stringMatching(/^people: 0\/0 damaged files: files\/people\/x\.parquet/),
      expect.stringMatching(/^tracks: 1\/0 damaged files: files\/tracks\/b\.json.* \(and 1 more\)$/),
    ])
  })

  test('a packed file without another ending is ours where its name or folder says so', async () => {
    const rubbish = Buffer.alloc(64)
    const load = async (name: string) =>
      (await loadOf(await folderOf({ 'x/people.csv': `${header}c1,u1,a@b.c,x\n`, [name]: rubbish }))).streams
    const broken = [expect.stringMatching(/^people: /), expect.stringMatching(/^tracks: 0\/0 damaged files/)]
    expect(await load('1.2.3.tracks.gz')).toEqual(broken)
    expect(await load('tracks/part-1.zst')).toEqual(broken)
    expect(await load('backup.gz')).toEqual(['people: 1/0 complete'])
    expect(await load('tracks/photos.tar.gz')).toEqual(['people: 1/0 complete'])
  })

  test('near miss: the packed file beside the one that was made of it, and a list in another encoding', async () => {
    const loaded = await loadOf(
      await folderOf({
        'a.tracks.jsonl': good,
        'a.tracks.jsonl.zst': Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
        'sizes.csv': Buffer.from('gr\xf6\xdfe,preis\n1,2\n', 'latin1'),
        'tracks/merge-suggestions.jsonl': '',
      }),
    )
    expect(loaded.streams).toEqual(['tracks: 1/0 complete'])
    expect(loaded.notes).toContain('files/a.tracks.jsonl.zst was left aside: it lies beside it unpacked.')
  })

  test('what lies above the source says nothing', async () => {
    const folder = await folderOf({ 'people/in/a.jsonl': good, 'people/in/b.parquet': torn })
    const [found] = await findSources([{ path: join(folder, 'people/in'), name: 'people/in' }])
    expect(found?.broken.map(({ stream }) => stream)).toEqual(['tracks'])
  })

  test('near miss: what is no data file stays aside', async () => {
    const loaded = await loadOf(
      await folderOf({
        'a.jsonl': good,
        _SUCCESS: '',
        'report/merge-suggestions.jsonl': '',
        'merge-suggestions-review.jsonl': '',
        'x.csv': 'a,b\n1,2\n',
        'logo.png': Buffer.from([0x89, 0, 1]),
      }),
    )
    expect(loaded.streams).toEqual(['tracks: 1/0 complete'])
  })

  test('a link to nothing', async () => {
    const folder = await folderOf({ 'a.tracks.jsonl': good })
    await symlink(join(folder, 'nowhere'), join(folder, 'b.tracks.jsonl'))
    expect((await loadOf(folder)).streams).toEqual([
      'tracks: 1/0 damaged files: files/b.tracks.jsonl: it is not there: a link to nothing, or taken away just now',
    ])
  })
})

test('a header that names a column twice is damage, whatever the file is called', async () => {
  const files = { 'a.jsonl': good, 'b.csv': 'cio_id,id,email,id\nc,u,e,u\n' }
  expect((await loadOf(await folderOf(files))).streams).toEqual([
    'people: 0/0 damaged files: files/b.csv: its header names id twice',
    'tracks: 1/0 complete',
  ])
})

test('a header with several columns that have no name says so', async () => {
  await expect(
    loadOf(await folderOf({ 'people.csv': 'cio_id,id,email,,\nc,u,e,,\n' })),
  ).rejects.toMatchObject({
    message: expect.stringContaining('its header names a column without a name twice'),
  })
})

test.each(['checking files/b.tracks.jsonl', 'tracks: 2 files'])(
  'a file that is taken away while the program says: %s',
  async (moment) => {
    const folder = await folderOf({ 'a.tracks.jsonl': good, 'b.tracks.jsonl': line(track('m-2')) })
    const snapshot = await openSnapshot({ stateDir: await tempDir(), access: 'write', store: 'files' })
    await bringFiles(snapshot, await findSources([{ path: folder, name: 'files' }]), {
      tempDir: await tempDir(),
      signal: new AbortController().signal,
      now: loadedAt,
      say: (text) => {
        if (text === moment) rmSync(join(folder, 'b.tracks.jsonl'))
      },
      note: () => undefined,
    })
    const streams = await snapshot.rows(raw('select read, complete, ended from stream'))
    await snapshot.close()
    expect(streams).toEqual([
      {
        read: 1,
        complete: false,
        ended: 'damaged files: files/b.tracks.jsonl: it was taken away while the files were read',
      },
    ])
  },
)

describe('warehouse files of which the older ones are gone', () => {
  const load = async (strangers: number, people = 100, more: Readonly<Record<string, string>> = {}) => {
    const folder = await folderOf(more)
    const rows = (from: number, to: number) =>
      `from (select 'c' || n as internal_customer_id from range(${from}, ${to}) t(n))`
    if (people > 0)
      await parquet(
        join(folder, 'people_v4_101_7.parquet'),
        `select *, null::varchar as customer_id, false as deleted ${rows(0, people)}`,
      )
    await parquet(
      join(folder, 'attributes_v4_101_7.parquet'),
      `select *, 'plan' as attribute_name, 'gold' as attribute_value ${rows(strangers, 100 + strangers)}`,
    )
    return await loadOf(folder)
  }
  const short =
    'fewer than expected: 2 of 100 people of whom attributes are told stand in no file of people; older files seem to be missing'

  test('attributes of people whom no file names make the people incomplete', async () => {
    const { streams, notes } = await load(2)
    expect(streams).toEqual(['attributes: 100/0 complete', `people: 100/0 ${short}`])
    expect(notes.at(-1)).toMatch(/^Not everybody is in the files: 2 of 100 people/)
  })

  test('one in a hundred may have come while the files were written', async () => {
    expect((await load(1)).streams).toEqual(['attributes: 100/0 complete', 'people: 100/0 complete'])
  })

  test('whom another source names is no stranger; without any file of people nothing is expected', async () => {
    const known = { 'people.csv': 'cio_id,id,email\nc100,u100,\nc101,u101,\n' }
    expect((await load(2, 100, known)).streams).toContain('people: 100/0 complete')
    expect((await load(2, 0)).streams).toEqual(['attributes: 100/0 complete'])
  })
})

describe('a source that is none', () => {
  test.each([
    ['an empty folder', {}, /files is no source: there is no file in it/],
    [
      'a folder with nothing known',
      { 'notes.txt': 'hello', 'x.csv': 'a,b\n1,2\n' },
      /none of its 2 files is one of Customer\.io's/,
    ],
    ['an empty file', { 'x.txt': '' }, /it is empty/],
    [
      'a picture',
      { 'x.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0]) },
      /it is neither text nor Parquet/,
    ],
    ['a file of another kind', { 'x.csv': 'a,b\n1,2\n' }, /it has no columns of a file of Customer\.io/],
  ])('%s', async (_, files, says) => {
    await expect(loadOf(await folderOf(files))).rejects.toMatchObject({
      message: expect.stringMatching(says),
      oclif: { exit: 2 },
    })
  })
})

test('folders are read twelve levels deep; what lies deeper ends the run and is not passed over', async () => {
  const below = (levels: number) =>
    folderOf({ 'a.tracks.jsonl': good, [`${'x/'.repeat(levels)}b.tracks.jsonl`]: line(track('m-2')) })
  expect((await loadOf(await below(12))).streams).toEqual(['tracks: 2/0 complete'])
  await expect(loadOf(await below(13))).rejects.toMatchObject({
    message: '--source files holds folders more than 12 levels below it.',
    oclif: { exit: 2 },
  })
})

describe('a source of which nothing can be read', () => {
  test.each([
    ['a torn Parquet file', { 'a.tracks.parquet': 'PAR1 and then no more' }],
    ['an empty file of a known name', { '2184.97.1.tracks.jsonl': '' }],
    ['a header that names an identifier twice', { 'people.csv': 'cio_id,id,email,id\nc,u,e,u\n' }],
    ['only lines that are none', { 'a.tracks.jsonl': `${line({ ...track('x'), sent_at: 'never' })}{"to` }],
  ])('%s', async (_, files) => {
    await expect(loadOf(await folderOf(files))).rejects.toMatchObject({
      code: 'SOURCE_UNREADABLE',
      oclif: { exit: 5 },
    })
  })

  test('beside one that can be read it still ends the run: both were asked for', async () => {
    const torn = await folderOf({ 'a.tracks.parquet': 'PAR1 and then no more' })
    await expect(loadOf(await folderOf({ 'a.tracks.jsonl': good }), torn)).rejects.toMatchObject({
      oclif: { exit: 5 },
    })
  })
})

test('a folder within a source was read with it: a torn file there makes its stream incomplete', async () => {
  const folder = await folderOf({
    'tracks/a.tracks.jsonl': good,
    'tracks/b.tracks.parquet': 'PAR1 and then no more',
  })
  const { streams } = await loadOf(folder, join(folder, 'tracks'))
  expect(streams).toEqual([
    expect.stringMatching(/^tracks: 1\/0 damaged files: files\/tracks\/b\.tracks\.parquet: it is torn/),
  ])
  const torn = `${line({ ...track('x'), sent_at: 'never' })}{"to`
  const twice = await folderOf({ 'a.tracks.jsonl': torn, 'b.tracks.jsonl': torn })
  await expect(loadOf(folder, twice)).rejects.toMatchObject({ oclif: { exit: 5 } })
})

test('two files of one name in two folders are told apart', async () => {
  const bad = `\ufeff${line(track('m-1'))}${line(track('m-2', { sent_at: 'soon' }))}`
  const loaded = await loadOf(
    await folderOf({ 'a/x.tracks.jsonl': bad, 'b/x.tracks.jsonl': bad.replaceAll('m-', 'n-') }),
  )
  expect(loaded.rejects).toEqual([
    { position: 'files/a/x.tracks.jsonl, record m-2', reason: 'sent_at is no time' },
    { position: 'files/b/x.tracks.jsonl, record n-2', reason: 'sent_at is no time' },
  ])
  expect(loaded.streams).toEqual(['tracks: 4/2 complete'])
})
