import { beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/engine/database.ts'
import { raw, sql } from '../../src/engine/sql.ts'
import { modelOver, planOf, snapshotRows } from '../support/workspace.ts'

const fresh = '2026-11-20T00:00:00Z'
const apns = (n: number) => String(n).padStart(64, 'a')
const fcm = `${'x'.repeat(22)}:APA91b${'y'.repeat(134)}`
const device = (token: string, attributes: Record<string, string> = {}, lastUsed: string | null = fresh) => ({
  token,
  attributes,
  ...(lastUsed === null ? {} : { lastUsed }),
})
const at = '2026-11-10T10:00:00Z'
const whole = { app_version: '3.2.0', device_os: '18.1', cio_sdk_version: '4.7.1' }

const profiles = [
  { cio_id: 'deliverable', devices: [device(apns(1))] },
  { cio_id: 'fcm', devices: [device(fcm)] },
  { cio_id: 'long-apns', devices: [device('ab'.repeat(100))] },
  { cio_id: 'old-fcm', devices: [device('Zz_-'.repeat(38))] },
  { cio_id: 'odd-hex', devices: [device('a'.repeat(65))] },
  { cio_id: 'short-hex', devices: [device('a'.repeat(62))] },
  { cio_id: 'too-long-hex', devices: [device('a'.repeat(202))] },
  { cio_id: 'short-fcm', devices: [device(`x:${'y'.repeat(99)}`)] },
  { cio_id: 'quoted', devices: [device(`"${apns(2)}"`)] },
  { cio_id: 'shared-1', devices: [device(apns(3))] },
  { cio_id: 'shared-2', devices: [device(apns(3))] },
  { cio_id: 'bounced', devices: [device(apns(4), { _last_status: 'bounced' })] },
  { cio_id: 'suppressed', devices: [device(apns(5), { _last_status: 'suppressed' })] },
  { cio_id: 'sent', devices: [device(apns(6), { _last_status: 'sent', push_enabled: 'true' })] },
  { cio_id: 'disabled', devices: [device(apns(7), { push_enabled: 'false' })] },
  { cio_id: 'stale', devices: [device(apns(8), {}, '2026-02-26T11:59:59Z')] },
  { cio_id: 'at-the-limit', devices: [device(apns(17), {}, '2026-02-26T12:00:00Z')] },
  { cio_id: 'just-fresh', devices: [device(apns(9), {}, '2026-02-26T12:00:01Z')] },
  { cio_id: 'never-used', devices: [device(apns(10), {}, null)] },
  {
    cio_id: 'disabled-and-deliverable',
    devices: [device(apns(11), { push_enabled: 'false' }), device(apns(12), { push_enabled: 'true' })],
  },
  {
    cio_id: 'stale-and-bounced',
    devices: [device(apns(13), {}, '2025-01-01T00:00:00Z'), device(apns(14), { _last_status: 'bounced' })],
  },
  {
    cio_id: 'bounced-and-disabled',
    devices: [device(apns(15), { push_enabled: 'false', _last_status: 'bounced' })],
  },
  {
    cio_id: 'disabled-and-silent',
    devices: [device(apns(97), { push_enabled: 'false' }), device(apns(98))],
  },
  {
    cio_id: 'read-twice',
    devices: [device(apns(96), { push_enabled: 'false' }), device(apns(96), { push_enabled: 'true' })],
  },
  { cio_id: 'half', devices: [device(apns(95)), { ...device(apns(94)), platform: '' as 'ios' }] },
  { cio_id: 'nameless', devices: [{ ...device(apns(93)), platform: ' ' as 'ios' }] },
  { cio_id: 'both', devices: [device(apns(92)), { ...device(apns(91)), platform: 'android' as const }] },
  { cio_id: 'says-maybe', attributes: { push_opt_in: 'maybe' }, devices: [device(apns(90), whole)] },
  { cio_id: 'none' },
  { cio_id: 'unsubscribed', unsubscribed: true, attributes: { push_opt_in: 'true' } },
  { cio_id: 'says-yes', attributes: { push_opt_in: 'TRUE' } },
  {
    cio_id: 'says-no',
    attributes: { push_opt_in: 'false' },
    devices: [device(apns(16), { push_enabled: 'true' })],
  },
  { cio_id: 'says-nothing', attributes: { push_opt_in: ' ' } },
  { cio_id: 'app-event' },
  { cio_id: 'web-event' },
  { cio_id: 'buyer' },
]
const events = [
  { cio_id: 'app-event', name: 'search', at, data: { platform: 'iOS' } },
  { cio_id: 'app-event', name: 'search', at, data: { platform: 'web' } },
  { cio_id: 'web-event', name: 'search', at, data: { platform: 'web' } },
  { cio_id: 'buyer', name: 'purchase', at, data: {} },
  {
    cio_id: 'buyer',
    name: 'cart_updated',
    at,
    data: { currency: 'eur', cart_value: '9'.repeat(400), total: 12.5 },
  },
]

let db: Database
beforeAll(async () => {
  db = await modelOver(snapshotRows({ profiles, events }), planOf({}))
  return () => db.close()
})

test.each([
  ['deliverable', ['deliverable']],
  ['fcm', ['deliverable']],
  ['long-apns', ['deliverable']],
  ['old-fcm', ['deliverable']],
  ['odd-hex', ['malformed']],
  ['short-hex', ['malformed']],
  ['too-long-hex', ['malformed']],
  ['short-fcm', ['malformed']],
  ['quoted', ['malformed']],
  ['shared-1', ['shared']],
  ['bounced', ['undeliverable']],
  ['suppressed', ['undeliverable']],
  ['sent', ['deliverable']],
  ['disabled', ['disabled']],
  ['stale', ['stale']],
  ['at-the-limit', ['deliverable']],
  ['just-fresh', ['deliverable']],
  ['never-used', ['deliverable']],
  ['disabled-and-deliverable', ['deliverable', 'disabled']],
  ['stale-and-bounced', ['stale', 'undeliverable']],
  ['bounced-and-disabled', ['undeliverable']],
  ['read-twice', ['deliverable']],
])('devices of %s are %j', async (id, states) => {
  const rows = await db.rows(sql`select state from device where cio_id = ${id} order by state`)
  expect(rows.map((row) => row['state'])).toEqual(states)
})

test.each([
  ['deliverable', 'unknown', 'deliverable', true, true],
  ['sent', 'in', 'deliverable', true, true],
  ['disabled', 'out', 'disabled', true, true],
  ['stale', 'unknown', 'stale', true, false],
  ['never-used', 'unknown', 'deliverable', true, false],
  ['disabled-and-deliverable', 'in', 'deliverable', true, true],
  ['stale-and-bounced', 'unknown', 'stale', true, true],
  ['disabled-and-silent', 'unknown', 'deliverable', true, true],
  ['read-twice', 'in', 'deliverable', true, true],
  ['none', 'unknown', 'none', false, false],
  ['unsubscribed', 'unsubscribed', 'none', false, false],
  ['says-yes', 'in', 'none', false, false],
  ['says-no', 'out', 'deliverable', true, true],
  ['says-nothing', 'unknown', 'none', false, false],
  ['app-event', 'unknown', 'none', true, true],
  ['web-event', 'unknown', 'none', false, false],
])('%s: permission %s, best device %s', async (id, permission, best, appUser, appActive) => {
  const [row] = await db.rows(sql`select * from audience where cio_id = ${id}`)
  expect(row).toMatchObject({ permission, best_device: best, app_user: appUser, app_active: appActive })
})

test('customers and people with intent', async () => {
  const rows = await db.rows(
    raw('select cio_id, customer, intent_events from audience where customer or intent_events > 0'),
  )
  expect(rows).toEqual([{ cio_id: 'buyer', customer: true, intent_events: 2 }])
})

test('nothing of these is ever unknown', async () => {
  const unknown = raw(`
    select cio_id from audience where permission is null or best_device is null or app_user is null
      or app_active is null or customer is null or intent_events is null`)
  expect(await db.rows(unknown)).toEqual([])
})

test.each([
  ['half', 'ios and unknown'],
  ['nameless', 'unknown'],
  ['both', 'android and ios'],
  ['read-twice', 'ios'],
  ['none', null],
])('the platforms of %s are %s', async (id, platforms) => {
  expect(await db.scalar(sql`select platforms from audience where cio_id = ${id}`)).toBe(platforms)
})

test.each([
  ['says-yes', 'yes', null],
  ['says-no', 'no', 'yes'],
  ['says-maybe', 'unclear', null],
  ['says-nothing', null, null],
  ['disabled', null, 'no'],
  ['disabled-and-silent', null, 'unclear'],
  ['disabled-and-deliverable', null, 'yes'],
  ['deliverable', null, null],
])('%s: the attribute says %s, and the devices %s', async (id, attribute, devices) => {
  expect(await db.rows(sql`select attribute_says, devices_say from audience where cio_id = ${id}`)).toEqual([
    { attribute_says: attribute, devices_say: devices },
  ])
})

test('what is not known of a device, and which are well formed or silent', async () => {
  const facts = async (id: string) =>
    await db.rows(
      sql`select array_to_string(lacks, ' ') as lacks, well_formed, silent from device where cio_id = ${id} order by all`,
    )
  const sdk = 'app_version device_os cio_sdk_version'
  expect(await facts('says-maybe')).toEqual([{ lacks: '', well_formed: true, silent: null }])
  expect(await facts('nameless')).toEqual([{ lacks: `platform ${sdk}`, well_formed: true, silent: null }])
  expect(await facts('odd-hex')).toEqual([{ lacks: sdk, well_formed: false, silent: null }])
  expect(await facts('never-used')).toEqual([{ lacks: sdk, well_formed: true, silent: 'never-used' }])
  expect(await facts('stale')).toEqual([{ lacks: sdk, well_formed: true, silent: 'unused' }])
})
