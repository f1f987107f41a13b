import { expect, test } from 'vitest'
import rule from '../../../rules/devices/missing-metadata.ts'
import { inOrder, judge, messages } from '../support.ts'

const whole = { app_version: '3.2.0', device_os: '18.1', cio_sdk_version: '4.7.1' }
const device = (cio_id: string, n: number, attributes: Record<string, string>, platform: string = 'ios') => ({
  cio_id,
  id: `u-${n}`,
  devices: [{ token: String(n).padStart(64, 'a'), attributes, platform: platform as 'ios' }],
})

const profiles = [
  device('whole', 1, whole),
  device('more', 2, { ...whole, device_model: '' }),
  device('capital', 3, whole, 'iOS'),
  device('no-version', 4, { device_os: '18.1', cio_sdk_version: '4.7.1' }),
  device('empty-version', 5, { ...whole, app_version: '' }),
  device('blank-system', 6, { ...whole, device_os: '  ' }),
  device('no-sdk', 7, { app_version: '3.2.0', device_os: '18.1' }),
  device('no-platform', 8, whole, ' '),
  device('bare', 9, {}),
]

test('one finding for each fact that devices do not say', async () => {
  const judged = await judge(rule, { profiles })
  expect(messages(judged)).toEqual([
    '3 of 9 devices do not say their app_version',
    '2 of 9 devices do not say their cio_sdk_version',
    '2 of 9 devices do not say their device_os',
    '1 of 9 devices do not say their platform',
  ])
  expect(judged.findings[0]).toMatchObject({
    subject: { key: 'app_version', label: 'app_version' },
    affected: 3,
    unit: 'devices',
    population: 9,
  })
  expect(inOrder(judged.evidence.map((row) => [row['subject'], row['cio_id']]))).toEqual([
    ['app_version', 'bare'],
    ['app_version', 'empty-version'],
    ['app_version', 'no-version'],
    ['cio_sdk_version', 'bare'],
    ['cio_sdk_version', 'no-sdk'],
    ['device_os', 'bare'],
    ['device_os', 'blank-system'],
    ['platform', 'no-platform'],
  ])
  expect(judged.population).toBe(9)
})
