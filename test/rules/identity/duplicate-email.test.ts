import { expect, test } from 'vitest'
import rule from '../../../rules/identity/duplicate-email.ts'
import { inOrder, judge, messages } from '../support.ts'

const crowd = (n: number, email: string) =>
  Array.from({ length: n }, (_, i) => ({ cio_id: `${email}-${i}`, email }))

test('one finding for each address, spellings told apart from loops', async () => {
  const profiles = [
    { cio_id: 'a1', id: 'u-1', email: 'ana@shop.test', devices: [{ token: 'a'.repeat(64) }] },
    { cio_id: 'a2', email: 'ana@shop.test', attributes: { phone: '+14155552671' } },
    { cio_id: 'a3', attributes: { phone: '+14155552671' } },
    { cio_id: 'b1', email: 'bo@shop.test', devices: [{ token: 'b' }, { token: 'c' }] },
    { cio_id: 'b2', email: 'BO@shop.test' },
    ...crowd(6, 'loop@shop.test'),
    { cio_id: 'c1', email: 'cy@shop.test' },
    { cio_id: 'no-address', email: 'cy' },
    { cio_id: 'none' },
    { cio_id: 'switched', id: 'u-2', devices: [{ token: 'a'.repeat(64) }] },
  ]
  const events = [{ cio_id: 'a1', name: 'purchase', at: '2026-11-20T10:00:00Z' }]
  const judged = await judge(rule, { profiles, events })
  expect(messages(judged)).toEqual([
    '2 profiles share the e-mail ana@shop.test',
    '2 profiles share the e-mail bo@shop.test, written differently',
    '6 profiles were made with the e-mail loop@shop.test: something creates profiles in a loop',
  ])
  expect(judged.findings[0]).toMatchObject({
    subject: { key: 'email:ana@shop.test', label: 'ana@shop.test' },
    affected: 2,
    firstSeen: '2026-01-01T00:00:00Z',
  })
  const rows = judged.evidence.map((row) => [
    row['subject'],
    row['cio_id'],
    row['devices'],
    row['intent_events'],
  ])
  expect(inOrder(rows).slice(0, 4)).toEqual([
    ['email:ana@shop.test', 'a1', 1, 1],
    ['email:ana@shop.test', 'a2', 0, 0],
    ['email:bo@shop.test', 'b1', 2, 0],
    ['email:bo@shop.test', 'b2', 0, 0],
  ])
  expect(rows).toHaveLength(10)
  const reasons = judged.evidence.map(({ cio_id, joined_by, kept_apart, survivor, survivor_reason }) => [
    cio_id,
    joined_by,
    kept_apart,
    survivor,
    survivor_reason,
  ])
  expect(reasons.slice(0, 5)).toEqual([
    ['a1', 'email', 'token: ids', 'a1', 'canonical-id'],
    ['a2', 'email, phone', null, 'a1', 'canonical-id'],
    ['b1', 'email', null, 'b1', 'none'],
    ['b2', 'email', null, 'b1', 'none'],
    ['loop@shop.test-0', null, 'email: mass', null, null],
  ])
  expect(judged.population).toBe(11)
})
