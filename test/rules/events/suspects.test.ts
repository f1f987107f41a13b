import { expect, test } from 'vitest'
import missing from '../../../rules/events/missing-property.ts'
import wrong from '../../../rules/events/wrong-type.ts'
import type { Rule } from '../../../src/audit/rule.ts'
import type { PlannedProperty } from '../../../src/core/plan.ts'
import { raw } from '../../../src/engine/sql.ts'
import { modelOver, planOf, rowsOf, type Fields } from '../../support/workspace.ts'
import { judge, messages } from '../support.ts'

const must = (type: PlannedProperty['type']): PlannedProperty => ({
  type,
  required: true,
  recommended: false,
})
const plan = {
  order: { properties: { total: must('number'), platform: must('string'), app_version: must('string') } },
}

let count = 0
interface Sent {
  readonly total?: unknown
  readonly platform?: unknown
  readonly version?: unknown
  /** Hours after midnight of November 10. */
  readonly hour?: number
  readonly person?: number
}
/** So many orders, each of another person unless it is said otherwise. */
const orders = (
  number: number,
  { total = 5, platform = 'ios', version = '3.1.0', hour = 0, person }: Sent = {},
) =>
  Array.from({ length: number }, (_, index) => ({
    id: `o${(count += 1)}`,
    cio_id: `p${person ?? index}`,
    name: 'order',
    at: new Date(Date.UTC(2026, 10, 10, hour, index % 60)).toISOString(),
    data: { total, platform, app_version: version },
  }))

const bad = { version: '3.2.0', hour: 14, total: null }
const others = [
  ...orders(100, { hour: 3 }),
  ...orders(100, { platform: 'android', version: '3.2.0', hour: 20 }),
  ...orders(50, { ...bad, total: 5, hour: 9 }),
]
const told = async (events: ReturnType<typeof orders>, rule: Rule = missing) =>
  messages(await judge(rule, { plan, events }))

test('the release is named, with its share, its onset and everybody else', async () => {
  const events = [
    ...orders(39, bad),
    ...others,
    ...orders(1, { platform: 'web', total: null }),
    ...orders(1, { ...bad, total: 5 }),
  ]
  expect(await told(events)).toEqual([
    'total is missing in 40 of 291 order events. 97.5 % of them come from ios 3.2.0, since 2026-11-10 14:00 UTC (97.5 % of its events since then; elsewhere 0.4 %)',
  ])
})

test('so is one that sends another type, and each defect has its own', async () => {
  const events = [
    ...orders(30, { ...bad, total: '5' }),
    ...orders(30, { total: null, platform: 'android', version: '3.1.0' }),
    ...others,
  ]
  expect(await told(events, wrong)).toEqual([
    'total is not what the plan says in 30 of 310 order events: number as text. 100 % of them come from ios 3.2.0, since 2026-11-10 14:00 UTC (100 % of its events since then; elsewhere 0 %)',
  ])
  expect(await told(events)).toEqual([
    'total is missing in 30 of 310 order events. 100 % of them come from android 3.1.0, since 2026-11-10 00:00 UTC (100 % of its events since then; elsewhere 0 %)',
  ])
})

test.each([
  ['19 cases', orders(19, bad)],
  [
    'an even defect',
    [
      ...orders(20, bad),
      ...orders(20, { ...bad, version: '3.1.0' }),
      ...orders(20, { ...bad, platform: 'android' }),
    ],
  ],
  [
    'a defect of all platforms from one hour on',
    [
      bad,
      { ...bad, platform: 'android', version: '3.1.0' },
      { ...bad, platform: 'web', version: '' },
    ].flatMap((sent) => orders(10, sent)),
  ],
  ['two people', [...orders(15, { ...bad, person: 1 }), ...orders(15, { ...bad, person: 2 })]],
  ['senders that say nothing of themselves', orders(30, { ...bad, platform: ' ', version: ' ' })],
])('%s: nobody is named', async (_, events) => {
  const [message] = await told([...events, ...others])
  expect(message).toMatch(/order events$/)
})

test('three people are enough', async () => {
  const events = [1, 2, 3].flatMap((person) => orders(10, { ...bad, person }))
  expect(await told([...events, ...others])).toEqual([expect.stringContaining('come from ios 3.2.0')])
})

test('a version is not blamed for what it says of itself', async () => {
  const events = [
    ...orders(15, { version: 3.2 }),
    ...orders(15, { version: 3.2, platform: 'android' }),
    ...orders(100, { platform: 'android' }),
    ...orders(100),
  ]
  expect(await told(events, wrong)).toEqual([
    'app_version is not what the plan says in 30 of 230 order events: number',
  ])
})

test('the platform is written in one way', async () => {
  const events = [...orders(15, bad), ...orders(15, { ...bad, platform: ' iOS ' })]
  expect(await told([...events, ...others])).toEqual([
    expect.stringContaining('100 % of them come from ios 3.2.0,'),
  ])
})

test('the evidence says who sent each', async () => {
  const { evidence } = await judge(missing, { plan, events: orders(1, bad) })
  expect(evidence).toEqual([expect.objectContaining({ platform: 'ios', app_version: '3.2.0' })])
  const other = await judge(wrong, { plan, events: orders(1, { ...bad, total: '5' }) })
  expect(other.evidence).toEqual([expect.objectContaining({ platform: 'ios', app_version: '3.2.0' })])
})

/** Calls of Pipelines files say it in their context. */
async function ofFiles(calls: readonly (Fields & { count: number })[]): Promise<string[]> {
  return (await inFull(calls)).map((text) => text.replace(/,.*/, ''))
}

async function inFull(calls: readonly (Fields & { count: number })[]): Promise<string[]> {
  const rows = calls.flatMap(({ count: number, ...call }, kind) =>
    Array.from({ length: number }, (_, index) => ({
      id: `c${kind}-${index}`,
      type: 'event',
      name: 'order',
      customer_id: `u${index}`,
      at: new Date(Date.UTC(2026, 10, 10, 14, index % 60)),
      source: 'pipelines',
      data: '{"total":5}',
      ...call,
    })),
  )
  const db = await modelOver(
    rowsOf('activity', rows),
    planOf({ plan: { order: { properties: { total: must('number') } } } }),
  )
  const found = await db.rows(raw('select told from suspect order by path'))
  db.close()
  return found.map((row) => String(row['told']))
}

const context = { platform: 'ios', app_version: '3.1.0', sdk_version: '4.7.0' }
const android = { ...context, platform: 'android', count: 200 }

test('in files the SDK can be named', async () => {
  const broken = { sdk_version: '4.7.1', data: '{}' }
  expect(
    await ofFiles([
      { ...context, ...broken, count: 15 },
      { ...context, ...broken, app_version: '3.2.0', count: 15 },
      { ...context, app_version: '3.2.0', count: 100 },
      { ...context, count: 100 },
      android,
    ]),
  ).toEqual(['100 % of them come from ios with SDK 4.7.1'])
})

test('a version of all platforms, and an SDK of all', async () => {
  const both = (broken: Fields) => [
    { ...context, ...broken, data: '{}', count: 20 },
    { ...context, ...broken, platform: 'android', data: '{}', count: 20 },
    { ...context, count: 100 },
    android,
  ]
  expect(await ofFiles(both({ app_version: '3.2.0' }))).toEqual(['100 % of them come from app version 3.2.0'])
  expect(await ofFiles(both({ sdk_version: '4.7.1' }))).toEqual(['100 % of them come from SDK 4.7.1'])
})

test('a platform, and screens of that name do not count', async () => {
  const calls = [
    { ...context, data: '{}', count: 30 },
    { ...context, app_version: '3.2.0', data: '{}', count: 30 },
    android,
  ]
  expect(await ofFiles(calls)).toEqual(['100 % of them come from ios'])
  const screens = { ...context, platform: 'web', type: 'screen', count: 5000 }
  expect(await ofFiles([...calls.slice(0, 2), { ...screens }])).toEqual([])
  const broken = { ...android, count: 2, data: '{}' }
  expect(await inFull([...calls, broken, { ...screens, platform: 'ios' }])).toEqual([
    '96.7 % of them come from ios, since 2026-11-10 14:00 UTC (100 % of its events since then; elsewhere 0.9 %)',
  ])
})

test('what the event says of itself comes first', async () => {
  const said = { data: '{"platform":"Android","app_version":"9.9"}' }
  const other = { data: '{"platform":"Android","app_version":"9.8","total":5}' }
  expect(
    await ofFiles([
      { ...context, ...said, count: 30 },
      { ...context, ...other, count: 100 },
      { ...context, count: 100 },
    ]),
  ).toEqual(['100 % of them come from android 9.9'])
})

test('a suspect is named with its own defect of its own event and property alone', async () => {
  const { order } = plan
  const cart = { properties: { ...order.properties, count: must('number') } }
  const asCarts = (events: ReturnType<typeof orders>) =>
    events.map((event, n) => ({
      ...event,
      name: 'cart',
      data: { ...event.data, count: n % 3 === 0 ? 1 : n % 3 === 1 ? null : 'many' },
    }))
  const everywhere = ['ios', 'android', 'web'].flatMap((platform) =>
    ['3.1.0', '3.2.0'].flatMap((version) => [
      ...orders(10, { platform, version }),
      ...orders(10, { platform, version, total: null }),
      ...orders(10, { platform, version, total: 'five' }),
    ]),
  )
  const events = [
    ...others,
    ...orders(60, bad),
    ...orders(60, { platform: 'android', version: '3.1.0', total: 'five', hour: 15 }),
    ...orders(30, { version: '3.1.0', total: 5, platform: '' }),
    ...orders(6, { platform: 7 }),
    ...asCarts(everywhere),
  ]
  const suspected = async (rule: Rule) => {
    const { findings } = await judge(rule, { plan: { order, cart }, events })
    return findings.map(({ subject, message }) => [subject.key, /(\w+ [\d.]+), since/.exec(message)?.[1]])
  }
  expect(await suspected(missing)).toEqual([
    ['cart.count', undefined],
    ['cart.total', undefined],
    ['order.platform', 'version 3.1.0'],
    ['order.total', 'ios 3.2.0'],
  ])
  expect(await suspected(wrong)).toEqual([
    ['cart.count', undefined],
    ['cart.total', undefined],
    ['order.platform', undefined],
    ['order.total', 'android 3.1.0'],
  ])
})

test.each([
  [20, 1],
  [19, 0],
])('%d cases', async (cases, named) => {
  const events = [...orders(cases, bad), ...others]
  const { findings } = await judge(missing, { plan, events })
  expect(findings.filter(({ message }) => message.includes('come from ios 3.2.0'))).toHaveLength(named)
})

test('half of the cases are not most of them', async () => {
  const of = (web: number) =>
    told([
      ...orders(30, bad),
      ...orders(web, { platform: 'android', version: '0.9', total: null }),
      ...others,
      ...orders(900, { platform: 'android', version: '0.9' }),
    ])
  expect((await of(29))[0]).toContain('come from ios 3.2.0')
  expect((await of(30))[0]).not.toContain('come from')
})
