import { expect, test } from 'vitest'
import rule from '../../../rules/events/broken-funnel.ts'
import { settings } from '../../support/workspace.ts'
import { judge } from '../support.ts'

const event = (cio_id: string, name: string, at: string, data: Readonly<Record<string, unknown>> = {}) => ({
  cio_id,
  name,
  at,
  data: { platform: 'ios', ...data },
})
/** The platform sends carts. */
const carts = (count = 3, platform: unknown = 'ios', name = 'cart_updated') =>
  Array.from({ length: count }, (_, n) => event(`c${n}`, name, '2026-11-19T10:00:00Z', { platform }))
const bought = (
  data: Readonly<Record<string, unknown>> = {},
  at = '2026-11-20T10:00:00Z',
  name = 'purchase',
) => event('a1', name, at, data)
const subjects = async (...events: ReturnType<typeof event>[]) =>
  (await judge(rule, { events })).findings.map(({ subject, affected, population }) => [
    subject.key,
    affected,
    population,
  ])

test('purchases without a cart, by platform', async () => {
  const { findings, evidence, population } = await judge(rule, {
    profiles: [{ cio_id: 'a1', id: 'u-1', email: 'ana@shop.test' }],
    events: [
      ...carts(),
      bought(),
      bought({}, '2026-11-22T10:00:00Z'),
      event('c0', 'purchase', '2026-11-19T11:00:00Z'),
      ...Array.from({ length: 30 }, () => event('c1', 'purchase', '2026-11-19T11:00:00Z')),
    ],
  })
  expect(findings).toEqual([
    {
      subject: { key: 'ios', label: 'ios' },
      message: '2 of 33 purchases on ios have no cart or checkout in the 7 days before (1 person)',
      affected: 2,
      unit: 'purchases',
      population: 33,
      firstSeen: '2026-11-20T10:00:00Z',
      lastSeen: '2026-11-22T10:00:00Z',
      events: ['purchase'],
    },
  ])
  expect(evidence).toHaveLength(2)
  expect(evidence[0]).toMatchObject({ subject: 'ios', cio_id: 'a1', id: 'u-1', last_cart_at: null })
  expect(population).toBe(33)
})

test('a platform with few purchases is told only', async () => {
  const few = (count: number) => Array.from({ length: count }, () => bought())
  const informative = async (count: number) =>
    (await judge(rule, { events: [...carts(), ...few(count)] })).findings.map((own) => own.informative)
  expect(await informative(29)).toEqual(['info'])
  expect(await informative(30)).toEqual([undefined])
})

test.each([
  ['a cart a week before', event('a1', 'cart_updated', '2026-11-13T10:00:00Z'), false],
  ['a cart before that', event('a1', 'cart_updated', '2026-11-13T09:59:59Z'), true],
  ['a cart at that moment', event('a1', 'cart_updated', '2026-11-20T10:00:00Z'), false],
  ['a cart afterwards', event('a1', 'cart_updated', '2026-11-20T10:00:01Z'), true],
  ['a checkout', event('a1', 'checkout_started', '2026-11-20T09:00:00Z'), false],
  [
    'a cart on another platform',
    event('a1', 'cart_updated', '2026-11-20T09:00:00Z', { platform: 'web' }),
    false,
  ],
  ['a product view', event('a1', 'product_viewed', '2026-11-20T09:00:00Z'), true],
  ['a cart of somebody else', event('b1', 'cart_updated', '2026-11-20T09:00:00Z'), true],
])('%s', async (_, before, lone) => {
  expect(await subjects(...carts(), before, bought())).toEqual(lone ? [['ios', 1, 1]] : [])
})

test('the evidence tells of an older cart', async () => {
  const older = event('a1', 'cart_updated', '2026-11-01T10:00:00Z')
  const { evidence } = await judge(rule, { events: [...carts(), older, bought()] })
  expect(evidence.map((row) => row['last_cart_at'])).toEqual(['2026-11-01T10:00:00Z'])
})

test('the cart may lie on another profile of the person', async () => {
  const profiles = ['a1', 'a2'].map((cio_id) => ({ cio_id, email: 'ana@shop.test' }))
  const events = [...carts(), event('a2', 'cart_updated', '2026-11-20T09:00:00Z'), bought()]
  expect((await judge(rule, { profiles, events })).findings).toEqual([])
})

test('only platforms that send carts are judged', async () => {
  expect(await subjects(...carts(2), bought())).toEqual([])
  expect((await judge(rule, { events: [...carts(2), bought()] })).evidence).toEqual([])
  expect((await judge(rule, { events: [...carts(2), bought()] })).population).toBe(0)
  expect(await subjects(...carts(), bought({ platform: 'pos' }))).toEqual([])
  expect(await subjects(...carts(3, 'ios', 'checkout_started'), bought())).toEqual([['ios', 1, 1]])
  expect(await subjects(...carts(3, null), bought({ platform: null }))).toEqual([['unknown', 1, 1]])
  expect(await subjects(...carts(3, ''), bought({ platform: ' ' }))).toEqual([['unknown', 1, 1]])
  expect(await subjects(...carts(3, 'iOS'), bought({ platform: ' IOS ' }))).toEqual([['ios', 1, 1]])
})

test('tills are no part of it, also where one cart would do', async () => {
  const defaults = { minPopulation: 1, minAffected: 0 }
  const events = [...carts(1), bought(), bought({ platform: 'pos' })]
  const { findings, population } = await judge(rule, { events }, { settings: { ...settings, defaults } })
  expect(findings.map(({ subject }) => subject.key)).toEqual(['ios'])
  expect(population).toBe(1)
})

test('carts and purchases of nobody do not count', async () => {
  const call = { kind: 'event', platform: 'ios', data: {}, at: '2026-11-20T10:00:00Z' } as const
  const cart = { ...call, name: 'cart_updated' }
  const own = ['u-1', 'u-2', 'u-3'].map((user_id) => ({ ...cart, user_id }))
  const of = async (calls: readonly (typeof call)[]) => {
    const { findings, population } = await judge(rule, { calls })
    return [findings.map((finding) => [finding.affected, finding.population]), population]
  }
  const purchase = { ...call, name: 'purchase' }
  const theirs = { ...purchase, user_id: 'u-4' }
  expect(await of([...own, theirs])).toEqual([[[1, 1]], 1])
  expect(await of([...own, theirs, purchase])).toEqual([[[1, 1]], 1])
  expect(await of([...own.slice(1), cart, theirs])).toEqual([[], 0])
})

test.each([
  ['a refund', bought({ revenue: -5 }), false],
  ['a free order', bought({ revenue: 0 }), true],
  ['an order in the first week of the window', bought({}, '2026-10-31T11:59:59Z'), false],
  ['an order right after it', bought({}, '2026-10-31T12:00:00Z'), true],
  ['another event', bought({}, '2026-11-20T10:00:00Z', 'order_shipped'), false],
  ['a renewal', bought({ is_renewal: true }), false],
  ['no renewal', bought({ is_renewal: false, renewal: null, recurring: 0, subscription: '' }), true],
  ['a payment that recurs', bought({ Recurring: 1 }), false],
  ['an order of a subscription', bought({ subscriptionId: 's-1' }), false],
  ['a type that says so', bought({ order_type: 'Renewal' }), false],
  ['a source that says so', bought({ source_name: 'subscription_contract' }), false],
  ['a billing reason', bought({ billing_reason: 'subscription_cycle' }), false],
  ['a word in a long text', bought({ note: `please no renewal of ${'x'.repeat(30)}` }), true],
  ['a word in a text of forty', bought({ note: `renewal${'x'.repeat(33)}` }), false],
])('%s', async (_, order, lone) => {
  expect(await subjects(...carts(), order)).toEqual(lone ? [['ios', 1, 1]] : [])
})

test('an order under a name that says renewal', async () => {
  const plan = {
    plan_renewed: { intent: 'purchase' },
    ordered: { intent: 'purchase' },
    cart: { intent: 'cart' },
  } as const
  const events = [...carts(3, 'ios', 'cart'), bought({}, '2026-11-20T10:00:00Z', 'plan_renewed')]
  expect((await judge(rule, { plan, events })).findings).toEqual([])
  const other = [...carts(3, 'ios', 'cart'), bought({}, '2026-11-20T10:00:00Z', 'ordered')]
  expect((await judge(rule, { plan, events: other })).findings.map(({ events: names }) => names)).toEqual([
    ['ordered'],
  ])
})

test('renewals are no purchases of the funnel, so they hide nothing', async () => {
  const renewed = Array.from({ length: 40 }, () => bought({ is_renewal: true }))
  const { findings, population } = await judge(rule, { events: [...carts(), bought(), ...renewed] })
  expect(findings.map(({ affected, population: own }) => [affected, own])).toEqual([[1, 1]])
  expect(population).toBe(1)
  expect((await judge(rule, { events: [...carts(), ...renewed] })).population).toBe(0)
})

test('files say the platform beside the event', async () => {
  const call = { kind: 'event', platform: 'ios', data: {} } as const
  const calls = [
    ...['u-1', 'u-2', 'u-3'].map((user_id) => ({
      ...call,
      name: 'cart_updated',
      user_id,
      at: '2026-11-19T10:00:00Z',
    })),
    { ...call, name: 'purchase', user_id: 'u-4', at: '2026-11-20T10:00:00Z' },
  ]
  expect((await judge(rule, { calls })).findings.map(({ subject }) => subject.key)).toEqual(['ios'])
})
