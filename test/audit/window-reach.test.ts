import { describe, expect, test } from 'vitest'
import { withinReach } from '../../src/audit/window-reach.ts'
import type { AuditReport } from '../../src/core/report.ts'
import { streamEnds } from '../../src/core/tables.ts'

type Source = AuditReport['sources'][number]
const stream = (name: string, ended: string, complete = true) => ({
  name,
  read: 1,
  expected: null,
  rejected: 0,
  complete,
  ended,
})
const source = (kind: Source['kind'], streams: Source['streams']): Source => ({
  kind,
  region: null,
  workspace: { id: null, name: null },
  streams,
})
const sources = [
  source('app-api', [
    stream('people', streamEnds.endOfCursor),
    stream('activities/*', streamEnds.sinceBound),
    stream('activities/event:purchase', streamEnds.endOfCursor),
    stream('activities/failed_event', streamEnds.forbidden, false),
  ]),
  source('pipelines', [stream('tracks', streamEnds.endOfCursor)]),
]
const at = (day: string): Date => new Date(`2026-${day}:00Z`)
const pulled = { from: at('10-24T12:00'), begun: at('11-23T11:00'), ended: at('11-23T12:00') }
const nothingFiled = { from: undefined, until: undefined, brokenOff: new Map<string, Date>() }
const judged = (since: string, until: string, pull = pulled) =>
  withinReach(sources, { since: at(since), until: at(until) }, pull, nothingFiled).flatMap(({ streams }) =>
    streams.map(({ complete, ended }) => (complete ? 'complete' : ended)),
  )
const refused = streamEnds.forbidden

test.each([
  ['the window that was read', '10-24T12:00', '11-23T12:00'],
  ['less of it', '11-10T00:00', '11-20T00:00'],
  ['a "now" of the next midnight', '10-25T00:00', '11-24T00:00'],
  ['one of the midnight before', '10-24T00:00', '11-23T00:00'],
])('%s is complete', (_, since, until) => {
  expect(judged(since, until)).toEqual(['complete', 'complete', 'complete', refused, 'complete'])
})

test('what came after the pull was not read, however a stream ended', () => {
  const why = 'the pull ended at 2026-11-23T12:00:00Z, before the window does: pull again'
  expect(judged('10-26T12:00', '11-25T12:00')).toEqual(['complete', why, why, refused, 'complete'])
  // Of a window of two days one day is half of it.
  expect(judged('11-22T12:00', '11-24T12:00')).toEqual(['complete', why, why, refused, 'complete'])
})

test('of what lies further back than 30 days nobody knows whether it is whole', () => {
  const why =
    'Customer.io keeps activities for 30 days, and the window begins earlier: shorten it with --since'
  const whole = { ...pulled, from: at('08-01T00:00') }
  expect(judged('09-24T12:00', '11-23T12:00', whole)).toEqual(['complete', why, why, refused, 'complete'])
})

test('a pull of a week says nothing of the weeks before, where it did not read to the end by itself', () => {
  const week = { ...pulled, from: at('11-16T12:00') }
  const why =
    'the pull reads back to 2026-11-16T12:00:00Z, and the window begins earlier: pull again, or shorten it with --since'
  expect(judged('10-24T12:00', '11-23T12:00', week)).toEqual([
    'complete',
    why,
    'complete',
    refused,
    'complete',
  ])
})

test('a snapshot that does not say when it was pulled is taken as it is', () => {
  const unknown = { from: undefined, begun: undefined, ended: undefined }
  expect(
    withinReach(sources, { since: at('01-01T00:00'), until: at('12-01T00:00') }, unknown, nothingFiled),
  ).toEqual(sources)
})

describe('Pipelines files from the first of November to the 23rd', () => {
  const filed = { ...nothingFiled, from: at('11-01T00:00'), until: at('11-23T12:00') }
  const pipelines = [
    source('pipelines', [
      stream('identifies', streamEnds.endOfFiles),
      stream('tracks', streamEnds.damaged, false),
    ]),
  ]
  const endsOf = (since: string, until: string, all = pipelines, brokenOff = filed.brokenOff) =>
    withinReach(
      all,
      { since: at(since), until: at(until) },
      { ...pulled, ended: undefined },
      { ...filed, brokenOff },
    )
      .filter(({ kind }) => kind === 'pipelines')
      .flatMap(({ streams }) => streams.map(({ complete, ended }) => (complete ? 'complete' : ended)))

  test.each([
    ['what they cover', '11-01T00:00', '11-23T12:00'],
    ['less of it', '11-10T00:00', '11-20T00:00'],
    ['a "now" of the next midnight', '11-02T00:00', '11-24T00:00'],
    ['a beginning some hours earlier', '10-31T12:00', '11-23T12:00'],
  ])('%s is complete', (_, since, until) => {
    expect(endsOf(since, until)).toEqual(['complete', streamEnds.damaged])
  })

  test('a window that ends days after them, or begins days before, is not', () => {
    expect(endsOf('11-01T00:00', '11-25T12:00')).toEqual([
      'the files end at 2026-11-23T12:00:00Z, before the window does: fetch newer ones, or leave --as-of and --until out',
      streamEnds.damaged,
    ])
    expect(endsOf('10-24T12:00', '11-23T12:00')).toEqual([
      'the files begin at 2026-11-01T00:00:00Z, and the window earlier: fetch older ones, or shorten it with --since',
      streamEnds.damaged,
    ])
  })

  test('a stream that broke off is not, where the window goes on', () => {
    const brokenOff = new Map([['identifies', at('11-20T10:00')]])
    expect(endsOf('11-01T00:00', '11-23T12:00', pipelines, brokenOff)).toEqual([
      'they end at 2026-11-20T10:00:00Z, and other calls go on: fetch the newer files, or see why no more came in',
      streamEnds.damaged,
    ])
    expect(endsOf('11-01T00:00', '11-21T00:00', pipelines, brokenOff)).toEqual([
      'complete',
      streamEnds.damaged,
    ])
  })

  test('beside the API, which tells what happened, they may end early', () => {
    const brokenOff = new Map([['tracks', at('11-20T10:00')]])
    expect(endsOf('10-24T12:00', '11-25T12:00', [...sources], brokenOff)).toEqual(['complete'])
  })
})
