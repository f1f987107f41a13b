import { expect, test } from 'vitest'
import rule from '../../../rules/events/name-variant.ts'
import { judge, messages, nothing, type Variation } from '../support.ts'

type Counts = Readonly<Record<string, number>>

/** So many events of each name, one a minute up to a moment. */
const sent = (counts: Counts, last = '2026-11-23T11:00:00Z') =>
  Object.entries(counts).flatMap(([name, count]) =>
    Array.from({ length: count }, (_, n) => ({
      cio_id: `a${n % 3}`,
      name,
      at: new Date(Date.parse(last) - n * 60_000).toISOString(),
    })),
  )

const plan = { add_to_cart: { critical: true }, product_viewed: {}, purchase: {} }
const pairs = async (counts: Counts, other?: Variation, own = plan) => {
  const { findings } = await judge(rule, { plan: own, events: sent(counts) }, other)
  return findings.map(({ subject, informative }) => [subject.key, informative ?? 'error'])
}

test('a finding names both, and its evidence each event of the other name', async () => {
  const { findings, evidence, population } = await judge(rule, {
    plan,
    profiles: [{ cio_id: 'a0', id: 'u-0', email: 'ana@shop.test' }],
    events: sent({ add_to_cart: 4, 'Add To Cart': 2 }),
  })
  expect(findings).toEqual([
    {
      subject: { key: 'Add To Cart>add_to_cart', label: 'Add To Cart, add_to_cart' },
      identity: 'Add To Cart>add_to_cart',
      message: 'Add To Cart (2 events) is another spelling of add_to_cart (4 events)',
      affected: 2,
      unit: 'events',
      firstSeen: '2026-11-23T10:59:00Z',
      lastSeen: '2026-11-23T11:00:00Z',
      events: ['Add To Cart', 'add_to_cart'],
    },
  ])
  expect(evidence).toHaveLength(2)
  expect(evidence[0]).toMatchObject({
    subject: 'Add To Cart>add_to_cart',
    cio_id: 'a0',
    email: 'ana@shop.test',
  })
  expect(population).toBe(6)
})

test.each([
  'Add To Cart',
  'addToCart',
  'ADD_TO_CART',
  'add-to-cart',
  'add.to.cart',
  'added_to_cart',
  'Added To Cart',
])('%s is add_to_cart', async (name) => {
  expect(await pairs({ add_to_cart: 2, [name]: 9 })).toEqual([[`${name}>add_to_cart`, 'error']])
})

test.each([
  ['a plural', { product_viewed: 40, products_viewed: 1 }],
  ['another digit', { step_one_1: 40, step_one_2: 1 }],
  ['another word', { add_to_cart: 40, add_to_list: 2 }],
  ['a slip of a name that is no plan', { some_thing_else: 40, some_thing_elze: 1 }],
  ['another tense of a name that is no plan', { thing_seen_added: 4, thing_seen_add: 2 }],
  ['names of separators alone', { '--': 4, __: 2 }],
])('%s: fine', async (_, counts) => {
  expect(await pairs(counts)).toEqual([])
})

test('a slip counts from twenty to one, toward names of eight letters', async () => {
  const own = { ...plan, checkout: {}, purchas: {} }
  expect(await pairs({ checkout: 40, chekcout: 2 }, {}, own)).toEqual([['chekcout>checkout', 'info']])
  expect(await pairs({ checkout: 39, chekcout: 2 }, {}, own)).toEqual([])
  expect(await pairs({ purchas: 40, pruchas: 2 }, {}, own)).toEqual([])
  expect(messages(await judge(rule, { plan: own, events: sent({ checkout: 40, chekcout: 2 }) }))).toEqual([
    'chekcout (2 events) is one letter away from checkout (40 events)',
  ])
})

test('two names of the own plan are never variants, aliases included', async () => {
  const own = { ...plan, addToCart: {}, view: { aliases: ['View'] } }
  expect(await pairs({ add_to_cart: 4, addToCart: 4, view: 3, View: 3 }, {}, own)).toEqual([])
})

test('names of the built-in plan can be: no team wrote them', async () => {
  const { findings } = await judge(rule, {
    events: sent({ cart_updated: 3, 'Cart Updated': 4, updated_cart: 2 }),
  })
  expect(findings.map(({ subject }) => subject.key)).toEqual(['Cart Updated>cart_updated'])
  const steps = await judge(rule, { events: sent({ add_to_cart: 3, added_to_cart: 4 }) })
  expect(messages(steps)).toEqual(['added_to_cart (4 events) is another tense of add_to_cart (3 events)'])
  // A slip that is a known name itself is none, nor is the one that is meant where it is rare.
  const rare = await judge(rule, { events: sent({ purchase: 1, purchased: 20 }) })
  expect(rare.findings.map(({ subject }) => subject.key)).toEqual(['purchased>purchase'])
  const known = await judge(rule, {
    events: sent({ 'screen viewed': 40, 'screen view': 1, viewcart: 1, 'view cart': 30 }),
  })
  expect(known.findings.map(({ subject }) => subject.key)).toEqual([
    'screen view>screen viewed',
    'viewcart>view cart',
  ])
})

test('without a plan the commonest spelling is meant, else the first by name', async () => {
  expect(await pairs({ pageTurned: 2, page_turned: 3, 'Page Turned': 1 })).toEqual([
    ['Page Turned>page_turned', 'info'],
    ['pageTurned>page_turned', 'info'],
  ])
  expect(await pairs({ pageTurned: 2, page_turned: 2 })).toEqual([['page_turned>pageTurned', 'info']])
})

test('the critical one of two known names is meant, however rare', async () => {
  const { findings } = await judge(rule, { events: sent({ purchase: 1, Purchase: 3 }) })
  expect(findings.map(({ subject }) => subject.key)).toEqual(['Purchase>purchase'])
})

test('an error needs a critical event or a trigger on either side', async () => {
  const counts = { product_viewed: 4, 'Product Viewed': 2 }
  const key = 'Product Viewed>product_viewed'
  expect(await pairs(counts)).toEqual([[key, 'info']])
  expect(await pairs(counts, { triggers: ['product_viewed'] })).toEqual([[key, 'error']])
  expect(await pairs(counts, { triggers: ['Product Viewed'] })).toEqual([[key, 'error']])
  expect(await pairs(counts, {}, { ...plan, product_viewed: { critical: true } })).toEqual([[key, 'error']])
})

test('the smaller side needs one in a hundred of both', async () => {
  const key = 'addToCart>add_to_cart'
  expect(await pairs({ add_to_cart: 99, addToCart: 1 })).toEqual([[key, 'error']])
  expect(await pairs({ add_to_cart: 100, addToCart: 1 })).toEqual([[key, 'info']])
  expect(await pairs({ add_to_cart: 1, addToCart: 100 })).toEqual([[key, 'info']])
})

test.each([
  ['the variant', 'addToCart', 'add_to_cart'],
  ['the planned name', 'add_to_cart', 'addToCart'],
])('the smaller side, here %s, needs to be seen in the last 7 days', async (_, small, large) => {
  const informative = async (smallLast: string, largeLast: string) => {
    const events = [...sent({ [small]: 2 }, smallLast), ...sent({ [large]: 4 }, largeLast)]
    const { findings } = await judge(rule, { plan, events })
    return findings.map((finding) => finding.informative ?? 'error')
  }
  expect(await informative('2026-11-16T12:00:00Z', '2026-11-23T11:00:00Z')).toEqual(['error'])
  expect(await informative('2026-11-16T11:59:59Z', '2026-11-23T11:00:00Z')).toEqual(['info'])
  expect(await informative('2026-11-23T11:00:00Z', '2026-11-02T11:00:00Z')).toEqual(['error'])
})

test('screens have names of their own', async () => {
  expect(await pairs({ add_to_cart: 3 }, { screens: ['Add To Cart', 'add_to_cart'] })).toEqual([])
  const events = sent({ add_to_cart: 4, 'Add To Cart': 2 })
  expect((await judge(rule, { plan, events }, { screens: ['Add To Cart'] })).evidence).toHaveLength(2)
})

test.each([
  ['the other name stopped', 'Add To Cart', 'info'],
  ['the planned name stopped', 'add_to_cart', 'error'],
])('of two with as many events the other one counts as the smaller: %s', async (_, stopped, told) => {
  const going = stopped === 'add_to_cart' ? 'Add To Cart' : 'add_to_cart'
  const { findings } = await judge(rule, {
    plan,
    events: [...sent({ [stopped]: 3 }, '2026-11-10T11:00:00Z'), ...sent({ [going]: 3 })],
  })
  expect(findings.map(({ subject, informative }) => [subject.key, informative ?? 'error'])).toEqual([
    ['Add To Cart>add_to_cart', told],
  ])
})

test('of nothing there is nothing to say', async () => {
  expect(await judge(rule, {})).toEqual(nothing)
})
