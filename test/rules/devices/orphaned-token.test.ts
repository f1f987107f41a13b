import { beforeAll, expect, test } from 'vitest'
import rule from '../../../rules/devices/orphaned-token.ts'
import { contextOf } from '../../../src/audit/run-rule.ts'
import { asOf, modelOver, planOf, rowsOf, settings, snapshotRows } from '../../support/workspace.ts'
import { inOrder, judge, messages, type Judged } from '../support.ts'

const token = (name: string) => Buffer.from(name.padEnd(32, '.')).toString('hex')
const devices = (name: string, lastUsed?: string) => [
  { token: token(name), ...(lastUsed ? { lastUsed } : {}) },
]
const older = '2026-11-01T00:00:00Z'
const newer = '2026-11-02T00:00:00Z'

const profiles = [
  // The cart is on the duplicate.
  { cio_id: 'split-cart', id: 'u-1', email: 'split@shop.test' },
  { cio_id: 'split-phone', email: 'split@shop.test', devices: devices('split', newer) },
  // Two profiles of one person, each with a cart and a phone.
  { cio_id: 'both-1', id: 'u-2', email: 'both@shop.test', devices: devices('both-1') },
  { cio_id: 'both-2', email: 'both@shop.test', devices: devices('both-2') },
  // Nobody of this pair has a cart.
  { cio_id: 'quiet-1', id: 'u-3', email: 'quiet@shop.test' },
  { cio_id: 'quiet-2', email: 'quiet@shop.test', devices: devices('quiet') },
  // The cart belongs to a stranger.
  { cio_id: 'alone', id: 'u-4', email: 'alone@shop.test', devices: devices('alone') },
  // The token is on both halves of a person: a shared token, and only that.
  { cio_id: 'copy-cart', id: 'u-5', email: 'copy@shop.test', devices: devices('copy') },
  { cio_id: 'copy-phone', email: 'copy@shop.test', devices: devices('copy') },
  { cio_id: 'anonymous', devices: devices('anonymous', older) },
  { cio_id: 'anonymous-malformed', devices: [{ token: 'null' }] },
  // Two anonymous profiles with one token: told once, by the one that used it last.
  { cio_id: 'twice-1', id: 'null', devices: devices('twice', newer) },
  { cio_id: 'twice-2', id: 'null', devices: devices('twice', older) },
  { cio_id: 'twice-3', id: 'null', devices: devices('twice') },
]
const events = ['split-cart', 'both-1', 'both-2', 'copy-cart'].map((cio_id) => ({
  cio_id,
  name: 'cart_updated',
  at: '2026-11-20T10:00:00Z',
}))

let judged: Judged
beforeAll(async () => {
  judged = await judge(rule, { profiles, events })
})

test('tokens of anonymous profiles, and tokens beside the events of their person', () => {
  expect(messages(judged).toSorted()).toEqual([
    'The token sits on split-phone, but the events of this person are on split-cart',
    'The token sits on the anonymous profile anonymous',
    'The token sits on the anonymous profile twice-1',
  ])
  const found = judged.findings.find(({ subject }) => subject.key === token('split'))
  expect(found).toMatchObject({ affected: 1, unit: 'tokens', lastSeen: '2026-11-02T00:00:00Z' })
})

test('the evidence names each token once, with both profiles', () => {
  const rows = judged.evidence.map((row) => [
    row['subject'] === row['token'],
    row['cio_id'],
    row['email'],
    row['last_used'],
    row['active_cio_id'],
  ])
  expect(inOrder(rows)).toEqual([
    [true, 'anonymous', null, older, null],
    [true, 'split-phone', 'split@shop.test', newer, 'split-cart'],
    [true, 'twice-1', null, newer, null],
  ])
})

test('the population is the tokens that are well formed, each once', () => {
  expect(judged.population).toBe(8)
})

test('where the history shows who had it before: until when', async () => {
  const removed = (cio_id: string, name: string, day: number) => ({
    id: `${cio_id}-${day}`,
    type: 'device_change',
    cio_id,
    at: new Date(`2026-11-0${day}T23:30:00Z`),
    data: JSON.stringify({ id: token(name), deleted: { from: 'false', to: 'true' } }),
  })
  const changes = [
    removed('split-cart', 'split', 3),
    removed('split-cart', 'split', 4),
    removed('alone', 'split', 2),
    removed('quiet-1', 'anonymous', 5),
    // It was on this very profile before, and is again: that is no other owner.
    removed('twice-1', 'twice', 1),
  ]
  const rows = snapshotRows({ profiles, events })
  const activity = [...(rows.activity ?? []), ...(rowsOf('activity', changes).activity ?? [])]
  const db = await modelOver({ ...rows, activity }, planOf({}))
  const context = contextOf(rule, settings, asOf)
  const told = (await db.rows(rule.query(context))).map(
    (row) => rule.finding(rule.row.parse(row) as never, context).message,
  )
  const evidence = inOrder(
    (await db.rows(rule.evidence(context))).map((row) => [
      row['cio_id'],
      row['former_cio_id'],
      row['former_until'],
    ]),
  )
  db.close()
  expect(told.toSorted()).toEqual([
    'The token sits on split-phone, but the events of this person are on split-cart; until 2026-11-04 it was on split-cart',
    'The token sits on the anonymous profile anonymous; until 2026-11-05 it was on quiet-1',
    'The token sits on the anonymous profile twice-1',
  ])
  expect(evidence).toEqual([
    ['anonymous', 'quiet-1', '2026-11-05T23:30:00Z'],
    ['split-phone', 'split-cart', '2026-11-04T23:30:00Z'],
    ['twice-1', null, null],
  ])
})

test('the phone of somebody who was deleted is lost, unless somebody who is there holds it too', async () => {
  const registered = (name: string, user_id: string) =>
    ({ kind: 'device', user_id, token: token(name), at: newer }) as const
  const deleted = (user_id: string) =>
    ({ kind: 'user-deleted', user_id, at: '2026-11-03T00:00:00Z' }) as const
  const { findings } = await judge(rule, {
    calls: [
      registered('lost', 'u-1'),
      deleted('u-1'),
      registered('handed on', 'u-2'),
      registered('handed on', 'u-3'),
      deleted('u-2'),
      registered('kept', 'u-4'),
    ],
  })
  expect(findings.map(({ subject, message }) => [subject.key, message])).toEqual([
    [token('lost'), 'The token sits on id:u-1, a person who was deleted'],
  ])
})

test('what an anonymous profile does is no reason to think that it can be messaged', async () => {
  const { findings } = await judge(rule, {
    profiles: [
      { cio_id: 'visitor', devices: devices('visitor') },
      { cio_id: 'nobody', id: 'null', devices: devices('nobody') },
      // The customer who holds it as well can be messaged: a shared token, and only that.
      { cio_id: 'before', devices: devices('both') },
      { cio_id: 'after', id: 'u-1', email: 'ana@shop.test', devices: devices('both') },
    ],
    events: ['visitor', 'nobody', 'before', 'after'].map((cio_id) => ({
      cio_id,
      name: 'cart_updated',
      at: '2026-11-20T10:00:00Z',
    })),
  })
  expect(findings.map(({ message }) => message).toSorted()).toEqual([
    'The token sits on the anonymous profile nobody',
    'The token sits on the anonymous profile visitor',
  ])
})
