import { expect, test } from 'vitest'
import rule from '../../../rules/identity/over-merged.ts'
import { settings } from '../../support/workspace.ts'
import { judge, messages } from '../support.ts'

const devices = (count: number, lastUsed = '2026-11-20T10:00:00Z') =>
  Array.from({ length: count }, (_, n) => ({ token: `${n}${lastUsed}`, lastUsed }))

/** Changes of one profile's address, a day apart. */
const changes = (cio_id: string, addresses: readonly (string | null)[], from = '2026-11-01T10:00:00Z') =>
  addresses.slice(1).map((to, n) => ({
    cio_id,
    type: 'attribute_change',
    at: new Date(Date.parse(from) + n * 86_400_000).toISOString(),
    data: { email: { from: addresses[n] ?? null, to } },
  }))

const four = ['a@x.de', 'b@x.de', 'c@x.de', 'd@x.de']

test('devices and addresses are counted apart, each above its limit', async () => {
  const judged = await judge(rule, {
    profiles: [
      { cio_id: 'eleven', id: 'u-1', email: 'ana@shop.test', devices: devices(11) },
      { cio_id: 'ten', devices: devices(10) },
      { cio_id: 'four', email: 'D@x.de' },
      { cio_id: 'three' },
      { cio_id: 'both', devices: devices(12, '2026-11-22T10:00:00Z') },
    ],
    activities: [
      ...changes('four', four),
      ...changes('three', four.slice(1)),
      ...changes('both', ['', ...four, 'e@x.de']),
    ],
  })
  expect(judged.findings.map(({ subject }) => subject)).toEqual([
    { key: 'both', label: 'both' },
    { key: 'eleven', label: 'eleven' },
    { key: 'four', label: 'four' },
  ])
  expect(judged.findings.map(({ identity }) => identity)).toEqual(['both', 'u-1', 'd@x.de'])
  expect(messages(judged)).toEqual([
    'The profile has 12 devices and had 5 different e-mail addresses in the window: it gathers several people',
    'The profile has 11 devices: it gathers several people',
    'The profile had 4 different e-mail addresses in the window: it gathers several people',
  ])
  expect(judged.findings.map(({ firstSeen, lastSeen }) => [firstSeen, lastSeen])).toEqual([
    ['2026-11-01T10:00:00Z', '2026-11-22T10:00:00Z'],
    [null, '2026-11-20T10:00:00Z'],
    ['2026-11-01T10:00:00Z', '2026-11-03T10:00:00Z'],
  ])
  expect(judged.findings[0]).toMatchObject({ affected: 1, unit: 'profiles' })
  expect(judged.evidence.find(({ subject }) => subject === 'both')).toEqual({
    subject: 'both',
    cio_id: 'both',
    id: null,
    email: null,
    devices: 12,
    emails: 5,
    addresses: 'a@x.de, b@x.de, c@x.de, d@x.de, e@x.de',
  })
  expect(judged.evidence).toHaveLength(3)
  expect(judged.population).toBe(5)
})

test('what is written in several ways is one address, and what is none is not counted', async () => {
  const spellings = [
    'ana@gmail.com',
    'A.na@gmail.com',
    ' ana+shop@googlemail.com',
    'ANA@GMAIL.COM\n',
    'b@x.de',
  ]
  const judged = await judge(rule, {
    profiles: ['spellings', 'nothing', 'other', 'dots', 'before', 'after'].map((cio_id) => ({ cio_id })),
    activities: [
      ...changes('spellings', spellings),
      ...changes('nothing', ['a@x.de', null, '', 'null', 'test@test.com', 'no address', 'b@x', 'b@x.de']),
      ...changes('dots', ['a.b@x.de', 'ab@x.de', 'a.b@y.de', 'ab@y.de']),
      ...changes('other', four).map((change) => ({ ...change, data: { invited: change.data.email } })),
      ...changes('other', four).map((change) => ({ ...change, type: 'failed_attribute_change' })),
      { cio_id: 'other', type: 'attribute_change', at: '2026-11-20T10:00:00Z', data: ['email', null] },
      { cio_id: 'other', type: 'attribute_change', at: '2026-11-20T10:00:00Z', data: { email: 'a@x.de' } },
      ...changes('before', four, '2026-10-22T11:59:59Z').slice(0, 3),
      ...changes('after', four, '2026-11-23T12:00:01Z'),
    ],
  })
  // Outside Google a dot makes another mailbox.
  expect(judged.findings.map(({ subject }) => subject.key)).toEqual(['dots'])
})

test('the limits are options, and both ends of the window belong to it', async () => {
  const workspace = {
    profiles: [{ cio_id: 'a1', devices: devices(2) }, { cio_id: 'a2' }],
    activities: [
      { at: '2026-10-24T12:00:00Z', email: { from: 'a@x.de', to: 'a@x.de' } },
      { at: '2026-11-23T12:00:00Z', email: { from: 'b@x.de', to: 'b@x.de' } },
    ].map(({ at, email }) => ({ cio_id: 'a2', type: 'attribute_change', at, data: { email } })),
  }
  expect(messages(await judge(rule, workspace))).toEqual([])
  const options = { maxDevices: 1, maxEmails: 1 }
  const rules = { 'identity/over-merged': { enabled: true, options } }
  const judged = await judge(rule, workspace, { settings: { ...settings, rules } })
  expect(judged.findings.map(({ subject }) => subject.key)).toEqual(['a1', 'a2'])
})

test('Pipelines files: the addresses with which one user was identified', async () => {
  const identify = (user_id: string, email: string | null, n: number, at = `2026-11-1${n}T10:00:00Z`) => ({
    kind: 'identify' as const,
    at,
    user_id,
    data: email === null ? {} : { email },
  })
  const judged = await judge(rule, {
    calls: [
      ...four.map((email, n) => identify('u-1', email, n)),
      ...['a@x.de', 'A@x.de', ' a@x.de', 'b@x.de', 'c@x.de'].map((email, n) => identify('u-2', email, n)),
      identify('u-2', null, 8),
      identify('u-2', 'd@x.de', 9, '2026-10-24T11:59:59Z'),
      { kind: 'user-deleted', at: '2026-11-20T10:00:00Z', user_id: 'u-3', data: { email: 'e@x.de' } },
      ...four.map((email, n) => identify(`v-${n}`, email, n)),
    ],
  })
  expect(
    judged.findings.map(({ subject, firstSeen, lastSeen }) => [subject.key, firstSeen, lastSeen]),
  ).toEqual([['id:u-1', '2026-11-10T10:00:00Z', '2026-11-13T10:00:00Z']])
})

test('an address that the API and files both name is one', async () => {
  const identify = (email: string, n: number) => ({
    kind: 'identify' as const,
    at: `2026-11-1${n}T10:00:00Z`,
    user_id: 'u-1',
    data: { email },
  })
  const profiles = [{ cio_id: 'a1', id: 'u-1' }]
  const activities = changes('a1', four.slice(0, 3))
  const calls = [identify('b@x.de', 4), identify('c@x.de', 5)]
  expect(messages(await judge(rule, { profiles, activities, calls }))).toEqual([])
  const judged = await judge(rule, { profiles, activities, calls: [...calls, identify('d@x.de', 6)] })
  expect(judged.findings[0]).toMatchObject({
    subject: { key: 'a1' },
    firstSeen: '2026-11-01T10:00:00Z',
    lastSeen: '2026-11-16T10:00:00Z',
  })
})
