import { expect, test } from 'vitest'
import rule from '../../../rules/devices/stale-token.ts'
import { settings } from '../../support/workspace.ts'
import { inOrder, judge } from '../support.ts'

const token = (n: number) => String(n).padStart(64, 'a')
const profiles = [
  { cio_id: 'drawer', id: 'u-1', devices: [{ token: token(1), lastUsed: '2026-02-26T11:59:59Z' }] },
  // On the second, and one after it.
  { cio_id: 'limit', id: 'u-2', devices: [{ token: token(2), lastUsed: '2026-02-26T12:00:00Z' }] },
  { cio_id: 'fresh', id: 'u-3', devices: [{ token: token(3), lastUsed: '2026-02-26T12:00:01Z' }] },
  {
    cio_id: 'old',
    id: 'u-4',
    email: 'old@shop.test',
    devices: [
      { token: token(4), lastUsed: '2024-01-01T00:00:00Z', platform: 'android' as const },
      { token: token(5), lastUsed: '2026-11-20T00:00:00Z', platform: 'android' as const },
    ],
  },
  { cio_id: 'never', id: 'u-5', devices: [{ token: token(6) }] },
  // Whatever else is wrong with it, it is silent.
  { cio_id: 'placeholder', id: 'u-6', devices: [{ token: 'null', lastUsed: '2025-01-01T00:00:00Z' }] },
  {
    cio_id: 'bounced',
    id: 'u-7',
    devices: [{ token: token(7), attributes: { _last_status: 'bounced', push_enabled: 'false' } }],
  },
]

test('devices that were silent for long, and those that never said when', async () => {
  const { findings, evidence, population } = await judge(rule, { profiles })
  expect(findings).toEqual([
    {
      subject: { key: 'never-used', label: 'never-used' },
      message: '2 devices (2 ios, 0 android) have no time of use',
      affected: 2,
      unit: 'devices',
      firstSeen: null,
      lastSeen: null,
    },
    {
      subject: { key: 'unused', label: 'unused' },
      message: '3 devices (2 ios, 1 android) were not used for 270 days',
      affected: 3,
      unit: 'devices',
      firstSeen: '2024-01-01T00:00:00Z',
      lastSeen: '2026-02-26T11:59:59Z',
    },
  ])
  const rows = evidence.map((row) => [row['subject'], row['cio_id'], row['platform'], row['last_used']])
  expect(inOrder(rows)).toEqual([
    ['never-used', 'bounced', 'ios', null],
    ['never-used', 'never', 'ios', null],
    ['unused', 'drawer', 'ios', '2026-02-26T11:59:59Z'],
    ['unused', 'old', 'android', '2024-01-01T00:00:00Z'],
    ['unused', 'placeholder', 'ios', '2025-01-01T00:00:00Z'],
  ])
  expect(evidence.find((row) => row['cio_id'] === 'old')).toMatchObject({
    id: 'u-4',
    email: 'old@shop.test',
    token: token(4),
  })
  expect(population).toBe(8)
})

test('the limit is the one of the config', async () => {
  const short = { ...settings, push: { ...settings.push, staleAfterSeconds: 30 * 86_400 } }
  const { findings } = await judge(rule, { profiles }, { settings: short })
  expect(findings.map(({ message }) => message)).toEqual([
    '2 devices (2 ios, 0 android) have no time of use',
    '5 devices (4 ios, 1 android) were not used for 30 days',
  ])
})
