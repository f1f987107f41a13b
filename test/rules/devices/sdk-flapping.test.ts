import { expect, test } from 'vitest'
import rule from '../../../rules/devices/sdk-flapping.ts'
import { settings } from '../../support/workspace.ts'
import { judge, messages } from '../support.ts'

const token = (name: string) => Buffer.from(name.padEnd(32, '.')).toString('hex')
const person = (name: string, ...devices: readonly string[]) => ({
  cio_id: name,
  id: `id of ${name}`,
  email: `${name}@shop.test`,
  devices: devices.map((device, n) => ({ token: token(device), lastUsed: `2026-11-2${n}T00:00:00Z` })),
})

/** A feed of changes, one a day, that starts at the first version; `named` is what else the changes say. */
function changes(
  cio_id: string,
  versions: readonly string[],
  named: Record<string, unknown>,
  { field = 'cio_sdk_version', firstDay = 1 } = {},
) {
  return versions.slice(1).map((to, n) => ({
    cio_id,
    type: 'device_change',
    at: `2026-11-${String(firstDay + n).padStart(2, '0')}T10:00:00Z`,
    data: { ...named, [field]: { from: versions[n], to } },
  }))
}

const id = (device: string) => ({ id: token(device), platform: 'ios' })
const twice = ['3.3.1', '2.9.2', '3.3.1', '2.9.2']

const profiles = [
  person('sdk', 'sdk'),
  person('app', 'app'),
  person('both', 'both'),
  person('token', 'token'),
  person('alone', 'alone'),
  // Of two devices only the change itself can tell which one it means.
  person('nested', 'spare', 'nested'),
  person('through', 'through'),
  person('holder-1', 'held'),
  person('holder-2', 'other', 'held'),
  // Fine.
  person('once', 'once'),
  person('forward', 'forward'),
  person('again', 'again'),
  person('blank', 'blank'),
  person('locale', 'locale'),
  person('several', 'several-1', 'several-2'),
  person('two', 'two-1', 'two-2'),
  person('early', 'early'),
  person('lost', 'kept'),
  person('share-1', 'share'),
  person('share-2', 'share'),
  person('odd', 'odd'),
]
const activities = [
  ...changes('sdk', twice, id('sdk')),
  ...changes('app', ['1.0', '1.1', '1.0', '1.2', '1.0', '1.1'], id('app'), { field: 'app_version' }),
  ...changes('both', twice, id('both')),
  ...changes('both', ['7', '8', '7', '8', '7'], id('both'), { field: 'app_version' }),
  ...changes('token', twice, { token: token('token') }),
  ...changes('alone', twice, {}),
  ...changes('nested', twice, {}).map((change, n) => ({
    ...change,
    data: {
      device: { id: token('nested') },
      attributes: { app_version: { from: twice[n], to: twice[n + 1] } },
    },
  })),
  // A version between the two is one that it comes through.
  ...changes('through', ['1', '2', '3', '1', '2'], id('through')),
  ...changes('holder-1', twice, id('held')),
  ...changes('once', ['3.3.1', '2.9.2', '3.3.1'], id('once')),
  ...changes('forward', ['1', '2', '3', '4', '5'], id('forward')),
  ...changes('again', ['1', '1', '2', '2', '2'], id('again')),
  ...changes('blank', ['', '1', '', '1', ' ', '1'], id('blank')),
  ...changes('locale', ['de', 'en', 'de', 'en', 'de'], id('locale'), { field: 'device_locale' }),
  // Nobody can say whose of the two these are.
  ...changes('several', twice, {}),
  // Two phones in two versions take turns in the feed, and each of them only goes forward.
  ...['2', '3', '4'].flatMap((to, n) => [
    ...changes('two', [String(n + 1), to], id('two-1'), { firstDay: 1 + 2 * n }),
    ...changes('two', [String(n + 2), String(n + 3)], id('two-2'), { firstDay: 2 + 2 * n }),
  ]),
  ...changes('early', twice, id('early')).map((change) => ({
    ...change,
    at: change.at.replace('-11-', '-09-'),
  })),
  ...changes('lost', twice, id('gone long ago')),
  // One token on two profiles: the second record follows the first, a day later.
  ...changes('share-1', ['1', '2'], id('share')),
  ...changes('share-2', ['1', '2'], id('share'), { firstDay: 2 }),
  ...changes('odd', twice, id('odd')).map((change) => ({
    ...change,
    data: { ...id('odd'), app_version: '3' },
  })),
  ...changes('odd', twice, id('odd')).map((change) => ({ ...change, type: 'attribute_change' })),
]

test('tokens whose version goes back and forth, however the feed names them', async () => {
  const judged = await judge(rule, { profiles, activities })
  expect(Object.fromEntries(judged.evidence.map((row) => [row['cio_id'], row['versions']]))).toEqual({
    sdk: 'cio_sdk_version 2.9.2, 3.3.1',
    app: 'app_version 1.0, 1.1, 1.2',
    both: 'app_version 7, 8; cio_sdk_version 2.9.2, 3.3.1',
    token: 'cio_sdk_version 2.9.2, 3.3.1',
    alone: 'cio_sdk_version 2.9.2, 3.3.1',
    nested: 'app_version 2.9.2, 3.3.1',
    through: 'cio_sdk_version 1, 2, 3',
    'holder-2': 'cio_sdk_version 2.9.2, 3.3.1',
  })
  expect(judged.findings.find(({ subject }) => subject.key === token('both'))).toEqual({
    subject: { key: token('both'), label: token('both') },
    message:
      'The version went back to an earlier one 3 times: app_version 7, 8; cio_sdk_version 2.9.2, 3.3.1',
    affected: 1,
    unit: 'tokens',
    firstSeen: '2026-11-01T10:00:00Z',
    lastSeen: '2026-11-04T10:00:00Z',
  })
  expect(judged.evidence.find((row) => row['cio_id'] === 'holder-2')).toMatchObject({
    subject: token('held'),
    token: token('held'),
    platform: 'ios',
    id: 'id of holder-2',
    email: 'holder-2@shop.test',
    last_used: '2026-11-21T00:00:00Z',
  })
  // A token that nobody holds any more is not worth a finding.
  expect(judged.findings).toHaveLength(8)
  expect(judged.population).toBe(23)
})

test('how many returns make a finding is an option', async () => {
  const rules = { 'devices/sdk-flapping': { enabled: true, options: { returns: 3 } } }
  const strict = await judge(rule, { profiles, activities }, { settings: { ...settings, rules } })
  expect(messages(strict)).toEqual([
    'The version went back to an earlier one 3 times: app_version 1.0, 1.1, 1.2',
    'The version went back to an earlier one 3 times: app_version 7, 8',
  ])
  expect(rule.options.safeParse({ returns: 0 }).success).toBe(false)
})
