import { expect, test } from 'vitest'
import type { ExampleWorkspace } from '../../../src/audit/rule.ts'
import rule from '../../../rules/identity/identify-without-attributes.ts'
import { judge } from '../support.ts'

const plannedAttributes = {
  country: { type: 'country', required: true, appliesTo: 'known' },
  tier: { required: true, appliesTo: 'all' },
  app_version: { required: true, appliesTo: 'app-users' },
  city: { recommended: true },
} as const
const createdAt = '2026-11-10T10:00:00Z'
const identify = (user_id: string, at: string, data: Record<string, string>) =>
  ({ kind: 'identify', at, user_id, data }) as const

test('Pipelines files: when each attribute came, told by attribute', async () => {
  const { findings, evidence, population } = await judge(rule, {
    plannedAttributes,
    calls: [
      identify('u-1', createdAt, { tier: 'gold' }),
      identify('u-1', '2026-11-10T11:00:01Z', { country: 'DE' }),
      identify('u-2', '2026-11-12T10:00:00Z', { country: ' ' }),
      identify('u-4', createdAt, { tier: 'gold' }),
      identify('u-3', createdAt, { country: 'DE', tier: 'gold' }),
      identify('u-3', '2026-11-11T10:00:00Z', { country: 'FR', tier: 'silver' }),
    ],
  })
  expect(findings).toEqual([
    {
      subject: { key: 'country', label: 'country' },
      message:
        '3 of 4 new profiles were without country an hour after their creation: 2 have none at all, on 1 it came later',
      affected: 3,
      unit: 'profiles',
      population: 4,
      firstSeen: '2026-11-10T10:00:00Z',
      lastSeen: '2026-11-12T10:00:00Z',
      attributes: ['country'],
    },
    expect.objectContaining({ subject: { key: 'tier', label: 'tier' }, affected: 1, population: 4 }),
  ])
  expect(evidence.map(({ subject, id, filled_at }) => [subject, id, filled_at])).toEqual([
    ['country', 'u-1', '2026-11-10T11:00:01Z'],
    ['country', 'u-2', null],
    ['country', 'u-4', null],
    ['tier', 'u-2', null],
  ])
  expect(population).toBe(4)
})

const profile = (country: string | null, at = createdAt): ExampleWorkspace => ({
  plannedAttributes: { country: plannedAttributes.country },
  profiles: [
    {
      cio_id: 'a1',
      id: 'u-1',
      createdAt: at,
      ...(country === null ? {} : { attributes: { country } }),
      attributeTimes: { country: '2026-11-15T10:00:00Z' },
    },
  ],
})

test.each([
  ['never filled', profile(null), 1],
  ['empty', profile(''), 1],
  ['white space', profile('  '), 1],
  ['filled by now: nobody can tell since when', profile('DE'), 0],
  ['created before the window', profile(null, '2026-10-01T10:00:00Z'), 0],
  ['created less than an hour ago', profile(null, '2026-11-23T11:00:01Z'), 0],
  ['created an hour ago', profile(null, '2026-11-23T11:00:00Z'), 1],
  ['a plan that asks for nothing', { ...profile(null), plannedAttributes: {} }, 0],
  [
    'a plan that only recommends',
    { ...profile(null), plannedAttributes: { country: { recommended: true } } },
    0,
  ],
])('over the API, %s', async (_, workspace, expected) => {
  const { findings, population } = await judge(rule, workspace)
  expect(findings).toHaveLength(expected)
  expect(population).toEqual(expect.any(Number))
})

test('an anonymous profile is asked for nothing', async () => {
  const judged = await judge(rule, {
    plannedAttributes: { country: plannedAttributes.country },
    profiles: [{ cio_id: 'a1', createdAt }],
  })
  expect(judged).toMatchObject({ findings: [], population: 0 })
})

test('what a device call says is no attribute of the person, and what was taken away later was there in time', async () => {
  const { evidence } = await judge(rule, {
    plannedAttributes: { country: plannedAttributes.country },
    calls: [
      identify('u-1', createdAt, {}),
      { kind: 'device', at: createdAt, user_id: 'u-1', token: 'a'.repeat(64), data: { country: 'DE' } },
      identify('u-2', createdAt, { country: 'DE' }),
      identify('u-2', '2026-11-12T10:00:00Z', { country: '' }),
    ],
  })
  expect(evidence.map(({ id }) => id)).toEqual(['u-1'])
})

test.each([
  ['within the hour', '2026-11-10T10:59:59Z', 0],
  ['to the second', '2026-11-10T11:00:00Z', 0],
  ['a second later', '2026-11-10T11:00:01Z', 1],
])('filled %s', async (_, at, expected) => {
  const { findings } = await judge(rule, {
    plannedAttributes: { country: plannedAttributes.country },
    calls: [identify('u-1', createdAt, {}), identify('u-1', at, { country: 'DE' })],
  })
  expect(findings).toHaveLength(expected)
})
