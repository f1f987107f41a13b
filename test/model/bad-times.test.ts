import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, rowsOf, type Fields } from '../support/workspace.ts'

const plan = planOf({ plan: { order: { critical: true }, look: {} } })
const hour = 3600
const day = 24 * hour
const start = Date.UTC(2026, 10, 10, 10)

/** An event of a file. `late`: seconds from when it happened to when it was received. */
const call = (id: string, late: number | null, rest: Fields & { after?: number } = {}): Fields => {
  const { after = 0, ...fields } = rest
  const at = start + after * 1000
  return {
    id,
    type: 'event',
    name: 'order',
    customer_id: 'u-1',
    at: new Date(at),
    received_at: late === null ? null : new Date(at + late * 1000),
    data: '{}',
    source: 'pipelines',
    ...fields,
  }
}
const cluster = (count: number, late: number, rest: Fields = {}, first = 0) =>
  Array.from({ length: count }, (_, n) => call(`c${first + n}`, late, { name: 'look', after: n, ...rest }))

async function badOf(calls: readonly Fields[], campaigns: readonly Fields[] = []) {
  const rows = { ...rowsOf('activity', calls), ...rowsOf('campaign', campaigns) }
  const db = await modelOver(rows, plan)
  const found = await db.rows(raw('select id, kind, hours from bad_time order by id'))
  db.close()
  return found.map(({ id, kind, hours }) => [id, kind, hours].filter((cell) => cell !== null).join(' '))
}

test.each([
  ['72 hours', 72 * hour, []],
  ['a second more', 72 * hour + 1, ['a late']],
  ['a year', 8 * day, ['a late']],
  ['not known', null, []],
  ['at once', 1, []],
  ['before it happened', -80 * hour, []],
])('received %s later', async (_, late, found) => {
  expect(await badOf([call('a', late)])).toEqual(found)
})

test('only what journeys wait for; critical events where no journey is known', async () => {
  const calls = [call('order', 80 * hour), call('look', 80 * hour, { name: 'look' })]
  expect(await badOf(calls)).toEqual(['order late'])
  const journey = { id: 1n, name: 'J', state: 'running', event_name: 'look' }
  expect(await badOf(calls, [journey])).toEqual(['look late'])
  expect(await badOf(calls, [{ ...journey, event_name: 'other' }])).toEqual([])
  expect(await badOf(calls, [{ ...journey, state: 'draft' }])).toEqual([])
})

test('screens and the API know of no receipt', async () => {
  expect(await badOf([call('a', 80 * hour, { type: 'screen' }), call('b', 1)])).toEqual([])
  expect(await badOf([call('a', 80 * hour, { source: 'app-api', cio_id: 'x', customer_id: null })])).toEqual(
    [],
  )
})

test('what arrives in one hour and spans more than seven days is a backfill', async () => {
  const pair = (apart: number, later = 0) => [
    call('a', 11 * day),
    call('b', 11 * day - apart + later, { after: apart }),
  ]
  expect(await badOf(pair(7 * day + 1))).toEqual([])
  expect(await badOf(pair(7 * day))).toEqual(['a late', 'b late'])
  // The next hour is another one.
  expect(await badOf(pair(7 * day + 1, hour))).toEqual(['a late', 'b late'])
  // What came at once in that hour says nothing, nor does what is not late yet.
  expect(await badOf([call('a', 11 * day), call('b', 3 * day, { after: 8 * day })])).toEqual(['a late'])
  expect(await badOf([call('a', 11 * day), call('b', 10, { after: 11 * day })])).toEqual(['a late'])
})

test.each([
  ['five hours', 5 * hour, 'shifted 5'],
  ['a minute before the hour', 5 * hour - 60, 'shifted 5'],
  ['five minutes after', 5 * hour + 300, 'shifted 5'],
  ['fourteen hours', 14 * hour, 'shifted 14'],
  ['eight hours before it happened', -8 * hour, 'shifted -8'],
  ['more than a minute before', 5 * hour - 61, null],
  ['more than five minutes after', 5 * hour + 301, null],
  ['fifteen hours', 15 * hour, null],
  ['half an hour more', 5.5 * hour, null],
  ['not at all', 10, null],
])('twenty that are off by %s', async (_, late, found) => {
  const named = [...new Set((await badOf(cluster(20, late))).map((row) => row.split(' ').slice(1).join(' ')))]
  expect(named).toEqual(found === null ? [] : [found])
})

test('fewer are chance, also of several names together', async () => {
  expect(await badOf(cluster(19, 5 * hour))).toEqual([])
  expect(await badOf([...cluster(19, 5 * hour), call('x', 5 * hour)])).toEqual([])
  expect(await badOf([...cluster(19, 5 * hour), ...cluster(1, 6 * hour, {}, 50)])).toEqual([])
})

test('as many other delays around that hour, and it is a bad network', async () => {
  const others = (count: number) => cluster(count, 5 * hour + 900, {}, 50)
  expect(await badOf([...cluster(20, 5 * hour), ...others(20)])).toHaveLength(20)
  expect(await badOf([...cluster(20, 5 * hour), ...others(21)])).toEqual([])
})

test('one that is late is told once, also beside two clusters', async () => {
  const order = { name: 'order' }
  const calls = [...cluster(20, 5 * hour, order), ...cluster(20, 8 * hour, order, 50), call('a', 80 * hour)]
  expect((await badOf(calls)).filter((row) => row.endsWith('late'))).toEqual(['a late'])
})

test('an event without a name is no event', async () => {
  expect(await badOf([call('a', null, { name: null, at: new Date(0) })])).toEqual([])
})
