import { expect, test } from 'vitest'
import rule from '../../../rules/journeys/empty-segment.ts'
import { judge, messages } from '../support.ts'

const one = (segment: { state?: string; people?: number }) => ({
  journeys: [{ id: 5, name: 'Cart', filterSegments: [2] }],
  segments: [{ id: 2, name: 'Ready', ...segment }],
})

test.each([
  [
    'counts nobody',
    { people: 0 },
    ['Cart hangs on 1 segment that nobody is in: filter segment Ready (0 people)'],
  ],
  [
    'is being built',
    { state: 'build' },
    ['Cart hangs on 1 segment that nobody is in: filter segment Ready (never finished building)'],
  ],
  [
    'waits for events',
    { state: 'events', people: 0 },
    ['Cart hangs on 1 segment that nobody is in: filter segment Ready (never finished building)'],
  ],
  ['has one person', { people: 1 }, []],
  ['is rebuilt and has people', { state: 'build', people: 1 }, []],
  ['is finished and was not counted', {}, []],
])('a segment that %s', async (_, segment, told) => {
  expect(messages(await judge(rule, one(segment)))).toEqual(told)
})

test('a segment that is not in a list of which the end was not read may be there', async () => {
  const journeys = [{ id: 5, name: 'Cart', triggerSegments: [9], filterSegments: [2] }]
  const { findings, evidence } = await judge(
    rule,
    { journeys, segments: [{ id: 2, name: 'Ready', people: 0 }] },
    { unmet: [['segments', 'segments is incomplete: forbidden (403)']] },
  )
  expect(findings.map(({ message }) => message)).toEqual([
    'Cart hangs on 1 segment that nobody is in: filter segment Ready (0 people)',
  ])
  expect(evidence).toHaveLength(1)
})

test('that something else could not be read keeps no segment back that is gone', async () => {
  expect(
    messages(
      await judge(
        rule,
        { journeys: [{ id: 5, name: 'Cart', filterSegments: [9] }] },
        { unmet: [['people', 'people is incomplete: forbidden (403)']] },
      ),
    ),
  ).toEqual(['Cart hangs on 1 segment that nobody is in: filter segment 9 (gone)'])
})

test('several segments are one finding of their journey; a segment that is gone counts', async () => {
  const { findings, evidence, population } = await judge(
    rule,
    {
      journeys: [
        { id: 5, name: 'Cart', triggerSegments: [3], filterSegments: [2, 9, 1] },
        { id: 6, name: 'Fine', filterSegments: [1] },
        { id: 7, name: 'Draft', state: 'draft', filterSegments: [2] },
        { id: 8, name: 'Stopped', state: 'stopped', filterSegments: [2] },
      ],
      segments: [
        { id: 1, people: 4 },
        { id: 2, name: 'Ready', people: 0 },
        { id: 3, name: 'VIP', people: 0 },
      ],
    },
    {},
  )
  expect(findings).toEqual([
    {
      subject: { key: '5', label: 'Cart' },
      message:
        'Cart hangs on 3 segments that nobody is in: trigger segment VIP (0 people), filter segment Ready (0 people), filter segment 9 (gone)',
      affected: 3,
      unit: 'segments',
    },
  ])
  expect(evidence.map((row) => [row['subject'], row['segment_id'], row['role'], row['people']])).toEqual([
    ['5', '2', 'filter', 0],
    ['5', '3', 'trigger', 0],
    ['5', '9', 'filter', null],
  ])
  // What is counted is what is affected: the segments of each journey, and not the journeys.
  expect(population).toBe(5)
  expect(rule.meta.unit).toBe('segments of running journeys')
})

test('a draft that was named is judged like a running journey', async () => {
  const workspace = {
    journeys: [{ id: 7, name: 'Draft', state: 'draft' as const, filterSegments: [2] }],
    segments: [{ id: 2, people: 0 }],
  }
  expect((await judge(rule, workspace, { named: [7] })).findings.map(({ subject }) => subject.key)).toEqual([
    '7',
  ])
  expect((await judge(rule, workspace, { named: [8] })).findings).toEqual([])
})
