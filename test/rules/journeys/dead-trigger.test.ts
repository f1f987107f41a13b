import { expect, test } from 'vitest'
import rule from '../../../rules/journeys/dead-trigger.ts'
import { settings } from '../../support/workspace.ts'
import { judge } from '../support.ts'

/** Days from the oldest to today: so many with a start, then so many without. */
const days = (...runs: readonly (readonly [count: number, times: number])[]): number[] =>
  runs.flatMap(([count, times]) => Array.from({ length: times }, () => count))
const journey = { id: 1, name: 'Cart', event: 'cart' }
const event = (at: string, name = 'cart') => ({ cio_id: 'a1', name, at })
const told = async (started: readonly number[], events: ReturnType<typeof event>[] = []): Promise<string[]> =>
  (await judge(rule, { journeys: [{ ...journey, started }], events })).findings.map(({ message }) => message)

const everyDay = (silent: number): string =>
  `Cart waits for cart, which came last ${silent} days ago; it used to come at least every day`

test('silent for more than three times the usual gap, which is three days at least', async () => {
  expect(await told(days([2, 30], [0, 9]))).toEqual([])
  expect(await told(days([2, 30], [0, 10]))).toEqual([everyDay(10)])
})

test('the usual gap is the longest but for one in a hundred', async () => {
  const weekly = Array.from({ length: 8 }, () => [1, 0, 0, 0, 0, 0, 0]).flat()
  expect(await told([...weekly, ...days([0, 15])])).toEqual([])
  expect(await told([...weekly, ...days([0, 16])])).toEqual([
    'Cart waits for cart, which came last 22 days ago; it used to come at least every 7 days',
  ])
})

test('eight days make a habit, seven do not', async () => {
  expect(await told(days([1, 8], [0, 10]))).toEqual([everyDay(10)])
  expect(await told(days([1, 7], [0, 80]))).toEqual([])
  expect(await told(days([1, 1], [0, 85]))).toEqual([])
  const weekly = (times: number): number[] =>
    Array.from({ length: times }, () => [1, 0, 0, 0, 0, 0, 0]).flat()
  expect(await told([...weekly(8), ...days([0, 16])])).toHaveLength(1)
  expect(await told([...weekly(7), ...days([0, 16])])).toEqual([])
})

test('what comes as it pleases is dead when chance is out of the question, what comes evenly before', async () => {
  // Twenty days in 24, with one gap of 5, of 59 days and of 60.
  const uneven = days([1, 10], [0, 4], [1, 10])
  expect(await told([...uneven, ...days([0, 35])])).toEqual([])
  expect(await told([...uneven, ...days([0, 36])])).toHaveLength(1)
  // A gap of 3 is short.
  expect(await told(days([1, 10], [0, 2], [1, 10], [0, 10]))).toHaveLength(1)
  // Gaps of 4, the last of 5, which is at most 1.25 times the mean.
  const even = [1, ...Array.from({ length: 7 }, () => [0, 0, 0, 1]).flat(), 0, 0, 0, 0, 1]
  expect(await told([...even, ...days([0, 15])])).toEqual([])
  expect(await told([...even, ...days([0, 16])])).toHaveLength(1)
  // The same with gaps of 4 and 6.
  expect(await told([...even.slice(0, -1), 0, 1, ...days([0, 19])])).toEqual([])
})

test('events of the window go on where the metrics end, pages and other names do not', async () => {
  const started = days([2, 30], [0, 12])
  expect(await told(started, [event('2026-11-15T23:00:00Z')])).toEqual([])
  expect(await told(started, [event('2026-11-13T23:00:00Z')])).toEqual([
    everyDay(10).replace('every day', 'every 2 days'),
  ])
  expect(await told(started, [event('2026-11-20T10:00:00Z', 'Cart')])).toEqual([everyDay(12)])
  // An event of tomorrow is a wrong clock and keeps nothing alive.
  expect(await told(started, [event('2026-11-24T10:00:00Z')])).toEqual([everyDay(12)])
})

test('events alone tell a rhythm too, and days before the window count', async () => {
  const known = ['09-27', '09-28', '09-29', '09-30', '10-01', '10-02', '10-03', '10-04'].map((day) =>
    event(`2026-${day}T10:00:00Z`),
  )
  const { findings, evidence } = await judge(rule, { journeys: [journey], events: known })
  expect(findings).toEqual([
    {
      subject: { key: '1', label: 'Cart' },
      message: everyDay(50),
      affected: 1,
      unit: 'journeys',
      lastSeen: '2026-10-04T00:00:00Z',
    },
  ])
  expect(evidence).toEqual([
    { subject: '1', journey: 'Cart', event: 'cart', active_days: 8, last_day: '2026-10-04', silent_days: 50 },
  ])
})

test('never seen: told of a journey that runs, an error for one that was named', async () => {
  const workspace = {
    journeys: [
      journey,
      { id: 2, name: 'Draft', state: 'draft' as const, event: 'later' },
      { id: 3, name: 'Stopped', state: 'stopped' as const, event: 'gone' },
      { id: 4, name: 'Dated', dateAttribute: 'x' },
    ],
  }
  const running = await judge(rule, workspace)
  expect(running.findings).toEqual([
    {
      subject: { key: '1', label: 'Cart' },
      message: 'Cart waits for cart, which was never seen',
      affected: 1,
      unit: 'journeys',
      lastSeen: null,
      informative: 'warn',
    },
  ])
  expect(running.evidence.map((row) => [row['last_day'], row['silent_days'], row['active_days']])).toEqual([
    [null, null, 0],
  ])
  expect(running.population).toBe(1)
  const named = await judge(rule, workspace, { named: [2] })
  expect(named.findings.map(({ subject, informative }) => [subject.key, informative])).toEqual([
    ['1', 'warn'],
    ['2', undefined],
  ])
})

test('two journeys on one event, and a journey that started nobody on any day', async () => {
  const workspace = {
    journeys: [
      { ...journey, started: days([2, 30], [0, 20]) },
      { ...journey, id: 2, name: 'Cart mail', started: days([0, 50]) },
    ],
    events: ['10-27', '10-28', '10-29', '10-30', '10-31', '11-01', '11-02', '11-03'].map((day) =>
      event(`2026-${day}T10:00:00Z`),
    ),
  }
  const { findings } = await judge(rule, workspace)
  expect(findings.map(({ subject, message }) => [subject.key, message])).toEqual([
    ['1', everyDay(20)],
    ['2', 'Cart mail waits for cart, which came last 20 days ago; it used to come at least every day'],
  ])
})

test('the options', async () => {
  const started = days([2, 30], [0, 5])
  const silentFor = async (options: object) =>
    (
      await judge(
        rule,
        { journeys: [{ ...journey, started }] },
        {
          settings: {
            ...settings,
            rules: { 'journeys/dead-trigger': { enabled: true, options: { ...options } } },
          },
        },
      )
    ).findings.map(({ message }) => message)
  expect(await silentFor({ minGap: 1, silence: 5 })).toEqual([])
  expect(await silentFor({ minGap: 1, silence: 4.9 })).toEqual([
    'Cart waits for cart, which came last 5 days ago; it used to come at least every day',
  ])
})
