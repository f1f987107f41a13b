import { expect, test } from 'vitest'
import { openDatabase } from '../../../src/engine/database.ts'
import { raw } from '../../../src/engine/sql.ts'
import type { ValueFacts } from '../../../src/model/observed/facts.ts'
import { findHoles, type Hole } from '../../../src/model/observed/holes.ts'

const fact = (key: string, rest: Partial<ValueFacts> = {}): ValueFacts => ({
  path: 1,
  event: 1,
  parent: 0,
  key,
  of: 100,
  filled: 90,
  emptyLists: 0,
  audiences: {
    known: { of: 0, filled: 0 },
    'app-users': { of: 0, filled: 0 },
    customers: { of: 0, filled: 0 },
  },
  kinds: { text: 0, number: 0, boolean: 0, array: 0, object: 0 },
  reads: {} as ValueFacts['reads'],
  low: null,
  high: null,
  distinct: 2,
  top: [],
  prefix: null,
  ...rest,
})
const version = fact('app_version')
const platform = fact('platform', { filled: 100 })

async function holes(
  facts: readonly ValueFacts[],
  payloads: readonly (readonly [count: number, payload: object, event?: number])[],
): Promise<Record<string, Hole>> {
  const db = await openDatabase({ path: ':memory:', access: 'write' })
  await db.run(raw('create table drawn (event integer, data json)'))
  for (const [count, payload, event = 1] of payloads)
    await db.append(
      'drawn',
      Array.from({ length: count }, () => [event, JSON.stringify(payload)]),
    )
  const found = await findHoles(db, facts)
  db.close()
  return Object.fromEntries(found)
}

const ios = { platform: 'ios', app_version: '1' }
const web = { platform: 'web' }
const hole = { app_version: { by: 'platform', values: ['web'] } }

test('what is absent where another property says one thing has a reason', async () => {
  expect(
    await holes(
      [version, platform],
      [
        [90, ios],
        [10, web],
      ],
    ),
  ).toEqual(hole)
  expect(
    await holes(
      [version, platform],
      [
        [90, ios],
        [6, web],
        [4, { platform: 'pos', app_version: ' ' }],
      ],
    ),
  ).toEqual({
    app_version: { by: 'platform', values: ['pos', 'web'] },
  })
})

test('nine of ten that lack it must be explained', async () => {
  const without = { platform: 'ios' }
  expect(
    await holes(
      [version, platform],
      [
        [90, ios],
        [9, web],
        [1, without],
      ],
    ),
  ).toEqual(hole)
  expect(
    await holes(
      [version, platform],
      [
        [90, ios],
        [8, web],
        [2, without],
      ],
    ),
  ).toEqual({})
})

test('a value with which one event has it is no reason, and none at all is none', async () => {
  expect(
    await holes(
      [version, platform],
      [
        [90, ios],
        [9, web],
        [1, { ...web, app_version: '1' }],
      ],
    ),
  ).toEqual({})
  expect(
    await holes(
      [version, platform],
      [
        [90, ios],
        [10, {}],
      ],
    ),
  ).toEqual({})
})

test('nothing explains itself', async () => {
  const blank = fact('platform')
  expect(
    await holes(
      [blank],
      [
        [90, ios],
        [10, { platform: '' }],
      ],
    ),
  ).toEqual({})
})

test('only what is there half of the time and more, and not always, is asked', async () => {
  const payloads = [
    [90, ios],
    [10, web],
  ] as const
  expect(await holes([fact('app_version', { filled: 50 }), platform], payloads)).toEqual(hole)
  expect(await holes([fact('app_version', { filled: 49 }), platform], payloads)).toEqual({})
  expect(await holes([fact('app_version', { filled: 100 }), platform], payloads)).toEqual({})
})

test('a reason is a property of few values, at the top of the same event', async () => {
  const payloads = [
    [90, ios],
    [10, web],
  ] as const
  expect(await holes([version, { ...platform, distinct: 10 }], payloads)).toEqual(hole)
  expect(await holes([version, { ...platform, distinct: 11 }], payloads)).toEqual({})
  expect(await holes([version, { ...platform, parent: 4 }], payloads)).toEqual({})
  expect(await holes([version, { ...platform, event: 2 }], payloads)).toEqual({})
  expect(
    await holes(
      [version, fact('brand', { filled: 100 })],
      [
        [90, { brand: 'a', app_version: '1' }],
        [10, { brand: 'b' }],
      ],
    ),
  ).toEqual({})
})

test('people and what lies within objects are not asked', async () => {
  const payloads = [
    [90, ios, 0],
    [10, web, 0],
    [90, ios],
    [10, web],
  ] as const
  expect(
    await holes(
      [
        { ...version, event: 0 },
        { ...platform, event: 0 },
      ],
      payloads,
    ),
  ).toEqual({})
  expect(await holes([{ ...version, parent: 4 }, platform], payloads)).toEqual({})
})

test('each event is asked about its own payloads, and the first reason of a name stays', async () => {
  const second = [
    { ...version, event: 2 },
    { ...platform, event: 2 },
    fact('source', { event: 2, filled: 100 }),
  ]
  const mixed = [
    [90, ios],
    [10, web],
    [100, { ...web, app_version: '1' }, 2],
  ] as const
  expect(await holes([version, platform, ...second], mixed)).toEqual(hole)
  const others = [
    [90, ios],
    [10, web],
    [90, { platform: 'x', source: 'b', app_version: '1' }, 2],
    [10, { platform: 'x', source: 'a' }, 2],
  ] as const
  expect(await holes([version, platform, ...second], others)).toEqual(hole)
  expect(await holes([...second, version, platform], others)).toEqual({
    app_version: { by: 'source', values: ['a'] },
  })
})
