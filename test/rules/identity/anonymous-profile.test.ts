import { expect, test } from 'vitest'
import rule from '../../../rules/identity/anonymous-profile.ts'
import { judge, messages } from '../support.ts'

test('each kind of nobody in its own words', async () => {
  const profiles = [
    { cio_id: 'a1' },
    { cio_id: 'a2', id: '', email: '' },
    { cio_id: 'a3', id: 'GUEST' },
    { cio_id: 'a4', id: ' null ' },
    { cio_id: 'a5', id: 'f3b1', attributes: { anonymous_id: 'f3b1' }, devices: [{ token: 'x' }] },
    { cio_id: 'a6', id: ' ', email: ' ', attributes: { phone: ' ' } },
    // Near misses: another anonymous id, an e-mail, a phone.
    { cio_id: 'b1', id: 'f3b2', attributes: { anonymous_id: 'f3b1' } },
    { cio_id: 'b2', id: 'f3b3', email: 'ana@shop.test', attributes: { anonymous_id: 'f3b3' } },
    { cio_id: 'b3', id: 'null', attributes: { phone: '1' } },
    { cio_id: 'b4', id: 'guest-7' },
    // Nobody has this profile: a visitor of whom files say that there is a device.
    { cio_id: 'anon:77' },
  ]
  const events = [{ cio_id: 'a5', name: 'purchase', at: '2026-11-20T10:00:00Z' }]
  const judged = await judge(rule, { profiles, events })
  expect(messages(judged)).toEqual([
    'a1 has no id, no e-mail and no phone',
    'a2 has no id, no e-mail and no phone',
    'a3 has nothing but the id "GUEST", which means nobody',
    'a4 has nothing but the id " null ", which means nobody',
    'a5 is only the anonymous id f3b1',
    'a6 has no id, no e-mail and no phone',
  ])
  expect(judged.findings[4]).toEqual({
    subject: { key: 'a5', label: 'a5' },
    identity: 'id:f3b1',
    message: 'a5 is only the anonymous id f3b1',
    affected: 1,
    unit: 'profiles',
    firstSeen: '2026-01-01T00:00:00Z',
  })
  // By id where there is one, so that every source names the finding the same.
  expect(judged.findings.map(({ identity }) => identity)).toEqual([
    'a1',
    'a2',
    'id:GUEST',
    'id: null ',
    'id:f3b1',
    'id: ',
  ])
  expect(judged.evidence).toHaveLength(6)
  expect(judged.evidence.map(({ devices }) => devices)).toEqual([0, 0, 0, 0, 1, 0])
  expect(judged.evidence[4]).toEqual({
    subject: 'a5',
    cio_id: 'a5',
    id: 'f3b1',
    created_at: '2026-01-01T00:00:00Z',
    devices: 1,
    intent_events: 1,
  })
})
