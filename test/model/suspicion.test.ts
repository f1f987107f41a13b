import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PlannedProperty } from '../../src/core/plan.ts'
import { openDatabase, type Database } from '../../src/engine/database.ts'
import { sql } from '../../src/engine/sql.ts'
import { isSuspect } from '../../src/model/suspicion.ts'

let db: Database
beforeAll(async () => {
  db = await openDatabase({ path: ':memory:', access: 'write' })
})
afterAll(() => db.close())

type Planned = Partial<PlannedProperty>
const property = (planned: Planned): PlannedProperty => ({
  type: 'string',
  required: false,
  recommended: false,
  ...planned,
})

async function isDoubted(properties: Readonly<Record<string, PlannedProperty>>, data: unknown) {
  const leaf = (name: string) => sql`nullif((data -> ${`$.${name}`})::varchar, 'null')`
  return await db.scalar(
    sql`select ${isSuspect(leaf, properties)} from (select ${JSON.stringify(data)}::json as data)`,
  )
}

const key = (planned: Planned) => ({ k: property(planned) })
const mustNumber = { type: 'number', required: true } as const

/** What is judged anew must have every fault among it, and little else: of millions of events each is asked. */
test.each<[string, Planned, surelyFits: unknown[], doubted: unknown[]]>([
  ['a number', { type: 'number' }, [{}, { p: null }, { p: 5 }, { p: -5 }], [{ p: '5' }, { p: '' }]],
  ['a number that must be there', mustNumber, [{ p: 5 }], [{}, { p: null }, { p: '5' }]],
  ['a whole number', { type: 'integer' }, [{ p: 2 }, { p: 2.0 }], [{ p: 2.5 }]],
  ['a text', {}, [{}, { p: 'x' }, { p: '' }, { p: ' ' }], [{ p: 5 }, { p: true }, { p: ['x'] }]],
  [
    'a text that must be there',
    { required: true },
    ['x', '#', '!', '~', 'ä', '\\', '"', ']', '[', '{', '5'].map((p) => ({ p })),
    [{}, ...['', ' ', '\t', '\u00a0', '\u3000', 5, -5, true, ['x'], { x: 1 }].map((p) => ({ p }))],
  ],
  ['anything', { type: 'json' }, [{}, { p: '' }, { p: [] }, { p: 5 }, { p: 'x' }], []],
  [
    'anything that must be there',
    { type: 'json', required: true },
    [{ p: 5 }, { p: 'x' }, { p: [1] }, { p: {} }, { p: false }],
    [{}, { p: '' }, { p: ' ' }, { p: [] }],
  ],
  ['a list', { type: 'array' }, [{}, { p: [] }, { p: [1] }], [{ p: 'x' }, { p: { a: 1 } }]],
  ['a list that must be there', { type: 'array', required: true }, [{ p: [1] }], [{}, { p: [] }]],
  ['a text that is a list', { required: true }, [{ p: '[]' }], []],
  ['a code', { type: 'country' }, [{ p: 'DE' }, { p: 'De' }, { p: ' de ' }], [{ p: 'Germany' }, { p: 5 }]],
  ['a code that must be there', { type: 'country', required: true }, [{ p: ' De' }], [{ p: '' }, { p: 'x' }]],
  ['an address', { type: 'email' }, [{ p: ' ana@shop.test ' }], [{ p: 'ana' }]],
  ['a word of some', { enum: ['a', 'b'] }, [{ p: 'a' }, { p: ' b ' }], [{ p: 'c' }]],
  ['at least', { type: 'number', min: 1 }, [{ p: 1 }], [{ p: 0 }]],
  ['anything that is one of some', { type: 'json', enum: ['a'] }, [{ p: ' a ' }], [{ p: 'b' }]],
  [
    'another name',
    { ...mustNumber, min: 0, alternatives: ['q', 'r'] },
    [{ p: 1 }, { q: 1 }, { r: 1 }, { p: 1, q: 'x' }, { q: 1, r: 'x' }, { q: -1 }],
    [{}, { p: -1 }, { q: 'x' }, { r: 'x' }, { p: 'x', q: 1 }],
  ],
  [
    'another name for what may be there',
    { type: 'number', alternatives: ['q'] },
    [{}, { q: 1 }],
    [{ q: 'x' }],
  ],
  [
    'another name of a text, which then stands in for an empty one',
    { alternatives: ['q'] },
    [{}, { q: 'x' }],
    [{ p: '' }, { p: '', q: 'x' }, { q: '' }],
  ],
  ['another name of anything', { type: 'json', alternatives: ['q'] }, [{ q: 'x' }], [{ p: '' }, { q: ' ' }]],
  [
    'objects of a list',
    { type: 'array', items: key(mustNumber) },
    [{}, { p: [] }, { p: [{ k: 1 }, { k: 2 }] }],
    [{ p: 'x' }, { p: [{ k: 1 }, { k: '1' }] }, { p: [{}] }, { p: [null] }],
  ],
  [
    'an object',
    { type: 'object', properties: key(mustNumber) },
    [{}, { p: { k: 1 } }],
    [{ p: 5 }, { p: [{ k: 1 }] }, { p: {} }, { p: { k: '1' } }],
  ],
  [
    'an object under another name',
    { type: 'object', alternatives: ['q'], properties: key({ type: 'number' }) },
    [{}, { q: { k: 1 } }, { p: { k: 1 }, q: { k: 'x' } }],
    [{ q: { k: 'x' } }, { p: { k: 'x' }, q: { k: 1 } }],
  ],
  [
    'objects in objects',
    {
      type: 'array',
      items: key({ type: 'object', properties: { l: property({ type: 'array', items: key(mustNumber) }) } }),
    },
    [{ p: [{ k: { l: [{ k: 1 }] } }, {}] }],
    [{ p: [{ k: { l: [{ k: 1 }] } }, { k: { l: [{ k: 1 }, { k: 'x' }] } }] }],
  ],
])('%s', async (_, planned, surelyFits, doubted) => {
  const asked = { p: property(planned) }
  for (const data of surelyFits) expect([data, await isDoubted(asked, data)]).toEqual([data, false])
  for (const data of doubted) expect([data, await isDoubted(asked, data)]).toEqual([data, true])
})

test('several properties, and none', async () => {
  expect(await isDoubted({}, { p: 5 })).toBe(false)
  const two = { p: property(mustNumber), q: property(mustNumber) }
  expect(await isDoubted(two, { p: 1, q: 1 })).toBe(false)
  expect(await isDoubted(two, { p: 1 })).toBe(true)
  expect(await isDoubted(two, { q: 1 })).toBe(true)
})
