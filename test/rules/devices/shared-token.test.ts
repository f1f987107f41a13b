import { beforeAll, expect, test } from 'vitest'
import rule from '../../../rules/devices/shared-token.ts'
import { raw } from '../../../src/engine/sql.ts'
import { contextOf } from '../../../src/audit/run-rule.ts'
import { asOf, modelOver, planOf, rowsOf, settings, snapshotRows } from '../../support/workspace.ts'
import { inOrder, judge, messages, type Judged } from '../support.ts'

const token = (letter: string) => letter.repeat(64)
const at = (day: number) => `2026-11-0${day}T00:00:00Z`
const holds = (letter: string, day?: number) => ({
  token: token(letter),
  ...(day ? { lastUsed: at(day) } : {}),
})

const profiles = [
  { cio_id: 'twin-1', id: 'u-1', email: 'twin@shop.test', devices: [holds('a', 2)] },
  { cio_id: 'twin-2', email: 'twin@shop.test', devices: [holds('a', 1)] },
  { cio_id: 'left-1', id: 'u-3', email: 'left@shop.test', devices: [holds('b', 1)] },
  // Never used, and last in every order of names.
  { cio_id: 'left-2', id: 'u-4', email: 'new@shop.test', devices: [holds('b')] },
  { cio_id: 'till-1', id: 'u-5', email: 'one@shop.test', devices: [holds('c', 1)] },
  { cio_id: 'till-2', id: 'u-6', email: 'two@shop.test', devices: [holds('c', 3)] },
  { cio_id: 'till-3', id: 'u-7', email: 'three@shop.test', devices: [holds('c', 2)] },
  { cio_id: 'idle-1', id: 'u-8', email: 'four@shop.test', devices: [holds('d')] },
  { cio_id: 'idle-2', id: 'u-9', email: 'five@shop.test', devices: [holds('d')] },
  { cio_id: 'own', id: 'u-10', devices: [holds('e'), { token: 'null' }] },
  { cio_id: 'malformed', id: 'u-11', devices: [{ token: 'null' }] },
]

let judged: Judged
beforeAll(async () => {
  judged = await judge(rule, { profiles })
})

test('a person twice, an account switch, a shared device: each with the last user', () => {
  expect(messages(judged)).toEqual([
    '2 profiles hold one device token: the profiles are one person twice; twin-1 used it last',
    '2 profiles hold one device token: an account switch left it behind; left-1 used it last',
    '3 profiles hold one device token: a shared device; till-2 used it last',
    '2 profiles hold one device token: an account switch left it behind; who used it last is not known',
  ])
  expect(judged.findings.map(({ lastSeen }) => lastSeen)).toEqual([at(2), at(1), at(3), null])
})

test('one row of evidence for each token: who used it last, and the others', () => {
  const rows = judged.evidence.map((row) => [
    row['subject'],
    row['cio_id'],
    row['email'],
    row['other_cio_ids'],
  ])
  expect(rows).toEqual([
    [token('a'), 'twin-1', 'twin@shop.test', 'twin-2'],
    [token('b'), 'left-1', 'left@shop.test', 'left-2'],
    [token('c'), 'till-2', 'two@shop.test', 'till-1 till-3'],
    [token('d'), 'idle-2', 'five@shop.test', 'idle-1'],
  ])
})

test('the population is the tokens that are well formed, each once', () => {
  expect(judged.population).toBe(5)
})

const added = (cio_id: string, letter: string, day: number) => ({
  id: `${cio_id}-${day}`,
  type: 'device_change',
  cio_id,
  at: new Date(at(day)),
  data: JSON.stringify({ id: token(letter), platform: 'ios', device_os: { from: '', to: '18.1' } }),
})

test('with the history of the token: the day, whom it was left on, and people who take turns', async () => {
  const changes = [
    added('left-1', 'b', 1),
    added('till-1', 'c', 1),
    added('till-2', 'c', 3),
    added('till-3', 'c', 2),
    added('idle-1', 'd', 1),
    added('idle-2', 'd', 2),
    added('idle-1', 'd', 4),
    added('twin-2', 'a', 1),
    added('twin-1', 'a', 2),
  ]
  const removed = {
    ...added('left-1', 'b', 3),
    data: JSON.stringify({ id: token('b'), deleted: { from: 'false', to: 'true' } }),
  }
  const rows = {
    ...snapshotRows({ profiles }),
    ...rowsOf('activity', [...changes, removed, added('left-2', 'b', 4)]),
  }
  const db = await modelOver(rows, planOf({}))
  const context = contextOf(rule, settings, asOf)
  const told = (await db.rows(raw(`${rule.query(context).text} order by token`))).map(
    (row) => rule.finding(rule.row.parse(row) as never, context).message,
  )
  const evidence = inOrder(
    (await db.rows(rule.evidence(context))).map((row) => [
      row['cio_id'],
      row['story'],
      row['switched_at'],
      row['left_on'],
    ]),
  )
  db.close()
  expect(told).toEqual([
    '2 profiles hold one device token: the profiles are one person twice; twin-1 used it last',
    '2 profiles hold one device token: an account switch on 2026-11-04 left it on left-1; left-2 used it last',
    '3 profiles hold one device token: 2 account switches, the last on 2026-11-03, left it on till-3, whose logout never arrived; till-2 used it last',
    '2 profiles hold one device token: a shared device, on which people take turns; idle-1 used it last',
  ])
  expect(evidence).toEqual([
    ['idle-1', 'alternating', null, null],
    ['left-2', 'switch', at(4), 'left-1'],
    ['till-2', 'switch', at(3), 'till-3'],
    ['twin-1', 'duplicate', null, null],
  ])
})
