import { expect, test } from 'vitest'
import rule from '../../../rules/devices/opted-in-unreachable.ts'
import { inOrder, judge } from '../support.ts'

type Attributes = Record<string, string>
interface Phone {
  readonly attributes?: Attributes
  readonly lastUsed?: string
  readonly token?: string
}

const fresh = '2026-11-20T10:00:00Z'
const opted = (cio_id: string, ...phones: readonly Phone[]) => ({
  cio_id,
  id: `id of ${cio_id}`,
  email: `${cio_id}@shop.test`,
  attributes: { push_opt_in: 'true' },
  devices: phones.map(({ token, lastUsed = fresh, attributes = {} }, n) => ({
    token: token ?? Buffer.from(`${cio_id}-${n}`.padEnd(32, '.')).toString('hex'),
    lastUsed,
    attributes,
  })),
})
const bounced = { attributes: { _last_status: 'bounced' } }
const off = { attributes: { push_enabled: 'false' } }
const autumn = '2026-09-01T00:00:00Z'
const longAgo = '2025-09-01T00:00:00Z'

const profiles = [
  opted('no-device'),
  opted('bounced', bounced),
  opted('suppressed', { attributes: { _last_status: 'suppressed' } }, bounced),
  opted('disabled', off),
  opted('disabled-and-bounced', off, bounced),
  opted('malformed', { token: 'null' }),
  opted('shared-1', { token: 'e'.repeat(64) }),
  opted('shared-2', { token: 'e'.repeat(64) }),
  {
    ...opted('by-device', { attributes: { push_enabled: 'true', _last_status: 'bounced' } }),
    attributes: {},
  },
  // Dormant: not active, or active with a device that is not.
  opted('away'),
  opted('away-and-bounced', { ...bounced, lastUsed: autumn }),
  opted('stale', { lastUsed: longAgo }),
  opted('stale-but-active', { lastUsed: longAgo }),
  // Fine.
  opted('works', {}),
  opted('works-beside-others', off, {}, bounced),
  opted('resting', { lastUsed: autumn }),
  { ...opted('unsubscribed', bounced), unsubscribed: true },
  { ...opted('opted-out', bounced), attributes: { push_opt_in: 'false' } },
  { ...opted('unknown', bounced), attributes: {} },
]
const events = ['no-device', 'stale-but-active'].map((cio_id) => ({
  cio_id,
  name: 'search',
  at: fresh,
  data: { platform: 'ios' },
}))

test('active people who opted in, by why no push reaches them', async () => {
  const { findings, evidence, population } = await judge(rule, { profiles, events })
  expect(findings.map(({ message, affected, informative }) => [message, affected, informative])).toEqual([
    ['3 people who opted in have devices to which pushes bounce', 3, undefined],
    ['2 people who opted in have push switched off on every device', 2, undefined],
    ['4 people who opted in have not used the app for a while', 4, 'info'],
    ['1 person who opted in has nothing but malformed tokens', 1, undefined],
    ['1 person who opted in has no device', 1, undefined],
    ['2 people who opted in have only a token that another profile holds as well', 2, undefined],
  ])
  expect(findings[0]).toMatchObject({
    subject: { key: 'bounced', label: 'bounced' },
    unit: 'profiles',
    attributes: ['push_opt_in'],
  })
  expect(inOrder(evidence.map((row) => [row['subject'], row['cio_id'], row['active']]))).toEqual(
    inOrder([
      ['bounced', 'bounced', true],
      ['bounced', 'suppressed', true],
      ['bounced', 'by-device', true],
      ['disabled', 'disabled', true],
      ['disabled', 'disabled-and-bounced', true],
      ['dormant', 'away', false],
      ['dormant', 'away-and-bounced', false],
      ['dormant', 'stale', false],
      ['dormant', 'stale-but-active', true],
      ['malformed', 'malformed', true],
      ['no-device', 'no-device', true],
      ['shared', 'shared-1', true],
      ['shared', 'shared-2', true],
    ]),
  )
  expect(evidence.find((row) => row['cio_id'] === 'disabled')).toMatchObject({
    id: 'id of disabled',
    email: 'disabled@shop.test',
    best_device: 'disabled',
    platforms: 'ios',
  })
  // The nine, the one whose device is stale, and the two who can be reached.
  expect(population).toBe(12)
})
