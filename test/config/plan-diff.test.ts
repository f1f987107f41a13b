import { expect, test } from 'vitest'
import { diffPlans } from '../../src/config/plan-diff.ts'
import { parsePlan } from '../../src/config/plan.ts'

const plan = (text: string) => parsePlan({ origin: 'plan.yaml', text }).plan
const diff = (before: string, after: string): string[] =>
  diffPlans(plan(before), plan(after)).map(
    ({ path, breaking, text }) => `${breaking ? 'breaks' : 'fine'} ${path.join('.')}: ${text}`,
  )

const property = (text: string): string => `events: { a: { properties: { p: { ${text} } } } }`
const attribute = (text: string): string => `attributes: { p: { ${text} } }`

test('the same plan has no changes, whatever the order', () => {
  expect(diff('events: { a: {}, b: {} }', 'events: { b: {}, a: {} }')).toEqual([])
})

test.each([
  ['type: integer', 'type: number', ['fine type: from integer to number']],
  ['type: timestamp', 'type: number', ['fine type: from timestamp to number']],
  ['type: number', 'type: integer', ['breaks type: from number to integer']],
  ['type: email', 'type: string', ['fine type: from email to string']],
  ['type: string', 'type: email', ['breaks type: from string to email']],
  ['type: array', 'type: json', ['fine type: from array to json']],
  ['type: json', 'type: array', ['breaks type: from json to array']],
  [
    'type: string',
    'type: string, required: true',
    ['breaks required: required now: what is sent today may lack it'],
  ],
  [
    'type: string, required: true',
    'type: string',
    ['breaks required: no longer required: what reads it may find nothing'],
  ],
  ['type: string', 'type: string, recommended: true', ['fine recommended: recommended now']],
  ['type: string, recommended: true', 'type: string', ['fine recommended: no longer recommended']],
  ['type: string', 'type: string, enum: [a]', ['breaks enum: only these now: a']],
  ['type: string, enum: [a]', 'type: string', ['fine enum: any value is allowed now']],
  [
    'type: string, enum: [a, b]',
    'type: string, enum: [b, c]',
    ['breaks enum: no longer allowed: a', 'fine enum: allowed too: c'],
  ],
  ['type: string, enum: [a, b]', 'type: string, enum: [b, a]', []],
  ['type: number', 'type: number, min: 0', ['breaks min: from none to 0']],
  ['type: number, min: 0', 'type: number', ['fine min: from 0 to none']],
  ['type: number, min: 0', 'type: number, min: 1', ['breaks min: from 0 to 1']],
  ['type: number, min: 1', 'type: number, min: 0', ['fine min: from 1 to 0']],
  ['type: number, max: 1', 'type: number, max: 2', ['fine max: from 1 to 2']],
  ['type: number, max: 2', 'type: number, max: 1', ['breaks max: from 2 to 1']],
  ['type: string', 'type: string, pattern: a+', ['breaks pattern: from none to a+']],
  ['type: string, pattern: a+', 'type: string', ['fine pattern: from a+ to none']],
])('{ %s } to { %s }', (before, after, expected) => {
  const told = (prefix: string) => expected.map((line) => line.replace(' ', ` ${prefix}.`))
  expect(diff(property(before), property(after))).toEqual(told('events.a.properties.p'))
  expect(diff(attribute(before), attribute(after))).toEqual(told('attributes.p'))
})

test.each([
  // A text can mean anything, and few texts are JSON.
  ['boolean', 'string', { property: 'breaks', attribute: 'fine' }],
  ['integer', 'string', { property: 'breaks', attribute: 'fine' }],
  ['json', 'string', { property: 'breaks', attribute: 'fine' }],
  ['string', 'json', { property: 'fine', attribute: 'breaks' }],
  ['email', 'json', { property: 'fine', attribute: 'breaks' }],
  ['integer', 'json', { property: 'fine', attribute: 'breaks' }],
])(
  '%s to %s is another thing for a property and for an attribute',
  (before, after, { property: ofProperty, attribute: ofAttribute }) => {
    const [was, is] = [`type: ${before}`, `type: ${after}`]
    const text = `type: from ${before} to ${after}`
    expect(diff(property(was), property(is))).toEqual([`${ofProperty} events.a.properties.p.${text}`])
    expect(diff(attribute(was), attribute(is))).toEqual([`${ofAttribute} attributes.p.${text}`])
  },
)

test('an event that becomes a former name of another one is compared with that', () => {
  expect(
    diff(
      'events: { a: { properties: { p: { type: integer } } }, b: { properties: { p: { type: string } } } }',
      'events: { b: { aliases: [a], properties: { p: { type: string } } } }',
    ),
  ).toEqual([
    'breaks events.a: is a former name of b now: what starts with the old name ends',
    'breaks events.a.properties.p.type: from integer to string',
  ])
  expect(
    diff('events: { order: { aliases: [bought] } }', 'events: { bought: { aliases: [order] } }'),
  ).toEqual(['breaks events.order: renamed to bought: what starts with the old name ends'])
  expect(diff('events: { a: {}, b: {} }', 'events: { c: { aliases: [a, b] } }')).toEqual([
    'breaks events.a: renamed to c: what starts with the old name ends',
    'breaks events.b: renamed to c: what starts with the old name ends',
  ])
})

test('what comes and what goes', () => {
  expect(diff('events: { a: {} }', 'events: { a: {}, b: {} }')).toEqual(['fine events.b: added'])
  expect(diff('events: { a: {} }', 'events: { a: {}, b: { critical: true } }')).toEqual([
    'breaks events.b: added, and critical: it must be sent',
  ])
  expect(diff('events: { a: {}, b: {} }', 'events: { a: {} }')).toEqual([
    'breaks events.b: removed: it counts as unplanned',
  ])
  const two = 'events: { a: { properties: { p: { type: string }, q: { type: string, required: true } } } }'
  expect(diff(property('type: string'), two)).toEqual([
    'breaks events.a.properties.q: added, and required: what is sent today may lack it',
  ])
  expect(diff(two, property('type: string'))).toEqual([
    'breaks events.a.properties.q: removed: messages that show it may find nothing',
  ])
  expect(diff('attributes: { p: { type: string } }', 'attributes: { q: { type: string } }')).toEqual([
    'breaks attributes.p: removed: nothing watches over it any more',
    'fine attributes.q: added',
  ])
})

test('a new name with the old one as its alias is one change, and its properties are compared', () => {
  expect(
    diff(
      'events: { a: { properties: { p: { type: integer } } } }',
      'events: { b: { aliases: [a], properties: { p: { type: number } } } }',
    ),
  ).toEqual([
    'breaks events.a: renamed to b: what starts with the old name ends',
    'fine events.a.properties.p.type: from integer to number',
  ])
})

test('what an event says of itself', () => {
  expect(
    diff(
      'events: { a: { intent: cart, dedupeKey: k, aliases: [x] }, b: {} }',
      'events: { a: { intent: checkout, critical: true, dedupeKey: l, aliases: [y] }, b: { intent: cart, dedupeKey: k } }',
    ),
  ).toEqual([
    'breaks events.a.intent: from cart to checkout',
    'breaks events.a.critical: it must be sent now',
    'breaks events.a.dedupeKey: from k to l',
    'breaks events.a.aliases: the former name x counts no more',
    'fine events.a.aliases: the former name y counts too',
    'fine events.b.intent: from none to cart',
    'fine events.b.dedupeKey: from none to k',
  ])
  expect(
    diff('events: { a: { critical: true } }', 'events: { a: { critical: true, dedupeKey: k } }'),
  ).toEqual(['breaks events.a.dedupeKey: from none to k'])
  expect(diff('events: { a: { critical: true } }', 'events: { a: {} }')).toEqual([
    'fine events.a.critical: it need not be sent any more',
  ])
})

test.each([
  ['app-users', 'known', true],
  ['known', 'all', true],
  ['all', 'known', false],
  ['known', 'app-users', false],
  ['app-users', 'customers', true],
])('required of %s, then of %s', (before, after, breaks) => {
  const of = (audience: string) => attribute(`type: string, required: true, appliesTo: ${audience}`)
  expect(diff(of(before), of(after))).toEqual([
    `${breaks ? 'breaks' : 'fine'} attributes.p.appliesTo: from ${before} to ${after}`,
  ])
})

test('keys of lists and objects go by the property that messages name', () => {
  const of = (type: string) =>
    plan(`events: { a: { properties: { items: { type: array, items: { price: { type: ${type} } } } } } }`)
  expect(diffPlans(of('integer'), of('string'))).toEqual([
    {
      path: ['events', 'a', 'properties', 'items', 'items', 'price', 'type'],
      breaking: true,
      text: 'from integer to string',
      reads: { event: 'a', property: 'items' },
    },
  ])
})
