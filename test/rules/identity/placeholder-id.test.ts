import { expect, test } from 'vitest'
import rule from '../../../rules/identity/placeholder-id.ts'
import { contextOf } from '../../../src/audit/run-rule.ts'
import { raw } from '../../../src/engine/sql.ts'
import { asOf, modelOver, planOf, settings, snapshotRows } from '../../support/workspace.ts'
import { judge, messages } from '../support.ts'

const tokens = (...names: readonly string[]) => ({ devices: names.map((token) => ({ token })) })

test('what gathers strangers, and what is only told', async () => {
  const profiles = [
    { cio_id: 'a1', id: 'null', email: 'last@shop.test', ...tokens('x', 'y') },
    { cio_id: 'a2', id: ' NULL', ...tokens('z') },
    { cio_id: 'a3', id: 'Guest', ...tokens('v', 'w') },
    { cio_id: 'a4', id: 'undefined', ...tokens('t', 'u') },
    { cio_id: 'a5', id: 'none', ...tokens('r', 's') },
    { cio_id: 'a6', id: 'N/A', ...tokens('p', 'q') },
    { cio_id: 'b1', id: 'u-1', email: 'test@test.com', ...tokens('o', 'n') },
    { cio_id: 'b2', id: 'u-2', email: 'TEST@test.com' },
    { cio_id: 'b3', id: 'unknown', ...tokens('m') },
    // Near misses.
    { cio_id: 'c1', id: 'nulls', ...tokens('l', 'k') },
    { cio_id: 'c2', id: '10', ...tokens('j', 'i') },
    { cio_id: 'c3', email: 'guest@shop.test', ...tokens('h', 'g') },
  ]
  const events = [{ cio_id: 'a1', name: 'purchase', at: '2026-11-20T10:00:00Z' }]
  const judged = await judge(rule, { profiles, events })
  expect(messages(judged)).toEqual([
    '2 profiles have the e-mail "test@test.com", which means nobody',
    'The id "guest" gathers strangers: 0 intent events, 2 devices and 0 e-mail addresses are on one profile',
    'The id "n/a" gathers strangers: 0 intent events, 2 devices and 0 e-mail addresses are on one profile',
    'The id "none" gathers strangers: 0 intent events, 2 devices and 0 e-mail addresses are on one profile',
    'The id "null" gathers strangers: 1 intent event, 2 devices and 1 e-mail address are on one profile',
    'The id "undefined" gathers strangers: 0 intent events, 2 devices and 0 e-mail addresses are on one profile',
    '1 profile has the id "unknown", which means nobody',
  ])
  expect(judged.findings[4]).toEqual({
    subject: { key: 'id:null', label: 'null' },
    message: expect.any(String),
    affected: 2,
    unit: 'profiles',
    firstSeen: '2026-01-01T00:00:00Z',
    lastSeen: '2026-01-01T00:00:00Z',
  })
  expect(
    judged.findings.filter(({ informative }) => informative === 'warn').map(({ subject }) => subject.key),
  ).toEqual(['email:test@test.com', 'id:unknown'])
  const [first] = judged.evidence.filter((row) => row['cio_id'] === 'a1')
  expect(first).toEqual({
    subject: 'id:null',
    cio_id: 'a1',
    id: 'null',
    email: 'last@shop.test',
    phone: null,
    created_at: '2026-01-01T00:00:00Z',
    gathers: true,
    intent_events: 1,
    devices: 2,
    addresses: 1,
  })
  expect(judged.evidence).toHaveLength(9)
  expect(judged.population).toBe(12)
})

test('several profiles that gather, by a phone and by an e-mail', async () => {
  const profiles = [
    { cio_id: 'a1', attributes: { phone: '0000000000' }, ...tokens('x', 'y') },
    { cio_id: 'a2', attributes: { phone: '(000) 000-0000' }, ...tokens('v', 'w', 'u') },
    { cio_id: 'a3', id: 'u-3', attributes: { phone: '0000000000' }, ...tokens('s', 't') },
    { cio_id: 'b1', email: 'test@test.com', ...tokens('q', 'r') },
  ]
  expect(messages(await judge(rule, { profiles }))).toEqual([
    'The e-mail "test@test.com" gathers strangers: 0 intent events, 2 devices and 0 e-mail addresses are on one profile',
    'The phone "0000000000" gathers strangers: 0 intent events, 5 devices and 0 e-mail addresses are on 2 profiles',
  ])
})

test.each([
  [
    'a profile that may gather',
    { cio_id: 'a1', id: 'guest' },
    ['whether id:guest gathers strangers is not known: no events'],
  ],
  ['one that does', { cio_id: 'a1', id: 'guest', ...tokens('x', 'y') }, []],
  ['one that is named by a good id', { cio_id: 'a1', id: 'u-1', email: 'test@test.com' }, []],
])('where events are not seen: %s', async (_, profile, reasons) => {
  const db = await modelOver(snapshotRows({ profiles: [profile] }), planOf({}))
  await db.run(raw("insert into unmet_need values ('activities', 'none'), ('planned-events', 'no events')"))
  const rows = await db.rows(rule.doubt?.(contextOf(rule, settings, asOf)) ?? raw('select 1 where false'))
  db.close()
  expect(rows.map(({ reason }) => reason)).toEqual(reasons)
})

test('where events are seen there is no doubt', async () => {
  expect((await judge(rule, { profiles: [{ cio_id: 'a1', id: 'guest' }] })).doubts).toEqual([])
})

test.each(['(null)', '<null>', '(NULL) '])('%s is what iOS prints of nobody', async (id) => {
  const judged = await judge(rule, { profiles: [{ cio_id: 'a1', id, ...tokens('x', 'y') }] })
  expect(judged.findings.map(({ subject, informative }) => [subject.key, informative])).toEqual([
    [`id:${id.trim().toLowerCase()}`, undefined],
  ])
})
