import { expect, test } from 'vitest'
import { adviceOf, guardSteps, type Guard } from '../../src/model/guard-advice.ts'

/** Copies and repeats that each guard of the ladder stops; the last number of a short list goes on. */
const guards = (copies: number, stopped: number[], repeats: number, swallowed: number[]): Guard[] =>
  guardSteps.map(({ label }, index) => ({
    label,
    copies,
    stopped: stopped[index] ?? stopped.at(-1) ?? 0,
    repeats,
    swallowed: swallowed[index] ?? swallowed.at(-1) ?? 0,
  }))

test('the ladder climbs', () => {
  const seconds = guardSteps.map((step) => step.seconds)
  expect(seconds).toEqual([10, 60, 5 * 60, 15 * 60, 3600, 6 * 3600, 12 * 3600, 24 * 3600])
})

test('the shortest that stops 99 %, with its neighbours and the longest', () => {
  expect(adviceOf(guards(1000, [700, 989, 990, 1000], 3000, [0, 1, 12, 30, 60, 900, 1200, 1500]))).toBe(
    'Guard the journey with "has not received this message in the last 5 min": it stops 99 % of the copies and swallows 0.4 % of the true repeats (1 min: 98.9 % and under 0.1 %; 15 min: 100 % and 1 %; 24 h: 100 % and 50 %).',
  )
})

test('the first of the ladder has no shorter one', () => {
  expect(adviceOf(guards(2, [2], 0, [0]))).toBe(
    'Guard the journey with "has not received this message in the last 10 s": it stops 100 % of the copies and there are no true repeats to swallow (1 min: 100 %; 24 h: 100 %).',
  )
})

test('the longest is told once, as a neighbour or by itself', () => {
  expect(adviceOf(guards(1, [0, 0, 0, 0, 0, 0, 1], 1, [0]))).toContain(
    '(6 h: 0 % and 0 %; 24 h: 100 % and 0 %)',
  )
  expect(adviceOf(guards(1, [0, 0, 0, 0, 0, 0, 0, 1], 1, [0]))).toContain(
    'in the last 24 h": it stops 100 % of the copies and swallows 0 % of the true repeats (12 h: 0 % and 0 %).',
  )
})

test('where none stops 99 %, the longest is told as it is', () => {
  expect(adviceOf(guards(1000, [900, 989], 3, [1]))).toBe(
    'No guard of up to 24 h stops 99 % of the copies: "has not received this message in the last 24 h" stops 98.9 % of them and swallows 33.3 % of the true repeats (12 h: 98.9 % and 33.3 %).',
  )
})

test('shares are rounded down, so that nearly all is not all', () => {
  expect(adviceOf(guards(10_000, [9999], 10_000, [9999]))).toContain('stops 99.9 % of the copies')
})

test('without a guard there is no advice', () => {
  expect(adviceOf([])).toBe('')
})
