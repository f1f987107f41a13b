import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, rowsOf, snapshotRows, type Fields } from '../support/workspace.ts'

const zeros = (times: number): number[] => Array.from({ length: times }, () => 0)

test('the days of metrics end with the pull and are ninety; what cannot be read is left out', async () => {
  const journeys = ['cart', 'order', 'visit', 'view'].map((event, n) => ({ id: n + 1, event }))
  const events = [
    { cio_id: 'a', name: 'visit', at: '2026-11-23T12:00:00Z' },
    { cio_id: 'a', name: 'view', at: '2026-11-23T12:00:01Z' },
  ]
  const calls = [{ kind: 'screen' as const, name: 'view', user_id: 'u-1', at: '2026-11-20T10:00:00Z' }]
  const metric = (id: bigint, metrics: unknown) => ({
    campaign_id: id,
    metrics: typeof metrics === 'string' ? metrics : JSON.stringify(metrics),
  })
  const rows = {
    ...snapshotRows({ journeys, events, calls }),
    ...rowsOf('journey_metric', [
      metric(1n, { started: [1, 0, 3] }),
      metric(2n, { journey_metric: { started: [1, 1, ...zeros(88), 1] } }),
      metric(3n, 'broken'),
    ]),
    meta: [
      ['pull_started_at', '2026-11-20T10:00:00.000Z'],
      ['pull_ended_at', '2026-11-22T10:00:00.000Z'],
    ],
  }
  const db = await modelOver(rows, planOf({}))
  const rhythms = await db.rows(
    raw(
      'select event_name, days, usual_gap, mean_gap, span, last_day::varchar as last_day, silent from trigger_rhythm order by journey',
    ),
  )
  db.close()
  expect(rhythms.map((row) => Object.values(row))).toEqual([
    ['cart', 2, 2, 2, 3, '2026-11-20', 3],
    ['order', 2, 89, 89, 90, '2026-11-20', 3],
    ['visit', 1, null, null, 1, '2026-11-23', 0],
    ['view', 0, null, null, null, null, null],
  ])
})

test('what guards a trigger: keys, ids of messages, and how many copies there are', async () => {
  const order = (minute: number, fields: Fields): Fields => ({
    type: 'event',
    name: 'order',
    at: new Date(Date.UTC(2026, 10, 20, 10, minute)),
    data: '{}',
    source: 'app-api',
    cio_id: 'a',
    ...fields,
  })
  const filed = { source: 'pipelines', cio_id: null, customer_id: 'u-1' }
  const rows = {
    ...snapshotRows({ journeys: [{ id: 1, event: 'order' }] }),
    ...rowsOf('activity', [
      // Twice at one moment, and twice with one key; neither has an id.
      order(0, {}),
      order(0, {}),
      order(1, { data: '{"key":"k"}' }),
      order(5, { data: '{"key":"k"}' }),
      order(10, { ...filed, id: 'm-1' }),
      order(11, { ...filed, id: null }),
      order(12, { ...filed, id: 'm-2', type: 'screen' }),
      // With a key and an id: it makes up for no other.
      order(13, { ...filed, id: 'm-3', data: '{"key":"l"}' }),
      order(15, { name: 'starts nothing' }),
    ]),
  }
  const db = await modelOver(rows, planOf({ plan: { order: { dedupeKey: 'key' } } }))
  const guards = await db.rows(raw('select name, planned, events, keyless, copies from trigger_guard'))
  db.close()
  expect(guards).toEqual([{ name: 'order', planned: true, events: 7, keyless: 3, copies: 2 }])
})
