import { afterAll, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../src/engine/database.ts'
import { raw, type Query } from '../../src/engine/sql.ts'
import { createDayCounts } from '../../src/model/day-counts.ts'
import { createAbsent } from '../../src/model/roster/absent.ts'
import { buildModel, Model, stepsFor } from '../../src/model/index.ts'
import type { Given } from '../../src/model/step.ts'
import { steps } from '../../src/model/steps.ts'
import { ManyWays, type Way } from '../support/sources.ts'
import { asOf, settings } from '../support/workspace.ts'

const ways = await ManyWays.of({ people: 300, seed: 1, variant: 'broken' })
afterAll(() => ways.remove())

interface Traced {
  readonly makes: readonly string[]
  readonly reads: readonly string[]
}

const relations = raw(`
  select table_name as name from duckdb_tables() where database_name <> 'snap'
  union all select view_name from duckdb_views() where not internal
  union all select function_name from duckdb_functions() where function_type = 'table_macro' and not internal`)

/** What each step makes, changes and reads over one snapshot. */
async function trace(db: Database): Promise<Map<string, Traced>> {
  const given: Given = {
    settings,
    plan: ways.plan,
    since: new Date(asOf.getTime() - 30 * 86_400_000),
    until: asOf,
    asOf,
    burstWindowSeconds: 10,
    journeys: [],
    held: [],
  }
  await db.run(raw('create table double_source (matched bigint, only_api bigint, only_files bigint)'))
  await createDayCounts(db)
  await createAbsent(db)
  const existing = async () => new Set((await db.rows(relations)).map(({ name }) => String(name)))
  const traced = new Map<string, Traced>()
  let before = await existing()
  for (const step of steps) {
    const changed: string[] = []
    const texts: string[] = []
    const heard = listened(db, (query) => {
      changed.push(...[...query.text.matchAll(writes)].map(([, table = '']) => table))
      texts.push(queryOf(query.text))
    })
    await step.build(heard, given)
    const named = new Set(changed)
    for (const text of texts) for (const table of await db.tables(raw(text))) named.add(table)
    const after = await existing()
    const had = (table: string) => before.has(table)
    traced.set(step.name, {
      makes: [...new Set([...[...after].filter((table) => !had(table)), ...changed.filter(had)])],
      reads: [...named].filter(had),
    })
    before = after
  }
  return traced
}

/** Tells the statements that are run through it. */
function listened(db: Database, hear: (query: Query) => void): Database {
  return new Proxy(db, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function') return value
      return (...given: readonly unknown[]): unknown => {
        const [first] = given
        if (key === 'append') hear(raw(`insert into ${String(first)} select 1`))
        else if (typeof first === 'object' && first !== null && 'text' in first) hear(first as Query)
        return Reflect.apply(value, target, given)
      }
    },
  })
}

const writes = /\b(?:insert into|update|delete from|alter table|drop table(?: if exists)?) (\w+)/g

/** The query in a statement: the engine tells the tables of queries alone. */
function queryOf(text: string): string {
  const bare = text.trim()
  if (/^(?:update|delete|drop|alter|set|reset)\b|^create (?:temp )?table \w+ \(/.test(bare)) {
    const named = [...bare.matchAll(/\b(?:from|join|using) (\w+)/g)].map(
      ([, table]) => `exists (from ${table})`,
    )
    return `select ${['1', ...named].join(', ')}`
  }
  return bare
    .replace(/^create [^;]*?\bas\b(?: table\b)?/, '')
    .replace(/^insert into \w+(?: by name)?(?:\s*\([\w\s,"]*\))?/, '')
}

test('each step says what it makes and what it reads', { timeout: 300_000 }, async () => {
  const seen = new Map(
    steps.map(({ name }) => [name, { makes: new Set<string>(), reads: new Set<string>() }]),
  )
  const combinations: readonly Way[][] = [
    ['api'],
    ['pipelines', 'warehouse', 'export'],
    ['api', 'pipelines', 'warehouse'],
  ]
  for (const sources of combinations) {
    const { path } = await ways.snapshot(sources)
    const db = await openDatabase({ path: ':memory:', access: 'write' })
    await db.run(raw(`attach '${path}' as snap (read_only)`))
    for (const [name, { makes, reads }] of await trace(db)) {
      for (const table of makes) seen.get(name)?.makes.add(table)
      for (const table of reads) seen.get(name)?.reads.add(table)
    }
    db.close()
  }
  const told = (makes: Iterable<string>, reads: Iterable<string>): unknown => ({
    makes: [...makes].toSorted(),
    reads: [...reads].toSorted(),
  })
  expect(steps.map(({ name, makes, reads }) => [name, told(makes, reads)])).toEqual(
    [...seen].map(([name, { makes, reads }]) => {
      // What the plan says of observed events is handed on beside the tables.
      if (givenHeld.has(name)) reads.add('event_name')
      return [name, told(makes, reads)]
    }),
  )
})

test.each([
  [false, []],
  [true, ['anonymous_key', 'source_record', 'user_key']],
])('what people were gathered from stays where it is kept (%j)', async (keepRoster, left) => {
  const { path } = await ways.snapshot(['pipelines'])
  const db = await openDatabase({ path: ':memory:', access: 'write' })
  await db.run(raw(`attach '${path}' as snap (read_only)`))
  const window = { since: new Date(asOf.getTime() - 30 * 86_400_000), until: asOf, asOf }
  const options = { settings, plan: ways.plan, ...window, burstWindowSeconds: 10, journeys: [], keepRoster }
  await buildModel(db, options, new Set(['profile', 'event']))
  const tables = (await db.rows(relations)).map(({ name }) => String(name))
  db.close()
  expect(tables).toContain('event')
  expect(
    tables.filter((table) => ['anonymous_key', 'source_record', 'user_key'].includes(table)).toSorted(),
  ).toEqual(left)
})

test('a step is taken once, however often its tables are asked for; who names none gets them all', async () => {
  const { path } = await ways.snapshot(['pipelines'])
  const db = await openDatabase({ path: ':memory:', access: 'write' })
  await db.run(raw(`attach '${path}' as snap (read_only)`))
  const window = { since: new Date(asOf.getTime() - 30 * 86_400_000), until: asOf, asOf }
  const model = await Model.begin(db, {
    settings,
    plan: ways.plan,
    ...window,
    burstWindowSeconds: 10,
    journeys: [],
    keepRoster: true,
  })
  const tables = async () => (await db.rows(relations)).map(({ name }) => String(name))
  await model.build(new Set(['id_misfit']))
  await model.build(new Set(['id_misfit']))
  const few = await tables()
  await model.build()
  const all = await tables()
  db.close()
  expect(few).toContain('id_misfit')
  expect(few).not.toContain('event')
  expect(all).toEqual(expect.arrayContaining(['id_misfit', 'event', 'ledger_cell']))
})

/** Those whose parameters name it. */
const givenHeld = new Set(
  steps.filter(({ build }) => /^\(db, \{[^}]*\bheld\b/.test(String(build))).map(({ name }) => name),
)

test('who asks for a table gets what it hangs on, in order', () => {
  expect(stepsFor(new Set(['nothing'])).map(({ name }) => name)).toEqual([])
  expect(stepsFor(new Set(['id_misfit'])).map(({ name }) => name)).toEqual(['roster', 'people', 'id-formats'])
  expect(stepsFor(new Set(['event'])).map(({ name }) => name)).toEqual([
    'roster',
    'people',
    'devices',
    'clusters',
    'happenings',
    'journeys',
    'event-names',
    'events',
  ])
})
