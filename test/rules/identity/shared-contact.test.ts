import { expect, test } from 'vitest'
import rule from '../../../rules/identity/shared-contact.ts'
import { judge, messages } from '../support.ts'

const holder = (cio_id: string, phone: string | null, email?: string) => ({
  cio_id,
  ...(email === undefined ? {} : { email }),
  attributes: phone === null ? {} : { phone },
})

test('families, tills and mailboxes of a job', async () => {
  const profiles = [
    holder('a1', '+14155552671', 'ana@shop.test'),
    holder('a2', '(415) 555-2671', 'bo@shop.test'),
    holder('a3', '+1 415 555 2671'),
    ...Array.from({ length: 6 }, (_, n) => holder(`b${n}`, '+14155552672')),
    ...Array.from({ length: 7 }, (_, n) => holder(`c${n}`, '+14155552673', `p${n}@shop.test`)),
    holder('d1', null, 'info@firm.test'),
    holder('d2', null, ' INFO@firm.test'),
    holder('d3', null, 'info+eu@firm.test'),
    // Near misses: one person, one holder, a placeholder, an address of a person.
    holder('n1', '+14155552674', 'eve@shop.test'),
    holder('n2', '+14155552674', 'eve+x@shop.test'),
    holder('n3', null, 'support@firm.test'),
    holder('n4', '0000000000', 'flo@shop.test'),
    holder('n5', '0000000000', 'gus@shop.test'),
    holder('n6', null, 'flo@shop.test'),
    holder('n7', ''),
  ]
  const judged = await judge(rule, { profiles })
  expect(messages(judged)).toEqual([
    '3 profiles have info@firm.test, the mailbox of a job and not of a person',
    '3 profiles with 2 different e-mail addresses share the phone +14155552671: a family, or a number that was given to somebody else',
    '6 profiles have the phone +14155552672: a till, or a number that somebody fills in',
    '7 profiles have the phone +14155552673: a till, or a number that somebody fills in',
  ])
  expect(judged.findings[1]).toMatchObject({
    subject: { key: 'phone:+14155552671', label: '+14155552671' },
    affected: 3,
    unit: 'profiles',
    informative: 'info',
    firstSeen: '2026-01-01T00:00:00Z',
    lastSeen: '2026-01-01T00:00:00Z',
  })
  expect(judged.evidence).toHaveLength(19)
  expect(judged.evidence.slice(0, 4).map((row) => [row['subject'], row['cio_id'], row['phone']])).toEqual([
    ['email:info@firm.test', 'd1', null],
    ['email:info@firm.test', 'd2', null],
    ['email:info@firm.test', 'd3', null],
    ['phone:+14155552671', 'a1', '+14155552671'],
  ])
  expect(judged.population).toBe(25)
})
