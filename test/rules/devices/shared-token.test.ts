import { beforeAll, expect, test } from 'vitest'
import rule from '../../../rules/devices/shared-token.ts'
import { judge, messages, type Judged } from '../support.ts'

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
    '2 profiles hold one device token: an account switch left it behind; idle-2 used it last',
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
