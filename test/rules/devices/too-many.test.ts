import { expect, test } from 'vitest'
import rule from '../../../rules/devices/too-many.ts'
import { settings } from '../../support/workspace.ts'
import { judge, messages } from '../support.ts'

const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T00:00:00Z`
const devices = (name: string, count: number) =>
  Array.from({ length: count }, (_, n) => ({
    token: Buffer.from(`${name}-${n}`.padEnd(32, '.')).toString('hex'),
    platform: n % 2 === 0 ? ('ios' as const) : ('android' as const),
    lastUsed: n === 0 ? '2025-01-01T00:00:00Z' : at(n),
  }))

const profiles = [
  { cio_id: 'by-id', id: 'u-1', email: 'One@shop.test', devices: devices('a', 11) },
  { cio_id: 'by-email', email: 'Two@shop.test', devices: devices('b', 12) },
  { cio_id: 'by-nothing', id: '', devices: devices('c', 25) },
  { cio_id: 'enough', id: 'u-4', devices: devices('d', 10) },
  // The same token again is the same device.
  { cio_id: 'doubled', id: 'u-5', devices: [...devices('e', 10), ...devices('e', 10)] },
  { cio_id: 'one', id: 'u-6', devices: devices('f', 1) },
  { cio_id: 'none', id: 'u-7' },
]

test('profiles with more than ten devices, named by what every source knows', async () => {
  const judged = await judge(rule, { profiles })
  expect(judged.findings).toEqual([
    {
      subject: { key: 'by-email', label: 'two@shop.test' },
      identity: 'two@shop.test',
      message: 'The profile has 12 devices, 1 of them silent for a long time',
      affected: 1,
      unit: 'profiles',
      firstSeen: '2025-01-01T00:00:00Z',
      lastSeen: at(11),
    },
    expect.objectContaining({ subject: { key: 'by-id', label: 'u-1' }, identity: 'u-1' }),
    expect.objectContaining({ subject: { key: 'by-nothing', label: 'by-nothing' }, identity: 'by-nothing' }),
  ])
  expect(judged.evidence[1]).toEqual({
    subject: 'by-id',
    cio_id: 'by-id',
    id: 'u-1',
    email: 'One@shop.test',
    devices: 11,
    platforms: 2,
    silent_devices: 1,
    first_used: '2025-01-01T00:00:00Z',
    last_used: at(10),
  })
  expect(judged.population).toBe(6)
})

test('how many are too many is an option', async () => {
  const rules = { 'devices/too-many': { enabled: true, options: { most: 24 } } }
  const judged = await judge(rule, { profiles }, { settings: { ...settings, rules } })
  expect(messages(judged)).toEqual(['The profile has 25 devices, 1 of them silent for a long time'])
  expect(judged.evidence.map((row) => row['cio_id'])).toEqual(['by-nothing'])
  expect(rule.options.safeParse({ most: 0 }).success).toBe(false)
})
