import { expect, test } from 'vitest'
import type { ExampleWorkspace } from '../../../src/audit/rule.ts'
import rule from '../../../rules/identity/late-identify.ts'
import { settings } from '../../support/workspace.ts'
import { judge, messages } from '../support.ts'

type Call = NonNullable<ExampleWorkspace['calls']>[number]
const noon = Date.parse('2026-11-20T12:00:00Z')
const at = (seconds: number): string => new Date(noon + seconds * 1000).toISOString()

const login = (who: Partial<Call>, seconds = 0): Call => ({
  kind: 'event',
  name: 'login',
  at: at(seconds),
  ...who,
})
const identify = (who: Partial<Call>, seconds: number): Call => ({
  kind: 'identify',
  at: at(seconds),
  ...who,
})
const gaps = async (...calls: readonly Call[]) =>
  (await judge(rule, { calls })).evidence.map((row) => [row['minutes'], row['identify']])

const u = { user_id: 'u-1' }
const anon = { anonymous_id: 'anon-1' }

test('five minutes before or after, of the user or of the anonymous id', async () => {
  for (const who of [u, anon, { ...u, ...anon }]) {
    expect(await gaps(login(who), identify({ ...u, ...anon }, 300))).toEqual([])
    expect(await gaps(login(who), identify({ ...u, ...anon }, -300))).toEqual([])
    expect(await gaps(login(who), identify({ ...u, ...anon }, 0))).toEqual([])
    expect(await gaps(login(who), identify({ ...u, ...anon }, 301))).toEqual([[5, 'later']])
    expect(await gaps(login(who), identify({ ...u, ...anon }, -360))).toEqual([[6, 'earlier']])
  }
  // Of two as far away the later one, which is the SDK's usual order.
  expect(await gaps(login(u), identify(u, -600), identify(u, 600))).toEqual([[10, 'later']])
  // The one side is enough.
  expect(await gaps(login({ ...u, ...anon }), identify(u, 10))).toEqual([])
  expect(await gaps(login({ ...u, ...anon }), identify(u, -10), identify(anon, 900))).toEqual([])
  expect(await gaps(login({ ...u, ...anon }), identify(anon, -10), identify(u, -900))).toEqual([])
  expect(await gaps(login({ ...u, ...anon }), identify(u, 700), identify(anon, 600))).toEqual([[10, 'later']])
  expect(await gaps(login({ ...u, ...anon }), identify(u, -700), identify(anon, 600))).toEqual([
    [10, 'later'],
  ])
  expect(await gaps(login({ ...u, ...anon }), identify(u, -600), identify(anon, 700))).toEqual([
    [10, 'earlier'],
  ])
})

test('nobody else counts', async () => {
  const others = [
    identify({ user_id: 'u-2', anonymous_id: 'anon-2' }, 10),
    identify({ user_id: 'U-1' }, 10),
    { ...identify({ ...u, ...anon }, 10), kind: 'device' as const, token: 't' },
  ]
  expect(await gaps(login({ ...u, ...anon }), ...others)).toEqual([[null, 'never']])
  // Neither has the other's kind of id.
  expect(await gaps(login(u), identify(anon, 10))).toEqual([[null, 'never']])
  expect(await gaps(login(anon), identify(u, 10))).toEqual([[null, 'never']])
})

test('one finding for each event and platform, measured over all of them', async () => {
  const judged = await judge(rule, {
    calls: [
      login({ ...u, platform: 'ios' }),
      login({ ...u, platform: 'ios', name: 'Log-In' }, 1000),
      login({ user_id: 'u-2', platform: 'ios' }, -1000),
      identify({ user_id: 'u-2' }, 0),
      login({ user_id: 'u-3', platform: 'android', name: 'SIGN UP' }),
      login(anon),
      login({ user_id: 'u-4' }, 5000),
      identify({ user_id: 'u-4' }, 5001),
      login({ user_id: 'u-5', name: 'logout' }),
      login({ user_id: 'u-5', kind: 'screen' }),
      login({ user_id: 'u-6', at: '2026-10-24T11:59:59Z' }),
      login({ user_id: 'u-6', at: '2026-11-23T12:00:01Z' }),
    ],
  })
  expect(judged.findings.map(({ subject }) => [subject.key, subject.label])).toEqual([
    ['Log-In ios', 'Log-In on ios'],
    ['SIGN UP android', 'SIGN UP on android'],
    ['login ios', 'login on ios'],
    ['login other', 'login on web or server'],
  ])
  expect(messages(judged).slice(2)).toEqual([
    '2 login events on ios have no identify near them: 1 of those users were never identified in the files, 1 too early or too late',
    '1 login events on web or server have no identify near them: 1 of those users were never identified in the files, 0 too early or too late',
  ])
  expect(judged.findings[2]).toMatchObject({
    affected: 2,
    unit: 'logins and signups',
    firstSeen: '2026-11-20T11:43:20Z',
    lastSeen: '2026-11-20T12:00:00Z',
    events: ['login'],
  })
  expect(judged.evidence.find((row) => row['activity_id'] === 'call-2')).toEqual({
    subject: 'login ios',
    cio_id: 'id:u-2',
    id: 'u-2',
    email: null,
    event: 'login',
    activity_id: 'call-2',
    happened_at: '2026-11-20T11:43:20Z',
    anonymous_id: null,
    app_version: null,
    minutes: 16.7,
    identify: 'later',
  })
  expect(judged.evidence.find((row) => row['anonymous_id'] === 'anon-1')).toMatchObject({
    cio_id: 'anon:anon-1',
    id: null,
  })
  expect(judged.evidence).toHaveLength(5)
  expect(judged.population).toBe(6)
})

test('what a login is called and how long it may take is for the team to say', async () => {
  const calls = [login({ ...u, name: 'session-started' }), identify(u, 20)]
  const identity = { ...settings.identity, authEvents: ['Session Started'] }
  const rules = { 'identity/late-identify': { enabled: true, options: { within: '10s' } } }
  const judged = await judge(rule, { calls }, { settings: { ...settings, identity, rules } })
  expect(judged.findings).toHaveLength(1)
  expect((await judge(rule, { calls })).population).toBe(0)
})

test('a login may be called something in any script, and is no other event of that script', async () => {
  const calls = ['В-ХОД', 'вход', 'вход 2', 'покупка', '購入'].map((name) => login({ ...u, name }))
  const identity = { ...settings.identity, authEvents: ['Вход'] }
  const judged = await judge(rule, { calls }, { settings: { ...settings, identity } })
  expect(judged.findings.map(({ subject }) => subject.key)).toEqual(['В-ХОД other', 'вход other'])
})

test('over the API nothing can be said', async () => {
  const events = [{ cio_id: 'a1', name: 'login', at: at(0) }]
  const judged = await judge(rule, { profiles: [{ cio_id: 'a1', id: 'u-1' }], events })
  expect([judged.findings, judged.population]).toEqual([[], 0])
})
