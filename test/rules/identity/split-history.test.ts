import { expect, test } from 'vitest'
import rule from '../../../rules/identity/split-history.ts'
import { judge, messages } from '../support.ts'

const device = (letter: string, rest = {}) => ({ devices: [{ token: letter.repeat(64), ...rest }] })
const bounced = (letter: string) => device(letter, { attributes: { _last_status: 'bounced' } })
const phone = (spelt: string) => ({ attributes: { phone: spelt } })
const event = (cio_id: string, name = 'cart_updated', at = '2026-11-20T10:00:00Z') => ({ cio_id, name, at })

test('the message names which profile has the cart, the device and the e-mail', async () => {
  const judged = await judge(rule, {
    profiles: [
      { cio_id: 'a1', id: 'u-1', email: 'ana@shop.test' },
      { cio_id: 'a2', email: ' ANA@shop.test', ...device('a') },
      { cio_id: 'b1', id: 'u-2', ...phone('+1 415 555 2671') },
      { cio_id: 'b2', email: 'bo@shop.test', ...phone('(415) 555-2671') },
      { cio_id: 'b3', ...phone('+14155552671'), ...device('b') },
      { cio_id: 'c1', id: 'u-3', email: 'cy@shop.test', ...device('c') },
      { cio_id: 'c2', email: 'Cy@shop.test' },
      { cio_id: 'd1', id: 'U-4', ...device('d') },
      { cio_id: 'd2', id: 'u-4 ' },
      { cio_id: 'e1', id: 'ed@shop.test', ...device('e') },
      { cio_id: 'e2', id: 'u-5', email: 'ed@shop.test' },
      { cio_id: 'f1', id: '00777', ...device('f') },
      { cio_id: 'f2', id: 'shop-777', email: 'fay@shop.test', ...device('f') },
      { cio_id: 'g1', id: 'u-6', ...device('1') },
      { cio_id: 'g2', email: 'gus@shop.test', ...device('1') },
    ],
    events: [
      event('a1'),
      event('b1', 'product_viewed'),
      event('c1', 'purchase'),
      event('c1', 'product_viewed'),
      event('c2', 'checkout_started'),
      event('d2'),
      event('e1'),
      event('f1'),
      event('g1'),
    ],
  })
  expect(messages(judged)).toEqual([
    'One person on 2 profiles: the cart is on a1, the device is on a2, the e-mail is on a1',
    'One person on 2 profiles: the cart is on c2, 2 profiles have shopping events, the device is on c1, the e-mail is on c2',
    'One person on 2 profiles: the cart is on e1, the device is on e1, the e-mail is on e2',
    'One person on 2 profiles: the cart is on f1, the device is on f1, the e-mail is on f2',
    'One person on 2 profiles: the cart is on d2, the device is on d1',
    'One person on 3 profiles: the shopping events are on b1, the device is on b3, the e-mail is on b2',
    'One person on 2 profiles: the cart is on g1, the device is on g1, the e-mail is on g2',
  ])
  expect(judged.findings.map(({ subject, affected }) => [subject.key, subject.label, affected])).toEqual([
    ['email:ana@shop.test', 'ana@shop.test', 2],
    ['email:cy@shop.test', 'cy@shop.test', 2],
    ['email:ed@shop.test', 'ed@shop.test', 2],
    ['id:777', '777', 2],
    ['id:u-4', 'u-4', 2],
    ['phone:+14155552671', '+14155552671', 3],
    [`token:${'1'.repeat(64)}`, '1'.repeat(64), 2],
  ])
  const ofPhone = judged.evidence.filter(({ subject }) => subject === 'phone:+14155552671')
  expect(ofPhone).toEqual([
    expect.objectContaining({
      cio_id: 'b1',
      intent_events: 1,
      has_device: false,
      joined_by: 'phone',
      survivor: 'b1',
    }),
    expect.objectContaining({ cio_id: 'b2', email: 'bo@shop.test', intent_events: 0, has_device: false }),
    expect.objectContaining({ cio_id: 'b3', intent_events: 0, has_device: true }),
  ])
  expect(judged.evidence).toHaveLength(15)
  // Carts of c2 and of five others, with their mates; a purchase alone is no cart.
  expect(judged.population).toBe(12)
})

test('of several that shop, hold a device or have the e-mail, the likeliest is named', async () => {
  const judged = await judge(rule, {
    profiles: [
      { cio_id: 'a1', email: 'ana@shop.test' },
      { cio_id: 'a2', email: 'ana@shop.test', ...bounced('a') },
      {
        cio_id: 'a3',
        email: 'ana@shop.test',
        devices: [...bounced('d').devices, ...device('b').devices],
      },
      { cio_id: 'a4', email: 'ana@shop.test', ...device('c') },
    ],
    events: [event('a1', 'product_viewed'), event('a1', 'product_viewed'), event('a1', 'purchase')],
  })
  expect(judged.findings).toHaveLength(1)
  expect(messages(judged)[0]).toContain(
    'the shopping events are on a1, the device is on a3, the e-mail is on a1',
  )
  const two = await judge(rule, {
    profiles: [
      { cio_id: 'b1', email: 'bo@shop.test' },
      { cio_id: 'b2', email: 'bo@shop.test' },
      { cio_id: 'b3', email: 'bo@shop.test' },
    ],
    events: [
      event('b1', 'purchase'),
      event('b2', 'purchase'),
      event('b2', 'product_viewed'),
      event('b3', 'product_viewed'),
    ],
  })
  expect(messages(two)).toEqual([
    'One person on 3 profiles: the shopping events are on b2, 3 profiles have shopping events, the e-mail is on b2',
  ])
})

/** Each differs from a defect in one fact. */
test('near misses', async () => {
  const judged = await judge(rule, {
    profiles: [
      // Everything that matters is on one of the two.
      { cio_id: 'a1', id: 'u-1', email: 'ana@shop.test', ...device('a') },
      { cio_id: 'a2', email: 'ana@shop.test', ...device('b') },
      // Nobody shopped, or only before the window.
      { cio_id: 'b1', id: 'u-2', email: 'bo@shop.test' },
      { cio_id: 'b2', email: 'bo@shop.test', ...device('c') },
      // A family on one phone.
      { cio_id: 'c1', email: 'cy@shop.test', ...phone('+14155552671') },
      { cio_id: 'c2', email: 'di@shop.test', ...phone('+14155552671'), ...device('d') },
      // The other device is no device: its token is a word.
      { cio_id: 'd1', id: 'u-3', email: 'ed@shop.test' },
      { cio_id: 'd2', email: 'ed@shop.test', devices: [{ token: 'null' }] },
      // What stands in the other's e-mail is no address.
      { cio_id: 'e1', id: 'u-4' },
      { cio_id: 'e2', id: 'U-4', email: 'none' },
      // An account switch.
      { cio_id: 'f1', id: 'u-5', ...device('e') },
      { cio_id: 'f2', id: 'u-6', email: 'fay@shop.test', ...device('e') },
      // Nobody has a device or an e-mail.
      { cio_id: 'g1', id: 'u-7' },
      { cio_id: 'g2', id: 'U-7' },
      // Who shopped has a device too; that it bounced is another finding.
      { cio_id: 'h1', id: 'u-8', email: 'hal@shop.test', ...bounced('f') },
      { cio_id: 'h2', email: 'hal@shop.test', ...device('1') },
    ],
    events: [
      event('a1'),
      event('b1', 'cart_updated', '2026-10-01T10:00:00Z'),
      event('b1', 'app_opened'),
      event('c1'),
      event('d1'),
      event('e1'),
      event('f1'),
      event('f2'),
      event('g1'),
      event('h1'),
    ],
  })
  expect(messages(judged)).toEqual([])
  expect(judged.evidence).toEqual([])
  expect(judged.population).toBe(13)
})
