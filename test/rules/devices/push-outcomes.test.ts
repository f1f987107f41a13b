import { expect, test } from 'vitest'
import rule from '../../../rules/devices/push-outcomes.ts'
import { inOrder, judge } from '../support.ts'

const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T10:00:00Z`
const push = (cio_id: string, delivery: string, type: string, day: number, data: unknown = {}) => ({
  cio_id,
  type,
  at: at(day),
  data,
  delivery: { id: delivery, type: 'ios' },
})
const person = (name: string, app_version: string | null, platform: 'ios' | 'android' = 'ios') => ({
  cio_id: name,
  id: `id of ${name}`,
  email: `${name}@shop.test`,
  devices: [
    {
      token: Buffer.from(name.padEnd(32, '.')).toString('hex'),
      platform,
      lastUsed: at(20),
      attributes: app_version === null ? {} : { app_version },
    },
  ],
})

const profiles = [person('new', '3.2.0'), person('old', '3.1.0'), person('bare', null)]
const activities = [
  push('new', 'd1', 'sent_push', 10),
  push('new', 'd1', 'bounced_push', 11, { reason: 'unregistered' }),
  push('old', 'd2', 'bounced_push', 12),
  push('old', 'd3', 'bounced_push', 9),
  push('bare', 'd4', 'bounced_push', 13),
  push('new', 'd5', 'undeliverable_push', 14),
  push('new', 'd6', 'dropped_push', 15),
  // The worst of several is told, and the order of the feed changes nothing.
  push('old', 'd7', 'dropped_push', 16),
  push('old', 'd7', 'undeliverable_push', 17),
  // Neither the push nor a device says where it went.
  { ...push('nobody', 'd8', 'dropped_push', 18), delivery: { id: 'd8', type: 'push' } },
  // Fine: it arrived after all, it is still under way, or it is no push of this window.
  push('new', 'd10', 'bounced_push', 10),
  push('new', 'd10', 'delivered_push', 11),
  push('old', 'd11', 'sent_push', 10, { delivered: 1_762_000_000 }),
  push('old', 'd11', 'bounced_push', 10),
  push('old', 'd12', 'bounced_push', 10),
  push('old', 'd12', 'clicked_push', 12),
  push('old', 'd13', 'sent_push', 10, { delivered: null }),
  push('old', 'd14', 'failed_push', 10),
  push('old', 'd15', 'drafted_push', 10),
  push('old', 'd16', 'bounced_email', 10),
  { cio_id: 'old', type: 'bounced_push', at: at(10), data: {} },
  { ...push('old', 'd17', 'bounced_push', 1), at: '2026-10-20T10:00:00Z' },
]

test('pushes that nobody got, by outcome, and where most of them are', async () => {
  const judged = await judge(rule, { profiles, activities })
  expect(judged.findings).toEqual([
    {
      subject: { key: 'bounced', label: 'bounced' },
      message:
        '4 pushes bounced, most often on ios 3.1.0 (2 of 7), ios 3.2.0 (1 of 4), ios unknown version (1 of 1)',
      affected: 4,
      unit: 'pushes',
      firstSeen: at(9),
      lastSeen: at(13),
    },
    {
      subject: { key: 'dropped', label: 'dropped' },
      message:
        '2 pushes were dropped, most often on ios 3.2.0 (1 of 4), unknown platform unknown version (1 of 1)',
      affected: 2,
      unit: 'pushes',
      firstSeen: at(15),
      lastSeen: at(18),
    },
    expect.objectContaining({ subject: { key: 'undeliverable', label: 'undeliverable' }, affected: 2 }),
  ])
  expect(
    inOrder(judged.evidence.map((row) => [row['delivery_id'], row['subject'], row['app_version']])),
  ).toEqual([
    ['d1', 'bounced', '3.2.0'],
    ['d2', 'bounced', '3.1.0'],
    ['d3', 'bounced', '3.1.0'],
    ['d4', 'bounced', null],
    ['d5', 'undeliverable', '3.2.0'],
    ['d6', 'dropped', '3.2.0'],
    ['d7', 'undeliverable', '3.1.0'],
    ['d8', 'dropped', null],
  ])
  expect(judged.evidence.find((row) => row['delivery_id'] === 'd1')).toEqual({
    subject: 'bounced',
    delivery_id: 'd1',
    cio_id: 'new',
    id: 'id of new',
    email: 'new@shop.test',
    platform: 'ios',
    app_version: '3.2.0',
    sent_at: at(10),
    reason: 'unregistered',
  })
  expect(judged.population).toBe(13)
})

test.each([
  ['bounced_push', '1 push bounced, on ios 3.2.0 (1 of 1)'],
  ['dropped_push', '1 push was dropped, on ios 3.2.0 (1 of 1)'],
  ['undeliverable_push', '1 push could not be delivered, on ios 3.2.0 (1 of 1)'],
])('one push alone: %s', async (type, told) => {
  const judged = await judge(rule, { profiles, activities: [push('new', 'd1', type, 10)] })
  expect(judged.findings.map(({ message }) => message)).toEqual([told])
})
