import { expect, test } from 'vitest'
import { builtInPlan } from '../../src/config/built-in-plan.ts'
import { CioAuditError } from '../../src/core/errors.ts'
import { snapshotTables, type SnapshotTable } from '../../src/core/tables.ts'
import { openDatabase, type Database } from '../../src/engine/database.ts'
import { raw, type Query } from '../../src/engine/sql.ts'
import { Model } from '../../src/model/index.ts'
import { inParts } from '../../src/model/roster/parts.ts'
import { asOf, rowsOf, settings, type Fields, type Rows } from '../support/workspace.ts'

const at = (day: number): Date => new Date(Date.UTC(2026, 10, day, 10))
const numbers = [1, 2, 3, 4, 5, 6]

/** Several of each kind, so that every part has something to do. */
const people = numbers.flatMap((n): Fields[] => [
  {
    cio_id: `w${n}`,
    id: `u${n}`,
    email: `ana${n}@shop.test`,
    attributes: '{}',
    deleted: false,
    suppressed: false,
    sequence: 1n,
    source: 'warehouse-sync',
  },
  { id: `u${n}`, email: `ana${n}@shop.test`, attributes: '{"city":"Rome"}', source: 'people-export' },
])
const overApi = numbers.flatMap((n): Fields[] => [
  { cio_id: `w${n}`, id: `u${n}`, attributes: '{"first":"Ana"}', source: 'app-api' },
  { cio_id: `x${n}`, email: `Ana${n}@shop.test`, attributes: '{"first":"Anna"}', source: 'app-api' },
])
const bought = (n: number, more: Fields): Fields => ({
  type: 'event',
  name: 'purchase',
  at: at(10),
  data: `{"order_id":"${n}"}`,
  ...more,
})
const call = (kind: string, n: number, day: number, more: Fields): Fields => ({
  id: `${kind}-${n}-${day}`,
  kind,
  user_id: `f${n}`,
  anonymous_id: `v${n}`,
  at: at(day),
  received_at: at(day),
  data: '{}',
  source: 'pipelines',
  ...more,
})

const snapshot = (hasApi: boolean): Rows => ({
  ...rowsOf('profile', [...people, ...(hasApi ? overApi : [])]),
  ...rowsOf(
    'attribute_change',
    numbers.flatMap((n): Fields[] => [
      { cio_id: `w${n}`, name: 'plan', value: 'gold', at: at(1), sequence: 1n, source: 'warehouse-sync' },
      { cio_id: `w${n}`, name: 'plan', value: 'new', at: at(2), sequence: 1n, source: 'warehouse-sync' },
    ]),
  ),
  ...rowsOf(
    'call',
    numbers.flatMap((n): Fields[] => [
      call('identify', n, 1, { data: `{"email":"bo${n}@shop.test","city":"Oslo"}` }),
      call('identify', n, 2, { data: `{"email":"cy${n}@shop.test"}` }),
      call('device', n, 3, { token: String(n).padStart(64, 'a'), platform: 'ios' }),
    ]),
  ),
  ...rowsOf(
    'activity',
    numbers.flatMap((n): Fields[] => [
      bought(n, { id: `file-${n}`, source: 'pipelines', customer_id: `u${n}`, received_at: at(10) }),
      ...(hasApi ? [bought(n, { id: `api-${n}`, source: 'app-api', cio_id: `w${n}` })] : []),
    ]),
  ),
})

/** Tells that there are millions of whatever is counted before it is read. */
const many = (db: Database): Database =>
  new Proxy(db, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function') return value
      if (key !== 'scalar')
        return (...given: readonly unknown[]): unknown => Reflect.apply(value, target, given)
      return async (query: Query) => {
        const found = await target.scalar(query)
        return query.text.startsWith('select count(*) from ') ? Number(found) * 1_000_000 : found
      }
    },
  })

const asked = [
  'from profile',
  'from device',
  'from person',
  'from gone',
  'from record',
  'from source_record',
  'from holding_of_sources',
  'from user_key',
  'from anonymous_key',
  'from address_history',
  'from event',
  'from double_source',
  'from merge_suggestion',
]

async function model(rows: Rows, seenAs: (db: Database) => Database): Promise<Record<string, unknown>> {
  const db = await openDatabase({ path: ':memory:', access: 'write' })
  await db.run(raw("attach ':memory:' as snap"))
  await db.run(raw('use snap'))
  for (const [table, columns] of Object.entries(snapshotTables)) {
    await db.run(raw(`create table ${table} (${columns})`))
    await db.append(table, rows[table as SnapshotTable] ?? [])
  }
  await db.run(raw('use memory'))
  const seen = seenAs(db)
  const built = await Model.begin(seen, {
    settings,
    plan: builtInPlan,
    since: at(-10),
    until: asOf,
    asOf,
    burstWindowSeconds: 10,
    journeys: [],
    keepRoster: true,
  })
  await built.build(new Set(asked.map((query) => query.replace('from ', ''))))
  const found: Record<string, unknown> = {}
  for (const query of asked)
    found[query] = (await db.rows(raw(query))).map((row) => JSON.stringify(row)).toSorted()
  db.close()
  return found
}

test.each([
  ['of files alone', false],
  ['of files and the App API', true],
])('what is too much to be grouped in one go is grouped in parts, and is the same: %s', async (_, hasApi) => {
  const rows = snapshot(hasApi)
  const whole = await model(rows, (db) => db)
  expect(await model(rows, many)).toEqual(whole)
  expect(whole['from double_source']).toHaveLength(hasApi ? 1 : 0)
  expect(whole['from merge_suggestion']).toHaveLength(hasApi ? 6 : 0)
})

/** What a grouping of few rows runs where the engine fails at some of it, and how that ends. */
async function runs(cause: Error, fails: (statement: string) => boolean): Promise<unknown> {
  const seen: string[] = []
  const run = async ({ text }: Query): Promise<void> => {
    seen.push(text)
    if (fails(text)) throw cause
  }
  const failed = await inParts({ run } as Partial<Database> as Database, 10, 'c', (part) => part).then(
    () => null,
    (error: unknown) => error,
  )
  return { seen, failed }
}

const full = new CioAuditError('ENGINE_MEMORY', 70, 'It does not fit.', 'Give it more.')

test('a part that is too large for the memory is run in four, as often as that may help', async () => {
  const quarters = (parts: number, ...of: readonly number[]) => of.map((n) => `hash(c) % ${parts} = ${n}`)
  expect(await runs(full, (text) => text === 'true')).toEqual({
    seen: ['true', ...quarters(4, 0, 1, 2, 3)],
    failed: null,
  })
  expect(await runs(full, (text) => text === 'true' || text === 'hash(c) % 4 = 1')).toEqual({
    seen: ['true', ...quarters(4, 0, 1), ...quarters(16, 1, 5, 9, 13), ...quarters(4, 2, 3)],
    failed: null,
  })
  expect(await runs(full, () => true)).toEqual({
    seen: ['true', ...[4, 16, 64, 256, 1024, 4096].flatMap((parts) => quarters(parts, 0))],
    failed: full,
  })
})

test.each([
  new CioAuditError('ENGINE_DISK', 70, 'The disk is full.', 'Make room.'),
  new Error('Something else.'),
])('no smaller part helps where %s', async (cause) => {
  expect(await runs(cause, () => true)).toEqual({ seen: ['true'], failed: cause })
})
