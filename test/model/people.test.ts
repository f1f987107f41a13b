import { beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/engine/database.ts'
import { raw, sql } from '../../src/engine/sql.ts'
import { modelOver, planOf, settings, snapshotRows } from '../support/workspace.ts'

const profiles = [
  { cio_id: 'plain', id: 'U-1 ', email: ' Ana@Shop.Test\t' },
  { cio_id: 'fullwidth', email: 'ＢＯ@shop.test' },
  { cio_id: 'gmail', email: 'A.na.Lee+promo@GoogleMail.com' },
  { cio_id: 'tag', email: 'ana.lee+promo@shop.test' },
  { cio_id: 'no-address', email: 'ana at shop' },
  { cio_id: 'two-signs', email: 'ana@@shop.test' },
  { cio_id: 'no-dot', email: 'ana@shop' },
  { cio_id: 'role', email: 'info@shop.test' },
  { cio_id: 'role-tag', email: 'info+eu@shop.test' },
  { cio_id: 'placeholder', email: 'test@test.com' },
  { cio_id: 'own-placeholder', email: 'nobody@shop.test' },
  { cio_id: 'nobody' },
  { cio_id: 'blank', id: '', email: '' },
  { cio_id: 'null-id', id: 'null' },
  { cio_id: 'anonymous-id', id: 'anon-7', attributes: { anonymous_id: 'anon-7' } },
  {
    cio_id: 'known-anonymous-id',
    id: 'anon-8',
    email: 'c@shop.test',
    attributes: { anonymous_id: 'anon-8' },
  },
  { cio_id: 'phone-only', attributes: { phone: '+1 415 555 2671' } },
  { cio_id: 'phone-national', attributes: { phone: '(415) 555-2671' } },
  { cio_id: 'phone-alone', attributes: { phone: '+1 415 555 9999' } },
  { cio_id: 'phone-wrong', attributes: { phone: '+1 000 555 2671' } },
]

let db: Database
beforeAll(async () => {
  const workspace = { profiles }
  const changed = { ...settings, identity: { ...settings.identity, placeholders: ['nobody@shop.test'] } }
  db = await modelOver(snapshotRows(workspace), planOf(workspace), changed)
  return () => db.close()
})

const profile = async (id: string) =>
  (await db.rows(sql`select * from profile where cio_id = ${id}`))[0] ?? {}

describe('identifiers in their normal form', () => {
  test.each([
    ['plain', 'ana@shop.test', 'ana@shop.test', true],
    ['fullwidth', 'bo@shop.test', 'bo@shop.test', true],
    ['gmail', 'a.na.lee+promo@googlemail.com', 'analee@gmail.com', true],
    ['tag', 'ana.lee+promo@shop.test', 'ana.lee@shop.test', true],
    ['no-address', null, null, false],
    ['two-signs', null, null, false],
    ['no-dot', null, null, false],
    ['role', 'info@shop.test', 'info@shop.test', false],
    ['role-tag', 'info+eu@shop.test', 'info@shop.test', false],
    ['placeholder', 'test@test.com', 'test@test.com', false],
    ['own-placeholder', 'nobody@shop.test', 'nobody@shop.test', false],
    ['nobody', null, null, false],
    ['blank', null, null, false],
  ])('e-mail of %s', async (id, norm, variant, joins) => {
    expect(await profile(id)).toMatchObject({ email_norm: norm, email_variant: variant, email_joins: joins })
  })

  test.each([
    ['plain', 'u-1', true],
    ['nobody', null, false],
    ['blank', '', false],
    ['null-id', 'null', false],
    ['anonymous-id', 'anon-7', false],
  ])('id of %s', async (id, norm, known) => {
    expect(await profile(id)).toMatchObject({ id_norm: norm, id_known: known })
  })

  test.each([
    ['phone-only', '+14155552671'],
    ['phone-national', '+14155552671'],
    ['phone-alone', null],
    ['phone-wrong', null],
  ])('phone of %s', async (id, e164) => {
    expect((await profile(id))['phone_norm']).toBe(e164)
  })

  test('who is anonymous', async () => {
    const rows = await db.rows(raw('select cio_id from profile where anonymous order by cio_id'))
    expect(rows.map((row) => row['cio_id'])).toEqual(['anonymous-id', 'blank', 'nobody', 'null-id'])
  })
})

test('a number of fewer than seven digits joins nobody', async () => {
  const phone = '312345'
  const short = ['a', 'b'].map((cio_id) => ({ cio_id, attributes: { phone } }))
  const andorra = { ...settings, identity: { ...settings.identity, defaultCountry: 'AD' } }
  const model = await modelOver(snapshotRows({ profiles: short }), planOf({}), andorra)
  const rows = await model.rows(raw('select phone, phone_norm from profile'))
  model.close()
  expect(rows).toEqual([
    { phone, phone_norm: null },
    { phone, phone_norm: null },
  ])
})

describe('shared addresses', () => {
  test('a mailbox in two writings; what joins nobody is none', async () => {
    const emails = [
      'ana@shop.test',
      'ana+x@shop.test',
      'bo@shop.test',
      'bo@shop.test',
      'till+1@shop.test',
      'till@shop.test',
    ]
    const people = emails.map((email, index) => ({ cio_id: String(index), email }))
    const model = await modelOver(snapshotRows({ profiles: people }), planOf({}))
    const rows = await model.rows(raw('select * from varied_email'))
    model.close()
    expect(rows).toEqual([{ address: 'ana@shop.test', profiles: 2, addresses: 2 }])
  })

  const address = (name: string, count: number) =>
    Array.from({ length: count }, (_, i) => ({ cio_id: `${name}${i}`, email: name }))

  test('up to maxShare they are duplicates, above it a loop, and on a test domain nothing', async () => {
    const workspace = {
      profiles: [
        ...address('five@shop.test', 5),
        ...address('six@shop.test', 6),
        ...address('five@mailinator.com', 5),
        ...address('six@mailinator.com', 6),
        ...address('info@shop.test', 3),
        ...address('one@shop.test', 1),
      ],
    }
    const model = await modelOver(snapshotRows(workspace), planOf(workspace))
    const rows = await model.rows(raw('select address, profiles, mass from shared_email order by address'))
    model.close()
    expect(rows).toEqual([
      { address: 'five@mailinator.com', profiles: 5, mass: false },
      { address: 'five@shop.test', profiles: 5, mass: false },
      { address: 'six@shop.test', profiles: 6, mass: true },
    ])
  })
})
