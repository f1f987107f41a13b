import { expect, test } from 'vitest'
import type { ExampleWorkspace } from '../../src/audit/rule.ts'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, settings, snapshotRows } from '../support/workspace.ts'

type Profiles = NonNullable<ExampleWorkspace['profiles']>

const token = (letter: string) => ({ token: letter.repeat(64) })
const number = '+14155552671'
const phone = (spelt = number) => ({ attributes: { phone: spelt } })

async function reasons(profiles: Profiles, identity = {}) {
  const changed = { ...settings, identity: { ...settings.identity, maxShare: 3, ...identity } }
  const ask = async (list: Profiles) => {
    const db = await modelOver(snapshotRows({ profiles: list }), planOf({}), changed)
    const text = async (table: string, columns: string) =>
      (await db.rows(raw(`select concat_ws(' ', ${columns}) as line from ${table} order by 1`))).map(
        ({ line }) => line,
      )
    const found = {
      links: await text('cluster_link', 'cluster, a, b, evidence, value'),
      apart: await text('kept_apart', 'a, b, evidence, value, guard'),
    }
    db.close()
    return found
  }
  const straight = await ask(profiles)
  expect(await ask(profiles.toReversed())).toEqual(straight)
  return straight
}

test('every kind of evidence is written down with its value, and a value on many is a chain', async () => {
  const { links, apart } = await reasons(
    [
      { cio_id: 'a1', email: 'Ana@shop.test', id: 'u-1' },
      { cio_id: 'a2', email: 'ana@shop.test ', devices: [token('a')] },
      { cio_id: 'a3', email: 'ANA@SHOP.TEST', ...phone() },
      { cio_id: 'a4', id: 'ana@shop.test' },
      { cio_id: 'a5', id: 'U-1' },
      { cio_id: 'a6', ...phone('(415) 555-2671') },
      { cio_id: 'a7', devices: [token('a')] },
      { cio_id: 'b1', id: '0042', devices: [token('b')] },
      { cio_id: 'b2', id: '42', devices: [token('b')] },
      { cio_id: 'c1', id: 'lone', email: 'lone@shop.test', devices: [token('c')] },
    ],
    { maxShare: 5 },
  )
  expect(links).toEqual([
    'a1 a1 a2 email ana@shop.test',
    'a1 a1 a2 id-as-email ana@shop.test',
    'a1 a1 a5 id-spelling u-1',
    'a1 a2 a3 email ana@shop.test',
    'a1 a2 a3 id-as-email ana@shop.test',
    `a1 a2 a7 token ${'a'.repeat(64)}`,
    'a1 a3 a4 id-as-email ana@shop.test',
    `a1 a3 a6 phone ${number}`,
    `b1 b1 b2 id-core 42 ${'b'.repeat(64)}`,
    `b1 b1 b2 token ${'b'.repeat(64)}`,
  ])
  expect(apart).toEqual([])
})

test('each guard says what it kept apart', async () => {
  const { links, apart } = await reasons(
    [
      { cio_id: 'e1', email: 'info@shop.test' },
      { cio_id: 'e2', email: 'Info@shop.test' },
      { cio_id: 'f1', email: 'test@test.com' },
      { cio_id: 'f2', email: 'test@test.com' },
      { cio_id: 'g1', email: 'ana@home.test', ...phone() },
      { cio_id: 'g2', email: 'bo@home.test', ...phone() },
      { cio_id: 'g3', email: 'cy@home.test', ...phone() },
      // One address contradicts nobody; the ids do.
      { cio_id: 'h1', id: 'u-1', email: 'hal@home.test', devices: [token('a')] },
      { cio_id: 'h2', id: 'u-2', devices: [token('a')] },
      { cio_id: 'i1', id: 'v-1', email: 'di@home.test', devices: [token('b')] },
      { cio_id: 'i2', id: 'v-2', email: 'ed@home.test', devices: [token('b')] },
      ...['1', '2', '3', '4'].map((n) => ({ cio_id: `m${n}`, email: 'loop@shop.test' })),
      { cio_id: 'n1', id: 'null' },
      { cio_id: 'n2', id: 'NULL' },
      { cio_id: 'o1', ...phone('+14155559999') },
      { cio_id: 'o2', ...phone('+14155559999') },
      { cio_id: 'p1', id: 'info@shop.test' },
      // Anonymous ids are none, so two that look alike say nothing.
      { cio_id: 'r1', id: 'Anon-7', attributes: { anonymous_id: 'Anon-7' } },
      { cio_id: 'r2', id: 'anon-7', attributes: { anonymous_id: 'anon-7' } },
      { cio_id: 'q1', id: 'W', email: 'fay@home.test' },
      { cio_id: 'q2', id: 'w', email: 'gus@home.test' },
    ],
    { placeholders: ['+14155559999'] },
  )
  expect(links).toEqual([])
  expect(apart).toEqual([
    'e1 e2 email info@shop.test role-mailbox',
    'e1 e2 id-as-email info@shop.test role-mailbox',
    'e2 p1 id-as-email info@shop.test role-mailbox',
    'f1 f2 email test@test.com placeholder',
    `g1 g2 phone ${number} emails`,
    `g2 g3 phone ${number} emails`,
    `h1 h2 token ${'a'.repeat(64)} ids`,
    `i1 i2 token ${'b'.repeat(64)} emails`,
    'm1 m2 email loop@shop.test mass',
    'm2 m3 email loop@shop.test mass',
    'm3 m4 email loop@shop.test mass',
    'n1 n2 id-spelling null placeholder',
    'o1 o2 phone +14155559999 placeholder',
    'q1 q2 id-spelling w emails',
  ])
})

test('whoever is in one cluster by other evidence is not kept apart', async () => {
  const { links, apart } = await reasons([
    { cio_id: 'a1', email: 'info@shop.test', ...phone() },
    { cio_id: 'a2', email: 'info@shop.test', ...phone() },
    { cio_id: 'b1', email: 'ana@home.test', devices: [token('a')] },
    { cio_id: 'b2', email: 'ana@home.test', devices: [token('a')] },
    { cio_id: 'b3', email: 'bo@home.test', devices: [token('a')] },
  ])
  expect(links).toEqual([
    `a1 a1 a2 phone ${number}`,
    'b1 b1 b2 email ana@home.test',
    `b1 b1 b2 token ${'a'.repeat(64)}`,
  ])
  expect(apart).toEqual([`b1 b3 token ${'a'.repeat(64)} emails`])
})

test('each profile says in words what joins it and what keeps it apart', async () => {
  const profiles = [
    { cio_id: 'a1', email: 'ana@shop.test' },
    { cio_id: 'a2', email: 'ana@shop.test', id: 'u-1', devices: [token('a')], ...phone() },
    { cio_id: 'b1', email: 'bo@shop.test', id: 'u-2', devices: [token('a')], ...phone() },
    { cio_id: 'c1', email: 'cy@shop.test' },
  ]
  const db = await modelOver(snapshotRows({ profiles }), planOf({}))
  const rows = await db.rows(raw('select cio_id, joined_by, kept_apart from profile_reason order by cio_id'))
  db.close()
  const apart = 'phone: emails, token: emails'
  expect(rows).toEqual([
    { cio_id: 'a1', joined_by: 'email', kept_apart: null },
    { cio_id: 'a2', joined_by: 'email', kept_apart: apart },
    { cio_id: 'b1', joined_by: null, kept_apart: apart },
  ])
})
