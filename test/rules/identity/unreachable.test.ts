import { expect, test } from 'vitest'
import rule from '../../../rules/identity/unreachable.ts'
import { inOrder, judge } from '../support.ts'

test('nothing to write to, however it is written', async () => {
  const phone = (number: string) => ({ attributes: { phone: number } })
  const profiles = [
    { cio_id: 'a1', id: 'u-1' },
    { cio_id: 'a2', id: 'u-2', email: '' },
    { cio_id: 'a3', id: 'u-3', email: 'noemail', ...phone(' ') },
    { cio_id: 'a4', id: 'u-4', email: 'TEST@test.com ' },
    { cio_id: 'a5', id: 'u-5', email: 'ana@', ...phone('+10000000000') },
    { cio_id: 'a6' },
    // Near misses.
    { cio_id: 'b1', id: 'u-7', email: 'ana@shop.test' },
    { cio_id: 'b2', id: 'u-8', ...phone('+14155552671') },
    { cio_id: 'b3', id: 'u-9', devices: [{ token: 'not even a good one' }] },
    { cio_id: 'b4', email: 'ＢＯ@shop.test', unsubscribed: true },
  ]
  const judged = await judge(rule, { profiles })
  expect(judged.findings).toEqual([
    {
      subject: { key: '2026-01-01', label: '2026-01-01' },
      message: '6 of 10 profiles that were created on 2026-01-01 are paid for and cannot be reached',
      affected: 6,
      unit: 'profiles',
      firstSeen: '2026-01-01T00:00:00Z',
      lastSeen: '2026-01-01T00:00:00Z',
    },
  ])
  expect(inOrder(judged.evidence.map((row) => row['cio_id']))).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'a6'])
  expect(judged.evidence[3]).toEqual({
    subject: '2026-01-01',
    cio_id: 'a4',
    id: 'u-4',
    email: 'TEST@test.com ',
    phone: null,
    created_at: '2026-01-01T00:00:00Z',
  })
  expect(judged.population).toBe(10)
})

test('a surge, and a day that nobody knows', () => {
  const row = { affected: 12, created: 14, first_seen: null, last_seen: null }
  const say = (rest: object): string => rule.finding(rule.row.parse({ ...row, ...rest }), {} as never).message
  expect(say({ day: '2026-11-02', usual: 1.25, surge: true })).toBe(
    '12 of 14 profiles that were created on 2026-11-02 are paid for and cannot be reached: a surge, other days have 1.3 on average',
  )
  expect(say({ day: 'unknown', usual: 2, surge: false })).toBe(
    '12 of 14 profiles that were created at an unknown time are paid for and cannot be reached',
  )
})
