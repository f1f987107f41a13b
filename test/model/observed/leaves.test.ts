import { expect, onTestFinished, test } from 'vitest'
import { openDatabase, type Database, type Row } from '../../../src/engine/database.ts'
import { raw } from '../../../src/engine/sql.ts'
import { openLeaves } from '../../../src/model/observed/leaves.ts'

/** A model of nothing but what is opened. */
async function opened(...fill: readonly string[]): Promise<Database> {
  const db = await openDatabase({ path: ':memory:', access: 'write' })
  onTestFinished(() => db.close())
  for (const table of [
    'event_name (name varchar, type varchar, events bigint, first_at timestamp, last_at timestamp, intent varchar, critical boolean, trigger boolean)',
    'profile (cio_id varchar, anonymous boolean)',
    'record (cio_id varchar, attributes json)',
    'audience (cio_id varchar, app_user boolean, customer boolean)',
    'happening (id varchar, who varchar, "at" timestamp, name varchar, type varchar, data json)',
  ])
    await db.run(raw(`create table ${table}`))
  for (const statement of fill) await db.run(raw(statement))
  await openLeaves(db)
  return db
}

const name = (text: string, events: number, type = 'event'): string =>
  `insert into event_name by name select ${text} as name, '${type}' as type, ${events} as events`
/** Events called `look`, each with one of these payloads. */
const looks = (...payloads: readonly string[]): string[] => [
  name(`'look'`, payloads.length),
  ...payloads.map(
    (data, at) => `insert into happening values ('e${at}', 'u', '2026-11-20', 'look', 'event', '${data}')`,
  ),
]
const rowsOf = (db: Database, query: string): Promise<Row[]> => db.rows(raw(query))

test('keys become paths, those of one place apart from those of another', async () => {
  const db = await opened(
    ...looks(
      '{"k":1,"a":{"k":2},"b":{"k":"x"}}',
      '{"k":3,"c":[{"k":[4]},5,{"k":null}],"n":null}',
      '{"k":null}',
    ),
  )
  const leaves = await rowsOf(
    db,
    `select p.event, coalesce(o.key || '.', '') || p.key as path, p.depth, list(l.leaf order by l.leaf) as leaves
    from path p left join path o on o.path = p.parent join leaf l on l.path = p.path group by all order by path`,
  )
  expect(leaves).toEqual([
    { event: 1, path: 'a', depth: 1, leaves: ['{"k":2}'] },
    { event: 1, path: 'a.k', depth: 2, leaves: ['2'] },
    { event: 1, path: 'b', depth: 1, leaves: ['{"k":"x"}'] },
    { event: 1, path: 'b.k', depth: 2, leaves: ['"x"'] },
    { event: 1, path: 'c', depth: 1, leaves: ['[{"k":[4]},5,{"k":null}]'] },
    { event: 1, path: 'c.k', depth: 2, leaves: ['[4]'] },
    { event: 1, path: 'k', depth: 1, leaves: ['1', '3'] },
  ])
  expect(await rowsOf(db, "from path where key = 'n'")).toEqual([])
  expect(
    await rowsOf(
      db,
      `select coalesce(p.key, 'payload') as of, containers from opened_count c left join path p on p.path = c.parent order by of`,
    ),
  ).toEqual([
    { of: 'a', containers: 1 },
    { of: 'b', containers: 1 },
    { of: 'c', containers: 2 },
    { of: 'payload', containers: 3 },
  ])
})

test('three levels are opened and no more', async () => {
  const db = await opened(...looks('{"a":{"b":{"c":{"d":1}}}}'))
  expect(await rowsOf(db, 'select key, depth from path order by depth')).toEqual([
    { key: 'a', depth: 1 },
    { key: 'b', depth: 2 },
    { key: 'c', depth: 3 },
  ])
})

test('a payload that is no object holds nothing, and an empty one does', async () => {
  const db = await opened(...looks('[1]', '"t"', 'null', '5', '{}'))
  expect(await rowsOf(db, 'select containers from opened_count')).toEqual([{ containers: 1 }])
  expect(await rowsOf(db, 'from path')).toEqual([])
})

test('only events are looked into, by names that a file of YAML can hold', async () => {
  const db = await opened(
    name(`repeat('x', 500)`, 3),
    name(`repeat('y', 501)`, 4),
    name(`'home'`, 5, 'page'),
    name(`'look'`, 1),
    `insert into happening values ('e', 'u', '2026-11-20', 'look', 'event', '{"a":1}')`,
    `insert into happening values ('p', 'u', '2026-11-20', 'look', 'page', '{"b":1}')`,
  )
  expect(
    await rowsOf(db, 'select event, name[1] as first, length(name) as length from seen_event order by event'),
  ).toEqual([
    { event: 1, first: 'x', length: 500 },
    { event: 2, first: 'l', length: 4 },
  ])
  expect(await rowsOf(db, 'select key from path')).toEqual([{ key: 'a' }])
})

test('a key of five hundred letters is a name, a longer one and none are not', async () => {
  const [longest, longer] = ['x'.repeat(500), 'y'.repeat(501)]
  const db = await opened(...looks(`{"${longest}":1,"${longer}":1,"":1}`))
  expect(await rowsOf(db, 'select key from path')).toEqual([{ key: longest }])
})

const keys = (count: number): string =>
  `{${Array.from({ length: count }, (_, at) => `"k${String(at).padStart(3, '0')}":1`).join(',')}}`

test('five hundred keys of a payload are named, the commonest; an object with free keys is none of ours', async () => {
  const db = await opened(...looks(keys(501), '{"k500":1}', `{"z":${keys(100)},"free":${keys(101)}}`))
  const counts = await rowsOf(
    db,
    `select coalesce(o.key, 'payload') as of, count(*) as keys from path p left join path o on o.path = p.parent group by all order by of`,
  )
  expect(counts).toEqual([{ of: 'payload', keys: 500 }])
  expect(await rowsOf(db, "select count(*) > 0 as named from path where key = 'k500'")).toEqual([
    { named: true },
  ])
  const few = await opened(...looks(`{"z":${keys(100)},"free":${keys(101)}}`))
  const inner = await rowsOf(
    few,
    'select o.key as of, count(*) as keys from path p join path o on o.path = p.parent group by all',
  )
  expect(inner).toEqual([{ of: 'z', keys: 100 }])
})

test('people are number 0, by audience, and their payloads are not kept', async () => {
  const db = await opened(
    `insert into profile values ('a', false), ('b', true), ('c', false)`,
    `insert into record values ('a', '{"plan":"gold","box":{"in":1},"list":[{"in":2}]}'), ('b', '{"plan":"new"}'), ('c', '{}')`,
    `insert into audience values ('a', true, false), ('b', false, true), ('c', null, true)`,
    ...looks('{"n":1}'),
  )
  expect(await rowsOf(db, 'from opened_count where event = 0')).toEqual([
    { event: 0, parent: 0, containers: 3, known: 2, app_user: 1, customer: 2 },
  ])
  // What an attribute holds is text for Customer.io: it is not opened.
  expect(await rowsOf(db, 'select key from path where event = 0 order by key')).toEqual([
    { key: 'box' },
    { key: 'list' },
    { key: 'plan' },
  ])
  const plans =
    "select leaf, known from leaf join path using (path) where event = 0 and key = 'plan' order by leaf"
  expect(await rowsOf(db, plans)).toEqual([
    { leaf: '"gold"', known: true },
    { leaf: '"new"', known: false },
  ])
  expect(await rowsOf(db, 'from drawn')).toEqual([{ event: 1, data: '{"n":1}' }])
})

test('of many people and of many events some are drawn', { timeout: 120_000 }, async () => {
  const db = await opened(
    `insert into profile select i::varchar, false from range(60_000) r(i)`,
    `insert into record select i::varchar, '{"a":1}' from range(60_000) r(i)`,
    `insert into audience select i::varchar, false, false from range(60_000) r(i)`,
    name(`'look'`, 60_000),
    `insert into happening select i::varchar, 'u', '2026-11-20', 'look', 'event', '{"n":1}' from range(60_000) r(i)`,
  )
  const [people] = await rowsOf(db, 'select containers as n from opened_count where event = 0')
  const [events] = await rowsOf(db, 'select containers as n from opened_count where event = 1')
  // Every second person, every third event, by a hash.
  expect(Math.abs(Number(people?.['n']) - 30_000)).toBeLessThan(1000)
  expect(Math.abs(Number(events?.['n']) - 20_000)).toBeLessThan(1000)
})
