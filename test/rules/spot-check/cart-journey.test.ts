import { expect, test } from 'vitest'
import rule from '../../../rules/spot-check/cart-journey.ts'
import type { ExampleWorkspace } from '../../../src/audit/rule.ts'
import { judge } from '../support.ts'

type Profile = NonNullable<ExampleWorkspace['profiles']>[number]
type Device = NonNullable<Profile['devices']>[number]
const recent = '2026-11-20T10:00:00Z'
const cart = { items: [{ product_id: 'p1' }], cart_value: 20, currency: 'EUR' }
const token = (letter: string): string => letter.repeat(64)
const device = (letter: string, more: Partial<Device> = {}): Device => ({
  token: token(letter),
  platform: 'ios',
  lastUsed: recent,
  ...more,
})

/** Somebody for whom all holds. */
const fine = (n: number, more: Partial<Profile> = {}): Profile => ({
  cio_id: `c${n}`,
  id: `u-${n}`,
  email: `p${n}@shop.test`,
  attributes: { push_opt_in: 'true' },
  devices: [device(String(n))],
  ...more,
})
const left = (cio_id: string, at = recent, data: Readonly<Record<string, unknown>> = cart) => ({
  cio_id,
  name: 'cart_updated',
  at,
  data,
})

async function stepsOf(workspace: ExampleWorkspace): Promise<Readonly<Record<string, string>>> {
  const { evidence } = await judge(rule, workspace)
  return Object.fromEntries(evidence.map((row) => [String(row['cio_id']), String(row['broken_step'])]))
}

test('each step of the chain, and who leaves it', async () => {
  const profiles: Profile[] = [
    fine(1),
    // Steps.
    fine(2, { id: null }),
    fine(3, { email: 'P3@shop.test' }),
    fine(4, { email: 'p3@SHOP.test', devices: [] }),
    fine(5),
    fine(6, { devices: [device('f')] }),
    fine(7, { devices: [device('f')] }),
    fine(8, { devices: [device('8', { attributes: { push_enabled: 'false' } })] }),
    fine(9, { devices: [device('9', { attributes: { _last_status: 'bounced' } })] }),
    // Nobody knows what they said; nothing can be broken of a push that is not promised.
    fine(10, { attributes: {}, devices: [device('a', { attributes: { _last_status: 'bounced' } })] }),
    fine(11, { devices: [device('b', { lastUsed: '2025-01-01T00:00:00Z' })] }),
    // A good device beside one that others have as well.
    fine(12, { devices: [device('f'), device('c')] }),
    // Exits, each of them broken too.
    fine(13, { id: null, unsubscribed: true }),
    fine(14, { id: null, attributes: { push_opt_in: 'false' } }),
    fine(15, { id: null, devices: [] }),
    // Nobody, and somebody without a cart.
    { cio_id: 'c16', devices: [device('d')] },
    fine(17, { id: null }),
    // Whoever does not use the app any more is not promised a push either.
    fine(18, {
      devices: [device('e', { lastUsed: '2026-09-01T00:00:00Z', attributes: { _last_status: 'bounced' } })],
    }),
  ]
  const events = profiles
    .filter(({ cio_id }) => cio_id !== 'c17')
    .map(({ cio_id }) => left(cio_id, recent, cio_id === 'c5' ? { ...cart, currency: null } : cart))
  const workspace = { profiles, events }
  expect(await stepsOf(workspace)).toEqual({
    c2: 'no-id',
    c3: 'duplicate',
    c5: 'incomplete-cart',
    c6: 'device-elsewhere',
    c7: 'device-elsewhere',
    c8: 'unreachable',
    c9: 'unreachable',
  })
  const { population, findings } = await judge(rule, workspace)
  expect(population).toBe(12)
  expect(findings.map(({ message }) => message)).toContain(
    'p8@shop.test (ios) left a cart and opted in and uses the app, and no device of theirs can be pushed',
  )
})

test('somebody with a cart on one of two profiles is a duplicate only if they use the app', async () => {
  const profiles = [fine(3, { email: 'P3@shop.test', devices: [] }), fine(4, { email: 'p3@shop.test' })]
  expect(await stepsOf({ profiles, events: [left('c3')] })).toEqual({})
  expect(await stepsOf({ profiles, events: [left('c3', recent, { ...cart, platform: 'ios' })] })).toEqual({
    c3: 'duplicate',
  })
})

test('a device that nobody known has as well makes nobody a duplicate', async () => {
  const profiles = [fine(1, { devices: [device('f')] }), { cio_id: 'c2', devices: [device('f')] }]
  expect(await stepsOf({ profiles, events: [left('c1')] })).toEqual({ c1: 'device-elsewhere' })
})

test('the first step that does not hold is named', async () => {
  const worst = fine(1, { id: null, email: 'same@shop.test', devices: [device('f'), device('x')] })
  const events = [left('c1', recent, { ...cart, items: null })]
  const other = fine(2, { email: 'same@shop.test', devices: [device('f')] })
  expect(await stepsOf({ profiles: [worst, other], events })).toEqual({ c1: 'no-id' })
  expect(await stepsOf({ profiles: [{ ...worst, id: 'u-1' }, other], events })).toEqual({ c1: 'duplicate' })
  expect(await stepsOf({ profiles: [{ ...worst, id: 'u-1' }], events })).toEqual({ c1: 'incomplete-cart' })
})

test('the latest cart counts, and of several at one moment a whole one is enough', async () => {
  const broken = { ...cart, cart_value: '' }
  const early = '2026-11-19T10:00:00Z'
  const walk = async (...events: ExampleWorkspace['events'] & object) =>
    await stepsOf({ profiles: [fine(1)], events })
  expect(await walk(left('c1', early, broken), left('c1'))).toEqual({})
  expect(await walk(left('c1', early), left('c1', recent, broken))).toEqual({ c1: 'incomplete-cart' })
  expect(await walk(left('c1', recent, broken), left('c1', recent))).toEqual({})
  expect(await walk(left('c1', recent, broken), left('c1', recent, { ...broken, currency: 'USD' }))).toEqual({
    c1: 'incomplete-cart',
  })
  // What is there and of another type than planned lacks nothing.
  expect(await walk(left('c1', recent, { ...cart, currency: 7 }))).toEqual({})
  // A checkout is no cart, and a missing property that is only recommended breaks nothing.
  expect(await walk({ cio_id: 'c1', name: 'checkout_started', at: recent, data: {} })).toEqual({})
})

test('a finding goes by the id, else the e-mail, else by what names the profile alone', async () => {
  const unreachable = { attributes: { push_opt_in: 'true' }, devices: [] }
  const profiles = [
    fine(1, unreachable),
    fine(2, { ...unreachable, id: null, email: 'P2@shop.test' }),
    fine(3, {
      ...unreachable,
      id: null,
      email: null,
      attributes: { ...unreachable.attributes, phone: '+4915112345678' },
    }),
  ]
  const { findings } = await judge(rule, {
    profiles,
    events: profiles.map(({ cio_id }) => left(cio_id, recent, { ...cart, platform: 'ios' })),
  })
  expect(findings.map(({ identity }) => identity)).toEqual(['u-1', 'p2@shop.test', 'c3'])
  expect(findings[0]?.message).toContain('(no device)')
})

test('a cart from a device that files show on another profile', async () => {
  const at = '2026-11-20T10:00:00Z'
  const identify = (user_id: string) => ({
    kind: 'identify' as const,
    at: '2026-11-01T10:00:00Z',
    user_id,
    data: { email: `${user_id}@shop.test`, push_opt_in: 'true' },
  })
  const register = (user_id: string, letter: string, time: string) => ({
    kind: 'device' as const,
    at: time,
    user_id,
    token: token(letter),
    platform: 'ios' as const,
  })
  const sent = (letter: string) => ({
    kind: 'event' as const,
    name: 'cart_updated',
    at,
    user_id: 'u-1',
    token: token(letter),
    platform: 'ios' as const,
    data: cart,
  })
  const calls = [identify('u-1'), identify('u-2'), register('u-1', 'a', '2026-11-02T10:00:00Z')]
  expect(
    await stepsOf({ calls: [...calls, register('u-2', 'b', '2026-11-19T10:00:00Z'), sent('b')] }),
  ).toEqual({
    'id:u-1': 'device-elsewhere',
  })
  expect(
    await stepsOf({ calls: [...calls, register('u-2', 'b', '2026-11-19T10:00:00Z'), sent('a')] }),
  ).toEqual({})
  expect(await stepsOf({ calls: [...calls, sent('b')] })).toEqual({})
})

test('those who left are told beside the reason, and nothing where nobody did', async () => {
  const profiles = [
    fine(1),
    fine(2, { unsubscribed: true }),
    fine(3, { devices: [] }),
    fine(4, { devices: [] }),
  ]
  const { remark } = await judge(rule, { profiles, events: profiles.map(({ cio_id }) => left(cio_id)) })
  expect(remark).toBe('3 people with a cart were left out: 2 web only, 1 unsubscribed')
  expect((await judge(rule, { profiles: [fine(1)], events: [left('c1')] })).remark).toBe(null)
})

test('those who are listed first are drawn, platform by platform', async () => {
  const profiles = Array.from({ length: 12 }, (_, n) =>
    fine(n, {
      id: null,
      devices: [device('x', { token: `${n}`.padStart(64, 'b'), platform: n < 9 ? 'ios' : 'android' })],
    }),
  )
  const { findings } = await judge(rule, { profiles, events: profiles.map(({ cio_id }) => left(cio_id)) })
  const places = (platform: string) =>
    findings
      .flatMap(({ message, place }) => (message.includes(platform) ? [Number(place)] : []))
      .toSorted((a, b) => a - b)
  expect(places('android')).toEqual([1, 2, 3])
  expect(places('ios')).toHaveLength(9)
  const byName = findings.filter(({ message }) => message.includes('ios')).map(({ place }) => place)
  expect(byName).not.toEqual(byName.toSorted((a, b) => Number(a) - Number(b)))
})
