import { expect, test } from 'vitest'
import rule from '../../../rules/events/background-opens.ts'
import { judge } from '../support.ts'

const profiles = ['a1', 'a2', 'a3'].map((cio_id, n) => ({
  cio_id,
  id: `u-${n}`,
  email: `${cio_id}@shop.test`,
}))
const event = (cio_id: string, name: string, day = 10) => ({ cio_id, name, at: `2026-11-${day}T10:00:00Z` })

test('people of whom nothing but opens was seen are named', async () => {
  const { findings, evidence, population } = await judge(rule, {
    profiles,
    events: [
      event('a1', 'app_opened'),
      event('a1', 'Application Opened', 12),
      event('a2', 'session_start', 11),
      event('a3', 'app_opened'),
      event('a3', 'purchase'),
      event('nobody', 'app_opened'),
    ],
  })
  expect(findings).toEqual([
    {
      subject: { key: 'app-opens', label: 'app opens only' },
      message:
        '2 people did nothing but open the app (Application Opened, app_opened, session_start; 3 events)',
      affected: 2,
      unit: 'people',
      firstSeen: '2026-11-10T10:00:00Z',
      lastSeen: '2026-11-12T10:00:00Z',
      events: ['Application Opened', 'app_opened', 'session_start'],
    },
  ])
  expect(evidence).toEqual([
    {
      subject: 'app-opens',
      cio_id: 'a1',
      id: 'u-0',
      email: 'a1@shop.test',
      opens: 2,
      last_opened_at: '2026-11-12T10:00:00Z',
    },
    {
      subject: 'app-opens',
      cio_id: 'a2',
      id: 'u-1',
      email: 'a2@shop.test',
      opens: 1,
      last_opened_at: '2026-11-11T10:00:00Z',
    },
  ])
  expect(population).toBe(3)
})

test.each([
  'app_opened',
  'App Opened',
  'appOpen',
  'opened_app',
  'open-app',
  'app_launched',
  'App Launch',
  'app_started',
  'Application Launched',
  'Application Foregrounded',
  'application_backgrounded',
  'app.foregrounded',
  'app_backgrounded',
  'Session Started',
  'session_end',
  'session_ended',
])('%s alone is no activity', async (name) => {
  expect((await judge(rule, { profiles, events: [event('a1', name)] })).findings).toHaveLength(1)
})

test.each(['login', 'app_open_clicked', 'push_opened', 'search_performed'])('%s is', async (name) => {
  const events = [event('a1', 'app_opened'), event('a1', name, 20)]
  expect((await judge(rule, { profiles, events })).findings).toEqual([])
})

test('a screen is enough, whatever it is called', async () => {
  const { findings, population } = await judge(
    rule,
    { profiles, events: [event('a1', 'app_opened')] },
    { screens: ['app_opened'], viewer: 'a1' },
  )
  expect([findings, population]).toEqual([[], 1])
})

test('screens that are called like an opening are not told as one', async () => {
  const { findings } = await judge(
    rule,
    { profiles, events: [event('a1', 'app_opened')] },
    { screens: ['session_start', 'app_opened'] },
  )
  expect(findings.map(({ events }) => events)).toEqual([['app_opened']])
})

test('nobody opened anything', async () => {
  const { findings, evidence } = await judge(rule, { profiles })
  expect([findings, evidence]).toEqual([[], []])
})
