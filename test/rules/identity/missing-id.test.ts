import { expect, test } from 'vitest'
import rule from '../../../rules/identity/missing-id.ts'
import { inOrder, judge, messages } from '../support.ts'

test('the ways in which an id is not there, and what is none of them', async () => {
  const profiles = [
    { cio_id: 'a1', email: 'ana@shop.test' },
    { cio_id: 'a2', id: null, email: 'bo@shop.test' },
    { cio_id: 'a3', id: '', email: 'cy@shop.test' },
    { cio_id: 'a4', id: ' ', email: 'dee@shop.test' },
    { cio_id: 'a5', attributes: { phone: '+14155552671' } },
    { cio_id: 'a6', email: 'ANA@shop.test' },
    // Near misses: a placeholder, an id, and nobody at all.
    { cio_id: 'b1', id: 'undefined', email: 'eve@shop.test' },
    { cio_id: 'b2', id: '0815', email: 'flo@shop.test' },
    { cio_id: 'b3' },
    { cio_id: 'b4', id: 'anon', attributes: { anonymous_id: 'anon' } },
  ]
  const judged = await judge(rule, { profiles })
  expect(judged.findings).toEqual([
    {
      subject: { key: '2026-01-01', label: '2026-01-01' },
      message: '6 of 8 known profiles that were created on 2026-01-01 have no id',
      affected: 6,
      unit: 'profiles',
      firstSeen: '2026-01-01T00:00:00Z',
      lastSeen: '2026-01-01T00:00:00Z',
    },
  ])
  expect(inOrder(judged.evidence.map((row) => row['cio_id']))).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'a6'])
  expect(judged.evidence[4]).toEqual({
    subject: '2026-01-01',
    cio_id: 'a5',
    email: null,
    phone: '+14155552671',
    created_at: '2026-01-01T00:00:00Z',
  })
  expect(judged.population).toBe(8)
})

const row = { affected: 12, created: 14, first_seen: null, last_seen: null }
const say = (rest: object): string => rule.finding(rule.row.parse({ ...row, ...rest }), {} as never).message

test('a surge is named with what is usual, and a day that nobody knows is called so', async () => {
  expect(say({ day: '2026-11-02', usual: 1.25, surge: true })).toBe(
    '12 of 14 known profiles that were created on 2026-11-02 have no id: a surge, other days have 1.3 on average',
  )
  expect(say({ day: 'unknown', usual: null, surge: false })).toBe(
    '12 of 14 known profiles that were created at an unknown time have no id',
  )
})

test('nobody: no finding', async () => {
  const judged = await judge(rule, {})
  expect(messages(judged)).toEqual([])
  expect(judged.population).toBe(0)
})
