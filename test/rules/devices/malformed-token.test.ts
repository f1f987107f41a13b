import { beforeAll, expect, test } from 'vitest'
import rule from '../../../rules/devices/malformed-token.ts'
import { judge, messages, type Judged } from '../support.ts'

const good = 'a'.repeat(64)
const uuid = '6d92078a-8246-4ba4-ae5b-76104861e7dc'

const profiles = [
  { cio_id: 'nobody-1', id: 'u-1', devices: [{ token: 'null', lastUsed: '2026-11-01T00:00:00Z' }] },
  {
    cio_id: 'nobody-2',
    id: 'u-2',
    email: 'two@shop.test',
    devices: [{ token: 'null', lastUsed: '2026-11-03T00:00:00Z', attributes: { app_version: '3.2.0' } }],
  },
  { cio_id: 'other', id: 'u-3', devices: [{ token: uuid }] },
  { cio_id: 'printed', id: 'u-4', devices: [{ token: `<${good}>`, platform: 'android' as const }] },
  { cio_id: 'quoted', id: 'u-5', devices: [{ token: `"${good}"` }] },
  { cio_id: 'spaced', id: 'u-6', devices: [{ token: ` ${good}` }] },
  { cio_id: 'cut', id: 'u-7', devices: [{ token: good.slice(1) }, { token: good }] },
  { cio_id: 'coded', id: 'u-8', devices: [{ token: `x%3A${'y'.repeat(120)}` }] },
  { cio_id: 'none', id: 'u-9' },
]

let judged: Judged
beforeAll(async () => {
  judged = await judge(rule, { profiles })
})

test('each token once, with what it looks like and who holds it', () => {
  expect(Object.fromEntries(judged.findings.map(({ subject, message }) => [subject.key, message]))).toEqual({
    null: 'The token is a placeholder; 2 profiles hold it',
    [uuid]: 'The token is the device name of another push provider',
    [`<${good}>`]: 'The token is the printed form of a token, in brackets',
    [`"${good}"`]: 'The token has quotes in it',
    [` ${good}`]: 'The token has white space in it',
    [good.slice(1)]: 'The token is too short, too long or cut off',
    [`x%3A${'y'.repeat(120)}`]: 'The token has characters that no token has',
  })
  expect(judged.findings.find(({ subject }) => subject.key === 'null')).toMatchObject({
    affected: 2,
    unit: 'devices',
    lastSeen: '2026-11-03T00:00:00Z',
  })
})

test('the evidence has a row for each holder', () => {
  expect(judged.evidence.map((row) => String(row['cio_id'])).toSorted()).toEqual(
    ['coded', 'cut', 'nobody-1', 'nobody-2', 'other', 'printed', 'quoted', 'spaced'].toSorted(),
  )
  expect(judged.evidence.find((row) => row['cio_id'] === 'nobody-2')).toEqual({
    subject: 'null',
    token: 'null',
    looks_like: 'placeholder',
    platform: 'ios',
    cio_id: 'nobody-2',
    id: 'u-2',
    email: 'two@shop.test',
    app_version: '3.2.0',
    last_used: '2026-11-03T00:00:00Z',
  })
})

test('the population is the devices, well formed or not', () => expect(judged.population).toBe(9))

test('all records under other names double every count', async () => {
  const others = profiles.map((profile) => ({
    ...profile,
    cio_id: `other-${profile.cio_id}`,
    id: `other-${profile.id}`,
    devices: (profile.devices ?? []).map((device) => ({ ...device, token: `${device.token}%` })),
  }))
  const doubled = await judge(rule, { profiles: [...profiles, ...others] })
  // The one good token is spoilt by the sign that makes it another one.
  expect(messages(doubled)).toHaveLength(messages(judged).length * 2 + 1)
  expect(doubled.population).toBe(18)
})
