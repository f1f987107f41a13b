import { expect, test } from 'vitest'
import rule from '../../../rules/devices/debug-build.ts'
import { settings } from '../../support/workspace.ts'
import { inOrder, judge, messages } from '../support.ts'

const builds: readonly (readonly [string, string | null, string | null])[] = [
  ['debug-1', 'com.shop.app.debug', '3.2.0'],
  ['debug-2', 'com.shop.app.debug', '3.2.1'],
  ['dev', 'com.shop.appDev', null],
  ['staging', 'com.shop.app_STAGING', '3.2.0'],
  ['beta', 'com.shop.app', '3.3.0-beta1'],
  ['test', null, '3.3.0 (Test)'],
  ['both', 'com.shop.test', '3.3.0-beta1'],
  // Fine: the word is part of another, names the company, or is not there at all.
  ['contest', 'com.shop.contest', '3.2.0-latest'],
  ['company', 'dev.beta.app', '3.2.0'],
  ['device', 'com.shop.devices', '3.2.0'],
  ['real', 'com.shop.app', '3.2.0'],
  ['silent', null, null],
]
const profiles = builds.map(([cio_id, identifier, version], n) => ({
  cio_id,
  id: `u-${n}`,
  email: `${cio_id}@shop.test`,
  devices: [
    {
      token: String(n).padStart(64, 'a'),
      lastUsed: `2026-11-${String(n + 1).padStart(2, '0')}T00:00:00Z`,
      attributes: {
        ...(identifier === null ? {} : { app_identifier: identifier }),
        ...(version === null ? {} : { app_version: version }),
      },
    },
  ],
}))

test('one finding for each name of a test build', async () => {
  const judged = await judge(rule, { profiles })
  expect(messages(judged)).toEqual([
    'The build 3.3.0 (Test) runs on 1 device of 1 profile',
    'The build 3.3.0-beta1 runs on 1 device of 1 profile',
    'The build com.shop.app.debug runs on 2 devices of 2 profiles',
    'The build com.shop.appDev runs on 1 device of 1 profile',
    'The build com.shop.app_STAGING runs on 1 device of 1 profile',
    // Whose identifier says so is told by it, whatever the version says.
    'The build com.shop.test runs on 1 device of 1 profile',
  ])
  expect(judged.findings[2]).toMatchObject({
    subject: { key: 'com.shop.app.debug', label: 'com.shop.app.debug' },
    affected: 2,
    unit: 'devices',
    lastSeen: '2026-11-02T00:00:00Z',
  })
  expect(inOrder(judged.evidence.map((row) => [row['cio_id'], row['subject']]))).toEqual([
    ['beta', '3.3.0-beta1'],
    ['both', 'com.shop.test'],
    ['debug-1', 'com.shop.app.debug'],
    ['debug-2', 'com.shop.app.debug'],
    ['dev', 'com.shop.appDev'],
    ['staging', 'com.shop.app_STAGING'],
    ['test', '3.3.0 (Test)'],
  ])
  expect(judged.population).toBe(12)
})

test('a shop with an open beta takes the word out', async () => {
  const rules = { 'devices/debug-build': { enabled: true, options: { words: ['test'] } } }
  const judged = await judge(rule, { profiles }, { settings: { ...settings, rules } })
  expect(judged.findings.map(({ subject }) => subject.key)).toEqual(['3.3.0 (Test)', 'com.shop.test'])
  expect(judged.evidence.map((row) => String(row['cio_id'])).toSorted()).toEqual(['both', 'test'])
  expect(rule.options.safeParse({ words: ['Beta'] }).success).toBe(false)
  expect(rule.options.safeParse({ words: ['qa team'] }).success).toBe(false)
})
