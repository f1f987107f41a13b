import { expect, test } from 'vitest'
import type { ExampleWorkspace } from '../../src/audit/rule.ts'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, settings, snapshotRows } from '../support/workspace.ts'

type Profile = NonNullable<ExampleWorkspace['profiles']>[number]

const token = (letter: string, rest = {}) => [{ token: letter.repeat(64), ...rest }]
const used = (letter: string, lastUsed: string) => token(letter, { lastUsed })
const recently = '2026-11-01T00:00:00Z'
const purchase = (cio_id: string, at: string) => ({ cio_id, name: 'purchase', at, data: {} })

/** Pairs of one e-mail; the survivor of each and why, by the name of the pair. */
async function survivors(
  pairs: Record<string, readonly Omit<Profile, 'cio_id' | 'email'>[]>,
  events: ReturnType<typeof purchase>[] = [],
  identity = {},
) {
  const profiles = Object.entries(pairs).flatMap(([name, mates]) =>
    mates.map((mate, n) => ({ ...mate, cio_id: `${name}${n}`, email: `${name}@shop.test` })),
  )
  const rows = snapshotRows({
    profiles: [...profiles, { cio_id: 'lone', email: 'lone@shop.test', id: 'lone' }],
    events,
  })
  const created = (rows.profile ?? []).map((row) =>
    row.map((cell) => (cell instanceof Date && row[0] === 'age1' ? new Date('2025-01-01T00:00:00Z') : cell)),
  )
  const changed = { ...settings, identity: { ...settings.identity, ...identity } }
  const ask = async (list: typeof created) => {
    const db = await modelOver({ ...rows, profile: list }, planOf({}), changed)
    const found = await db.rows(raw('select cio_id, reason from survivor order by cio_id'))
    const places = await db.rows(
      raw('select cio_id, has_device, has_events from mate order by cluster, place'),
    )
    db.close()
    return {
      found: found.map(({ cio_id, reason }) => `${String(cio_id)} ${String(reason)}`),
      places: places.map(({ cio_id }) => cio_id),
      devices: places.filter((mate) => mate['has_device'] === true).map(({ cio_id }) => cio_id),
      events: places.filter((mate) => mate['has_events'] === true).map(({ cio_id }) => cio_id),
    }
  }
  const straight = await ask(created)
  expect(await ask(created.toReversed())).toEqual(straight)
  return straight
}

test('canonical id, then the deliverable device, then the latest activity, then age', async () => {
  const { found, places, devices, events } = await survivors(
    {
      id: [{ devices: used('a', recently) }, { id: 'u-1' }],
      post: [{ id: 'post@shop.test' }, { id: 'u-2' }],
      nobody: [{ id: 'null', devices: used('b', recently) }, { devices: [] }],
      device: [{ id: 'u-3' }, { id: 'u-4', devices: used('c', recently) }],
      bounced: [
        {
          devices: token('d', { attributes: { _last_status: 'bounced' }, lastUsed: '2026-11-20T00:00:00Z' }),
        },
        { devices: used('e', recently) },
      ],
      event: [{ id: 'u-5' }, { id: 'u-6' }],
      usage: [{ devices: used('f', recently) }, { devices: used('3', '2026-11-02T00:00:00Z') }],
      one: [{}, { devices: token('1', { attributes: { _last_status: 'bounced' }, lastUsed: recently }) }],
      age: [{}, {}],
      alike: [{}, {}],
      three: [{ id: 'u-7' }, {}, { id: 'u-8', devices: used('2', recently) }],
    },
    [
      purchase('event0', '2026-11-20T10:00:00Z'),
      purchase('event1', '2026-11-21T10:00:00Z'),
      purchase('event1', '2026-11-19T10:00:00Z'),
    ],
  )
  expect(found).toEqual([
    'age1 age',
    'alike0 none',
    'bounced1 device',
    'device1 device',
    'event1 activity',
    'id1 canonical-id',
    'nobody0 device',
    'one1 activity',
    'post1 canonical-id',
    'three2 device',
    'usage1 activity',
  ])
  expect(places).not.toContain('lone')
  expect(events).toEqual(['event1', 'event0'])
  expect(devices).toEqual('bounced1 bounced0 device1 id0 nobody0 one1 three2 usage1 usage0'.split(' '))
  expect(places.slice(-5)).toEqual(['three2', 'three0', 'three1', 'usage1', 'usage0'])
})

const uuid = '4b1c93d2-0a5e-4f7b-9c11-8e2d6f3a5017'
test.each([
  ['uuid', [{ id: '42' }, { id: uuid.toUpperCase() }]],
  ['integer', [{ id: uuid }, { id: '42' }]],
  ['ulid', [{ id: '42' }, { id: '01J9Z6W3Q0K4V0S3R1TB5N8E7M' }]],
  ['email', [{ id: '42' }, { id: 'x@shop.test' }]],
  ['CUST-[0-9]+', [{ id: 'x-1' }, { id: 'CUST-42' }]],
])('an id of the kind that the config names: %s', async (canonicalId, x) => {
  expect((await survivors({ x }, [], { canonicalId })).found).toEqual(['x1 canonical-id'])
})
