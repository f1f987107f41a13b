import { expect, test } from 'vitest'
import rule from '../../../rules/identity/id-variant.ts'
import { judge, messages } from '../support.ts'

test('writings of one id, and ids that only look like it', async () => {
  const profiles = [
    { cio_id: 'a1', id: 'U-17', devices: [{ token: 'x' }] },
    { cio_id: 'a2', id: 'u-17 ' },
    { cio_id: 'a3', id: '\tu-17' },
    { cio_id: 'a4', id: 'u-17\n' },
    { cio_id: 'b1', id: '000142', email: 'bo@shop.test' },
    { cio_id: 'b2', id: 'USER_142', email: 'Bo@shop.test' },
    { cio_id: 'c1', id: 'aB3', email: 'cy@shop.test' },
    { cio_id: 'c2', id: 'Ab3', email: 'dee@shop.test' },
    // Near misses.
    { cio_id: 'n1', id: '0143', email: 'eve@shop.test' },
    { cio_id: 'n2', id: '143', email: 'flo@shop.test' },
    { cio_id: 'n3', id: 'user_143' },
    { cio_id: 'n4', id: 'null' },
    { cio_id: 'n5', id: 'NULL' },
    { cio_id: 'n6' },
  ]
  const events = [{ cio_id: 'a2', name: 'purchase', at: '2026-11-20T10:00:00Z' }]
  const judged = await judge(rule, { profiles, events })
  expect(messages(judged)).toEqual([
    '2 profiles have one id in several writings: "000142", "USER_142"; an e-mail address, a phone or a device agrees',
    '2 profiles have one id in several writings: "Ab3", "aB3"; their e-mail addresses differ, so perhaps the case of an id means something',
    '4 profiles have one id in several writings: "\\tu-17", "U-17", "u-17\\n"',
  ])
  expect(
    judged.findings.map(({ subject, affected, informative }) => [subject, affected, informative]),
  ).toEqual([
    [{ key: 'id:000142', label: '000142' }, 2, undefined],
    [{ key: 'id:ab3', label: 'ab3' }, 2, 'warn'],
    [{ key: 'id:u-17', label: 'u-17' }, 4, undefined],
  ])
  expect(judged.findings[2]).toMatchObject({
    unit: 'profiles',
    firstSeen: '2026-01-01T00:00:00Z',
    lastSeen: '2026-01-01T00:00:00Z',
  })
  expect(
    judged.evidence
      .slice(4)
      .map((row) => [row['subject'], row['cio_id'], row['devices'], row['intent_events']]),
  ).toEqual([
    ['id:u-17', 'a1', 1, 0],
    ['id:u-17', 'a2', 0, 1],
    ['id:u-17', 'a3', 0, 0],
    ['id:u-17', 'a4', 0, 0],
  ])
  expect(judged.population).toBe(11)
})
