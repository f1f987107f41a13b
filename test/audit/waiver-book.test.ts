import { expect, test } from 'vitest'
import { WaiverBook } from '../../src/audit/waiver-book.ts'
import type { Waiver } from '../../src/core/waiver.ts'

const print = 'ab'.repeat(16)
const waiver = (origin: string, names: Partial<Waiver>): Waiver => ({
  fingerprint: null,
  rule: null,
  subject: null,
  reason: 'known',
  owner: null,
  expires: '2027-01-01',
  origin,
  ...names,
})

test('of two waivers of one finding, one by each name, neither has matched nothing', () => {
  const book = new WaiverBook([
    waiver('waivers.csv:2', { fingerprint: print }),
    waiver('waivers.csv:3', { rule: 'identity/duplicate-email', subject: 'email:ana@example.com' }),
    waiver('waivers.csv:4', { rule: 'identity/duplicate-email', subject: 'email:bob@example.com' }),
  ])
  expect(book.covers(print, 'identity/duplicate-email', 'email:ana@example.com')).toBe(true)
  expect(book.covers('cd'.repeat(16), 'identity/duplicate-email', 'email:eve@example.com')).toBe(false)
  expect(book.unused(() => true).map(({ origin }) => origin)).toEqual(['waivers.csv:4'])
})
