import { describe, expect, test } from 'vitest'
import type { ExampleWorkspace } from '../../src/audit/rule.ts'
import { builtInPlan } from '../../src/config/built-in-plan.ts'
import { raw, type SqlValue } from '../../src/engine/sql.ts'
import { modelOver, settings, snapshotRows, type Rows } from '../support/workspace.ts'

async function over(workspace: ExampleWorkspace, more: Rows = {}, placeholders: readonly string[] = []) {
  const rows = snapshotRows(workspace)
  const together: Rows = { ...rows, ...more, activity: [...(rows.activity ?? []), ...(more.activity ?? [])] }
  const changed = { ...settings, identity: { ...settings.identity, placeholders } }
  const db = await modelOver(together, builtInPlan, changed)
  try {
    return await db.rows(
      raw(
        'select subject, cio_id, names, gathers, intent_events, devices, addresses from placeholder_holder order by all',
      ),
    )
  } finally {
    db.close()
  }
}

describe('what is a placeholder', () => {
  test('ids and addresses in any case, with space, and numbers however they are written', async () => {
    const phone = (number: string) => ({ attributes: { phone: number } })
    const profiles = [
      { cio_id: 'a1', id: 'NULL', email: ' Test@Test.com' },
      { cio_id: 'a2', id: '\u00a0undefined\n' },
      { cio_id: 'a3', id: '[object Object]' },
      { cio_id: 'a4', id: '00000000-0000-0000-0000-000000000000' },
      { cio_id: 'a5', id: '-1' },
      { cio_id: 'a6', email: 'Unknown' },
      { cio_id: 'b1', id: 'u-1', ...phone('+1 (000) 000-0000') },
      { cio_id: 'b2', id: 'u-2', ...phone('000.000.0000') },
      { cio_id: 'b3', id: 'u-3', ...phone(' N/A') },
      { cio_id: 'b4', id: 'u-4', email: 'nobody@shop.test' },
      // Near misses.
      { cio_id: 'c1', id: 'null-1', email: 'test@test.company', ...phone('+14155552671') },
      { cio_id: 'c2', id: '00', email: '' },
      { cio_id: 'c3', id: '', ...phone('(000) 000-0001') },
    ]
    const found = await over({ profiles }, {}, ['nobody@shop.test'])
    expect(found.map(({ subject, cio_id }) => `${subject} ${cio_id}`)).toEqual([
      'email:nobody@shop.test b4',
      'email:test@test.com a1',
      'email:unknown a6',
      'id:-1 a5',
      'id:00000000-0000-0000-0000-000000000000 a4',
      'id:[object object] a3',
      'id:null a1',
      'id:undefined a2',
      'phone:+10000000000 b1',
      'phone:0000000000 b2',
      'phone:n/a b3',
    ])
  })

  test('it names a profile only where nothing better does', async () => {
    const phone = { phone: '0000000000' }
    const found = await over({
      profiles: [
        { cio_id: 'a1', id: 'null', email: 'test@test.com', attributes: phone },
        { cio_id: 'a2', id: 'null ', email: 'ana@shop.test' },
        { cio_id: 'b1', email: 'test@test.com', attributes: phone },
        { cio_id: 'b2', id: 'u-1', email: 'test@test.com', attributes: phone },
        { cio_id: 'c1', attributes: phone },
        { cio_id: 'c2', email: 'ana@shop.test', attributes: phone },
        { cio_id: 'c3', email: 'noemail', attributes: phone },
        { cio_id: 'c4', id: 'NULL', attributes: phone },
      ],
    })
    expect(
      found.filter(({ names }) => names === true).map(({ subject, cio_id }) => `${subject} ${cio_id}`),
    ).toEqual([
      'email:test@test.com b1',
      'id:null a1',
      'id:null a2',
      'id:null c4',
      'phone:0000000000 c1',
      'phone:0000000000 c3',
    ])
  })
})

interface Gathered {
  readonly events?: ExampleWorkspace['events']
  readonly devices?: readonly { readonly token: string }[]
}

describe('what gathers', () => {
  const token = (name: string) => ({ token: name })
  const event = (name: string) => ({ cio_id: 'a1', name, at: '2026-11-20T10:00:00Z' })

  test.each<[string, Gathered, boolean]>([
    ['an intent event', { events: [event('purchase')] }, true],
    ['only noise', { events: [event('app_opened')] }, false],
    ['one device', { devices: [token('x')] }, false],
    ['two devices', { devices: [token('x'), token('y')] }, true],
  ])('%s', async (_, { events = [], devices = [] }: Gathered, gathers) => {
    const other = { cio_id: 'z1', id: 'u-9', devices: ['p', 'q', 'r'].map(token) }
    const [holder] = await over({ profiles: [{ cio_id: 'a1', id: 'guest', devices }, other], events })
    expect(holder).toMatchObject({ gathers, devices: devices.length })
  })

  test('not where the placeholder names nobody', async () => {
    const devices = [token('x'), token('y')]
    const profiles = [{ cio_id: 'a1', id: 'u-1', email: 'test@test.com', devices }]
    expect(await over({ profiles, events: [event('purchase')] })).toEqual([
      {
        subject: 'email:test@test.com',
        cio_id: 'a1',
        names: false,
        gathers: false,
        intent_events: 1,
        devices: 2,
        addresses: 0,
      },
    ])
  })
})

describe('addresses over time', () => {
  const change = (
    cio_id: string,
    from: string | null,
    to: string | null,
    type = 'attribute_change',
  ): SqlValue[] => [
    `${cio_id}-${from}-${to}`,
    type,
    null,
    cio_id,
    null,
    null,
    new Date('2026-11-20T10:00:00Z'),
    null,
    null,
    JSON.stringify({ email: { from, to }, plan: { from: 'x@y.test', to: 'z@y.test' } }),
    null,
    'app-api',
  ]
  const profiles = [{ cio_id: 'a1', id: 'guest', email: 'Ana@shop.test' }]

  test.each([
    ['three', [change('a1', 'bo@shop.test', 'cy@shop.test')], 3],
    ['the same twice, in another case', [change('a1', ' ANA@shop.test', 'cy@shop.test')], 2],
    [
      'what is no address, and placeholders',
      [change('a1', '', 'test@test.com'), change('a1', 'n/a', null)],
      1,
    ],
    ['of somebody else', [change('a2', 'bo@shop.test', 'cy@shop.test')], 1],
    ['a change of something else', [change('a1', 'bo@shop.test', 'cy@shop.test', 'device_change')], 1],
  ])('App API: %s', async (_, activity, addresses) => {
    expect(await over({ profiles }, { activity })).toMatchObject([{ addresses, gathers: addresses >= 3 }])
  })

  test('warehouse: the history of the attribute', async () => {
    const of = (name: string, value: string, cio_id = 'a1'): SqlValue[] => [
      cio_id,
      name,
      value,
      new Date('2026-01-01T00:00:00Z'),
      1n,
      null,
      'warehouse-sync',
    ]
    const values = [
      of('email', 'bo@shop.test'),
      of('email', 'cy@shop.test'),
      of('email', 'none given'),
      of('email', 'test@test.com'),
      of('mail', 'dee@shop.test'),
    ]
    const found = await over(
      { profiles },
      { attribute_change: [...values, of('email', 'eve@shop.test', 'a2')] },
    )
    expect(found).toMatchObject([{ addresses: 3, gathers: true }])
  })

  test('Pipelines: the identify calls', async () => {
    const identify = (user: string, email: string, kind = 'identify'): SqlValue[] => [
      `${user}-${email}`,
      kind,
      user,
      null,
      null,
      new Date('2026-11-01T00:00:00Z'),
      new Date('2026-11-01T00:00:00Z'),
      null,
      null,
      null,
      null,
      null,
      JSON.stringify({ email }),
      null,
      'pipelines',
    ]
    const call = [
      identify('guest', 'bo@shop.test'),
      identify('guest', 'cy@shop.test'),
      identify('guest', 'dee@shop.test', 'device'),
      identify('u-1', 'eve@shop.test'),
    ]
    expect(await over({ profiles }, { call })).toMatchObject([{ addresses: 3, gathers: true }])
  })
})
