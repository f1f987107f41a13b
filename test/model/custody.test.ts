import { beforeAll, describe, expect, test } from 'vitest'
import { builtInPlan } from '../../src/config/built-in-plan.ts'
import type { Row } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, rowsOf, type Fields, type Rows } from '../support/workspace.ts'

/** All cases stand in one workspace: each has a token, people and addresses of its own. */
interface Its {
  readonly token: string
  /** Who is meant by a letter. */
  readonly who: (letter: string) => string
}
type Make = (its: Its) => Fields

const at = (day: number, hour = 10): Date => new Date(Date.UTC(2026, 10, day, hour))
const person =
  (letter: string, more: Fields = {}): Make =>
  ({ who }) => ({
    cio_id: who(letter),
    id: `u-${who(letter)}`,
    email: `${who(letter)}@shop.test`,
    unsubscribed: false,
    attributes: '{}',
    source: 'app-api',
    ...more,
  })
const holds =
  (letter: string, day: number | null): Make =>
  ({ who, token }) => ({
    cio_id: who(letter),
    token,
    platform: 'ios',
    last_used: day === null ? null : at(day),
    attributes: '{}',
  })
const change =
  (letter: string, day: number, data: (token: string) => object | null): Make =>
  ({ who, token }) => ({
    id: `${who(letter)}-${day}-${JSON.stringify(data(''))}`,
    type: 'device_change',
    cio_id: who(letter),
    at: at(day),
    data: JSON.stringify(data(token)),
    source: 'app-api',
  })
const added = (letter: string, day: number): Make =>
  change(letter, day, (id) => ({
    id,
    platform: 'ios',
    device_os: { from: '', to: '18.1' },
    app_version: { from: '', to: '3.2.0' },
  }))
const updated = (letter: string, day: number): Make =>
  change(letter, day, (id) => ({ id, app_version: { from: '3.1.0', to: '3.2.0' } }))
const removed = (letter: string, day: number): Make =>
  change(letter, day, (id) => ({ id, deleted: { from: 'false', to: 'true' } }))
const call =
  (
    kind: 'device' | 'device-deleted' | 'identify',
    letter: string | null,
    day: number,
    more: Fields = {},
  ): Make =>
  ({ who, token }) => ({
    id: `${kind}-${letter}-${day}-${token}`,
    kind,
    user_id: letter === null ? null : `u-${who(letter)}`,
    anonymous_id: `anon-${letter}-${token}`,
    token: kind === 'identify' ? null : token,
    at: at(day),
    received_at: at(day),
    data:
      kind === 'identify' && letter !== null ? JSON.stringify({ email: `${who(letter)}@shop.test` }) : '{}',
    source: 'pipelines',
    ...more,
  })
const used =
  (letter: string | null, day: number): Make =>
  ({ who, token }) => ({
    id: `used-${letter}-${day}-${token}`,
    type: 'screen',
    name: 'Home',
    customer_id: letter === null ? null : `u-${who(letter)}`,
    anonymous_id: `anon-${letter}-${token}`,
    token,
    at: at(day),
    received_at: at(day),
    data: '{}',
    source: 'pipelines',
  })

interface Case {
  readonly profile?: readonly Make[]
  readonly device?: readonly Make[]
  readonly activity?: readonly Make[]
  readonly call?: readonly Make[]
}
interface Told {
  readonly story: string | null
  readonly on?: string
  readonly from?: string
  readonly lost?: boolean
}
type Named = [string, Case, Told]
const two = [person('a'), person('b')]
const lostOn = (day: number, from = 'a'): Told => ({
  story: 'switch',
  on: `2026-11-${String(day).padStart(2, '0')}`,
  from,
  lost: true,
})
const nothing: Told = { story: null }

const overTheApi: Named[] = [
  ['no history', { profile: two, device: [holds('a', 1), holds('b', 5)] }, nothing],
  [
    'added to the second after the first one used it last',
    { profile: two, device: [holds('a', 1), holds('b', 5)], activity: [added('b', 5)] },
    lostOn(5),
  ],
  [
    'both were added',
    { profile: two, device: [holds('a', 1), holds('b', 9)], activity: [added('a', 1), added('b', 5)] },
    lostOn(5),
  ],
  [
    'the token in another member, and white space in values',
    {
      profile: two,
      device: [holds('a', 1), holds('b', 5)],
      activity: [change('b', 5, (token) => ({ token, device_model: { from: null, to: ' iPhone ' } }))],
    },
    lostOn(5),
  ],
  [
    'the later one is the smaller name',
    { profile: two, device: [holds('b', 1), holds('a', 5)], activity: [added('a', 5)] },
    lostOn(5, 'b'),
  ],
  [
    'a doubled record tells no more',
    { profile: two, device: [holds('a', 1), holds('b', 5)], activity: [added('b', 5), added('b', 5)] },
    lostOn(5),
  ],
  [
    'taken off the first one, and still there',
    { profile: two, device: [holds('a', 1), holds('b', 5)], activity: [removed('a', 4), added('b', 5)] },
    { ...lostOn(5), lost: false },
  ],
  [
    'taken off the first one at the moment of the last use',
    {
      profile: two,
      device: [holds('a', 4), holds('b', 5)],
      activity: [added('a', 1), removed('a', 4), added('b', 5)],
    },
    { ...lostOn(5), lost: false },
  ],
  [
    'taken off once, and back before the switch',
    {
      profile: two,
      device: [holds('a', 3), holds('b', 5)],
      activity: [added('a', 1), removed('a', 2), added('a', 3), added('b', 5)],
    },
    lostOn(5),
  ],
  [
    'only a new version of the app: the second one may have had it long before',
    { profile: two, device: [holds('a', 1), holds('b', 5)], activity: [updated('b', 5)] },
    nothing,
  ],
  [
    'one more field of an SDK that learned it is no new device',
    {
      profile: two,
      device: [holds('a', 1), holds('b', 5)],
      activity: [change('b', 5, (id) => ({ id, network_wifi: { from: '', to: 'true' } }))],
    },
    nothing,
  ],
  [
    'only a new version of the system: the second one may have had it long before',
    {
      profile: two,
      device: [holds('a', 1), holds('b', 5)],
      activity: [change('b', 5, (id) => ({ id, device_os: { from: '18.0', to: '18.1' } }))],
    },
    nothing,
  ],
  [
    'an event that carries a token in its data says nothing',
    {
      profile: two,
      device: [holds('a', 1), holds('b', 5)],
      activity: [added('b', 5), (own) => ({ ...added('a', 9)(own), type: 'event', name: 'device_seen' })],
    },
    lostOn(5),
  ],
  [
    'a field of Customer.io itself says nothing',
    {
      profile: two,
      device: [holds('a', 1), holds('b', 5)],
      activity: [
        added('b', 5),
        change('a', 9, (id) => ({ id, _last_status: { from: 'sent', to: 'bounced' } })),
      ],
    },
    lostOn(5),
  ],
  [
    'shapes that nobody knows say nothing',
    {
      profile: two,
      device: [holds('a', 1), holds('b', 5)],
      activity: [
        added('b', 5),
        change('a', 9, () => null),
        change('a', 9, (id) => [id, { device_os: { from: '', to: '1' } }]),
        change('a', 9, (id) => ({ id })),
        change('a', 9, (id) => ({ id, device_os: '18.1', app_version: { was: 'x' } })),
        change('a', 9, (id) => ({ id, deleted: true })),
        change('a', 9, () => ({ device_os: { from: '', to: '1' } })),
        change('a', 9, (id) => ({ id, 'quo"ted': 1, '': { from: 'x' }, 'a.b': [] })),
      ],
    },
    lostOn(5),
  ],
  [
    'the first one was seen again',
    { profile: two, device: [holds('a', 9), holds('b', 5)], activity: [added('a', 1), added('b', 5)] },
    { story: 'alternating' },
  ],
  [
    'the first one was seen again, and the second one has no beginning',
    { profile: two, device: [holds('a', 9), holds('b', 5)], activity: [updated('a', 1)] },
    { story: 'alternating' },
  ],
  [
    'used in one moment: neither came first',
    { profile: two, device: [holds('a', 5), holds('b', 5)], activity: [added('b', 5)] },
    nothing,
  ],
  [
    'added in one moment, whoever used it longer',
    { profile: two, device: [holds('a', 5), holds('b', 7)], activity: [added('a', 5), added('b', 5)] },
    nothing,
  ],
  [
    'added in one moment, before a third one: nobody can say whose it was',
    {
      profile: [...two, person('c')],
      device: [holds('a', 5), holds('b', 7), holds('c', 9)],
      activity: [added('a', 5), added('b', 5), added('c', 9)],
    },
    nothing,
  ],
  [
    'the first one was seen last at the moment when the second one got it',
    {
      profile: two,
      device: [holds('a', 5), holds('b', 7)],
      activity: [added('a', 1), added('b', 5)],
    },
    nothing,
  ],
  [
    'the first one was never seen',
    { profile: two, device: [holds('a', null), holds('b', 5)], activity: [added('b', 5)] },
    nothing,
  ],
  ['nobody was ever seen', { profile: two, device: [holds('a', null), holds('b', null)] }, nothing],
  [
    'three in a row',
    {
      profile: [...two, person('c')],
      device: [holds('a', 1), holds('c', 3), holds('b', 5)],
      activity: [added('c', 3), added('b', 5)],
    },
    lostOn(5, 'c'),
  ],
  [
    'three, one of whom was never seen',
    {
      profile: [...two, person('c')],
      device: [holds('a', 1), holds('b', 5), holds('c', null)],
      activity: [added('b', 5)],
    },
    nothing,
  ],
  [
    'three, two of whom take turns',
    {
      profile: [...two, person('c')],
      device: [holds('a', 5), holds('b', 3), holds('c', null)],
      activity: [added('a', 1)],
    },
    { story: 'alternating' },
  ],
  [
    'two take turns, and a third one comes after them',
    {
      profile: [...two, person('c')],
      device: [holds('a', 5), holds('b', 3), holds('c', 9)],
      activity: [added('a', 1), added('c', 9)],
    },
    { story: 'alternating' },
  ],
  [
    'one person twice, whatever the history',
    {
      profile: [person('a', { email: 'twin@shop.test' }), person('b', { email: ' TWIN@shop.test' })],
      device: [holds('a', 9), holds('b', 5)],
      activity: [added('a', 1), added('b', 5)],
    },
    { story: 'duplicate' },
  ],
  [
    'one person twice before a stranger: their phone is one',
    {
      profile: [
        person('a', { email: 'twins@shop.test' }),
        person('b', { email: 'twins@shop.test' }),
        person('c'),
      ],
      device: [holds('a', 3), holds('b', 2), holds('c', 5)],
      activity: [added('a', 1), added('b', 2), added('c', 5)],
    },
    lostOn(5),
  ],
  [
    'one person twice before a stranger, on one of the two never used: it was left on the other',
    {
      profile: [
        person('a', { email: 'pair@shop.test' }),
        person('b', { email: 'pair@shop.test' }),
        person('c'),
      ],
      device: [holds('a', 2), holds('b', null), holds('c', 5)],
      activity: [added('c', 5)],
    },
    lostOn(5),
  ],
]

const inFiles: Named[] = [
  ['called by both', { call: [call('device', 'a', 1), call('device', 'b', 5)] }, lostOn(5)],
  [
    'renewed by the second one',
    { call: [call('device', 'a', 1), call('device', 'b', 5), call('device', 'b', 9)] },
    lostOn(5),
  ],
  [
    'the first one came back',
    { call: [call('device', 'a', 1), call('device', 'b', 5), call('device', 'a', 9)] },
    { story: 'alternating' },
  ],
  [
    'the first one was seen again in the context of a screen',
    { call: [call('device', 'a', 1), call('device', 'b', 5)], activity: [used('a', 9)] },
    { story: 'alternating' },
  ],
  [
    'the second one was seen with it before the call',
    { call: [call('device', 'a', 1), call('device', 'b', 5)], activity: [used('b', 3)] },
    nothing,
  ],
  [
    'what happened before anybody logged in says nothing',
    {
      call: [call('device', 'a', 1), call('device', null, 4), call('device', 'b', 5)],
      activity: [used(null, 9)],
    },
    lostOn(5),
  ],
  [
    'a logout, and in again before the switch',
    {
      call: [
        call('device', 'a', 1),
        call('device-deleted', 'a', 2),
        call('device', 'a', 3),
        call('device', 'b', 5),
      ],
    },
    lostOn(5),
  ],
]

const bothWays: Named[] = [
  [
    'the files do not reach back to the first one, so that the call may be a renewal',
    { profile: two, device: [holds('a', 1), holds('b', 5)], call: [call('device', 'b', 5)] },
    nothing,
  ],
  [
    'the files reach back, and say it as well',
    {
      profile: two,
      device: [holds('a', 1), holds('b', 5)],
      activity: [added('b', 5)],
      call: [call('device', 'a', 1), call('device', 'b', 5)],
    },
    lostOn(5),
  ],
  [
    'only the App API knows the beginning',
    {
      profile: two,
      device: [holds('a', 1), holds('b', 5)],
      activity: [added('b', 4)],
      call: [call('device', 'b', 5)],
    },
    lostOn(4),
  ],
  [
    'the logout that files show, of a token that the App API still shows',
    {
      profile: two,
      device: [holds('a', 1), holds('b', 5)],
      call: [call('device', 'a', 1), call('device-deleted', 'a', 2), call('device', 'b', 5)],
    },
    { ...lostOn(5), lost: false },
  ],
]

const its = (index: number): Its => ({
  token: String(index).padStart(64, 'a'),
  who: (letter) => `${String(index).padStart(2, '0')}${letter}`,
})

function workspaceOf(cases: readonly Named[]): Rows {
  const made = (table: 'profile' | 'device' | 'activity' | 'call'): Rows =>
    rowsOf(
      table,
      cases.flatMap(([, given], index) => (given[table] ?? []).map((make) => make(its(index)))),
    )
  // Without the App API everybody is known from an identify call.
  const called = new Set(
    cases.flatMap(([, { call: calls, profile }], index) =>
      profile ? [] : (calls ?? []).map((make) => String(make(its(index))['user_id'])),
    ),
  )
  const calls = rowsOf('call', [
    ...cases.flatMap(([, given], index) => (given.call ?? []).map((make) => make(its(index)))),
    ...[...called]
      .filter((user) => user !== 'null')
      .map((user) => ({
        id: `identify-${user}`,
        kind: 'identify',
        user_id: user,
        at: at(1, 1),
        received_at: at(1, 1),
        data: JSON.stringify({ email: `${user}@shop.test` }),
        source: 'pipelines',
      })),
  ])
  return { ...made('profile'), ...made('device'), ...made('activity'), ...calls }
}

async function stories(rows: Rows, threads = 2): Promise<Map<string, Row>> {
  const db = await modelOver(rows, builtInPlan, undefined, threads)
  const found = await db.rows(raw('from shared_token order by token'))
  db.close()
  return new Map(found.map((row) => [String(row['token']), row]))
}

describe.each([
  ['over the API', overTheApi],
  ['in Pipelines files', inFiles],
  ['over the API and in files', bothWays],
])('tokens on several profiles, %s', (_, cases) => {
  let found: Map<string, Row>
  let backwards: Map<string, Row>
  beforeAll(async () => {
    const rows = workspaceOf(cases)
    found = await stories(rows)
    const reversed = Object.entries(rows).map(([table, records]) => [table, records.toReversed()] as const)
    backwards = await stories(Object.fromEntries(reversed), 1)
  })

  test.each(cases.map(([name, , told], index) => ({ name, told, index })))('$name', ({ told, index }) => {
    const { token, who } = its(index)
    const row = found.get(token)
    const from = row?.['left_on']
    expect({
      story: row?.['story'],
      on: row?.['switched_at']?.toString().slice(0, 10),
      from: from == null ? undefined : String(from).replace('id:u-', '').replace(who(''), ''),
      lost: row?.['lost'],
    }).toEqual({ on: undefined, from: undefined, ...told, lost: told.lost ?? false })
    expect(backwards.get(token)).toEqual(row)
  })
})

test('who had a token and when, in turns that a deletion ends', async () => {
  const rows = workspaceOf([
    [
      'turns',
      {
        call: [
          call('device', 'a', 1),
          call('device', 'a', 2),
          call('device-deleted', 'a', 3),
          call('device', 'b', 4),
          call('device', 'a', 6),
          call('device-deleted', 'c', 7),
          // Of a call whose time could not be read nobody knows where it belongs.
          call('device', 'd', 8, { at: null }),
          // Before anybody logged in.
          call('device', null, 8),
        ],
        activity: [
          used('a', 5),
          // Customer.io no longer says of whom.
          (own) => ({ ...removed('e', 9)(own), cio_id: null }),
        ],
      },
      nothing,
    ],
    [
      'one person, and nothing to tell',
      { call: [call('device', 'a', 1), call('device-deleted', 'a', 2), call('device', 'a', 3)] },
      nothing,
    ],
    [
      'nobody holds it',
      {
        call: [
          call('device', 'a', 1),
          call('device-deleted', 'a', 2),
          call('device', 'b', 3),
          call('device-deleted', 'b', 4),
        ],
      },
      nothing,
    ],
  ])
  const db = await modelOver(rows, builtInPlan)
  const custody = await db.rows(raw('select * exclude (token) from token_custody order by all'))
  const former = await db.rows(raw('select * exclude (token) from former_holder'))
  db.close()
  const iso = (day: number): string => `2026-11-0${day}T10:00:00Z`
  const turn = (
    who: string,
    from: number | null,
    last: number | null,
    until: number | null,
    began: string | null,
    origin: string,
  ) => ({
    cio_id: `id:u-00${who}`,
    from_at: from && iso(from),
    last_at: last && iso(last),
    until_at: until && iso(until),
    began,
    origin,
  })
  expect(custody).toEqual([
    turn('a', 1, 2, 3, 'registered', 'device-call'),
    turn('a', 5, 6, null, 'seen', 'context'),
    turn('b', 4, 4, null, 'registered', 'device-call'),
    turn('c', null, null, 7, null, 'device-call'),
  ])
  expect(former).toEqual([{ cio_id: 'id:u-00c', until_at: iso(7) }])
})

test('who has it now is no former holder, nor is whom it was never taken off', async () => {
  const rows = workspaceOf([
    ['back', { profile: two, device: [holds('a', 4), holds('b', 5)], activity: [removed('a', 2)] }, nothing],
    ['in files', { profile: two, device: [holds('b', 5)], call: [call('device', 'a', 1)] }, nothing],
  ])
  const db = await modelOver(rows, builtInPlan)
  const former = await db.rows(raw('from former_holder'))
  const seen = await db.rows(raw('select cio_id from token_custody order by all'))
  db.close()
  expect(former).toEqual([])
  expect(seen.map(({ cio_id }) => cio_id)).toEqual(['00a', '00a', '00b', '01a', '01b'])
})

test('of a token that one profile alone had there is nothing to tell, whatever is known of it', async () => {
  const rows = workspaceOf([
    [
      '',
      {
        profile: [person('a')],
        device: [holds('a', 9)],
        activity: [added('a', 1), used('a', 3)],
        // The second before anybody logged in: that is nobody else.
        call: [call('device', 'a', 2), call('device', null, 1)],
      },
      nothing,
    ],
    ['another token, which two people had', overTheApi[1]?.[1] ?? {}, nothing],
  ])
  const db = await modelOver(rows, builtInPlan)
  const tokens = await db.rows(raw('select distinct token from token_custody'))
  db.close()
  expect(tokens).toEqual([{ token: its(1).token }])
})

test('a malformed token has no history', async () => {
  const malformed = { token: 'null' }
  const make =
    (fields: Make): Make =>
    (its_) => ({ ...fields(its_), ...malformed })
  const db = await modelOver(
    workspaceOf([['', { profile: two, device: [make(holds('a', 1)), make(holds('b', 2))] }, nothing]]),
    builtInPlan,
  )
  const rows = await db.rows(
    raw(
      'select (select count(*) from token_custody) as custody, (select count(*) from shared_token) as shared',
    ),
  )
  db.close()
  expect(rows).toEqual([{ custody: 0, shared: 0 }])
})
