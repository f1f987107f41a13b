import { expect, test } from 'vitest'
import rule from '../../../rules/events/out-of-order.ts'
import type { ExampleWorkspace } from '../../../src/audit/rule.ts'
import { judge } from '../support.ts'

type Call = NonNullable<ExampleWorkspace['calls']>[number]
const noon = Date.parse('2026-11-20T12:00:00Z')
const at = (seconds: number): string => new Date(noon + seconds * 1000).toISOString()

/** What the payload says, when it happened, and when it came in, in seconds. */
const cart = (data: object, happened: number, received: number, other: Partial<Call> = {}): Call => ({
  kind: 'event',
  name: 'cart_updated',
  user_id: 'u-1',
  at: at(happened),
  received: at(received),
  data: { cart_id: 'C-1', ...data },
  ...other,
})
/** The values that were overtaken, in text. */
const overtaken = async (...calls: readonly Call[]): Promise<string[]> =>
  (await judge(rule, { calls })).evidence.map((row) => String(row['value'])).toSorted()

/** Of many cases in one workspace, each with a cart of its own, those that are found. */
async function foundOf<T>(cases: readonly T[], callsOf: (each: T) => readonly Call[]): Promise<T[]> {
  const calls = cases.flatMap((each, n) =>
    callsOf(each).map((call) => ({
      ...call,
      data: { ...call.data, n },
      user_id: `${call.user_id ?? ''}-${n}`,
    })),
  )
  const { evidence } = await judge(rule, {
    profiles: cases.map((_, n) => ({ cio_id: `c${n}`, id: `u-1-${n}` })),
    calls,
  })
  const found = new Set(evidence.map((row) => row['id']))
  return cases.filter((_, n) => found.has(`u-1-${n}`))
}

const saying: readonly (readonly [string, unknown, unknown])[] = [
  ['version', 1, 2],
  ['cart_version', '9', '10'],
  ['cartVersion', 0, 1],
  ['revision', 999_999_998, 999_999_999],
  ['sequence', 3, 7],
  ['sequenceNumber', 3, 4],
  ['seq', 3, 4],
  ['updated_at', 1_763_640_000, 1_763_640_001],
  ['updatedAt', 1_763_640_000_000, 1_763_640_000_400],
  ['cart_updated_at', '2026-11-20T11:59:59.100Z', '2026-11-20T11:59:59.2Z'],
  ['modified_at', '2026-11-20T12:59:59+01:00', '2026-11-20T12:00:00Z'],
  ['updated_at', '2026-11-20T12:59:59+01', '2026-11-20T12:00:00Z'],
  ['lastModified', '1763640000.5', '1763640001'],
  ['last_updated', '2026-11-20 11:59:58', '2026-11-20 11:59:59'],
  ['lastUpdated', 999_999_999, 999_999_999_999],
]

test('a counter, or the moment of the change, in several spellings', async () => {
  const before = (name: string, first: unknown, second: unknown) => [
    cart({ [name]: first }, 60, 61),
    cart({ [name]: second }, 0, 100),
  ]
  expect(await foundOf(saying, ([name, earlier, later]) => before(name, later, earlier))).toEqual(saying)
  expect(await foundOf(saying, ([name, earlier, later]) => before(name, earlier, later))).toEqual([])
  expect(await foundOf(saying, ([name, , later]) => before(name, later, later))).toEqual([])
})

const silent: readonly (readonly [string, unknown, unknown])[] = [
  ['version', '3.1.0', '3.2.0'],
  ['version', 1.5, 2.5],
  ['version', -2, -1],
  ['version', 1_000_000_000, 2_000_000_000],
  ['version', 'a1', 'a2'],
  ['version', null, 2],
  ['version', [1], [2]],
  ['count', 1, 2],
  ['Version', 1, 2],
  ['updated_at', '2026-11-19', '2026-11-20'],
  ['updated_at', 'yesterday', 'today'],
  ['updated_at', 17, 18],
  ['updated_at', '2026-13-45T10:00:00Z', '2026-13-46T10:00:00Z'],
  ['updated_at', 'infinity', 'infinity'],
]

test('what is no counter and no moment', async () => {
  const calls = ([name, earlier, later]: (typeof silent)[number]) => [
    cart({ [name]: later }, 60, 61),
    cart({ [name]: earlier }, 0, 100),
  ]
  expect(await foundOf(silent, calls)).toEqual([])
})

const newer = cart({ version: 5 }, 60, 61)

const second: readonly (readonly [string, Call, boolean])[] = [
  ['a second later', cart({ version: 4 }, 0, 62), true],
  ['at the same moment', cart({ version: 4 }, 0, 61), false],
  ['before', cart({ version: 4 }, 0, 60), false],
  ['of the same time', cart({ version: 4 }, 60, 62), true],
  ['that happened after it: it began anew', cart({ version: 4 }, 61, 62), false],
  ['of another cart', cart({ version: 4, cart_id: 'C-2' }, 0, 62), false],
  ['of no cart', cart({ version: 4, cart_id: null }, 0, 62), false],
  ['of the cart by another name', cart({ version: 4, cart_id: undefined, cartId: ' C-1 ' }, 0, 62), true],
  ['of somebody else', cart({ version: 4 }, 0, 62, { user_id: 'u-1-x' }), false],
  ['of another event', cart({ version: 4 }, 0, 62, { name: 'add_to_cart' }), false],
  ['by another property', cart({ revision: 4 }, 0, 62), false],
  ['from a phone', cart({ version: 4 }, 0, 62, { platform: 'ios' }), false],
  ['from a phone with a token', cart({ version: 4 }, 0, 62, { token: 't' }), false],
  ['three days late', cart({ version: 4 }, 62 - 72 * 3600, 62), true],
  ['more than three days late', cart({ version: 4 }, 61 - 72 * 3600, 62), false],
]

test('a state of the cart that came in after a newer one', async () => {
  const found = await foundOf(second, ([, older]) => [newer, older])
  expect(found.map(([name]) => name)).toEqual(second.filter(([, , is]) => is).map(([name]) => name))
})

test('a cart without an id, and one whose id is empty', async () => {
  const unnamed = cart({ version: 5, cart_id: '' }, 60, 61)
  const cases = [{ cart_id: null }, { cart_id: ' ' }, { cart_id: 'C-2' }]
  const found = await foundOf(cases, (data) => [unnamed, cart({ version: 4, ...data }, 0, 62)])
  expect(found).toEqual([{ cart_id: null }, { cart_id: ' ' }])
})

test('moments do not begin anew', async () => {
  const later = cart({ updated_at: 1_763_640_060 }, 60, 61)
  const received = [62, 61]
  const found = await foundOf(received, (each) => [later, cart({ updated_at: 1_763_640_000 }, 62, each)])
  expect(found).toEqual([62])
})

test('each state that something newer overtook', async () => {
  const versions = (order: readonly number[]): Call[] =>
    order.map((version, position) => cart({ version }, version * 60, 1_000 + position))
  expect(await overtaken(...versions([1, 2, 3, 4]))).toEqual([])
  expect(await overtaken(...versions([4, 3, 2, 1]))).toEqual(['1', '2', '3'])
  expect(await overtaken(...versions([2, 1, 4, 3]))).toEqual(['1', '3'])
  expect(await overtaken(...versions([1, 4, 2, 3, 5]))).toEqual(['2', '3'])
  // A cart that began anew: the counter goes back, and the calls go on.
  const anew = [1, 2, 3, 1, 2].map((version, n) => cart({ version }, n * 60, n * 60 + 1))
  expect(await overtaken(...anew)).toEqual([])
})

test('the newest of several, by the time of the call where they say the same', async () => {
  const calls = [
    cart({ version: 5 }, 10, 20),
    cart({ version: 5 }, 90, 91),
    cart({ version: 9 }, 30, 31),
    cart({ version: 4 }, 50, 95),
  ]
  expect(await overtaken(...calls.slice(0, 2), calls[3] as Call)).toEqual(['4'])
  // What stands highest had happened before: the counter began anew.
  expect(await overtaken(...calls)).toEqual([])
})

test('only carts, only of files, and how it is told', async () => {
  const data = { version: 3 }
  const other = (name: string) => [
    cart({ version: 5 }, 60, 61, { name }),
    cart({ version: 4 }, 0, 100, { name }),
  ]
  const screens = [newer, cart({ version: 4 }, 0, 100)].map((call) => ({ ...call, kind: 'screen' as const }))
  const { findings, evidence, population } = await judge(rule, {
    profiles: [{ cio_id: 'a1', id: 'u-1', email: 'ana@shop.com' }],
    events: ['10', '11'].map((hour, n) => ({
      cio_id: 'a1',
      name: 'cart_updated',
      at: `2026-11-20T${hour}:00:00Z`,
      data: { cart_id: 'C-9', version: 9 - n },
    })),
    calls: [
      ...other('checkout_started'),
      ...other('search'),
      ...screens,
      newer,
      cart(data, 0, 100),
      cart({ updated_at: 1_763_640_060 }, 60, 61),
      cart({ updated_at: 1_763_640_000 }, 0, 100),
      cart({}, 0, 100),
    ],
  })
  expect(findings).toEqual([
    {
      subject: { key: 'cart_updated', label: 'cart_updated' },
      message:
        '2 of 4 cart_updated events arrived after a newer state of the same cart (by updated_at, version)',
      affected: 2,
      unit: 'events',
      population: 4,
      firstSeen: '2026-11-20T12:00:00Z',
      lastSeen: '2026-11-20T12:00:00Z',
      events: ['cart_updated'],
    },
  ])
  expect(population).toBe(4)
  expect(evidence.toSorted((a, b) => (String(a['property']) < String(b['property']) ? -1 : 1))).toMatchObject(
    [
      {
        subject: 'cart_updated',
        event: 'cart_updated',
        id: 'u-1',
        email: 'ana@shop.com',
        property: 'updated_at',
        value: '2025-11-20T12:00:00.000Z',
        overtaken_by: '2025-11-20T12:01:00.000Z',
        happened_at: '2026-11-20T12:00:00Z',
        received_at: '2026-11-20T12:01:40Z',
      },
      { property: 'version', value: '3', overtaken_by: '5' },
    ],
  )
})
