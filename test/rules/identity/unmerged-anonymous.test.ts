import { expect, test } from 'vitest'
import type { ExampleWorkspace } from '../../../src/audit/rule.ts'
import rule from '../../../rules/identity/unmerged-anonymous.ts'
import { judge, messages } from '../support.ts'

type Call = NonNullable<ExampleWorkspace['calls']>[number]
const day = (n: number, hour = 10): string => `2026-11-${String(n).padStart(2, '0')}T${hour}:00:00Z`

const viewed = (anonymous_id: string, at = day(10), more: Partial<Call> = {}): Call => ({
  kind: 'event',
  name: 'product_viewed',
  at,
  anonymous_id,
  ...more,
})
const cart = (anonymous_id: string, at: string, cart_value: unknown, currency = 'EUR'): Call =>
  viewed(anonymous_id, at, { name: 'cart_updated', data: { cart_value, currency } })
const named = (
  anonymous_id: string | undefined,
  user_id: string,
  at = day(12),
  more: Partial<Call> = {},
): Call => ({
  kind: 'event',
  name: 'app_opened',
  at,
  user_id,
  ...(anonymous_id === undefined ? {} : { anonymous_id }),
  ...more,
})
const identify = (anonymous_id: string, at: string, more: Partial<Call> = {}): Call => ({
  kind: 'identify',
  at,
  anonymous_id,
  ...more,
})
const device = (token: string, who: Partial<Call>, at = day(11), kind: Call['kind'] = 'device'): Call => ({
  kind,
  at,
  token,
  ...who,
})

const found = async (...calls: readonly Call[]) =>
  (await judge(rule, { calls })).evidence.map((row) => [row['anonymous_id'], row['cio_id'], row['reason']])

test('a user beside the same anonymous id, later', async () => {
  const expected = [['x', 'id:u-1', 'same anonymous id']]
  expect(await found(viewed('x'), named('x', 'u-1'))).toEqual(expected)
  expect(await found(viewed('x'), named('x', 'u-1', day(10)))).toEqual(expected)
  expect(await found(viewed('x'), named('x', 'u-1', day(12), { kind: 'screen', name: 'home' }))).toEqual(
    expected,
  )
  expect(await found(viewed('x'), device('t', { user_id: 'u-1', anonymous_id: 'x' }))).toEqual(expected)
  // The first of two.
  expect(await found(viewed('x'), named('x', 'u-0', day(13)), named('x', 'u-1'))).toEqual(expected)
  expect(await found(viewed('x'), named('x', 'u-1', day(9)))).toEqual([])
  // A logout takes the device off somebody; it names nobody who is there.
  expect(
    await found(
      viewed('x'),
      device('t', { user_id: 'u-1', anonymous_id: 'x' }, day(11), 'device-deleted'),
      named('y', 'u-1'),
    ),
  ).toEqual([])
  expect(await found(viewed('x'), named('y', 'u-1'))).toEqual([])
  expect(await found(viewed('x'))).toEqual([])
})

test('only intent counts, and only what names nobody', async () => {
  const later = named('x', 'u-1', day(20))
  for (const name of ['product_viewed', 'add_to_cart', 'checkout_started', 'purchase'])
    expect(await found(viewed('x', day(10), { name }), later)).toHaveLength(1)
  expect(await found(viewed('x', day(10), { name: 'app_opened' }), later)).toEqual([])
  expect(await found(viewed('x', day(10), { name: 'search_performed' }), later)).toEqual([])
  // A screen may have the name of an event that others send.
  expect(await found(viewed('x', day(10), { kind: 'screen' }), viewed('y'), later)).toEqual([])
  expect(await found(viewed('x', day(10), { user_id: 'u-1' }), later)).toEqual([])
  expect(await found(viewed('x', '2026-10-24T11:59:59Z'), later)).toEqual([])
  expect(await found(viewed('x', '2026-10-24T12:00:00Z'), later)).toHaveLength(1)
})

test('an identify joins: by user, by e-mail, by phone, before or after', async () => {
  const calls = [viewed('x'), named('x', 'u-1')]
  expect(await found(...calls, identify('x', day(13), { user_id: 'u-1' }))).toEqual([])
  expect(await found(...calls, identify('x', day(9), { user_id: 'u-1' }))).toEqual([])
  expect(await found(...calls, identify('x', day(13), { data: { email: 'ana@shop.test' } }))).toEqual([])
  expect(await found(...calls, identify('x', day(13), { data: { phone: '+4915112345678' } }))).toEqual([])
  // Traits without any identifier say nothing about who it is, and another anonymous id is another one.
  expect(await found(...calls, identify('x', day(13), { data: { plan: 'pro' } }))).toHaveLength(1)
  expect(await found(...calls, identify('y', day(13), { user_id: 'u-1' }))).toHaveLength(1)
})

test('a device token that one user alone registers later', async () => {
  const own = [viewed('x'), device('t', { anonymous_id: 'x' })]
  const user = (id: string, n = 12, token = 't') => device(token, { user_id: id, anonymous_id: 'z' }, day(n))
  expect(await found(...own, user('u-1'))).toEqual([['x', 'id:u-1', 'same device token']])
  expect(await found(...own, user('u-1'), user('u-1', 14))).toHaveLength(1)
  expect(
    await found(
      viewed('x'),
      { kind: 'device', at: day(11), anonymous_id: 'x', data: { token: 't' } },
      { kind: 'device', at: day(12), user_id: 'u-1', data: { token: 't' } },
    ),
  ).toHaveLength(1)
  expect(await found(...own, user('u-1'), user('u-2', 14))).toEqual([])
  // Of two users, the one before the visit does not count.
  expect(await found(...own, user('u-1', 9), user('u-2', 14))).toEqual([['x', 'id:u-2', 'same device token']])
  expect(await found(...own, user('u-1', 9))).toEqual([])
  expect(await found(...own, user('u-1', 10))).toHaveLength(1)
  expect(await found(...own, user('u-1', 12, 'other'))).toEqual([])
  expect(
    await found(viewed('x'), device('t', { anonymous_id: 'x' }, day(11), 'device-deleted'), user('u-1')),
  ).toEqual([])
  // Whoever logs out of a device takes it off; only who registers it may be the visitor.
  const logout = device('t', { user_id: 'u-1', anonymous_id: 'z' }, day(12), 'device-deleted')
  expect(await found(...own, logout, named('y', 'u-1'))).toEqual([])
  expect(await found(...own, user('u-2'), logout, named('y', 'u-1'))).toEqual([
    ['x', 'id:u-2', 'same device token'],
  ])
  // A token that a user left on the phone at logout is not the visitor's own.
  expect(
    await found(viewed('x'), device('t', { user_id: 'u-0', anonymous_id: 'x' }, day(9)), user('u-1')),
  ).toEqual([])
})

test('a login on the anonymous id tells that there is somebody, not whom', async () => {
  const login = (at: string, more: Partial<Call> = {}) => viewed('x', at, { name: 'login', ...more })
  expect(await found(viewed('x'), login(day(10)))).toEqual([['x', null, 'login or signup']])
  expect(await found(viewed('x'), login(day(9)))).toEqual([])
  expect(await found(viewed('x'), login(day(11), { user_id: 'u-1' }))).toEqual([
    ['x', 'id:u-1', 'same anonymous id'],
  ])
  expect(await found(viewed('x'), login(day(11)), named('x', 'u-1'))).toEqual([
    ['x', 'id:u-1', 'same anonymous id'],
  ])
})

test('whoever was deleted cannot be joined', async () => {
  const gone: Call = { kind: 'user-deleted', at: day(15), user_id: 'u-1' }
  expect(await found(viewed('x'), named('x', 'u-1'), gone)).toEqual([])
  expect(await found(viewed('x'), named('x', 'u-1', day(12), { name: 'login' }), gone)).toEqual([])
})

test('what hangs on it, and the days on which it vanishes', async () => {
  const judged = await judge(rule, {
    profiles: [{ cio_id: 'a1', id: 'u-1', email: 'ana@shop.test' }],
    calls: [
      viewed('x', day(1)),
      cart('x', day(1, 11), 99),
      cart('x', day(5), 45.9),
      viewed('x', day(5, 12)),
      named('x', 'u-1', day(6)),
      cart('no-currency', day(3), 20, ''),
      named('no-currency', 'u-1', day(4)),
      viewed('no-cart', day(3)),
      viewed('no-cart', day(4), { name: 'login' }),
      viewed('joined', day(3)),
      identify('joined', day(4), { user_id: 'u-1' }),
      viewed('visitor', day(3)),
    ],
  })
  expect(judged.findings.map(({ subject }) => subject)).toEqual([
    { key: 'anon:no-cart', label: 'no-cart' },
    { key: 'anon:no-currency', label: 'no-currency' },
    { key: 'anon:x', label: 'x' },
  ])
  expect(messages(judged)).toEqual([
    '1 intent event hangs on an anonymous id of somebody who logged in (login or signup); they vanish from 2026-12-03 on',
    '1 intent event and a cart of 20 hang on an anonymous id of a1 (same anonymous id); they vanish from 2026-12-03 on',
    '4 intent events and a cart of 45.9 EUR hang on an anonymous id of a1 (same anonymous id); they vanish from 2026-12-01 on',
  ])
  expect(judged.findings[2]).toMatchObject({
    affected: 1,
    unit: 'anonymous ids',
    firstSeen: '2026-11-01T10:00:00Z',
    lastSeen: '2026-11-05T12:00:00Z',
  })
  expect(judged.evidence.find((row) => row['anonymous_id'] === 'x')).toEqual({
    subject: 'anon:x',
    cio_id: 'a1',
    id: 'u-1',
    email: 'ana@shop.test',
    anonymous_id: 'x',
    reason: 'same anonymous id',
    intent_events: 4,
    cart_events: 2,
    cart_value: 45.9,
    currency: 'EUR',
    expires_on: '2026-12-01',
    last_expires_on: '2026-12-05',
    by_day: '2026-12-01: 2, 2026-12-05: 2',
  })
  expect(judged.evidence).toHaveLength(3)
  expect(judged.population).toBe(4)
})

test('the App API shows no anonymous activity', async () => {
  const events = [{ cio_id: 'a1', name: 'product_viewed', at: day(10) }]
  const judged = await judge(rule, { profiles: [{ cio_id: 'a1' }], events })
  expect([judged.findings, judged.population]).toEqual([[], 0])
})
