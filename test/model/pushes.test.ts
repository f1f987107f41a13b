import { expect, test } from 'vitest'
import { builtInPlan } from '../../src/config/built-in-plan.ts'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, snapshotRows, type Rows } from '../support/workspace.ts'

const at = (day: number) => new Date(`2026-11-${String(day).padStart(2, '0')}T10:00:00Z`)
const delivery = (id: string, cioId: string | null, type: string, day: number) => [
  id,
  cioId,
  type,
  5n,
  1n,
  null,
  null,
  at(day),
  null,
  'warehouse-sync',
]
const metric = (id: string, name: string, day: number, reason: string | null = null) => [
  id,
  name,
  reason,
  at(day),
  null,
  'warehouse-sync',
]
const device = (token: string, platform: string, lastUsed: Date | null, version: string | null) => [
  'a1',
  token.repeat(64),
  platform,
  lastUsed,
  JSON.stringify(version === null ? {} : { app_version: version }),
  null,
]

const people = snapshotRows({ profiles: [{ cio_id: 'a1', id: 'u-1' }] })
const rows: Rows = {
  ...people,
  device: [
    device('a', 'ios', at(2), '3.1.0'),
    device('b', 'ios', at(3), '3.2.0'),
    device('c', 'android', at(1), '2.0.0'),
    device('d', 'android', null, '9.9.9'),
  ],
  delivery: [
    delivery('d1', 'a1', 'push', 10),
    delivery('d2', 'a1', 'Push', 11),
    delivery('d3', 'zz', 'android', 12),
    delivery('d4', 'a1', 'push', 13),
    delivery('d5', 'a1', 'email', 10),
    delivery('d6', 'a1', 'push', 24),
    delivery('d7', 'a1', 'push', 14),
    delivery('both', 'a1', 'push', 14),
  ],
  delivery_metric: [
    metric('d1', 'sent', 10),
    metric('d1', 'Bounced', 10, 'unregistered'),
    metric('d2', 'bounced', 11),
    metric('d2', 'opened', 12),
    metric('d3', 'sent', 12),
    metric('d3', 'dropped', 12, 'suppressed'),
    metric('d5', 'bounced', 10),
    metric('d7', 'sent', 14),
    metric('d7', 'undeliverable', 14, 'no device'),
    metric('both', 'sent', 14),
    metric('unknown', 'bounced', 10),
  ],
  activity: [
    [
      '01J',
      'bounced_push',
      null,
      'a1',
      null,
      null,
      at(15),
      'both',
      'android',
      '{"failure_message":"gone"}',
      null,
    ],
    ['01K', 'sent_push', null, 'a1', null, null, at(15), 'api', 'Android', '{}', null],
    // A mail, a draft, one that names no delivery, and one after the window.
    ['01L', 'bounced_email', null, 'a1', null, null, at(15), 'mail', 'email', '{}', null],
    ['01M', 'drafted_push', null, 'a1', null, null, at(15), 'draft', 'ios', '{}', null],
    ['01N', 'sent_push', null, 'a1', null, null, at(15), null, 'ios', '{}', null],
    ['01O', 'sent_push', null, 'a1', null, null, at(24), 'late', 'ios', '{}', null],
  ],
}

test('deliveries and metrics of files, and activities, are one push by the id of the delivery', async () => {
  const db = await modelOver(rows, builtInPlan)
  expect(
    await db.rows(
      raw(
        'select delivery_id, cio_id, "at", platform, app_version, outcome, reason from push order by delivery_id',
      ),
    ),
  ).toEqual([
    push('api', 'a1', 15, 'android', '2.0.0', null, null),
    push('both', 'a1', 14, 'android', '2.0.0', 'bounced', 'gone'),
    push('d1', 'a1', 10, 'ios', '3.2.0', 'bounced', 'unregistered'),
    push('d2', 'a1', 11, 'ios', '3.2.0', null, null),
    push('d3', 'zz', 12, null, null, 'dropped', 'suppressed'),
    push('d4', 'a1', 13, 'ios', '3.2.0', null, null),
    push('d7', 'a1', 14, 'ios', '3.2.0', 'undeliverable', 'no device'),
  ])
  db.close()
})

function push(
  delivery_id: string,
  cio_id: string,
  day: number,
  platform: string | null,
  app_version: string | null,
  outcome: string | null,
  reason: string | null,
) {
  const seen = at(day).toISOString().replace('.000', '')
  return { delivery_id, cio_id, at: seen, platform, app_version, outcome, reason }
}
