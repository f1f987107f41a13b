import { expect, test } from 'vitest'
import rule from '../../../rules/devices/permission-untracked.ts'
import { settings } from '../../support/workspace.ts'
import { inOrder, judge, messages } from '../support.ts'

const token = (n: number) => String(n).padStart(64, 'a')
const device = (n: number, attributes: Record<string, string> = {}, platform = 'ios') => ({
  token: token(n),
  platform: platform as 'ios',
  attributes,
})
const at = '2026-11-20T10:00:00Z'

const profiles = [
  { cio_id: 'silent', id: 'u-1', email: 'silent@shop.test', devices: [device(1)] },
  { cio_id: 'empty', id: 'u-2', attributes: { push_opt_in: '' }, devices: [device(2, { push_enabled: '' })] },
  { cio_id: 'blank', id: 'u-3', attributes: { push_opt_in: ' ' }, devices: [device(3, {}, 'android')] },
  { cio_id: 'two', id: 'u-4', devices: [device(4), device(5, {}, 'android'), device(6)] },
  { cio_id: 'nameless', id: 'u-14', devices: [device(15, {}, '')] },
  { cio_id: 'half', id: 'u-15', devices: [device(16), device(17, {}, '')] },
  { cio_id: 'strange', id: 'u-5', devices: [device(7, { push_enabled: 'perhaps' })] },
  { cio_id: 'no-device', id: 'u-6' },
  { cio_id: 'unsubscribed', id: 'u-7', unsubscribed: true, devices: [device(8)] },
  { cio_id: 'anonymous', devices: [device(9)] },
  // Fine: an answer somewhere, even one that reads as neither, or nobody who uses the app.
  { cio_id: 'yes', id: 'u-8', attributes: { push_opt_in: 'true' }, devices: [device(10)] },
  { cio_id: 'unclear', id: 'u-9', attributes: { push_opt_in: 'granted' }, devices: [device(11)] },
  { cio_id: 'device-no', id: 'u-10', devices: [device(12, { push_enabled: 'FALSE' }), device(13)] },
  { cio_id: 'device-yes', id: 'u-11', devices: [device(14, { push_enabled: ' true ' })] },
  { cio_id: 'web', id: 'u-12' },
  { cio_id: 'nobody', id: 'u-13' },
]
const events = [
  { cio_id: 'no-device', name: 'search', at, data: { platform: 'Android' } },
  { cio_id: 'web', name: 'search', at, data: { platform: 'web' } },
]

test('app users of whom nobody knows, by the platform of their devices', async () => {
  const judged = await judge(rule, { profiles, events })
  expect(messages(judged)).toEqual([
    '1 app user (android) has neither push_opt_in nor a device that says push_enabled',
    '1 app user (android and ios) has neither push_opt_in nor a device that says push_enabled',
    '5 app users (ios) have neither push_opt_in nor a device that says push_enabled',
    '1 app user (ios and unknown) has neither push_opt_in nor a device that says push_enabled',
    '1 app user (no device) has neither push_opt_in nor a device that says push_enabled',
    '1 app user (unknown) has neither push_opt_in nor a device that says push_enabled',
  ])
  expect(judged.findings[2]).toMatchObject({
    subject: { key: 'ios', label: 'ios' },
    affected: 5,
    unit: 'app users',
    attributes: ['push_opt_in'],
  })
  expect(inOrder(judged.evidence.map((row) => [row['subject'], row['cio_id'], row['platforms']]))).toEqual([
    ['android and ios', 'two', 'android and ios'],
    ['android', 'blank', 'android'],
    ['ios and unknown', 'half', 'ios and unknown'],
    ['ios', 'anonymous', 'ios'],
    ['ios', 'empty', 'ios'],
    ['ios', 'silent', 'ios'],
    ['ios', 'strange', 'ios'],
    ['ios', 'unsubscribed', 'ios'],
    ['no device', 'no-device', 'no device'],
    ['unknown', 'nameless', 'unknown'],
  ])
  expect(judged.evidence.find((row) => row['cio_id'] === 'silent')).toMatchObject({
    id: 'u-1',
    email: 'silent@shop.test',
  })
  expect(judged.population).toBe(14)
})

test('the attribute is the one of the config', async () => {
  const changed = { ...settings, push: { ...settings.push, optInAttribute: 'may "push"' } }
  const asked = [
    { cio_id: 'other', id: 'u-1', attributes: { push_opt_in: 'true' }, devices: [device(1)] },
    { cio_id: 'own', id: 'u-2', attributes: { 'may "push"': 'true' }, devices: [device(2)] },
  ]
  const judged = await judge(rule, { profiles: asked }, { settings: changed })
  expect(judged.evidence.map((row) => row['cio_id'])).toEqual(['other'])
})
