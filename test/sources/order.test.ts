import { describe, expect, test } from 'vitest'
import { isPastBound, nothingSeen, watchOrder } from '../../src/sources/app-api/order.ts'
import type { Dated, OrderSeen } from '../../src/sources/app-api/order.ts'
import { compared } from '../../src/sources/app-api/people.ts'

const minute = 60_000
const bound = new Date('2026-11-01T00:00:00Z')
const at = (minutes: number): number => bound.getTime() + minutes * minute

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
function ulid(time: number): string {
  let text = ''
  for (let rest = time; text.length < 10; rest = Math.floor(rest / 32)) text = digits[rest % 32] + text
  return `${text}0000000000000000`
}

/** Activities at these minutes after the bound, with ids that rise and fall as `received` says. */
const page = (times: readonly (number | null)[], received: readonly number[] = []): Dated[] =>
  times.map((time, n) => ({
    id: received.length > 0 ? ulid(at(received[n] ?? 0)) : `no ulid ${1000 + n}`,
    time: time === null ? null : at(time),
  }))

const watched = (...pages: readonly Dated[][]): OrderSeen => pages.reduce(watchOrder, nothingSeen)
const down = (from: number, count: number, step = 1): number[] =>
  Array.from({ length: count }, (_, n) => from - n * step)

describe('the end of the window', () => {
  test('is a whole page before it, newest first so far', () => {
    const before = page(down(-5, 100))
    expect(isPastBound(watched(page(down(90, 95)), before), before, bound)).toBe(true)
  })

  test('is not a page that has one activity of the window left, or one whose time is not known', () => {
    const first = page(down(200, 100))
    for (const odd of [0, 1, null]) {
      const mixed = page([...down(-5, 50), odd, ...down(-55, 49)])
      expect(isPastBound(watched(first, mixed), mixed, bound)).toBe(false)
    }
    expect(isPastBound(watched(first), [], bound)).toBe(false)
  })

  test('one in fifty may be backdated', () => {
    const first = page(down(400, 200).map((time, n) => (n % 60 === 30 ? -90_000 : time)))
    const before = page(down(-20_000, 100))
    expect(isPastBound(watched(first, before), before, bound)).toBe(true)
  })

  test('cannot be known in no order', () => {
    const shuffled = page(Array.from({ length: 200 }, (_, n) => ((n * 7919) % 200) * 60))
    const before = page(down(-5, 100))
    expect(isPastBound(watched(shuffled, before), before, bound)).toBe(false)
    const rising = page(down(0, 200, -30))
    expect(isPastBound(watched(rising, before), before, bound)).toBe(false)
  })

  test('is known by the order of receipt where times go up and down', () => {
    const times = Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? 500 : 20))
    const first = page(times, down(600, 100))
    const old = [-500, -20]
    const before = page(
      Array.from({ length: 100 }, (_, n) => old[n % 2] ?? 0),
      down(-1, 100),
    )
    expect(isPastBound(watched(first, before), before, bound)).toBe(true)
    // Received inside the window, though it happened before: later rows may have happened inside.
    const late = page(
      Array.from({ length: 100 }, (_, n) => old[n % 2] ?? 0),
      down(150, 100),
    )
    expect(isPastBound(watched(first, late), late, bound)).toBe(false)
    // The ids rise somewhere, so they are no order either.
    const unsorted = page(times, down(600, 100).toReversed())
    expect(isPastBound(watched(unsorted, before), before, bound)).toBe(false)
  })

  test('ten minutes of disorder are none', () => {
    const jittered = page(down(300, 200).map((time, n) => time + (n % 2) * 9))
    const before = page(down(-20, 100))
    expect(isPastBound(watched(jittered, before), before, bound)).toBe(true)
  })
})

test('the count of people may differ by one in a hundred', () => {
  const complete = { complete: true, ended: 'end of cursor' }
  expect(compared(100, null)).toEqual(complete)
  expect(compared(1000, 1000)).toEqual(complete)
  expect(compared(990, 1000)).toEqual(complete)
  expect(compared(1010, 1000)).toEqual(complete)
  expect(compared(989, 1000)).toEqual({ complete: false, ended: 'fewer than expected' })
  expect(compared(1011, 1000)).toEqual({ complete: false, ended: 'more than expected' })
  expect(compared(0, 0)).toEqual(complete)
})
