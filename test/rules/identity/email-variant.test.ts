import { expect, test } from 'vitest'
import rule from '../../../rules/identity/email-variant.ts'
import { settings } from '../../support/workspace.ts'
import { inOrder, judge } from '../support.ts'

test('one mailbox in several writings; what joins nobody is no evidence', async () => {
  const profiles = [
    { cio_id: 'a1', id: 'u-1', email: 'ana@shop.test' },
    { cio_id: 'a2', email: 'ana+x@shop.test' },
    { cio_id: 'a3', email: 'ana+x@shop.test' },
    { cio_id: 'a4', email: 'ana+nobody@shop.test' },
    { cio_id: 'b1', email: 'bo@shop.test' },
    { cio_id: 'b2', email: 'bo@shop.test' },
    { cio_id: 'none', email: 'ana' },
  ]
  const identity = { ...settings.identity, placeholders: ['ana+nobody@shop.test'] }
  const judged = await judge(rule, { profiles }, { settings: { ...settings, identity } })
  expect(judged.findings).toEqual([
    {
      subject: { key: 'email:ana@shop.test', label: 'ana@shop.test' },
      message: '3 profiles use 2 variants of ana@shop.test',
      affected: 3,
      unit: 'profiles',
      informative: 'info',
    },
  ])
  expect(inOrder(judged.evidence.map((row) => row['cio_id']))).toEqual(['a1', 'a2', 'a3'])
  expect(judged.population).toBe(6)
})

test('a number with its plus is an address of its own and no tag', async () => {
  const numbers = ['+4915112345678@shop.test', '+4915112345679@shop.test', '+4915112345679+x@shop.test']
  const profiles = numbers.map((email, n) => ({ cio_id: `a${n}`, email }))
  const judged = await judge(rule, { profiles })
  expect(judged.findings.map(({ message }) => message)).toEqual([
    '2 profiles use 2 variants of +4915112345679@shop.test',
  ])
})
