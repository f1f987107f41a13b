import { expect, test } from 'vitest'
import rule from '../../../rules/identity/email-as-id.ts'
import { settings } from '../../support/workspace.ts'
import { judge, messages } from '../support.ts'

const numbers = Array.from({ length: 8 }, (_, index) => ({ cio_id: `n${index}`, id: `10${index}` }))
const canonical = (canonicalId: string) => ({
  settings: { ...settings, identity: { ...settings.identity, canonicalId } },
})

const profiles = [
  ...numbers,
  { cio_id: 'a1', id: 'ana@shop.test' },
  { cio_id: 'a2', id: ' BO@shop.test\n', email: 'bo@shop.test' },
  { cio_id: 'a3', id: 'cy+app@shop.test', email: 'cy@shop.test' },
  { cio_id: 'a4', id: 'Dee@Shop.Test' },
  { cio_id: 'a5', id: 'info@shop.test' },
  { cio_id: 'd2', id: '2001', email: 'dee@shop.test ' },
  { cio_id: 'd1', id: '2002', email: 'DEE@shop.test' },
  // Near misses: no address, a placeholder, an address that is only the e-mail.
  { cio_id: 'b1', id: 'ana@shop' },
  { cio_id: 'b2', id: 'test@test.com' },
  { cio_id: 'b3', id: '2003', email: 'eve@shop.test' },
]

test('addresses among numbers, and whose e-mail they are', async () => {
  const judged = await judge(rule, { profiles })
  expect(messages(judged)).toEqual([
    'ana@shop.test is used as an id',
    ' BO@shop.test\n is used as an id',
    'cy+app@shop.test is used as an id',
    'Dee@Shop.Test is used as an id, and the profile d1 has it as its e-mail: one customer on two profiles',
    'info@shop.test is used as an id',
  ])
  expect(judged.findings[3]).toMatchObject({
    subject: { key: 'a4', label: 'Dee@Shop.Test' },
    identity: 'id:Dee@Shop.Test',
    affected: 1,
    firstSeen: '2026-01-01T00:00:00Z',
  })
  expect(judged.evidence.map((row) => [row['subject'], row['id'], row['email'], row['mate']])).toEqual([
    ['a1', 'ana@shop.test', null, null],
    ['a2', ' BO@shop.test\n', 'bo@shop.test', null],
    ['a3', 'cy+app@shop.test', 'cy@shop.test', null],
    ['a4', 'Dee@Shop.Test', null, 'd1'],
    ['a5', 'info@shop.test', null, null],
  ])
  expect(judged.population).toBe(17)
})

test('what the settings say comes first', async () => {
  expect(messages(await judge(rule, { profiles }, canonical('email')))).toEqual([])
  expect(messages(await judge(rule, { profiles }, canonical('[0-9]+|.*@shop\\.test')))).toEqual([
    'Dee@Shop.Test is used as an id, and the profile d1 has it as its e-mail: one customer on two profiles',
  ])
  const addresses = [
    { cio_id: 'a1', id: 'ana@shop.test' },
    { cio_id: 'a2', id: 'bo@shop.test' },
  ]
  expect(messages(await judge(rule, { profiles: addresses }))).toEqual([])
  expect(messages(await judge(rule, { profiles: addresses }, canonical('integer')))).toHaveLength(2)
})
