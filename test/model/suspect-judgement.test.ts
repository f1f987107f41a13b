import { expect, test } from 'vitest'
import { onsetOf, suspectOf, type Cell, type Dimension } from '../../src/model/suspect-judgement.ts'

const cell = (cases: number, events: number, ...shared: Dimension[]): Cell => ({
  shared: new Set(shared),
  events,
  cases,
})
const p = 'platform'
const v = 'app_version'
const s = 'sdk_version'

test('the release, not its platform and not the version on other platforms', () => {
  const cells = [cell(90, 100, p, v), cell(1, 400, p), cell(1, 100, v), cell(8, 1000)]
  expect(suspectOf(cells)).toEqual([p, v])
})

test('a platform where all its versions are alike', () => {
  expect(suspectOf([cell(60, 600, p, v), cell(40, 400, p), cell(0, 600, v), cell(0, 400)])).toEqual([p])
})

test('a version where all platforms are alike', () => {
  expect(suspectOf([cell(60, 600, p, v), cell(0, 400, p), cell(40, 400, v), cell(0, 600)])).toEqual([v])
})

test('an SDK that several versions have', () => {
  expect(suspectOf([cell(50, 50, s, v), cell(30, 30, s), cell(0, 300, v), cell(0, 500)])).toEqual([s])
})

test('a version and the SDK that came with it are told as the version', () => {
  expect(suspectOf([cell(50, 50, v, s), cell(0, 300), cell(0, 500)])).toEqual([v])
  expect(suspectOf([cell(50, 50, s, v), cell(0, 300), cell(0, 500)])).toEqual([v])
})

test('a release that only one platform has is told with it', () => {
  expect(suspectOf([cell(50, 50, p, v, s), cell(0, 300, p), cell(0, 500)])).toEqual([p, v])
  expect(suspectOf([cell(50, 50, p, s), cell(0, 300, p), cell(0, 500)])).toEqual([p, s])
  expect(suspectOf([cell(50, 50, p, v), cell(10, 10, v), cell(0, 300, p), cell(0, 500)])).toEqual([v])
})

test('a few phones that say another SDK make no other sender', () => {
  const cells = [cell(50, 100, p, v, s), cell(0, 500, p, s), cell(0, 400, v), cell(0, 500)]
  expect(suspectOf([...cells, cell(0, 5, v, s)])).toEqual([p, v])
  expect(suspectOf([...cells, cell(0, 5, p, v), cell(0, 5, p)])).toEqual([p, v])
})

test.each([
  [5, [p]],
  [50, [p]],
  [300, [p, v]],
])('a version beside %i innocent events of its platform', (innocent, named) => {
  expect(suspectOf([cell(100, 1000, p, v), cell(0, innocent, p), cell(0, 500, v), cell(0, 5000)])).toEqual(
    named,
  )
})

test.each([
  [50, [p]],
  [51, [p, v]],
])('a version beside %i innocent events, of a thousand of its own', (innocent, named) => {
  // Up to a twentieth they are one sender, and the version adds nothing.
  const cells = [cell(1000, 1000, p, v), cell(0, innocent, p), cell(0, 500, v), cell(0, 5000)]
  expect(suspectOf(cells)).toEqual(named)
})

test('the narrowest is named, also where the wider one has more cases', () => {
  expect(suspectOf([cell(51, 51, p, v), cell(40, 1000, p), cell(0, 1000)])).toEqual([p, v])
})

test('a platform is not let off because one of its own versions sends most', () => {
  // The version is of this platform alone, or nearly so.
  expect(suspectOf([cell(60, 600, p, v), cell(40, 400, p), cell(0, 9000)])).toEqual([p])
  expect(suspectOf([cell(60, 600, p, v), cell(40, 400, p), cell(0, 1, v), cell(0, 9000)])).toEqual([p])
})

test.each([
  [2, [v]],
  [3, null],
])('%i cases that a platform has without the version', (cases, named) => {
  expect(suspectOf([cell(90, 900, p, v), cell(cases, 10, p), cell(30, 300, v), cell(0, 20_000)])).toEqual(
    named,
  )
})

test.each([
  [400, [v]],
  [399, null],
])('4 cases among the %i events that a platform has without the version', (events, named) => {
  const cells = [cell(50, 500, p, v), cell(4, events, p), cell(50, 500, v), cell(0, 50_000)]
  expect(suspectOf(cells)).toEqual(named)
})

test('all three where each of them matters', () => {
  const cells = [cell(50, 50, p, v, s), cell(0, 50, p, v), cell(0, 50, p, s), cell(0, 50, v, s), cell(0, 50)]
  expect(suspectOf(cells)).toEqual([p, v, s])
})

test('an even defect names nobody', () => {
  expect(suspectOf([cell(50, 500, p, v), cell(20, 200, p), cell(15, 150, v), cell(15, 150)])).toBeNull()
})

test('nothing shared, nobody named', () => {
  expect(suspectOf([cell(100, 100)])).toBeNull()
  expect(suspectOf([])).toBeNull()
})

test.each([
  [19, null],
  [20, [p]],
])('%i cases', (cases, named) => {
  expect(suspectOf([cell(cases, cases, p), cell(0, 10_000)])).toEqual(named)
})

test.each([
  [25, null],
  [26, [p]],
])('%i of 50 cases', (cases, named) => {
  expect(suspectOf([cell(cases, 30, p), cell(50 - cases, 100_000)])).toEqual(named)
})

test.each([
  // 20 of 100 against (0 + 2) of 100, which is ten times as often.
  [100, [p]],
  [99, null],
])('20 of 100, and none of %i others', (others, named) => {
  expect(suspectOf([cell(20, 100, p), cell(0, others)])).toEqual(named)
})

test.each([
  // 30 of 100 against (1 + 2) of 100.
  [1, [p]],
  [2, null],
])('30 of 100, and %i of 100 others', (cases, named) => {
  expect(suspectOf([cell(30, 100, p), cell(cases, 100)])).toEqual(named)
})

test('who sends everything is not named for it', () => {
  expect(suspectOf([cell(50, 500, p)])).toBeNull()
})

test('a handful of other versions proves nothing against this one', () => {
  expect(suspectOf([cell(50, 500, p, v), cell(0, 50, p), cell(0, 10_000)])).toEqual([p])
})

const hour = 3_600_000
const hours = (...counts: [cases: number, events: number][]) =>
  counts.map(([cases, events], index) => ({ at: index * hour, cases, events }))

test('the hour in which it began, whatever came before by chance', () => {
  const counts = hours([1, 100], [0, 100], [0, 100], [90, 100], [95, 100])
  expect(onsetOf(counts)).toMatchObject({ at: 3 * hour, cases: 185, events: 200 })
  expect(onsetOf(counts.toReversed())).toMatchObject({ at: 3 * hour, cases: 185, events: 200 })
})

test('a release that was bad from its first case on', () => {
  expect(onsetOf(hours([0, 1], [0, 2], [20, 20], [20, 20]))).toMatchObject({
    at: 2 * hour,
    cases: 40,
    events: 40,
  })
})

test('what was so all the time began with the first case', () => {
  expect(onsetOf(hours([0, 3], [9, 100], [12, 100], [11, 100]))).toMatchObject({
    at: hour,
    cases: 32,
    events: 300,
  })
})

test('a single hour', () => {
  expect(onsetOf(hours([20, 20]))).toMatchObject({ at: 0, cases: 20, events: 20 })
})

test('without a turn it is since the first case, not since the first event', () => {
  expect(onsetOf(hours([0, 1], [9, 10], [9, 10]))).toMatchObject({ at: hour, events: 20, cases: 18 })
})
