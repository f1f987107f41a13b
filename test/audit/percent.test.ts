import { expect, test } from 'vitest'
import { percent } from '../../src/audit/judge.ts'

test.each([
  [0, undefined, '0 %'],
  [0.103, undefined, '10 %'],
  [0.103, 0.1, '10.3 %'],
  [0.10004, 0.1, '10.004 %'],
  [0.1, 0.1, '10 %'],
  [0.15, 0.1, '15 %'],
  [0.0051, 0.005, '0.51 %'],
  [0.012, 0.005, '1.2 %'],
  [0.00099, 0.001, '0.099 %'],
  [0.000001, 0.001, '< 0.01 %'],
  [1 / 3, 1 / 3 - 1e-12, '33.333333 %'],
])('%d beside %d is %s', (rate, limit, words) => {
  expect(percent(rate, limit)).toBe(words)
})
