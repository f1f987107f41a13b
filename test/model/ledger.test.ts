import { fc } from '../support/properties.ts'
import { expect, test } from 'vitest'
import type { ExampleWorkspace } from '../../src/audit/rule.ts'
import { ledger, ledgerNotices } from '../../src/audit/ledger.ts'
import type { AuditReport } from '../../src/core/report.ts'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, settings, snapshotRows, type Rows } from '../support/workspace.ts'

type Ledger = AuditReport['ledger']
type Profile = NonNullable<ExampleWorkspace['profiles']>[number]
type Event = NonNullable<ExampleWorkspace['events']>[number]

const minute = (n: number): string => `2026-11-10T10:${String(n).padStart(2, '0')}:00Z`
const token = (n: number): string => String(n).padStart(64, 'a')

async function ledgerOf(
  workspace: ExampleWorkspace,
  journeys: readonly Journey[] = [],
  threads = 2,
): Promise<Ledger & { readonly notices: readonly string[] }> {
  const db = await modelOver(
    { ...snapshotRows(workspace), ...campaigns(journeys) },
    planOf({}),
    settings,
    threads,
  )
  try {
    return { ...(await ledger(db)), notices: await ledgerNotices(db) }
  } finally {
    db.close()
  }
}

interface Journey {
  readonly event: string | null
  readonly state?: string
  readonly action?: string
}

function campaigns(journeys: readonly Journey[]): Rows {
  return {
    campaign: journeys.map(({ event, state = 'running' }, n) => [
      BigInt(n + 1),
      `J${n + 1}`,
      state,
      event,
      null,
      '[]',
      '[]',
      null,
    ]),
    campaign_action: journeys.map(({ action = 'push' }, n) => [
      BigInt(n + 1),
      1n,
      action,
      'Step',
      null,
      null,
      null,
    ]),
  }
}

/** Each run builds two whole models, and machines are busy. */
const patient = { timeout: 240_000 }

const people = (cells: readonly { readonly profiles: number }[]): number =>
  cells.reduce((sum, { profiles }) => sum + profiles, 0)

/** Values in cents, so that the sums of this test are exact. */
function moneyOf(cells: Ledger['intent']): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { currency, amount } of cells.flatMap(({ cartValue }) => cartValue))
    sums[currency] = (sums[currency] ?? 0) + Math.round(amount * 100)
  return sums
}

const names = ['product_viewed', 'cart_updated', 'checkout_started', 'purchase', 'app_opened'] as const
const personOf = fc.record({
  optIn: fc.constantFrom(null, 'true', 'no', ' '),
  unsubscribed: fc.boolean(),
  /** Numbers of tokens: a small one is on several profiles, 9 is none. */
  tokens: fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }),
  status: fc.constantFrom('', 'sent', 'bounced', 'suppressed'),
  enabled: fc.constantFrom(null, 'true', 'false'),
  used: fc.constantFrom(undefined, '2026-11-20T00:00:00Z', '2025-01-01T00:00:00Z'),
  events: fc.array(
    fc.record({
      name: fc.constantFrom(...names),
      at: fc.integer({ min: 0, max: 3 }),
      cents: fc.option(fc.integer({ min: 0, max: 1e9 })),
      currency: fc.constantFrom(null, 'EUR', 'USD', 'usd', ' EUR', 'eur ', '€', 'EURO', ''),
    }),
    { maxLength: 6 },
  ),
})
type Person = typeof personOf extends fc.Arbitrary<infer T> ? T : never

function workspaceOf(persons: readonly Person[]): { readonly profiles: Profile[]; readonly events: Event[] } {
  const profiles = persons.map((p, n): Profile => ({
    cio_id: `p${n}`,
    unsubscribed: p.unsubscribed,
    ...(p.optIn === null ? {} : { attributes: { push_opt_in: p.optIn } }),
    devices: p.tokens.map((number) => ({
      token: number === 9 ? 'null' : token(number < 3 ? number : number + 10 * (n + 1)),
      ...(p.used === undefined ? {} : { lastUsed: p.used }),
      attributes: { _last_status: p.status, ...(p.enabled === null ? {} : { push_enabled: p.enabled }) },
    })),
  }))
  const events = persons.flatMap((p, n) =>
    p.events.map(({ name, at, cents, currency }): Event => ({
      cio_id: `p${n}`,
      name,
      at: minute(at),
      data: {
        ...(cents === null ? {} : { cart_value: cents / 100 }),
        ...(currency === null ? {} : { currency }),
      },
    })),
  )
  // Somebody whom no profile knows (deleted since) is in no cell, whatever they did.
  const stranger: Event = {
    cio_id: 'gone',
    name: 'cart_updated',
    at: minute(1),
    data: { cart_value: 7, currency: 'EUR' },
  }
  return { profiles, events: [...events, stranger] }
}

const hasIntent = ({ name }: Person['events'][number]): boolean => name !== 'app_opened'

const currencyOf = ({ currency }: Person['events'][number]): string => (currency ?? '').trim().toUpperCase()

/** The latest cart or checkout of each; of two in one moment the dearer, and one without a value is the cheapest. */
function latestCarts(persons: readonly Person[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { events } of persons) {
    const [latest] = events
      .filter(({ name }) => name === 'cart_updated' || name === 'checkout_started')
      .toSorted(
        (a, b) =>
          b.at - a.at || (b.cents ?? -1) - (a.cents ?? -1) || (currencyOf(b) < currencyOf(a) ? -1 : 1),
      )
    const currency = latest === undefined ? '' : currencyOf(latest)
    // A sum in what is no currency is none that could be named.
    if (latest === undefined || latest.cents === null || !['EUR', 'USD'].includes(currency)) continue
    sums[currency] = (sums[currency] ?? 0) + latest.cents
  }
  return sums
}

test(
  'whatever the workspace: the cells sum to the profiles, and the carts to the latest carts',
  patient,
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(personOf, { maxLength: 40 }), async (persons) => {
        const workspace = workspaceOf(persons)
        const journeys = [{ event: 'cart_updated' }, { event: 'cart_updated' }, { event: 'purchase' }]
        const told = await ledgerOf(workspace, journeys)
        expect(people(told.all)).toBe(persons.length)
        expect(people(told.intent)).toBe(persons.filter(({ events }) => events.some(hasIntent)).length)
        expect(moneyOf(told.intent)).toEqual(latestCarts(persons))
        const senders = (wanted: string): number =>
          persons.filter(({ events }) => events.some(({ name }) => name === wanted)).length
        expect(told.journeys.map(({ id, cells }) => [id, people(cells)])).toEqual([
          [1, senders('cart_updated')],
          [2, senders('cart_updated')],
          [3, senders('purchase')],
        ])
        for (const cells of [told.all, told.intent, ...told.journeys.map((journey) => journey.cells)]) {
          const places = cells.map(({ permission, device }) => `${permission} ${device}`)
          expect(new Set(places).size).toBe(places.length)
        }
        // Every smaller table is part of the whole one, cell by cell.
        for (const part of [told.intent, ...told.journeys.map(({ cells }) => cells)]) {
          for (const { permission, device, profiles } of part) {
            const whole = told.all.find((cell) => cell.permission === permission && cell.device === device)
            expect(whole?.profiles).toBeGreaterThanOrEqual(profiles)
          }
        }
        const backwards = { profiles: workspace.profiles.toReversed(), events: workspace.events.toReversed() }
        expect(JSON.stringify(await ledgerOf(backwards, journeys, 1))).toBe(JSON.stringify(told))
      }),
      { numRuns: 5 },
    )
  },
)

test('sums of money are exact, in whatever order they are made', async () => {
  const profiles = Array.from({ length: 3000 }, (_, n): Profile => ({ cio_id: `p${n}` }))
  const events = profiles.map(({ cio_id }, n): Event => ({
    cio_id,
    name: 'cart_updated',
    at: minute(0),
    data: { cart_value: n === 0 ? 999_999_999_999 : 0.005, currency: 'EUR' },
  }))
  const { intent } = await ledgerOf({ profiles, events })
  expect(intent).toEqual([
    {
      permission: 'unknown',
      device: 'none',
      profiles: 3000,
      cartValue: [{ currency: 'EUR', amount: 1_000_000_000_014 }],
    },
  ])
})

test('a cart of less than nothing is a defect and takes no money away from the others', async () => {
  const values = [12.5, -40, 0]
  const { intent } = await ledgerOf({
    profiles: values.map((_, n) => ({ cio_id: `p${n}` })),
    events: values.map((value, n) => ({
      cio_id: `p${n}`,
      name: 'cart_updated',
      at: minute(0),
      data: { cart_value: value, currency: n === 2 ? 'USD' : 'EUR' },
    })),
  })
  expect(intent.map(({ profiles, cartValue }) => [profiles, cartValue])).toEqual([
    [
      3,
      [
        { currency: 'EUR', amount: 12.5 },
        { currency: 'USD', amount: 0 },
      ],
    ],
  ])
})

test('cells, carts and journeys stand in an order of their own', async () => {
  const { all, intent } = await ledgerOf({
    profiles: [
      { cio_id: 'a' },
      { cio_id: 'b', unsubscribed: true },
      { cio_id: 'c', attributes: { push_opt_in: 'false' } },
      { cio_id: 'd', attributes: { push_opt_in: 'true' } },
      { cio_id: 'e', attributes: { push_opt_in: 'true' }, devices: [{ token: token(1) }] },
      { cio_id: 'f', attributes: { push_opt_in: 'true' }, devices: [{ token: 'null' }] },
    ],
    events: [
      { cio_id: 'd', name: 'cart_updated', at: minute(0), data: { cart_value: 5, currency: 'USD' } },
      { cio_id: 'e', name: 'cart_updated', at: minute(0), data: { cart_value: 5, currency: 'USD' } },
      { cio_id: 'a', name: 'product_viewed', at: minute(0), data: { cart_value: 5, currency: 'USD' } },
      // Half of what names a sum is none.
      { cio_id: 'b', name: 'cart_updated', at: minute(0), data: { cart_value: 5 } },
      { cio_id: 'c', name: 'cart_updated', at: minute(0), data: { currency: 'USD' } },
    ],
  })
  expect(all.map(({ permission, device }) => [permission, device])).toEqual([
    ['in', 'deliverable'],
    ['in', 'malformed'],
    ['in', 'none'],
    ['out', 'none'],
    ['unsubscribed', 'none'],
    ['unknown', 'none'],
  ])
  expect(intent.map(({ permission, device, cartValue }) => [permission, device, cartValue.length])).toEqual([
    ['in', 'deliverable', 1],
    ['in', 'none', 1],
    ['out', 'none', 0],
    ['unsubscribed', 'none', 0],
    ['unknown', 'none', 0],
  ])
})

test('only running journeys with a push have cells; whom a segment or a date starts is said to be unknown', async () => {
  const events = [
    { cio_id: 'a', name: 'cart_updated', at: minute(0) },
    { cio_id: 'a', name: 'cart_updated', at: minute(1) },
  ]
  const journeys: Journey[] = [
    { event: 'cart_updated' },
    { event: 'cart_updated', state: 'draft' },
    { event: 'cart_updated', action: 'email' },
    { event: 'never_sent' },
    { event: null },
    { event: null, state: 'stopped' },
    { event: null, action: 'email' },
    { event: null, action: 'Push' },
  ]
  const told = await ledgerOf({ profiles: [{ cio_id: 'a' }], events }, journeys)
  expect(told.journeys).toEqual([
    { id: 1, cells: [{ permission: 'unknown', device: 'none', profiles: 1 }] },
    { id: 4, cells: [] },
  ])
  expect(told.notices).toEqual([
    'Whom these journeys with a push would reach is not known, because a segment or a date starts them: J5, J8.',
  ])
})

test('a screen with the name of the trigger starts no journey', async () => {
  const rows = snapshotRows({
    profiles: [{ cio_id: 'a' }],
    events: [{ cio_id: 'a', name: 'cart', at: minute(0) }],
  })
  const screens = (rows.activity ?? []).map((row) => row.with(1, 'screen'))
  const db = await modelOver({ ...rows, activity: screens, ...campaigns([{ event: 'cart' }]) }, planOf({}))
  const told = await ledger(db)
  db.close()
  expect(told.journeys).toEqual([{ id: 1, cells: [] }])
})

test('what is counted for journeys is of those that are judged and push', async () => {
  const events = [{ cio_id: 'a', name: 'cart_updated', at: minute(0) }]
  const journeys = [
    { event: 'cart_updated' },
    { event: 'cart_updated', state: 'draft' },
    { event: 'cart_updated', action: 'email' },
  ]
  const rows = { ...snapshotRows({ profiles: [{ cio_id: 'a' }], events }), ...campaigns(journeys) }
  const db = await modelOver(rows, planOf({}))
  const counted = await db.rows(raw(`select journey::integer as id from ledger_cell where scope = 'journey'`))
  db.close()
  expect(counted).toEqual([{ id: 1 }])
})

test('a long list of journeys is cut short, and without any nothing is said', async () => {
  const many = await ledgerOf(
    {},
    Array.from({ length: 12 }, () => ({ event: null })),
  )
  expect(many.notices[0]).toMatch(/: J1, J2, .*, J10 and 2 more\.$/)
  const ten = await ledgerOf(
    {},
    Array.from({ length: 10 }, () => ({ event: null })),
  )
  expect(ten.notices[0]).toMatch(/: J1, J2, .*, J10\.$/)
  expect((await ledgerOf({})).notices).toEqual([])
})
