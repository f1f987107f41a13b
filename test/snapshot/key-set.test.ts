import { fc } from '../support/properties.ts'
import { expect, test } from 'vitest'
import { KeySet } from '../../src/snapshot/key-set.ts'

const ulid = fc
  .tuple(
    fc.constantFrom(...'01234567'.split('')),
    fc.array(fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'.split('')), {
      minLength: 25,
      maxLength: 25,
    }),
  )
  .map(([first, rest]) => first + rest.join(''))
const key = fc.oneof(
  ulid,
  fc.string({ unit: 'binary' }),
  fc.constantFrom('0'.repeat(26), '00000000000000000000000001', '7ZZZZZZZZZZZZZZZZZZZZZZZZZ', ''),
)

test('knows exactly what a Set knows', () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 300 }), fc.array(key, { maxLength: 50 }), (added, asked) => {
      const keys = new KeySet()
      for (const one of added) keys.add(one)
      const plain = new Set(added)
      for (const one of [...added, ...asked]) expect(keys.has(one)).toBe(plain.has(one))
      expect(keys.size).toBe(plain.size)
    }),
  )
})

test('tells ULIDs apart that differ in one letter, at every place', () => {
  const base = '01J9Z6W3Q0K4V0S3R1TB5N8E7M'
  const near = Array.from(
    { length: 26 },
    (_, i) => base.slice(0, i) + (base[i] === '5' ? '6' : '5') + base.slice(i + 1),
  )
  const keys = new KeySet()
  keys.add(base)
  for (const one of near) expect(keys.has(one)).toBe(false)
  for (const one of near) keys.add(one)
  expect(keys.size).toBe(27)
})

test('grows', () => {
  const keys = new KeySet()
  for (let n = 0; n < 50_000; n++) keys.add(`key ${n}`)
  expect(keys.size).toBe(50_000)
  for (let n = 0; n < 50_000; n += 97) expect(keys.has(`key ${n}`)).toBe(true)
  for (let n = 50_000; n < 60_000; n += 97) expect(keys.has(`key ${n}`)).toBe(false)
})
