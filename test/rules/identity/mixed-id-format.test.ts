import { expect, test } from 'vitest'
import rule from '../../../rules/identity/mixed-id-format.ts'
import { settings } from '../../support/workspace.ts'
import { inOrder, judge, messages } from '../support.ts'

const uuid = (n: number): string => `5f0c9b0e-13c5-4a77-9d6b-0b62a9f6b3${n}`
const uuids = Array.from({ length: 60 }, (_, n) => ({
  cio_id: `u${n}`,
  id: uuid(n + 10),
  devices: [{ token: `u${n}`, platform: 'ios' as const }],
}))
const canonical = (canonicalId: string) => ({
  settings: { ...settings, identity: { ...settings.identity, canonicalId } },
})

test('one finding for each other format', async () => {
  const profiles = [
    ...uuids,
    { cio_id: 'a1', id: '12', devices: [{ token: 'a1', platform: 'android' as const }] },
    { cio_id: 'a2', id: '0013', devices: [{ token: 'a2', platform: 'android' as const }] },
    { cio_id: 'a3', id: ' 14', devices: [{ token: 'a3', platform: 'android' as const }] },
    { cio_id: 'b1', id: 'Ana@shop.test' },
    { cio_id: 'c1', id: 'user_1' },
    { cio_id: 'c2', id: 'USER_2' },
    { cio_id: 'c3', id: 'user_3' },
    { cio_id: 'd1', id: '5F0C9B0E13C54A779D6B0B62A9F6B399' },
    { cio_id: 'e1', id: 'ana lee' },
    // Near misses: case, space, a placeholder.
    { cio_id: 'n1', id: uuid(98).toUpperCase() },
    { cio_id: 'n2', id: `${uuid(99)}\n` },
    { cio_id: 'n3', id: 'undefined' },
  ]
  const judged = await judge(rule, { profiles })
  expect(messages(judged)).toEqual([
    '1 of 71 ids (1.4 %) are e-mail and not uuid: Ana@shop.test',
    '1 of 71 ids (1.4 %) are hex of 32 digits and not uuid: 5F0C9B0E13C54A779D6B0B62A9F6B399',
    '3 of 71 ids (4.2 %) are integer and not uuid:  14, 0013, 12; 3 were created on 2026-01-01; their devices are android',
    '1 of 71 ids (1.4 %) are other and not uuid: ana lee',
    '3 of 71 ids (4.2 %) are prefix user_ and not uuid: USER_2, user_1, user_3; 3 were created on 2026-01-01',
  ])
  expect(judged.findings[2]).toMatchObject({
    subject: { key: 'integer', label: 'integer' },
    affected: 3,
    unit: 'ids',
    firstSeen: '2026-01-01T00:00:00Z',
    lastSeen: '2026-01-01T00:00:00Z',
  })
  expect(inOrder(judged.evidence.map((row) => `${row['subject']} ${row['cio_id']}`))).toEqual([
    'e-mail b1',
    'hex of 32 digits d1',
    'integer a1',
    'integer a2',
    'integer a3',
    'other e1',
    'prefix user_ c1',
    'prefix user_ c2',
    'prefix user_ c3',
  ])
  expect(judged.population).toBe(71)
  expect(judged.doubts).toEqual([])
})

test('the settings say what it should be', async () => {
  const judged = await judge(rule, { profiles: [{ cio_id: 'a1', id: '12' }] }, canonical('C-[0-9]+'))
  expect(messages(judged)).toEqual([
    '1 of 1 ids (100.0 %) are integer and not C-[0-9]+, as the settings want it: 12',
  ])
  expect(judged.doubts).toEqual([])
})

test('half of the ids on one day are not most of them', () => {
  const row = {
    format: 'ulid',
    ids: 4,
    all_ids: 800,
    canonical: 'uuid',
    given: false,
    examples: 'x',
    first_seen: null,
    last_seen: null,
    day: '2026-02-03',
    platform: null,
  }
  const say = (day_ids: number): string =>
    rule.finding(rule.row.parse({ ...row, day_ids }), {} as never).message
  expect(say(2)).toBe('4 of 800 ids (0.5 %) are ulid and not uuid: x')
  expect(say(3)).toBe('4 of 800 ids (0.5 %) are ulid and not uuid: x; 3 were created on 2026-02-03')
})

test('where no format is clearly the canonical one it does not guess', async () => {
  const two = [...uuids.slice(0, 3), { cio_id: 'a1', id: '12' }, { cio_id: 'b1', id: 'ana@shop.test' }]
  const judged = await judge(rule, { profiles: two })
  expect(judged.findings).toEqual([])
  expect(judged.evidence).toEqual([])
  expect(judged.doubts).toEqual([
    'no format of ids is clearly the canonical one (uuid has 60 %): set identity.canonicalId',
  ])
  const free = await judge(rule, { profiles: [{ cio_id: 'a1', id: 'ana lee' }] })
  expect(free.doubts).toEqual([
    'the ids follow no format that is known: give a regular expression as identity.canonicalId',
  ])
  expect((await judge(rule, { profiles: [{ cio_id: 'a1' }] })).doubts).toEqual([])
})
