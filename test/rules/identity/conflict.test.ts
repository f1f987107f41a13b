import { expect, test } from 'vitest'
import rule from '../../../rules/identity/conflict.ts'
import { judge, messages } from '../support.ts'

const profiles = [
  { cio_id: 'a1', id: 'u-1', email: 'ana@shop.test' },
  { cio_id: 'b2', id: '48213', email: 'bo@shop.test' },
  { cio_id: 'd9c106', id: '7f3a-11ee-uuid', email: 'Cy@shop.test' },
  { cio_id: 'f7', id: 'cust-042' },
  { cio_id: 'g8', id: 'customer' },
  { cio_id: 'h9', id: '12345678' },
  { cio_id: 'e3', id: 'null', email: 'info@shop.test', attributes: { phone: '+4915112345678' } },
]
const at = '2026-11-20T10:00:00Z'

const refused = async (data: unknown, type = 'failed_attribute_change', cio_id = 'a1', when = at) => {
  const judged = await judge(rule, { profiles, activities: [{ cio_id, type, at: when, data }] })
  return judged.evidence.map((row) => `${row['cio_id']} ${row['wanted']} ${row['owners']}`)
}

test.each([
  { email: { from: '', to: ' BO@shop.test ' } },
  { email: 'bo@shop.test' },
  { identifiers: { email: 'bo@shop.test' } },
  { attribute: 'email', value: 'bo@shop.test' },
  { name: 'Email', to: 'bo@shop.test' },
  { reason: 'the address bo@shop.test. is taken' },
  { errors: ['<bo@shop.test> exists'] },
])('an e-mail in %j', async (data) => {
  expect(await refused(data)).toEqual(['a1 bo@shop.test b2'])
})

test.each([
  [{ id: '48213' }, 'a1 48213 b2'],
  [{ id: { from: 'u-1', to: 48213 } }, 'a1 48213 b2'],
  [{ field: 'id', value: '48213' }, 'a1 48213 b2'],
  [{ reason: 'id "48213" is taken' }, 'a1 48213 b2'],
  [{ message: 'customer_id: 48213 belongs to somebody' }, 'a1 48213 b2'],
  [{ error: { detail: '7F3A-11ee-uuid, that is another person' } }, 'a1 7f3a-11ee-uuid d9c106'],
  [{ conflict: { cio_id: 'cio_d9c106' } }, 'a1 cio_d9c106 d9c106'],
  [{ reason: 'cio_id d9c106 has it' }, 'a1 d9c106 d9c106'],
  [{ reason: 'cust-042 exists' }, 'a1 cust-042 f7'],
])('an id in %j', async (data, expected) => {
  expect(await refused(data)).toEqual([expected])
})

test.each([
  // Its own, in whatever spelling.
  { identifiers: { id: ' U-1', email: 'ANA@shop.test', cio_id: 'a1' } },
  // Nobody has it.
  { email: { from: '', to: 'dan@shop.test' } },
  // Placeholders and role mailboxes belong to nobody in particular.
  { id: 'null', email: 'info@shop.test' },
  // Another attribute that holds an address, and a phone.
  { friend_email: { from: '', to: 'bo@shop.test' }, phone: '+4915112345678' },
  { attribute: 'friend', value: 'bo@shop.test' },
  { own: 'bo@shop.test' },
  // A number that happens to be an id, and a short word.
  { reason: 'value is larger than 48213 bytes' },
  { reason: 'value is larger than 12345678 bytes' },
  { reason: 'the customer is unknown' },
  { reason: 'u-1 cart-2' },
  { id: { from: null, to: '' } },
  { id: ['', ' '] },
  [],
  null,
])('no conflict in %j', async (data) => {
  expect(await refused(data)).toEqual([])
})

test('of a failed event only the reason counts, wherever its properties name a friend', async () => {
  expect(await refused({ reason: 'bo@shop.test is somebody else' }, 'failed_event')).toHaveLength(1)
  expect(await refused({ error: { message: 'bo@shop.test exists' } }, 'failed_event')).toHaveLength(1)
  expect(await refused({ email: 'bo@shop.test', reason: 'too large' }, 'failed_event')).toEqual([])
  expect(await refused({ attribute: 'email', value: 'bo@shop.test' }, 'failed_event')).toEqual([])
  expect(await refused({ data: { message: 'hello bo@shop.test' } }, 'failed_event')).toEqual([])
  expect(await refused({ data: { reason: 'bo@shop.test' } }, 'skipped_update')).toHaveLength(1)
})

test('only refusals of the window count', async () => {
  const data = { email: 'bo@shop.test' }
  expect(await refused(data, 'attribute_change')).toEqual([])
  expect(await refused(data, 'failed_batch_update')).toEqual([])
  expect(await refused(data, 'skipped_update', 'a1', '2026-10-24T12:00:00Z')).toHaveLength(1)
  expect(await refused(data, 'skipped_update', 'a1', '2026-10-24T11:59:59Z')).toEqual([])
  expect(await refused(data, 'skipped_update', 'a1', '2026-11-23T12:00:01Z')).toEqual([])
})

test('one of the owners is enough to see that two profiles may be one person', async () => {
  const wants = (id: string) => ({ cio_id: 'f4', type: 'skipped_update', at, data: { id } })
  const judged = await judge(rule, {
    profiles: [...profiles, { cio_id: 'f4', email: 'ANA@shop.test' }],
    activities: [wants('u-1'), wants('48213')],
  })
  expect(judged.evidence).toMatchObject([{ owners: 'a1, b2', same_person: true }])
  expect(messages(judged)).toEqual([
    'f4 wanted the id 48213 and 1 more of b2, 2 times: one of the owners looks like the same person',
  ])
})

test('one finding for each profile, with all that it wanted', async () => {
  const judged = await judge(rule, {
    profiles: [
      ...profiles,
      { cio_id: 'f4', email: 'ANA@shop.test' },
      { cio_id: 'f5', email: 'gil@shop.test' },
      { cio_id: 'f6', email: 'gil@shop.test' },
    ],
    activities: [
      {
        cio_id: 'b2',
        type: 'failed_attribute_change',
        at: '2026-11-21T10:00:00Z',
        data: { email: 'cy@shop.test' },
      },
      {
        cio_id: 'b2',
        type: 'skipped_update',
        at,
        data: { identifiers: { id: 'u-1', email: 'cy@shop.test' } },
      },
      // Held by its own mate as well: still another profile has it.
      { cio_id: 'f4', type: 'skipped_update', at, data: { id: 'u-1' } },
      // Two have it: it is told with the first of them, and with none if it is the profile itself.
      { cio_id: 'a1', type: 'skipped_update', at, data: { email: 'gil@shop.test' } },
      { cio_id: 'f5', type: 'skipped_update', at, data: { email: 'gil@shop.test' } },
      { cio_id: 'gone', type: 'skipped_update', at, data: { id: 'u-1' } },
    ],
  })
  expect(messages(judged)).toEqual([
    'a1 wanted the e-mail gil@shop.test of f5',
    'b2 wanted the e-mail cy@shop.test and 1 more of d9c106, 3 times',
    'f4 wanted the id u-1 of a1: the two look like one person',
    'gone wanted the id u-1 of a1',
  ])
  expect(judged.findings[1]).toMatchObject({
    subject: { key: 'b2', label: 'b2' },
    identity: '48213',
    affected: 1,
    unit: 'profiles',
    firstSeen: '2026-11-20T10:00:00Z',
    lastSeen: '2026-11-21T10:00:00Z',
  })
  expect(judged.findings.map(({ identity }) => identity)).toEqual(['u-1', '48213', 'ana@shop.test', 'gone'])
  expect(judged.evidence.find((row) => row['cio_id'] === 'b2')).toEqual({
    subject: 'b2',
    cio_id: 'b2',
    id: '48213',
    email: 'bo@shop.test',
    wanted: 'cy@shop.test, u-1',
    owners: 'a1, d9c106',
    same_person: false,
    refusals: 3,
    activities: 'failed_attribute_change, skipped_update',
    last_seen: '2026-11-21T10:00:00Z',
  })
  expect(judged.evidence).toHaveLength(4)
  expect(judged.population).toBe(10)
})

test('Pipelines files: the first who is identified with an anonymous id has it', async () => {
  const identify = (user_id: string | undefined, anonymous_id: string | undefined, day: string) => ({
    kind: 'identify' as const,
    at: `2026-${day}T10:00:00Z`,
    ...(user_id === undefined ? {} : { user_id }),
    ...(anonymous_id === undefined ? {} : { anonymous_id }),
    data: { email: 'someone@shop.test' },
  })
  const judged = await judge(rule, {
    calls: [
      identify('u-3', 'phone', '11-12'),
      identify('u-1', 'phone', '11-10'),
      identify('u-2', 'phone', '11-11'),
      identify('u-2', 'phone', '11-13'),
      // The same moment: the first by name.
      identify('v-2', 'tie', '11-10'),
      identify('v-1', 'tie', '11-10'),
      // One person on two phones, one phone of one person, calls without one of the two.
      identify('w-1', 'one', '11-10'),
      identify('w-1', 'two', '11-11'),
      identify('w-1', 'two', '11-12'),
      identify('w-2', undefined, '11-12'),
      identify('w-3', undefined, '11-12'),
      identify(undefined, 'one', '11-12'),
      identify(undefined, 'two', '11-13'),
      // Claimed before the window, and at a time that is no more than planned.
      identify('x-1', 'old', '10-01'),
      identify('x-2', 'old', '10-02'),
      identify('y-1', 'late', '11-01'),
      identify('y-2', 'late', '12-01'),
      { kind: 'device', at: '2026-11-14T10:00:00Z', user_id: 'z-9', anonymous_id: 'phone', token: 't' },
    ],
  })
  expect(judged.findings.map(({ subject, lastSeen }) => [subject.key, lastSeen])).toEqual([
    ['id:u-2', '2026-11-11T10:00:00Z'],
    ['id:u-3', '2026-11-12T10:00:00Z'],
    ['id:v-2', '2026-11-10T10:00:00Z'],
  ])
  expect(messages(judged)[0]).toBe('id:u-2 wanted the anonymous id phone of id:u-1')
  expect(judged.evidence[0]).toMatchObject({ wanted: 'phone', owners: 'id:u-1', activities: 'identify' })
})
