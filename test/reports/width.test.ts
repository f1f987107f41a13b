import { fc } from '../support/properties.ts'
import { expect, test } from 'vitest'
import { terminalText } from '../../src/reports/escape.ts'
import { displayWidth, shorten, wrap } from '../../src/reports/width.ts'

test.each([
  ['abc', 3],
  ['Zoë', 3],
  ['Zoe\u0308', 3],
  ['谢谢', 4],
  ['カート', 6],
  ['장바구니', 8],
  ['👩‍👩‍👧‍👦', 2],
  ['❤️', 2],
  ['🇩🇪', 2],
  ['✖', 1],
  ['…', 1],
  ['', 0],
])('%s stands %i columns wide', (text, width) => {
  expect(displayWidth(text)).toBe(width)
})

const text = fc
  .array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(' ', '  ', '谢谢', '👩‍👩‍👧‍👦', 'a'.repeat(50))))
  .map((parts) => terminalText(parts.join('')))

test('broken lines fit, and nothing is lost', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 60 }), (value, width) => {
      const lines = wrap(value, width)
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width)
      expect(lines.join('').replaceAll(' ', '')).toBe(value.replaceAll(' ', ''))
    }),
  )
})

test('words stay whole where they fit', () => {
  expect(wrap('one two three', 9)).toEqual(['one two', 'three'])
  expect(wrap('one two', 7)).toEqual(['one two'])
  expect(wrap('abcdefgh', 3)).toEqual(['abc', 'def', 'gh'])
  expect(wrap('', 5)).toEqual([''])
})

test('what is cut says so and fits', () => {
  expect(shorten('one two three', 8)).toBe('one two…')
  expect(shorten('谢谢谢谢', 5)).toBe('谢谢…')
  expect(shorten('short', 5)).toBe('short')
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 40 }), (value, width) => {
      expect(displayWidth(shorten(value, width))).toBeLessThanOrEqual(width)
    }),
  )
})
