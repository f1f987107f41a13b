import { expect, test } from 'vitest'
import { builtInPlan } from '../../src/config/index.ts'
import { asOf, modelOver, rowsOf, snapshotRows, type Rows } from '../support/workspace.ts'
import { inferPlan, type InferredPlan } from '../../src/model/observed/index.ts'

async function infer(rows: Rows): Promise<InferredPlan> {
  const db = await modelOver(rows, builtInPlan)
  const inferred = await inferPlan(db)
  db.close()
  return inferred
}

/** As many events as there are payloads, a minute apart. */
const events = (name: string, payloads: readonly unknown[]): Rows =>
  rowsOf(
    'activity',
    payloads.map((data, at) => ({
      id: `${name}-${at}`,
      type: 'event',
      name,
      cio_id: 'a1',
      at: new Date(asOf.getTime() - (at + 1) * 60_000),
      data: typeof data === 'string' ? data : JSON.stringify(data),
      source: 'app-api',
    })),
  )
const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at))

/** What is inferred of the properties of one event. */
async function properties(payloads: readonly unknown[], name = 'thing_done') {
  return (await infer(events(name, payloads))).plan.events[name]?.properties ?? {}
}

test('required is what 99 of 100 have, of thirty events and more', async () => {
  const of = (count: number, lacking: number, empty: unknown = null) =>
    properties(times(count, (at) => ({ p: at < lacking ? empty : 'x', q: 1 })))
  expect((await of(100, 1))['p']?.required).toBe(true)
  expect((await of(100, 2))['p']?.required).toBe(false)
  expect((await of(100, 2, ' '))['p']?.required).toBe(false)
  expect((await of(30, 0))['p']?.required).toBe(true)
  expect((await of(29, 0))['p']?.required).toBe(false)
})

test('an empty list is missing, but not in a cart', async () => {
  const lists = times(60, (at) => ({ items: at < 5 ? [] : [{ id: 'x' }], cart_value: 1 }))
  expect((await properties(lists))['items']).toMatchObject({
    required: false,
    items: { id: { required: true } },
  })
  expect((await properties(lists, 'cart_updated'))['items']?.required).toBe(true)
})

test('a key of elements is required where hardly an event has an element without it', async () => {
  const lists = (lacking: number) =>
    times(100, (at) => ({
      items: times(10, (n) => (n === 0 && at < lacking ? { id: 'x' } : { id: 'x', size: 'm' })),
      box: { deep: [{ a: 1 }, at < lacking ? {} : { a: 1 }] },
    }))
  const required = async (lacking: number) => {
    const { items, box } = await properties(lists(lacking))
    return [items?.items?.['id'], items?.items?.['size'], box?.properties?.['deep']?.items?.['a']].map(
      (value) => value?.required,
    )
  }
  expect(await required(1)).toEqual([true, true, true])
  // Of a thousand elements two are too few for a share, of a hundred events they are too many.
  expect(await required(2)).toEqual([true, false, false])
  const { notes } = await infer(events('thing_done', lists(2)))
  expect(notes.find(({ path }) => path.at(-1) === 'size')?.text).toMatch(
    /^in 99.8 %; .*; not required: more than 1 %/,
  )
  expect(notes.find(({ path }) => path.at(-1) === 'id')?.text).not.toContain('not required')
})

test('types by what the values are', async () => {
  const found = await properties(
    times(120, (at) => ({
      text: `t${at}`,
      flag: at % 2 === 0,
      price: 10 + (at % 7),
      seats: 1 + (at % 7),
      ratio: at / 3,
      seen_at: 1_790_000_000 + at,
      day: `2026-11-${String(1 + (at % 28)).padStart(2, '0')}`,
      mail: `a${at}@shop.example`,
      link: `https://shop.example/${at}`,
      currency: at % 2 ? 'EUR' : 'USD',
      word: at % 2 ? 'EUR' : 'USD',
      country: at % 2 ? 'DE' : 'US',
      locale: 'de-DE',
      phone: `+4930123${1000 + at}`,
      digits: `4930123${1000 + at}`,
      mixed: at % 5 ? 'a' : 1,
      nearly: at < 12 ? 1 : 'a',
      object: { in: at },
      tags: ['a'],
    })),
  )
  const types = Object.fromEntries(Object.entries(found).map(([name, { type }]) => [name, type]))
  expect(types).toEqual({
    text: 'string',
    flag: 'boolean',
    // Prices without cents are still prices.
    price: 'number',
    seats: 'integer',
    ratio: 'number',
    seen_at: 'timestamp',
    day: 'date',
    mail: 'email',
    link: 'url',
    currency: 'currency',
    word: 'string',
    country: 'country',
    locale: 'locale',
    phone: 'phone',
    digits: 'string',
    mixed: 'json',
    nearly: 'string',
    object: 'object',
    tags: 'array',
  })
  expect(found['object']).toMatchObject({ properties: { in: { type: 'integer', required: true } } })
})

test('whole numbers, floors, closed sets and forms need a hundred values', async () => {
  const of = (count: number) =>
    properties(
      times(count, (at) => ({ seats: at, price: at, status: at % 2 ? 'open' : 'paid', order_no: `A-${at}` })),
    )
  expect(await of(100)).toMatchObject({
    seats: { type: 'integer' },
    price: { type: 'number', min: 0 },
    status: { type: 'string', enum: ['open', 'paid'] },
    order_no: { pattern: 'A-[0-9]+' },
  })
  const few = await of(99)
  expect(few['seats']?.type).toBe('number')
  expect(few['price']?.min).toBeUndefined()
  expect(few['status']?.enum).toBeUndefined()
  expect(few['order_no']?.pattern).toBeUndefined()
})

test('a set is closed when each value came five times, and its name is that of a set', async () => {
  const of = (rare: number, key = 'status') =>
    properties(times(200, (at) => ({ [key]: at < rare ? 'rare' : at % 2 ? 'open' : 'paid' })))
  expect((await of(5))['status']?.enum).toEqual(['open', 'paid', 'rare'])
  expect((await of(4))['status']?.enum).toBeUndefined()
  expect((await of(5, 'brand'))['brand']?.enum).toBeUndefined()
  const wide = await properties(times(220, (at) => ({ status: `s${at % 11}` })))
  expect(wide['status']?.enum).toBeUndefined()
})

test('what was paid may be paid back, so it has no floor', async () => {
  const payloads = times(120, (at) => ({ order_id: `x${at}`, revenue: at, discount: 1, total: at }))
  const purchase = await properties(payloads, 'purchase')
  expect(purchase['revenue']?.min).toBeUndefined()
  expect(purchase['total']?.min).toBeUndefined()
  expect(purchase['discount']?.min).toBe(0)
  const refund = await properties(times(120, (at) => ({ discount: at === 3 ? -1 : 1 })))
  expect(refund['discount']?.min).toBeUndefined()
})

test('an absence that has a reason makes nothing required, in any event', async () => {
  const orders = times(200, (at) =>
    at === 0 ? { platform: 'web', n: 1 } : { platform: 'ios', app_version: '1.0', n: 1 },
  )
  const { plan, notes } = await infer({
    activity: [
      ...(events('thing_done', orders).activity ?? []),
      ...(events('other_done', orders.slice(1)).activity ?? []),
    ],
  })
  expect(plan.events['thing_done']?.properties).toMatchObject({
    app_version: { required: false },
    n: { required: true },
  })
  expect(plan.events['other_done']?.properties['app_version']?.required).toBe(false)
  expect(notes.find(({ path }) => path.join('.') === 'events.thing_done.properties.app_version')?.text).toBe(
    'in 99.5 %; text, 1 different; not required: none where platform is web',
  )
  const without = await properties(
    times(200, (at) => (at === 0 ? { platform: 'ios', n: 1 } : { platform: 'ios', app_version: '1.0' })),
  )
  expect(without['app_version']?.required).toBe(true)
})

test('the dedupe key is a property called like one that hardly two events share', async () => {
  const of = async (make: (at: number) => object, name = 'thing_done') =>
    (await infer(events(name, times(100, make)))).plan.events[name]?.dedupeKey
  expect(await of((at) => ({ event_id: `e${at}`, order_id: `o${at}` }), 'purchase')).toBe('event_id')
  expect(await of((at) => ({ order_id: `o${at}` }), 'purchase')).toBe('order_id')
  expect(await of((at) => ({ order_id: `o${at}` }))).toBeNull()
  expect(await of((at) => ({ messageId: `o${at}` }))).toBe('messageId')
  expect(await of((at) => ({ event_id: `o${Math.min(at, 89)}` }))).toBe('event_id')
  expect(await of((at) => ({ event_id: `o${Math.min(at, 88)}` }))).toBeNull()
})

test('names that are hostile, payloads that are no object, and free keys', async () => {
  const odd = ['[1]', '"t"', '5', 'null', '{"":1}', '{"a\\"b":1,"__proto__":2,"x.y":{"z":1}}']
  const { plan } = await infer(events('o"dd\n', odd))
  expect(Object.keys(plan.events)).toEqual(['o"dd\n'])
  expect(Object.keys(plan.events['o"dd\n']?.properties ?? {}).toSorted()).toEqual(['__proto__', 'a"b', 'x.y'])
  const free = await properties(times(120, (at) => ({ map: { [`key${at}`]: 1 }, n: 1 })))
  expect(free['map']).toEqual({ type: 'object', required: true, recommended: false })
})

test('attributes by audience, by what their text means, without what Customer.io keeps', async () => {
  const people = times(40, (at) => ({
    cio_id: `p${String(at).padStart(2, '0')}`,
    id: `u${at}`,
    source: 'app-api',
    attributes: JSON.stringify({
      id: `u${at}`,
      created_at: '1700000000',
      _last_emailed: '1',
      vip: at % 2 ? 'true' : 'false',
      last_seen_at: '1790000000',
      tags: '["a"]',
      ...(at < 35 ? { push: 'true' } : {}),
    }),
  }))
  const { plan } = await infer({
    ...rowsOf('profile', people),
    ...rowsOf(
      'device',
      people
        .slice(0, 35)
        .map(({ cio_id }) => ({ cio_id, token: `${cio_id}:${'a'.repeat(140)}`, platform: 'ios' })),
    ),
  })
  expect(plan.attributes).toEqual({
    vip: { type: 'boolean', required: true, recommended: false, appliesTo: 'known' },
    last_seen_at: { type: 'timestamp', required: true, recommended: false, appliesTo: 'known' },
    tags: { type: 'json', required: true, recommended: false, appliesTo: 'known' },
    push: { type: 'boolean', required: true, recommended: false, appliesTo: 'app-users' },
  })
})

test('what speaks for each event is told, with the likeliest to matter first', async () => {
  const of = (name: string, count: number, make: (at: number) => object = () => ({ n: 1 })) =>
    events(name, times(count, make)).activity ?? []
  const journey = snapshotRows({ journeys: [{ id: 1, name: 'Welcome', event: 'joined' }] })
  const { plan, notes } = await infer({
    ...journey,
    activity: [
      ...of('app_opened', 60),
      ...of('joined', 30, (at) => ({ event_id: `j${at}` })),
      ...of('wish_saved', 40),
      ...of('rarely', 29),
      ...of('without', 31, () => ({})),
      ...of('purchase', 35, (at) => ({ order_id: `o${Math.min(at, 33)}` })),
      ...of('product_viewed', 36),
      ...of('search_performed', 30),
    ],
  })
  expect(Object.keys(plan.events)).toEqual([
    'product_viewed',
    'purchase',
    'wish_saved',
    'without',
    'joined',
    'rarely',
    'search_performed',
    'app_opened',
  ])
  const told = Object.fromEntries(
    notes.filter(({ path }) => path.length === 2).map(({ path, text }) => [path[1], text]),
  )
  const days = '2026-11-23 to 2026-11-23'
  expect(told).toEqual({
    product_viewed: `36 events, ${days}; intent product by its name`,
    purchase: `35 events, ${days}; intent purchase by its name; critical: the best known name of its intent that was seen; key order_id: in 100 %, 97.1 % of them different`,
    wish_saved: `40 events, ${days}`,
    without: `31 events, ${days}`,
    joined: `30 events, ${days}; critical: a running journey starts with it; key event_id: in 100 %, 100 % of them different`,
    rarely: `29 events, ${days}; too few to say what is required`,
    search_performed: `30 events, ${days}; intent engagement by its name`,
    app_opened: `60 events, ${days}; intent noise by its name`,
  })
  const critical = Object.entries(plan.events).flatMap(([name, event]) => (event.critical ? [name] : []))
  expect(critical).toEqual(['purchase', 'joined'])
})

test('a key that one of a hundred lacks is still one', async () => {
  const of = async (lacking: number) =>
    (
      await infer(
        events(
          'thing_done',
          times(100, (at) => (at < lacking ? {} : { event_id: `e${at}` })),
        ),
      )
    ).plan.events['thing_done']?.dedupeKey
  expect(await of(1)).toBe('event_id')
  expect(await of(2)).toBeNull()
})

test('addresses are the team’s own, what else Customer.io keeps is not', async () => {
  const people = times(30, (at) => ({
    cio_id: `p${at}`,
    id: `u${at}`,
    email: `u${at}@shop.example`,
    source: 'app-api',
    attributes: JSON.stringify({
      id: `u${at}`,
      email: `u${at}@shop.example`,
      phone: `+49301234${100 + at}`,
      created_at: '1700000000',
      unsubscribed: 'false',
      cio_id: `p${at}`,
      cio_subscription: 'x',
      name: `Ana ${at}`,
    }),
  }))
  const { plan } = await infer(rowsOf('profile', people))
  expect(Object.keys(plan.attributes).toSorted()).toEqual(['email', 'name', 'phone'])
})

test('an attribute is required of thirty people and more, where ninety-nine of a hundred have it', async () => {
  const of = async (count: number, lacking: number) => {
    const people = times(count, (at) => ({
      cio_id: `p${at}`,
      id: `u${at}`,
      source: 'app-api',
      attributes: JSON.stringify(at < lacking ? { id: `u${at}` } : { id: `u${at}`, plan: 'gold' }),
    }))
    return (await infer(rowsOf('profile', people))).plan.attributes['plan']?.required
  }
  expect(await Promise.all([of(30, 0), of(29, 0), of(100, 1), of(100, 2)])).toEqual([
    true,
    false,
    true,
    false,
  ])
})
