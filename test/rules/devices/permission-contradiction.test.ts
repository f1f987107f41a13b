import { expect, test } from 'vitest'
import rule from '../../../rules/devices/permission-contradiction.ts'
import { inOrder, judge } from '../support.ts'

/** Somebody whose attribute says one thing, and whose devices say another each; null says nothing. */
const person = (cio_id: string, optIn: string | null, ...devices: readonly (string | null)[]) => ({
  cio_id,
  id: `id of ${cio_id}`,
  email: `${cio_id}@shop.test`,
  attributes: optIn === null ? {} : { push_opt_in: optIn },
  devices: devices.map((enabled, n) => ({
    token: Buffer.from(`${cio_id}-${n}`.padEnd(32, '.')).toString('hex'),
    attributes: enabled === null ? {} : { push_enabled: enabled },
  })),
})

const profiles = [
  person('yes-1', 'true', 'false'),
  person('yes-2', ' TRUE ', 'False', 'false'),
  person('yes-3', '1', 'false'),
  person('yes-4', 'Yes', 'false'),
  { ...person('yes-5', 'true', 'false'), unsubscribed: true },
  person('no-1', 'false', 'true'),
  person('no-2', '0', 'false', 'true'),
  person('no-3', 'NO', null, 'true'),
  // Fine: they agree, one of them is silent, or nothing can be read.
  person('agree-yes', 'true', 'true'),
  person('agree-no', 'false', 'false'),
  person('one-is-on', 'true', 'false', 'true'),
  person('one-is-silent', 'true', 'false', null),
  person('silent-devices', 'false', null),
  person('no-attribute', null, 'false'),
  person('no-device', 'true'),
  person('unclear', 'granted', 'false'),
]

test('the attribute against the devices, both ways', async () => {
  const { findings, evidence, population } = await judge(rule, { profiles })
  expect(findings).toEqual([
    {
      subject: { key: 'attribute-false', label: 'attribute-false' },
      message: '3 profiles are opted out by their attribute, while a device has push switched on',
      affected: 3,
      unit: 'profiles',
      attributes: ['push_opt_in'],
    },
    {
      subject: { key: 'attribute-true', label: 'attribute-true' },
      message: '5 profiles are opted in by their attribute, while every device has push switched off',
      affected: 5,
      unit: 'profiles',
      attributes: ['push_opt_in'],
    },
  ])
  expect(inOrder(evidence.map((row) => [row['subject'], row['cio_id'], row['platforms']]))).toEqual([
    ...['no-1', 'no-2', 'no-3'].map((name) => ['attribute-false', name, 'ios']),
    ...['yes-1', 'yes-2', 'yes-3', 'yes-4', 'yes-5'].map((name) => ['attribute-true', name, 'ios']),
  ])
  expect(evidence.find((row) => row['cio_id'] === 'no-1')).toMatchObject({
    id: 'id of no-1',
    email: 'no-1@shop.test',
  })
  // The eight, the four whose both sides say something, and not those with one side only.
  expect(population).toBe(12)
})
