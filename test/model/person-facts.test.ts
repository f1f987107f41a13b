import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { builtInPlan } from '../../src/config/built-in-plan.ts'
import type { Database } from '../../src/engine/database.ts'
import { cutStreams, findPeople, idTypesFor, personFacts } from '../../src/model/person-facts.ts'
import { modelOver, planOf, snapshotRows } from '../support/workspace.ts'

const A = 'a'.repeat(64)
const B = 'b'.repeat(64)
const C = 'c'.repeat(64)
const day = (n: number, hour = 10): string => `2026-11-${String(n).padStart(2, '0')}T${hour}:00:00Z`
const phone = '+49 151 1234567'

const profiles = [
  {
    cio_id: 'ana',
    id: '1',
    email: 'Ana@shop.test',
    attributes: { phone, country: 'DE', 'a/b~c': 'x', renewal_on: '2026-12-01', blank_on: ' ' },
    devices: [
      { token: A, lastUsed: day(3) },
      { token: B, lastUsed: day(4) },
    ],
  },
  { cio_id: 'ana-too', id: '2', email: 'ana@shop.test', devices: [{ token: C, lastUsed: day(20) }] },
  { cio_id: 'bo', id: '3', email: 'bo@shop.test', attributes: { phone: '123456' } },
  { cio_id: 'bo-too', id: '4', email: 'bo@shop.test', attributes: { phone: '1234-567' } },
  { cio_id: 'cy', id: 'cio_x', attributes: { country: 'Germany' } },
  { cio_id: 'dan', id: 'dan@shop.test' },
  // Enough to say how ids look.
  ...[5, 6, 7, 8].map((id) => ({ cio_id: `other-${id}`, id: String(id) })),
]
const purchase = (
  user_id: string,
  at: string,
  data: Record<string, unknown> = { order_id: at, total: 1 },
) => ({
  kind: 'event' as const,
  name: 'purchase',
  at,
  user_id,
  data,
})
const journeys = [
  { id: 1, event: 'purchase', triggerSegments: [7], filterSegments: [8] },
  { id: 2, event: 'search', actions: [{ id: 1, type: 'push' }] },
  { id: 3, dateAttribute: 'renewal_on' },
  { id: 4, dateAttribute: 'blank_on' },
  { id: 5, dateAttribute: 'absent_on' },
  { id: 6, dateAttribute: 'a/b~c' },
  { id: 7, state: 'draft' as const, event: 'purchase' },
]
const workspace = {
  profiles,
  journeys,
  calls: [
    ...Array.from({ length: 11 }, (_, n) => purchase('1', day(n + 1))),
    { ...purchase('1', day(21)), name: 'search' },
    // A screen is none of the events that a retention programme lives on, whatever it is called.
    { ...purchase('1', day(22)), kind: 'screen' as const },
    { ...purchase('1', day(22)), kind: 'screen' as const, name: 'search' },
    purchase('2', day(23)),
    purchase('3', day(23, 11), { total: 'much' }),
    { kind: 'device' as const, at: day(1), user_id: '1', token: C },
    { kind: 'device-deleted' as const, at: day(2), user_id: '1', token: C },
    { kind: 'device' as const, at: day(3), user_id: '2', token: C },
  ],
}

const stream = (name: string, complete: boolean | null, ended: string | null) => [
  'app-api',
  name,
  'ended',
  0n,
  null,
  0n,
  complete,
  ended,
  null,
]

let db: Database
beforeAll(async () => {
  db = await modelOver(
    {
      ...snapshotRows(workspace),
      stream: [
        stream('people', true, 'end of cursor'),
        stream('campaigns', false, 'forbidden (403)'),
        stream('activities/*', null, null),
        stream('segments', false, 'failed'),
      ],
    },
    planOf({}),
  )
})
afterAll(() => db.close())

test.each([
  [' ana@shop.test ', ['email', 'id']],
  ['ana @shop.test', ['id', 'cio_id']],
  ['cio_123', ['cio_id', 'id']],
  ['+49 (151) 12-34', ['id', 'cio_id', 'phone']],
  ['123456', ['id', 'cio_id']],
  ['u-1', ['id', 'cio_id']],
])('%j is tried as %j', (identifier, types) => {
  expect(idTypesFor(identifier)).toEqual(types)
})

test.each([
  ['id', '1', ['ana']],
  ['id', 'ana', []],
  ['email', ' ANA@Shop.test', ['ana', 'ana-too']],
  ['email', 'bo@shop.test', ['bo', 'bo-too']],
  ['phone', '+49 (151) 123-4567', ['ana']],
  ['phone', '1234567', ['bo-too']],
  ['phone', '123456', []],
  ['phone', '0151 1234567', ['ana']],
  ['phone', '+43 151 1234567', []],
  ['cio_id', 'cio_ana', ['ana']],
  ['cio_id', 'bo-too', ['bo-too']],
] as const)('by %s %j: %j, who does the most first', async (type, identifier, people) => {
  expect(await findPeople(db, identifier, type, 'DE')).toEqual(people)
})

test('nobody is null', async () => {
  expect(await personFacts(db, 'ana@shop.test')).toBeNull()
})

describe('one person', () => {
  const of = async (cioId: string) => {
    const facts = await personFacts(db, cioId)
    if (facts === null) throw new Error(`${cioId} is not there`)
    return facts
  }

  test('who it is, and what may be sent to them', async () => {
    const { profile, audience } = await of('bo')
    expect(profile).toEqual({
      cio_id: 'bo',
      id: '3',
      id_known: true,
      email: 'bo@shop.test',
      phone: '123456',
      unsubscribed: false,
      created_at: '2026-01-01T00:00:00Z',
      anonymous: false,
    })
    expect(audience).toMatchObject({ best_device: 'none', customer: true, intent_events: 1 })
    expect((await of('ana')).audience).toMatchObject({ best_device: 'deliverable', intent_events: 11 })
  })

  test.each([
    ['ana', null],
    ['cy', 'other'],
    ['dan', 'e-mail'],
  ])('the format of the id of %s', async (cioId, misfit) => {
    expect((await of(cioId)).idFormat).toEqual({ misfit, canonical: 'integer' })
  })

  test('the other profiles of theirs', async () => {
    expect((await of('ana')).mates).toEqual([
      {
        cio_id: 'ana-too',
        id: '2',
        email: 'ana@shop.test',
        joined_by: 'email',
        intent_events: 1,
        best_device: 'deliverable',
        devices: 1,
      },
    ])
    expect((await of('ana-too')).mates).toMatchObject([{ cio_id: 'ana', devices: 2 }])
    expect((await of('cy')).mates).toEqual([])
  })

  test('devices they hold, the newest first, and those that were taken off them', async () => {
    const { devices, formerDevices } = await of('ana')
    expect(devices.map(({ token }) => token)).toEqual([B, A])
    expect(formerDevices).toEqual([{ token: C, until_at: day(2), holder: 'ana-too' }])
    expect((await of('ana-too')).formerDevices).toEqual([])
  })

  test('the ten newest events that a journey may hang on', async () => {
    const { events } = await of('ana')
    expect(events.map(({ name, happened_at }) => [name, happened_at])).toEqual(
      Array.from({ length: 10 }, (_, n) => ['purchase', day(11 - n)]),
    )
    expect(events[0]).toMatchObject({ intent: 'purchase', held: true })
    expect(JSON.parse(String(events[0]?.['data']))).toEqual({ order_id: day(11), total: 1 })
  })

  test('what is wrong with these events, and not with others', async () => {
    const { events, defects } = await of('bo')
    const [event] = events
    expect(events).toHaveLength(1)
    expect(new Set(defects.map(({ seq }) => seq))).toEqual(new Set([event?.['seq']]))
    expect(defects.map(({ path }) => path)).toContain('total')
  })

  test('the attributes of the plan, with their value or what is wrong with it', async () => {
    const said = async (cioId: string, attribute: string) =>
      (await of(cioId)).attributes.find((row) => row['attribute'] === attribute)
    expect(await said('ana', 'country')).toMatchObject({ value: 'DE', defect: null, found: null })
    expect(await said('cy', 'country')).toMatchObject({ value: 'Germany', defect: 'wrong-type' })
    expect(await said('bo', 'country')).toMatchObject({ value: null, defect: 'missing' })
    expect((await of('ana')).attributes).toHaveLength(Object.keys(builtInPlan.attributes).length)
  })

  test('journeys that run, and what of this person starts them', async () => {
    const started = async (cioId: string) =>
      (await of(cioId)).journeys.map(({ id, last_at, has_date }) => [id, last_at, has_date])
    expect(await started('ana')).toEqual([
      [1, day(11), null],
      [2, day(21), null],
      [3, null, true],
      [4, null, false],
      [5, null, false],
      [6, null, true],
    ])
    expect((await started('bo')).slice(0, 2)).toEqual([
      [1, day(23, 11), null],
      [2, null, null],
    ])
    const [first, second] = (await of('cy')).journeys
    expect(first).toMatchObject({
      name: 'Journey 1',
      event_name: 'purchase',
      has_push: false,
      trigger_segments: '[7]',
      filter_segments: '[8]',
    })
    expect(second).toMatchObject({ has_push: true, trigger_segments: '[]' })
  })
})

test('whether journeys were read to their end', async () => {
  const read = async (...streams: ReturnType<typeof stream>[]) => {
    const model = await modelOver({ ...snapshotRows(workspace), stream: streams }, planOf({}))
    const facts = await personFacts(model, 'ana')
    model.close()
    return facts?.areJourneysRead
  }
  expect(await read(stream('campaigns', true, 'end of cursor'))).toBe(true)
  expect(await read(stream('people', true, 'end of cursor'))).toBe(false)
  expect((await personFacts(db, 'ana'))?.areJourneysRead).toBe(false)
})

test('streams that did not come to their end; those that say nothing of people are none', async () => {
  expect(await cutStreams(db)).toEqual(['activities/*: not ended', 'campaigns: forbidden (403)'])
})
