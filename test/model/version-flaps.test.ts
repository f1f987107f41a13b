import { expect, test } from 'vitest'
import { builtInPlan } from '../../src/config/built-in-plan.ts'
import { raw, type SqlValue } from '../../src/engine/sql.ts'
import { modelOver, type Rows } from '../support/workspace.ts'

interface Said {
  readonly token: string
  readonly day: number
  readonly app?: string | null
  readonly library?: string | null
  readonly data?: Record<string, string>
  readonly kind?: string
}

const at = (day: number) => new Date(`2026-11-${String(day).padStart(2, '0')}T10:00:00Z`)

const call = ({ token, day, app = null, library = null, data = {}, kind = 'device' }: Said) => [
  `${token}-${day}`,
  kind,
  'u1',
  null,
  null,
  at(day),
  at(day),
  at(day),
  token === '' ? null : token,
  'ios',
  app,
  library,
  JSON.stringify(data),
  null,
  'pipelines',
]
const event = ({ token, day, app = null, library = null }: Said) => [
  `event-${token}-${day}`,
  'event',
  'search',
  null,
  'u1',
  null,
  at(day),
  null,
  null,
  '{}',
  null,
  'pipelines',
  null,
  at(day),
  at(day),
  token,
  'ios',
  app,
  library,
]

async function flaps(rows: Rows): Promise<unknown[]> {
  const db = await modelOver(rows, builtInPlan)
  try {
    return await db.rows(
      raw(
        'select token, field, returns, versions, first_at, last_at from version_flap order by token, field',
      ),
    )
  } finally {
    db.close()
  }
}
const flap = (token: string, field: string, returns: number, versions: string, days: [number, number]) => ({
  token,
  field,
  returns,
  versions,
  first_at: at(days[0]).toISOString().replace('.000', ''),
  last_at: at(days[1]).toISOString().replace('.000', ''),
})
type Row = readonly SqlValue[]
const series = (versions: readonly string[], say: (version: string, day: number) => Row): Row[] =>
  versions.map((version, n) => say(version, n + 1))

test('what the calls of files say about themselves, in their context and in the device call', async () => {
  const rows = {
    activity: [
      ...series(['1', '2', '1'], (app, day) => event({ token: 'events', day, app })),
      ...series(['1', '2', '1', '2'], (library, day) => event({ token: 'library', day, library })),
      // Each call of the app says the same two things, and they are never compared with one another.
      ...series(['7', '7', '7'], (library, day) => event({ token: 'two-names', day: day + 10, library })),
      ...series(['1', '2', '3'], (app, day) => event({ token: 'forward', day, app })),
      // The events and the device call of one app take turns.
      event({ token: 'mixed', day: 1, app: '1' }),
      event({ token: 'mixed', day: 3, app: '1' }),
    ],
    call: [
      call({ token: 'mixed', day: 2, app: '2' }),
      ...series(['4', '4', '4'], (version, day) =>
        call({ token: 'two-names', day: day + 11, library: '7', data: { cio_sdk_version: version } }),
      ),
      ...series(['4', '5', '4', '5'], (version, day) =>
        call({ token: 'said', day, data: { cio_sdk_version: version } }),
      ),
      // A logout says nothing about the app.
      call({ token: 'said', day: 2, kind: 'device-deleted', app: '9', data: { cio_sdk_version: '9' } }),
      ...series(['4', '5', '4'], (version, day) =>
        call({ token: '', day, data: { token: 'within', app_version: version } }),
      ),
      ...series(['4', '5', '4'], (version, day) =>
        call({ token: 'deleted', day, kind: 'device-deleted', app: version, data: { app_version: version } }),
      ),
    ],
  }
  const expected = [
    flap('events', 'app_version', 1, '1, 2', [1, 3]),
    flap('library', 'cio_sdk_version', 2, '1, 2', [1, 4]),
    flap('mixed', 'app_version', 1, '1, 2', [1, 3]),
    flap('said', 'cio_sdk_version', 2, '4, 5', [1, 4]),
    flap('within', 'app_version', 1, '4, 5', [1, 3]),
  ]
  expect(await flaps(rows)).toEqual(expected)
  const reversed = { activity: rows.activity.toReversed(), call: rows.call.toReversed() }
  expect(await flaps(reversed)).toEqual(expected)
})

test('several sources of one token are one row', async () => {
  const rows = {
    activity: series(['1', '2', '1'], (app, day) => event({ token: 'a', day: day + 5, app })),
    call: series(['2', '3', '2', '3', '2'], (version, day) =>
      call({ token: 'a', day, data: { app_version: version } }),
    ),
  }
  expect(await flaps(rows)).toEqual([flap('a', 'app_version', 3, '1, 2, 3', [1, 8])])
})

test('what names no token is told of none', async () => {
  const there: readonly string[] = ['1', '2', '1']
  const change = (version: string, day: number): Row => [
    `change-${day}`,
    'device_change',
    null,
    'a1',
    null,
    null,
    at(day),
    null,
    null,
    JSON.stringify({ app_version: { from: String(day), to: version } }),
    null,
    'app-api',
  ]
  const rows = {
    activity: [
      ...series(there, (app, day) => event({ token: '', day, app }).with(15, null)),
      ...series(there, change),
    ],
    call: series(there, (app, day) => call({ token: '', day, app, data: { app_version: app } })),
  }
  expect(await flaps(rows)).toEqual([])
})

test('what lies outside the window or says nothing is left out', async () => {
  const rows = {
    activity: [
      ...series(['1', '', '1', ' ', '1'], (app, day) => event({ token: 'blank', day, app })),
      ...series(['1', '2', '1'], (app, day) => event({ token: 'late', day: day + 23, app })),
    ],
    call: series(['1', '2', '1'], (app, day) =>
      call({ token: 'late', day: day + 23, app, data: { app_version: app } }),
    ),
  }
  expect(await flaps(rows)).toEqual([])
})
