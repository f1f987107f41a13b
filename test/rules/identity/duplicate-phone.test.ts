import { expect, test } from 'vitest'
import rule from '../../../rules/identity/duplicate-phone.ts'
import sharedContact from '../../../rules/identity/shared-contact.ts'
import { settings } from '../../support/workspace.ts'
import { judge, messages } from '../support.ts'

const holder = (cio_id: string, phone: string | null, email?: string) => ({
  cio_id,
  ...(email === undefined ? {} : { email }),
  attributes: phone === null ? {} : { phone },
})

test('one number in six writings; families and tills are none', async () => {
  const profiles = [
    { ...holder('a1', '+4915112345678', 'ana@shop.test'), devices: [{ token: 'x' }] },
    holder('a2', '+49 151 12345678'),
    holder('a3', '+49-151-12345678', ''),
    holder('a4', ' tel:+49 (151) 12345678 ', 'noemail'),
    holder('a5', '＋4915112345678', 'ANA@shop.test'),
    holder('b1', '+14155552671'),
    holder('b2', '+14155552671'),
    // Near misses: two addresses, six holders, a placeholder, another number.
    holder('c1', '+14155552672', 'cy@shop.test'),
    holder('c2', '+14155552672', 'dee@shop.test'),
    ...Array.from({ length: 6 }, (_, n) => holder(`d${n}`, '+14155552673')),
    holder('e1', '+14155552674'),
    holder('e2', '+14155552675'),
    holder('f1', '0000000000'),
    holder('f2', '0000000000'),
    holder('g1', ''),
    holder('g2', null),
  ]
  const events = [{ cio_id: 'a2', name: 'purchase', at: '2026-11-20T10:00:00Z' }]
  const judged = await judge(rule, { profiles, events })
  expect(judged.findings).toEqual([
    {
      subject: { key: 'phone:+14155552671', label: '+14155552671' },
      message: '2 profiles share the phone +14155552671, and no e-mail speaks against one person',
      affected: 2,
      unit: 'profiles',
      firstSeen: '2026-01-01T00:00:00Z',
      lastSeen: '2026-01-01T00:00:00Z',
    },
    expect.objectContaining({
      message:
        '5 profiles share the phone +4915112345678, written differently, and no e-mail speaks against one person',
      affected: 5,
    }),
  ])
  expect(
    judged.evidence.map((row) => [row['subject'], row['cio_id'], row['devices'], row['intent_events']]),
  ).toEqual([
    ['phone:+14155552671', 'b1', 0, 0],
    ['phone:+14155552671', 'b2', 0, 0],
    ['phone:+4915112345678', 'a1', 1, 0],
    ['phone:+4915112345678', 'a2', 0, 1],
    ['phone:+4915112345678', 'a3', 0, 0],
    ['phone:+4915112345678', 'a4', 0, 0],
    ['phone:+4915112345678', 'a5', 0, 0],
  ])
  expect(judged.population).toBe(19)
})

test('an id that is an address speaks against one person as an e-mail does', async () => {
  const profiles = [
    { ...holder('a1', '+14155552671'), id: 'ana@shop.test' },
    holder('a2', '+14155552671', 'bo@shop.test'),
    { ...holder('b1', '+14155552672'), id: 'Cy@shop.test' },
    holder('b2', '+14155552672', 'cy+x@shop.test'),
  ]
  expect(messages(await judge(rule, { profiles }))).toEqual([
    '2 profiles share the phone +14155552672, and no e-mail speaks against one person',
  ])
})

test('the addresses of other profiles of these people speak against one person, too', async () => {
  const profiles = [
    { ...holder('a1', '+14155552671'), id: 'U-1' },
    { ...holder('a2', null, 'ana@shop.test'), id: 'u-1' },
    { ...holder('b1', '+14155552671'), id: 'U-2' },
    { ...holder('b2', null, 'bo@shop.test'), id: 'u-2' },
    { ...holder('c1', '+14155552672'), id: 'U-3' },
    { ...holder('c2', null, 'cy@shop.test'), id: 'u-3' },
    holder('c3', '+14155552672'),
  ]
  expect(messages(await judge(rule, { profiles }))).toEqual([
    '2 profiles share the phone +14155552672, and no e-mail speaks against one person',
  ])
  expect(messages(await judge(sharedContact, { profiles }))).toEqual([
    '2 profiles with 2 different e-mail addresses share the phone +14155552671: a family, or a number that was given to somebody else',
  ])
})

test('two desks behind one switchboard are two people', async () => {
  const profiles = [
    holder('a1', '+1 415 555 2671 ext. 101'),
    holder('a2', '(415) 555-2671 x101'),
    holder('b1', '+1 415 555 2671 ext. 102'),
    holder('b2', '+14155552671;ext=102'),
    holder('c1', '+1 415 555 2671'),
  ]
  expect(messages(await judge(rule, { profiles }))).toEqual([
    '2 profiles share the phone +14155552671 ext. 101, written differently, and no e-mail speaks against one person',
    '2 profiles share the phone +14155552671 ext. 102, written differently, and no e-mail speaks against one person',
  ])
})

test('a national number is one of the default country', async () => {
  const profiles = [holder('a1', '0151 12345678'), holder('a2', '+4915112345678')]
  expect(messages(await judge(rule, { profiles }))).toEqual([])
  const german = { ...settings, identity: { ...settings.identity, defaultCountry: 'DE' } }
  expect(messages(await judge(rule, { profiles }, { settings: german }))).toHaveLength(1)
})
