import { expect, test } from 'vitest'
import { mergesOf } from '../../src/audit/merges.ts'
import type { ExampleWorkspace } from '../../src/audit/rule.ts'
import type { MergeSuggestion } from '../../src/core/merge.ts'
import { raw } from '../../src/engine/sql.ts'
import { tempDir } from '../support/temp-dir.ts'
import { modelOver, planOf, rowsOf, settings, snapshotRows, type Fields } from '../support/workspace.ts'

type Profiles = NonNullable<ExampleWorkspace['profiles']>

const token = (letter: string, rest = {}) => ({ token: letter.repeat(64), ...rest })
const event = (cio_id: string) => ({ cio_id, name: 'app_opened', at: '2026-11-20T10:00:00Z' })

interface Asked {
  readonly events?: ReturnType<typeof event>[]
  readonly source?: string
  readonly unmet?: string
}

async function merges(profiles: Profiles, { events = [], source = 'app-api', unmet }: Asked = {}) {
  const ask = async (list: Profiles): Promise<MergeSuggestion[]> => {
    const rows = snapshotRows({ profiles: list, events })
    const profile = (rows.profile ?? []).map((row) => row.map((cell) => (cell === 'app-api' ? source : cell)))
    const db = await modelOver({ ...rows, profile }, planOf({}), settings, 2, [], {
      tempDir: await tempDir(),
    })
    if (unmet !== undefined) await db.append('unmet_need', [[unmet, 'was not read']])
    const found: MergeSuggestion[] = []
    for await (const chunk of mergesOf(db)) found.push(...chunk)
    const left = await db.rows(
      raw("select table_name from duckdb_tables() where table_name in ('merge_pair', 'conflict')"),
    )
    expect(left).toEqual([])
    db.close()
    return found
  }
  const straight = await ask(profiles)
  expect(await ask(profiles.toReversed())).toEqual(straight)
  return straight
}

/** Pairs of one e-mail `x1`, `x2`; what stands against merging each. */
async function doubts(mates: Record<string, readonly [object, object]>, asked: Asked = {}) {
  const profiles = Object.entries(mates).flatMap(([name, pair]) =>
    pair.map((rest, n) => ({ cio_id: `${name}${n + 1}`, email: `${name}@shop.test`, ...rest })),
  )
  const found = await merges(profiles, asked)
  return Object.fromEntries(
    found.map(({ secondary, review, conflicts }) => [
      secondary.cio_id.slice(0, -1),
      [...review, ...conflicts].join(' '),
    ]),
  )
}

test('a profile without id that says nothing else is safe to merge, and its device has to be moved', async () => {
  const [found, ...others] = await merges([
    {
      cio_id: 'a1',
      email: ' Ana@shop.test',
      attributes: { city: 'Rome', plan: ' ' },
      devices: [
        token('a', {
          lastUsed: '2026-11-01T00:00:00Z',
          attributes: {
            push_enabled: 'true',
            app_version: '3.1',
            wifi: 'true',
            _last_status: 'sent',
            token: 'x',
          },
        }),
        token('c', { attributes: { push_enabled: 'false' } }),
        { token: 'null' },
      ],
    },
    { cio_id: 'a2', id: 'u-1', email: 'ana@shop.test', attributes: { plan: 'pro' }, devices: [] },
    { cio_id: 'z', id: 'lone', email: 'lone@shop.test' },
  ])
  expect(others).toEqual([])
  expect(found).toEqual({
    primary: { cio_id: 'a2', id: 'u-1', email: 'ana@shop.test', identity: { cio_id: 'a2' } },
    secondary: { cio_id: 'a1', id: null, email: ' Ana@shop.test', identity: { cio_id: 'a1' } },
    safety: 'safe',
    joinedBy: 'email',
    keptBecause: 'canonical-id',
    review: [],
    conflicts: [],
    devices: [
      {
        token: 'a'.repeat(64),
        platform: 'ios',
        lastUsed: 1_793_491_200,
        // Only what Customer.io itself reads as yes or no is sent as such.
        attributes: { push_enabled: true, app_version: '3.1', wifi: 'true' },
      },
      { token: 'c'.repeat(64), platform: 'ios', lastUsed: null, attributes: { push_enabled: false } },
    ],
  })
})

test('what stands against a merge is named', async () => {
  const bounced = { attributes: { _last_status: 'bounced' } }
  expect(
    await doubts(
      {
        ids: [{ id: 'u-1' }, { id: 'u-2' }],
        nobody: [{ devices: [token('b')] }, { id: 'null' }],
        phones: [{ devices: [token('d')] }, { devices: [token('2', bounced)] }],
        outside: [{ id: 'u-3' }, { devices: [token('3')] }],
        other: [{ id: 'u-9', devices: [token('3')] }, { devices: [] }],
        past: [{ id: 'u-4' }, {}],
        quiet: [{ id: 'u-5' }, {}],
        name: [
          { id: 'u-6', attributes: { first: 'Ana', city: 'Rome' } },
          { attributes: { first: 'Anna', city: ' Rome ', last: 'Lee' } },
        ],
        consent: [{ id: 'u-7' }, { unsubscribed: true }],
        own: [
          {
            id: 'u-8',
            attributes: { created_at: '1', anonymous_id: 'x', _last_emailed: '2', phone: '+14155552671' },
          },
          { attributes: { created_at: '3', anonymous_id: 'y', _last_emailed: '4', phone: '(415) 555-2671' } },
        ],
        number: [
          { id: 'u-10', attributes: { phone: '+14155552671' } },
          { attributes: { phone: '+14155552672' } },
        ],
        // A number that one of them has is no other number, and what is none is the same word on both.
        blank: [{ id: 'u-11', attributes: { phone: ' ' } }, { attributes: { phone: '+14155552673' } }],
        unsaid: [{ id: 'u-12', attributes: { phone: '+14155552674' } }, { attributes: { phone: '' } }],
        word: [{ id: 'u-13', attributes: { phone: 'call me' } }, { attributes: { phone: 'call me ' } }],
      },
      { events: ['past1', 'past2', 'quiet1', 'other2'].map(event) },
    ),
  ).toEqual({
    ids: 'id',
    nobody: 'id',
    phones: 'devices',
    outside: 'shared-device',
    other: '',
    past: 'history',
    quiet: '',
    name: 'attributes first',
    consent: 'attributes unsubscribed',
    own: '',
    number: 'attributes phone',
    blank: '',
    unsaid: '',
    word: '',
  })
})

test('of the devices of both, only those that the survivor has not have to be moved', async () => {
  const [found] = await merges([
    { cio_id: 'a1', id: 'u-1', email: 'ana@shop.test', devices: [token('a'), token('b')] },
    { cio_id: 'a2', email: 'ana@shop.test', devices: [token('b'), token('c')] },
  ])
  expect(found?.devices?.map((device) => device.token)).toEqual(['c'.repeat(64)])
})

test('a phone or a device alone is no reason to merge unseen; an id is', async () => {
  const phone = { attributes: { phone: '+14155552671' } }
  const found = await merges([
    { cio_id: 'a1', id: 'u-1', email: 'ana@shop.test', ...phone },
    { cio_id: 'a2', ...phone },
    { cio_id: 'a3', email: 'ANA@shop.test' },
    { cio_id: 'b1', id: 'u-2', devices: [token('a')] },
    { cio_id: 'b2', email: 'bo@shop.test', devices: [token('a')] },
    { cio_id: 'c1', id: 'cy@shop.test' },
    { cio_id: 'c2', email: 'cy@shop.test' },
    { cio_id: 'd1', id: 'u-3', email: 'di+news@shop.test', devices: [token('d')] },
    { cio_id: 'd2', email: 'di@shop.test', devices: [token('d')] },
  ])
  expect(
    found.map(({ primary, secondary, joinedBy, review, conflicts, devices }) => [
      primary.cio_id,
      secondary.cio_id,
      joinedBy,
      review.join(' '),
      conflicts.join(' '),
      devices?.length,
    ]),
  ).toEqual([
    ['a1', 'a2', 'phone', 'evidence', '', 0],
    ['a1', 'a3', 'email', '', '', 0],
    ['b1', 'b2', 'token', 'evidence devices', '', 0],
    ['c1', 'c2', 'id-as-email', '', '', 0],
    ['d1', 'd2', 'token', 'evidence devices attributes', 'email', 0],
  ])
})

test('without the App API, or where it was not read to the end, nothing is safe', async () => {
  const pair = { a: [{ id: 'u-1' }, {}] } as const
  expect(await doubts(pair)).toEqual({ a: '' })
  expect(await doubts(pair, { source: 'people-export' })).toEqual({ a: 'source' })
  for (const unmet of ['people', 'attributes', 'planned-events'])
    expect(await doubts(pair, { unmet })).toEqual({ a: 'unread' })
  expect(await doubts(pair, { unmet: 'segments' })).toEqual({ a: '' })
})

/** Somebody of whom files know the address alone; the two others have it as well, so it names neither of them. */
const nameless = (kind: 'identify' | 'device', more: Fields): Fields => ({
  id: kind,
  kind,
  anonymous_id: 'v1',
  at: new Date('2026-11-01T10:00:00Z'),
  received_at: new Date('2026-11-01T10:00:00Z'),
  data: '{}',
  source: 'pipelines',
  ...more,
})
/** A row of an export is a profile, although nothing but an address that others have as well says whose. */
const listed: Fields = { email: 'ana@shop.test', attributes: '{}', source: 'people-export' }
const known = (cio_id: string, id: string | null): Fields => ({
  cio_id,
  id,
  email: 'ana@shop.test',
  attributes: '{}',
  deleted: false,
  suppressed: false,
  sequence: 1n,
  source: 'warehouse-sync',
})

test.each([
  ['merged into another', [known('c1', 'u-1'), known('c2', 'u-2'), listed], [], ['c1 c2']],
  [
    'merged with another, although a push would reach it',
    [known('c1', null), known('c2', null), listed],
    [nameless('device', { token: 'a'.repeat(64), platform: 'ios' })],
    [],
  ],
])('a profile that only an e-mail names cannot be %s', async (_, profiles, devices, expected) => {
  const calls = [nameless('identify', { data: '{"email":"ana@shop.test"}' }), ...devices]
  const db = await modelOver(
    { ...rowsOf('profile', profiles), ...rowsOf('call', calls) },
    planOf({}),
    settings,
    2,
    [],
    { tempDir: await tempDir() },
  )
  expect(await db.rows(raw('select cio_id from mate where place = 1'))).toEqual([
    { cio_id: devices.length > 0 ? 'email:ana@shop.test' : 'c1' },
  ])
  const found: string[] = []
  for await (const chunk of mergesOf(db))
    found.push(...chunk.map(({ primary, secondary }) => `${primary.cio_id} ${secondary.cio_id}`))
  db.close()
  expect(found).toEqual(expected)
})

test('whom files know by an id is named by the id', async () => {
  const user = (id: string): Fields =>
    nameless('identify', { id, user_id: id, anonymous_id: null, data: '{"email":"ana@shop.test"}' })
  const db = await modelOver(rowsOf('call', [user('u-1'), user('u-2')]), planOf({}), settings, 2, [], {
    tempDir: await tempDir(),
  })
  const found: MergeSuggestion[] = []
  for await (const chunk of mergesOf(db)) found.push(...chunk)
  db.close()
  expect(found.map(({ primary, secondary }) => [primary, secondary])).toEqual([
    [
      { cio_id: '', id: 'u-1', email: 'ana@shop.test', identity: { id: 'u-1' } },
      { cio_id: '', id: 'u-2', email: 'ana@shop.test', identity: { id: 'u-2' } },
    ],
  ])
})
