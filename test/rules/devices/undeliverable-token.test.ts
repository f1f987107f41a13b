import { expect, test } from 'vitest'
import rule from '../../../rules/devices/undeliverable-token.ts'
import { inOrder, judge } from '../support.ts'

const token = (n: number) => String(n).padStart(64, 'a')
const device = (n: number, status: string | null, platform: 'ios' | 'android' = 'ios') => ({
  token: token(n),
  platform,
  lastUsed: `2026-11-${String(n).padStart(2, '0')}T00:00:00Z`,
  attributes: status === null ? {} : { _last_status: status },
})

const profiles = [
  { cio_id: 'bounced', id: 'u-1', email: 'b@shop.test', devices: [device(1, 'bounced'), device(2, 'sent')] },
  { cio_id: 'shouted', id: 'u-2', devices: [device(3, ' Bounced ')] },
  { cio_id: 'android', id: 'u-3', devices: [device(4, 'bounced', 'android')] },
  { cio_id: 'suppressed', id: 'u-4', devices: [device(5, 'suppressed')] },
  { cio_id: 'twice', id: 'u-5', devices: [device(6, 'SUPPRESSED'), device(7, 'bounced')] },
  { cio_id: 'placeholder', id: 'u-6', devices: [{ token: 'null', attributes: { _last_status: 'bounced' } }] },
  // Fine: sent, never pushed, and a word that only sounds like it.
  { cio_id: 'sent', id: 'u-7', devices: [device(8, 'sent')] },
  { cio_id: 'empty', id: 'u-8', devices: [device(9, '')] },
  { cio_id: 'unpushed', id: 'u-9', devices: [device(10, null)] },
  { cio_id: 'other', id: 'u-10', devices: [device(11, 'unsuppressed')] },
]

test('devices by what became of their last push', async () => {
  const { findings, evidence, population } = await judge(rule, { profiles })
  expect(findings).toEqual([
    {
      subject: { key: 'bounced', label: 'bounced' },
      message: '5 devices (4 ios, 1 android) bounced at the last push',
      affected: 5,
      unit: 'devices',
      lastSeen: '2026-11-07T00:00:00Z',
    },
    {
      subject: { key: 'suppressed', label: 'suppressed' },
      message: '2 devices (2 ios, 0 android) bounced twice in a row, so Customer.io pushes to them no more',
      affected: 2,
      unit: 'devices',
      lastSeen: '2026-11-06T00:00:00Z',
    },
  ])
  expect(inOrder(evidence.map((row) => [row['subject'], row['cio_id'], row['platform']]))).toEqual([
    ['bounced', 'android', 'android'],
    ['bounced', 'bounced', 'ios'],
    ['bounced', 'placeholder', 'ios'],
    ['bounced', 'shouted', 'ios'],
    ['bounced', 'twice', 'ios'],
    ['suppressed', 'suppressed', 'ios'],
    ['suppressed', 'twice', 'ios'],
  ])
  expect(evidence.find((row) => row['cio_id'] === 'bounced')).toMatchObject({
    token: token(1),
    id: 'u-1',
    email: 'b@shop.test',
  })
  expect(population).toBe(12)
})
