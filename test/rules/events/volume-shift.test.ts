import { expect, test } from 'vitest'
import rule from '../../../rules/events/volume-shift.ts'
import type { ExampleWorkspace } from '../../../src/audit/rule.ts'
import { settings } from '../../support/workspace.ts'
import { judge, messages } from '../support.ts'

const name = 'purchase'
const usual: Readonly<Record<string, number>> = { purchase: 40, viewed: 300, opened: 500, searched: 90 }

interface Weeks {
  /** Events of a day so many days before the last full one, where it is not as usual. */
  readonly count?: (event: string, back: number) => number | undefined
  readonly isKnown?: (back: number) => boolean
  readonly events?: readonly string[]
  readonly critical?: readonly string[]
}

/** Ten weeks up to yesterday, each day as usual. */
function weeks({
  count,
  isKnown = () => true,
  events = Object.keys(usual),
  critical = [name],
}: Weeks): ExampleWorkspace {
  // Today too, which is not over.
  const backs = Array.from({ length: 71 }, (_, n) => n - 1).filter(isKnown)
  const dayOf = (back: number): string => new Date(Date.UTC(2026, 10, 22 - back)).toISOString().slice(0, 10)
  return {
    plan: Object.fromEntries(critical.map((event) => [event, { critical: true }])),
    events: [name, ...critical].map((event) => ({ cio_id: 'a1', name: event, at: '2026-11-20T10:00:00Z' })),
    dailyCounts: {
      days: backs.map(dayOf),
      counts: backs.flatMap((back) =>
        events
          .map((event) => ({
            day: dayOf(back),
            name: event,
            events: Math.round(count?.(event, back) ?? usual[event] ?? 0),
          }))
          .filter((line) => line.events > 0),
      ),
    },
  }
}
const lately = (share: number): Weeks => ({
  count: (event, back) => (event === name && back >= 0 && back < 3 ? 40 * share : undefined),
})
const all = (share: number): Weeks => ({
  count: (event, back) => (back < 3 ? (usual[event] ?? 0) * share : undefined),
})
const keys = async (given: Weeks) =>
  (await judge(rule, weeks(given))).findings.map(({ identity }) => identity)

test('a drop, with all that is said of it', async () => {
  const judged = await judge(rule, weeks(lately(0.25)))
  expect(messages(judged)).toEqual([
    'purchase fell to 30 from 2026-11-20 to 2026-11-22; in the same days of the 8 weeks before it came 120 to 120 times; the other events came as usual',
  ])
  expect(judged.findings[0]).toMatchObject({
    subject: { key: name, label: name },
    identity: 'purchase drop',
    firstSeen: '2026-11-20T00:00:00Z',
    lastSeen: '2026-11-22T00:00:00Z',
    events: [name],
    remediation: expect.stringMatching(/Pause the journeys/),
  })
  expect(judged.evidence).toEqual([
    {
      subject: name,
      event: name,
      first_day: '2026-11-20',
      last_day: '2026-11-22',
      events: 30,
      expected: 120,
      lowest_week: 120,
      highest_week: 120,
    },
  ])
  expect([judged.population, judged.remark]).toEqual([1, null])
})

test('a spike is another finding than a drop', async () => {
  const judged = await judge(rule, weeks(lately(3)))
  expect(messages(judged)[0]).toMatch(/^purchase rose to 360 from .* it came 120 to 120 times;/)
  expect(judged.findings[0]).toMatchObject({
    identity: 'purchase spike',
    remediation: expect.stringMatching(/^Find out whether people did it/),
  })
})

test('today is not over and is no day to judge by', async () => {
  const rules = { 'events/volume-shift': { options: { days: 1 } } }
  const given = weeks({ count: (_, back) => (back === -1 ? 1 : undefined) })
  const { findings, population } = await judge(rule, given, {
    settings: { ...settings, rules: rules as never },
  })
  expect([findings, population]).toEqual([[], 1])
})

test('an event without the judged days, or without a rhythm, is not counted', async () => {
  const populationOf = async (given: Weeks) => (await judge(rule, weeks(given))).population
  expect(await populationOf({ isKnown: (back) => back !== 1 })).toBe(0)
  expect(await populationOf({ count: (event) => (event === name ? 9 : undefined) })).toBe(0)
  expect(await populationOf({ count: (event) => (event === name ? 10 : undefined) })).toBe(1)
})

test.each<readonly [string, Weeks]>([
  ['exactly half', lately(0.5)],
  ['exactly twice', lately(2)],
  ['all fell alike: a season', all(0.3)],
  ['all rose alike', all(4)],
  [
    'level while all others fall',
    {
      count: (event, back) =>
        event !== name && back >= 0 && back < 3 ? (usual[event] ?? 0) * 0.3 : undefined,
    },
  ],
  ['all at one in twenty, which a season may do', all(0.05)],
  [
    'more, where a week before it stayed away',
    {
      count: (event, back) =>
        event === name ? (back < 3 ? 160 : back >= 21 && back < 24 ? 0 : 40) : undefined,
    },
  ],
  [
    'level while all others rise',
    { count: (event, back) => (event !== name && back < 3 ? (usual[event] ?? 0) * 4 : undefined) },
  ],
  ['two other events beside it', { ...lately(0.1), events: [name, 'viewed', 'opened'] }],
  ['five weeks are known', { ...lately(0.1), isKnown: (back) => back < 3 || (back >= 7 && back < 38) }],
  ['one of the judged days is not known', { ...lately(0.1), isKnown: (back) => back !== 1 }],
  ['no critical event', { ...lately(0.1), critical: ['viewed'] }],
  [
    'a week before was as low',
    { count: (event, back) => (event === name && (back < 3 || (back >= 21 && back < 24)) ? 10 : undefined) },
  ],
  [
    'a week before it stayed away',
    {
      count: (event, back) =>
        event === name ? (back < 3 ? 10 : back >= 21 && back < 24 ? 0 : 40) : undefined,
    },
  ],
  [
    'too few to tell from chance',
    { count: (event, back) => (event === name ? (back < 3 ? 4 : 10) : undefined) },
  ],
  ['rarer than is judged', { count: (event, back) => (event === name ? (back < 3 ? 0 : 9) : undefined) }],
  ['it is the rhythm by now', { count: (event, back) => (event === name && back < 10 ? 8 : undefined) }],
])('%s: nothing is told', async (_, given) => {
  expect(await keys(given)).toEqual([])
})

test.each<readonly [string, Weeks]>([
  ['six weeks are enough', { ...lately(0.1), isKnown: (back) => back < 3 || (back >= 7 && back < 45) }],
  ['a week that is not known in full is left out', { ...lately(0.1), isKnown: (back) => back !== 15 }],
  ['nothing at all', lately(0)],
  [
    'just often enough, by the weeks before alone',
    {
      count: (event, back) => {
        if (event !== name) return undefined
        if (back < 3) return 0
        const low = Math.floor(back / 7) % 2 === 0
        return back % 7 === 0 ? (low ? 8 : 12) : low ? 9 : 11
      },
    },
  ],
  [
    'another event fell too, by less',
    {
      count: (event, back) => (event === 'viewed' && back < 3 ? 150 : lately(0.3).count?.(event, back)),
    },
  ],
  [
    'a week before the whole shop was silent',
    {
      count: (event, back) =>
        back >= 21 && back < 24 ? (usual[event] ?? 0) * 0.02 : lately(0.1).count?.(event, back),
    },
  ],
  [
    'weeks low and high: usual is what lies between them, without this one',
    {
      count: (event, back) => {
        if (event !== name) return back < 3 ? (usual[event] ?? 0) * 1.7 : undefined
        return back < 3 ? 26 : Math.floor(back / 7) % 2 === 0 ? 34 : 46
      },
    },
  ],
  [
    'it fell further than the season',
    { count: (event, back) => (back < 3 ? (usual[event] ?? 0) * (event === name ? 0.1 : 0.5) : undefined) },
  ],
  [
    'it fell while all others rose',
    { count: (event, back) => (back < 3 ? (usual[event] ?? 0) * (event === name ? 0.6 : 2) : undefined) },
  ],
  ['the whole shop fell silent, which no season does', all(0.02)],
])('%s: the drop is told', async (_, given) => {
  expect(await keys(given)).toEqual(['purchase drop'])
})

test('an event that starts a journey is judged too, and one without a rhythm is counted', async () => {
  const rare = { count: (event: string, back: number) => (event === name && back < 3 ? 4 : undefined) }
  const workspace = weeks({ ...rare, critical: ['refund'] })
  const { findings, remark } = await judge(rule, workspace, { triggers: [name] })
  expect(findings.map(({ identity }) => identity)).toEqual(['purchase drop'])
  expect(remark).toBe('1 critical or trigger event has no weekly rhythm yet')
  const two = await judge(rule, weeks({ critical: ['refund'], events: ['viewed'] }), { triggers: [name] })
  // Nor is an event counted that nothing hangs on.
  expect((await judge(rule, weeks({ critical: [] }))).remark).toBe(null)
  expect(two.remark).toBe('2 critical or trigger events have no weekly rhythm yet')
})

test('the middle of the weeks before is what is expected, each of them without its own season', async () => {
  const halved = [4, 6, 8]
  const count = (event: string, back: number) => {
    const week = Math.floor(back / 7)
    if (event === name) return week === 0 ? 4 : halved.includes(week) ? 20 : undefined
    // In a week in which the others came twice as often, a level count is half of what it was.
    return week === 2 && event !== 'searched' ? (usual[event] ?? 0) * 2 : undefined
  }
  const { evidence } = await judge(rule, weeks({ count }))
  expect(evidence).toMatchObject([{ event: name, events: 12, expected: 90 }])
})

test('the season is told beside it', async () => {
  const season = (share: number): Weeks => ({
    count: (event, back) => (back < 3 ? (usual[event] ?? 0) * (event === name ? 0.1 : share) : undefined),
  })
  expect(messages(await judge(rule, weeks(season(0.6))))[0]).toMatch(
    /the other events came 40 % less often than usual$/,
  )
  expect(messages(await judge(rule, weeks(season(1.5))))[0]).toMatch(/came 50 % more often than usual$/)
  expect(messages(await judge(rule, weeks(all(0.02))))[0]).toMatch(
    /the other events came 98 % less often than usual$/,
  )
})

test('options: how long, how low, how high, how many', async () => {
  const withOptions = async (given: Weeks, options: object) => {
    const rules = { 'events/volume-shift': { options } }
    const judged = await judge(rule, weeks(given), { settings: { ...settings, rules: rules as never } })
    return judged.findings.length
  }
  expect(await withOptions(lately(0.3), { drop: 0.8 })).toBe(0)
  expect(await withOptions(lately(3), { spike: 4 })).toBe(0)
  expect(await withOptions(lately(0.1), { minEvents: 121 })).toBe(0)
  const small = (now: number): Weeks => ({
    count: (event, back) => (event === name ? (back < 3 ? now : 4) : undefined),
  })
  expect(await withOptions(small(9), { minEvents: 10 })).toBe(0)
  expect(await withOptions(small(12), { minEvents: 10 })).toBe(1)
  const yesterday = { count: (event: string, back: number) => (event === name && back < 1 ? 4 : undefined) }
  expect([await withOptions(yesterday, {}), await withOptions(yesterday, { days: 1 })]).toEqual([0, 1])
})

test('a twentieth of everything is still a season, and more of it than the season takes is expected', async () => {
  const many: Readonly<Record<string, number>> = { purchase: 4000, viewed: 300, opened: 500, searched: 900 }
  const of = (purchases: number) =>
    judge(
      rule,
      weeks({
        count: (event, back) => {
          if (back >= 3) return many[event]
          return event === name ? purchases / 3 : (many[event] ?? 0) / 20
        },
      }),
    )
  expect((await of(402)).findings).toEqual([])
  expect((await of(102)).evidence.map((row) => [row['events'], row['expected']])).toEqual([[102, 600]])
})

test('what is expected is the middle of the weeks before, in the season of now', async () => {
  const { evidence } = await judge(
    rule,
    weeks({
      count: (event, back) => {
        if (event !== name) return back < 3 ? (usual[event] ?? 0) * 2 : undefined
        return back < 3 ? 20 : Math.floor(back / 7) % 2 === 0 ? 34 : 46
      },
    }),
  )
  expect(evidence.map((row) => [row['events'], row['expected']])).toEqual([[60, 240]])
})

/** One day is judged, of a hundred events as a rule; all other events at their season. */
const found = async (events: number, season: number, options: object) => {
  const rules = { 'events/volume-shift': { options: { days: 1, ...options } } }
  const judged = await judge(
    rule,
    weeks({
      count: (event, back) => {
        if (event === name) return back < 1 ? events : 100
        return (usual[event] ?? 0) * (back < 1 ? season : 1)
      },
    }),
    { settings: { ...settings, rules: rules as never } },
  )
  return judged.findings.map(({ identity }) => identity)
}

test.each([
  ['five standard deviations less', 50, 1, { drop: 0.4 }, []],
  ['a little more than that', 49, 1, { drop: 0.4 }, ['purchase drop']],
  ['five standard deviations more', 150, 1, { spike: 1.4 }, []],
  ['a little more than those', 151, 1, { spike: 1.4 }, ['purchase spike']],
  ['three quarters of the usual in a season of two', 75, 2, {}, []],
  ['fewer', 74, 2, {}, ['purchase drop']],
  ['half as many again in half a season', 150, 0.5, {}, []],
  ['more', 151, 0.5, {}, ['purchase spike']],
] as const)('%s', async (_, events, season, options, told) => {
  expect(await found(events, season, options)).toEqual(told)
})

test.each([
  [0.9, 'came 10 % less often than usual'],
  [0.91, 'came as usual'],
  [1.09, 'came as usual'],
  [1.1, 'came 10 % more often than usual'],
])('a season of %d: the other events %s', async (season, words) => {
  const many = { viewed: 300, opened: 500, searched: 900 }
  const judged = await judge(
    rule,
    weeks({
      count: (event, back) => {
        if (event === name) return back < 3 ? 3 : 40
        return many[event as keyof typeof many] * (back < 3 ? season : 1)
      },
    }),
  )
  expect(messages(judged)[0]).toMatch(new RegExp(`the other events ${words}$`))
})
