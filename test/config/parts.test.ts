import { describe, expect, test } from 'vitest'
import { parseDuration } from '../../src/core/duration.ts'
import { patternProblem } from '../../src/config/regular-expression.ts'
import { didYouMean, nearest } from '../../src/core/suggest.ts'

describe('a pattern', () => {
  test.each([
    '^u-\\d+$',
    '[0-9a-f]{8}-[0-9a-f]{4}',
    '(?i)abc',
    '(?i:abc)d',
    '(?P<name>a)',
    '(?<name>a)',
    '\\pL\\p{Greek}\\z',
    '[](?=]+',
    '[^]\\]]+',
    '[(?=x)]',
    '\\(\\?=a',
    'a{2,1000}',
    '\\[\\1'.slice(0, 2),
    'ä+',
  ])('%s is fine', (pattern) => {
    expect(patternProblem(pattern)).toBeNull()
  })

  test.each([
    ['', 'must not be empty'],
    ['(?=a)', 'must not look around'],
    ['(?!a)', 'must not look around'],
    ['(?<=a)b', 'must not look around'],
    ['(?<!a)b', 'must not look around'],
    ['(?>a)', 'must not look around'],
    ['(a)\\1', 'must not refer back'],
    ['(?<n>a)\\k<n>', 'must not refer back'],
    ['[a]\\2', 'must not refer back'],
    ['\\u0041', 'does not know \\u'],
    ['\\cA', 'does not know \\c'],
    ['\\Z', 'does not know \\Z'],
    ['a\\', 'must not end with a backslash'],
    ['a{1001}', '1,000 times at most'],
    ['a{1,2000}', '1,000 times at most'],
    ['(', 'no regular expression'],
    ['a)', 'no regular expression'],
    ['[a', 'no regular expression'],
    ['*a', 'no regular expression'],
    ['[z-a]', 'no regular expression'],
    ['a'.repeat(1001), '1,000 characters'],
  ])('%s is refused', (pattern, reason) => {
    expect(patternProblem(pattern)).toContain(reason)
  })
})

test.each([
  ['0s', 0],
  ['90m', 5400],
  ['36500d', 3_153_600_000],
  ['40000d', null],
  ['1.5h', null],
  ['-1d', null],
  ['1 d', null],
  ['1D', null],
  ['d', null],
  ['99999999999s', null],
  ['', null],
])('the duration %j is %j seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds)
})

test('the nearest name is near, and nothing is suggested when none is', () => {
  const names = ['maxRate', 'maxCount', 'identity/duplicate-email']
  expect(nearest('max-rate', names)).toBe('maxRate')
  expect(nearest('identity/dublicate-emails', names)).toBe('identity/duplicate-email')
  expect(nearest('window', names)).toBeNull()
  expect(nearest('x'.repeat(5000), names)).toBeNull()
  expect(nearest('', names)).toBeNull()
  expect(nearest('a', [])).toBeNull()
  expect(didYouMean('maxrat', names)).toBe('; did you mean maxRate?')
  expect(didYouMean('zzz', names)).toBe('')
})
