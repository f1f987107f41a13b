import { expect, test } from 'vitest'
import { personChain, type Search, type Spelling } from '../../src/audit/person/index.ts'
import type { PersonFacts } from '../../src/model/person-facts.ts'

const plain = (value: string): string => value
const spell: Spelling = {
  email: (value) => `<e>${value}`,
  phone: (value) => `<p>${value}`,
  token: (value) => `<t>${value}`,
  text: plain,
  attribute: (_, value) => value,
  property: (_, value) => value,
}
const search: Search = { type: 'id', identifier: 'u1', found: ['a1'], segments: null, isWhole: true }

/** Somebody sound. */
const sound: PersonFacts = {
  profile: {
    cio_id: 'a1',
    id: 'u1',
    id_known: true,
    email: 'ana@shop.example',
    phone: '',
    unsubscribed: false,
    anonymous: false,
  },
  audience: {
    permission: 'in',
    attribute_says: 'yes',
    devices_say: null,
    best_device: 'deliverable',
    app_user: true,
    app_active: true,
  },
  idFormat: { misfit: null, canonical: 'uuid' },
  mates: [],
  attributes: [
    {
      attribute: 'tier',
      type: 'string',
      required: true,
      applies_to: 'known',
      defect: null,
      found: null,
      value: 'gold',
    },
  ],
  devices: [
    {
      token: 'tok',
      platform: 'ios',
      last_used: '2026-11-20T10:00:00Z',
      state: 'deliverable',
      holders: 1,
      malformed: null,
      last_status: null,
    },
  ],
  formerDevices: [],
  events: [
    {
      seq: 1,
      name: 'cart_updated',
      intent: 'cart',
      held: true,
      happened_at: '2026-11-20T10:00:00Z',
      data: '{"cart_value":12,"items":[]}',
    },
  ],
  defects: [],
  journeys: [],
  areJourneysRead: true,
}
const chain = (changed: Partial<PersonFacts>, how: Partial<Search> = {}, cut: readonly string[] = []) =>
  personChain({ ...sound, ...changed }, { ...search, ...how }, cut, spell)
const stepOf = (name: string, changed: Partial<PersonFacts>, how: Partial<Search> = {}) =>
  chain(changed, how).steps.find(({ step }) => step === name)

test('somebody sound is a GO, and every step says why', () => {
  const { decision, steps } = chain({})
  expect(decision).toBe('go')
  expect(steps.map(({ step, mark, text }) => `${mark} ${step}: ${text}`)).toEqual([
    'ok found: by id u1: cio_id a1, id u1, e-mail <e>ana@shop.example',
    'ok known: has an id, an e-mail',
    'ok canonical id: u1',
    'ok cluster: no other profile looks like this person',
    'ok attributes: 1 as planned',
    'ok permission: opted in (the attribute says yes, the devices say nothing)',
    'ok devices: at least one is deliverable',
    'ok intent events: the last 1 fit the plan',
    'none journeys: no journey is running',
  ])
  expect(steps[7]?.details).toEqual([
    { mark: 'ok', text: '2026-11-20T10:00:00Z cart_updated (cart): cart_value 12, items []' },
  ])
})

test('without an intent event, or with a stream that was cut, a sound chain is INCONCLUSIVE; a broken one is NO-GO', () => {
  expect(chain({ events: [] }).decision).toBe('inconclusive')
  const unasked = sound.events.map((event) => ({ ...event, held: false }))
  expect(chain({ events: unasked }).decision).toBe('inconclusive')
  expect(stepOf('intent events', { events: unasked })).toMatchObject({
    mark: 'none',
    text: 'the plan asks no properties of any of them, so nothing can be judged',
  })
  const some = [...sound.events, ...unasked]
  expect(chain({ events: some }).decision).toBe('go')
  expect(stepOf('intent events', { events: some })).toMatchObject({
    mark: 'ok',
    text: 'of the last 2 the 1 that the plan asks properties of fit it',
  })
  expect(chain({}, {}, ['activities/*: failed']).decision).toBe('inconclusive')
  expect(
    chain({ profile: { ...sound.profile, id_known: false } }, {}, ['activities/*: failed']).decision,
  ).toBe('no-go')
})

test('found: several are told', () => {
  expect(
    stepOf('found', {}, { type: 'email', identifier: 'ana@shop.example', found: ['a1', 'a2'] }),
  ).toMatchObject({
    mark: 'warn',
    text: 'by email <e>ana@shop.example: cio_id a1, id u1, e-mail <e>ana@shop.example; the one of 2 with the most events',
    details: [{ mark: 'warn', text: 'also cio_id a2' }],
  })
})

test('known, and known by an id of the right form', () => {
  expect(stepOf('known', { profile: { ...sound.profile, anonymous: true } })).toMatchObject({ mark: 'fail' })
  expect(stepOf('canonical id', { profile: { ...sound.profile, id: null, id_known: false } })).toMatchObject({
    mark: 'fail',
    text: 'there is no id',
  })
  expect(
    stepOf('canonical id', { profile: { ...sound.profile, id: 'guest', id_known: false } }),
  ).toMatchObject({ mark: 'fail', text: 'guest stands for nobody' })
  expect(stepOf('canonical id', { idFormat: { misfit: 'integer', canonical: 'uuid' } })).toMatchObject({
    mark: 'fail',
    text: 'u1 has the form integer; nearly all others are uuid',
  })
})

const mate = {
  cio_id: 'a2',
  id: 'u2',
  email: null,
  joined_by: 'email',
  intent_events: 3,
  devices: 0,
  best_device: 'none',
}

test('a second profile breaks the chain, and a device on it breaks it at the devices too', () => {
  expect(stepOf('cluster', { mates: [mate] })).toEqual({
    step: 'cluster',
    mark: 'fail',
    text: '1 more profile of the same person',
    details: [
      { mark: 'fail', text: 'cio_id a2, id u2 (joined by email): 3 intent events, 0 devices, best none' },
    ],
  })
  expect(stepOf('devices', { mates: [mate] })).toMatchObject({ mark: 'ok' })
  expect(stepOf('devices', { mates: [{ ...mate, devices: 2 }] })).toMatchObject({ mark: 'fail' })
  const none = { devices: [], audience: { ...sound.audience, best_device: 'none', permission: 'out' } }
  expect(stepOf('devices', { ...none, mates: [{ ...mate, devices: 2 }] })).toMatchObject({
    mark: 'fail',
    text: 'they sit on another profile of the same person',
  })
})

test('attributes: required ones break the chain, recommended ones do not', () => {
  const row = { ...sound.attributes[0], value: null, defect: 'missing' }
  expect(stepOf('attributes', { attributes: [row] })).toMatchObject({
    mark: 'fail',
    text: '1 of 1 planned attributes are not as planned',
    details: [{ mark: 'fail', text: 'tier is missing, and required of known' }],
  })
  expect(stepOf('attributes', { attributes: [{ ...row, required: false }] })).toMatchObject({ mark: 'warn' })
  const wrong = { ...row, defect: 'wrong-type', value: '5', found: 'number as text' }
  expect(stepOf('attributes', { attributes: [wrong] })?.details).toEqual([
    { mark: 'fail', text: 'tier = 5 is no string: number as text' },
  ])
  expect(stepOf('attributes', { attributes: [{ ...wrong, required: false }] })).toMatchObject({
    mark: 'warn',
  })
  expect(stepOf('attributes', { attributes: [] })).toMatchObject({ mark: 'none' })
  expect(stepOf('attributes', { attributes: [{ ...row, defect: null }] })?.details).toEqual([])
})

test.each([
  ['in', 'ok'],
  ['out', 'none'],
  ['unsubscribed', 'none'],
  ['unknown', 'warn'],
])('permission %s is %s', (permission, mark) => {
  expect(stepOf('permission', { audience: { ...sound.audience, permission } })).toMatchObject({ mark })
})

test.each([
  ['opted in, active in the app', { permission: 'in', app_active: true, app_user: true }, 'fail'],
  ['opted out', { permission: 'out', app_active: true, app_user: true }, 'warn'],
  ['not active any more', { permission: 'in', app_active: false, app_user: true }, 'warn'],
  ['on the web alone', { permission: 'in', app_active: false, app_user: false }, 'none'],
])('no device, and %s', (_, audience, mark) => {
  const changed = { devices: [], audience: { ...sound.audience, best_device: 'none', ...audience } }
  expect(stepOf('devices', changed)).toMatchObject({ mark })
})

test.each([
  ['stale', {}, 'ios <t>tok: not used for long, last used 2026-11-20T10:00:00Z'],
  [
    'shared',
    { holders: 3 },
    'ios <t>tok: other profiles hold its token too (3 profiles hold it), last used 2026-11-20T10:00:00Z',
  ],
  [
    'malformed',
    { malformed: 'too short' },
    'ios <t>tok: its token is none (too short), last used 2026-11-20T10:00:00Z',
  ],
  [
    'undeliverable',
    { last_status: 'bounced', last_used: null, platform: null },
    'unknown platform <t>tok: the last push did not arrive (last status bounced), never used',
  ],
  ['disabled', {}, 'ios <t>tok: push is switched off on it, last used 2026-11-20T10:00:00Z'],
])('a device that is %s', (state, changed, text) => {
  const found = stepOf('devices', {
    devices: [{ ...sound.devices[0], state, ...changed }],
    audience: { ...sound.audience, best_device: state },
  })
  expect(found).toMatchObject({ mark: 'fail', details: [{ mark: 'warn', text }] })
})

test('a token that went elsewhere is told; over the API it is said what cannot be asked', () => {
  const found = stepOf(
    'devices',
    { formerDevices: [{ token: 'old', until_at: '2026-11-19T10:00:00Z', holder: 'b1' }] },
    { isWhole: false },
  )
  expect(found).toMatchObject({ mark: 'warn' })
  expect(found?.details.map(({ text }) => text)).toEqual([
    'ios <t>tok: deliverable, last used 2026-11-20T10:00:00Z',
    '<t>old went to cio_id b1 on 2026-11-19',
    'whether other people hold these tokens too is told by a snapshot alone (--offline)',
  ])
  expect(stepOf('cluster', {}, { isWhole: false })?.text).toMatch(
    /^nobody else has .*, as they are written here/,
  )
})

test('events against the plan', () => {
  const defects = [
    { seq: 1, path: 'currency', defect: 'missing', found: 'null', value: null },
    { seq: 1, path: 'cart_value', defect: 'wrong-type', found: 'text', value: '12 €' },
  ]
  expect(stepOf('intent events', { defects })).toMatchObject({
    mark: 'fail',
    text: '1 of the last 1 do not fit the plan',
    details: [
      { mark: 'fail', text: '2026-11-20T10:00:00Z cart_updated (cart): currency is missing' },
      {
        mark: 'fail',
        text: '2026-11-20T10:00:00Z cart_updated (cart): cart_value is not as planned: text, 12 €',
      },
    ],
  })
  expect(stepOf('intent events', { events: [{ ...sound.events[0], held: false }] })?.details).toEqual([
    { mark: 'none', text: '2026-11-20T10:00:00Z cart_updated (cart): the plan asks no properties of it' },
  ])
  for (const data of ['{"cut', 'null', '5', '{}'])
    expect(stepOf('intent events', { events: [{ ...sound.events[0], data }] })?.details[0]?.text).toMatch(
      /: no properties$/,
    )
  const long = JSON.stringify(
    Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`p${at}`, 'x'.repeat(41)])),
  )
  const shown = stepOf('intent events', { events: [{ ...sound.events[0], data: long }] })?.details[0]?.text
  expect(shown).toMatch(new RegExp(`p7 ${'x'.repeat(40)}…$`))
})

const journey = {
  id: 5,
  name: 'Cart',
  event_name: null,
  date_attribute: null,
  has_push: true,
  last_at: null,
  trigger_segments: null,
  filter_segments: null,
  has_date: null,
}

test.each<[string, object, Partial<Search>, string, string]>([
  [
    'its event was sent',
    { event_name: 'cart_updated', last_at: 'T' },
    {},
    'ok',
    'Cart (5): yes, cart_updated was sent last at T; its push can arrive',
  ],
  [
    'its event was not sent',
    { event_name: 'cart_updated' },
    {},
    'none',
    'Cart (5): no, cart_updated was not sent in the window',
  ],
  [
    'its date is there',
    { date_attribute: 'birthday', has_date: true, has_push: false },
    {},
    'ok',
    'Cart (5): yes, birthday is there',
  ],
  [
    'its date is missing',
    { date_attribute: 'birthday', has_date: false },
    {},
    'none',
    'Cart (5): no, birthday is missing',
  ],
  [
    'its segments are not known',
    { trigger_segments: '[2]' },
    {},
    'none',
    'Cart (5): not known, a snapshot does not hold who is in a segment; ask without --offline',
  ],
  [
    'its segments could not be read',
    { trigger_segments: '[2]' },
    { isSegmentsUnread: true },
    'none',
    'Cart (5): not known, who is in a segment could not be read',
  ],
  [
    'in its segment',
    { trigger_segments: '[2]' },
    { segments: new Map([[2, 'Ready']]) },
    'ok',
    'Cart (5): yes, in segment Ready; its push can arrive',
  ],
  [
    'not in all its segments',
    { trigger_segments: '[2,3]' },
    { segments: new Map([[2, 'Ready']]) },
    'none',
    'Cart (5): no, not in segment 3',
  ],
  ['nothing is told', {}, {}, 'none', 'Cart (5): not known, what starts it is not told'],
  [
    'a filter that is not known',
    { event_name: 'e', last_at: 'T', filter_segments: '[2]' },
    {},
    'none',
    'Cart (5): e was sent last at T; whether the filter lets this person in is not known',
  ],
  [
    'a filter that keeps out',
    { event_name: 'e', last_at: 'T', filter_segments: '[4]' },
    { segments: new Map() },
    'none',
    'Cart (5): e was sent last at T; and yet no: its filter asks for segment 4',
  ],
  [
    'a filter that lets in',
    { event_name: 'e', last_at: 'T', filter_segments: '[2]' },
    { segments: new Map([[2, 'Ready']]) },
    'ok',
    'Cart (5): yes, e was sent last at T; its push can arrive',
  ],
])('a journey: %s', (_, changed, how, mark, text) => {
  const found = stepOf('journeys', { journeys: [{ ...journey, ...changed }] }, how)
  expect(found).toMatchObject({ mark, details: [{ mark, text }] })
})

test('no journey is running only where the journeys were read', () => {
  expect(stepOf('journeys', { areJourneysRead: false })).toMatchObject({
    mark: 'none',
    text: expect.stringMatching(/^not known: only the App API/) as string,
  })
})

test('a push that cannot arrive is said beside the journey', () => {
  const sent = { ...journey, event_name: 'e', last_at: 'T' }
  for (const changed of [{ permission: 'out' }, { best_device: 'stale' }])
    expect(
      stepOf('journeys', { journeys: [sent], audience: { ...sound.audience, ...changed } })?.details,
    ).toEqual([{ mark: 'warn', text: 'Cart (5): yes, e was sent last at T; its push cannot arrive' }])
})
