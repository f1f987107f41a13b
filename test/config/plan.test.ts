import { describe, expect, test } from 'vitest'
import { loadPlan } from '../../src/config/index.ts'
import { inFolder, usageError } from './support.ts'

const load = (yaml: string) =>
  inFolder({ 'tracking-plan.yaml': yaml }, (folder) => loadPlan(undefined, folder))
const messageOf = async (yaml: string) => (await usageError(() => load(yaml))).message

/** The example of section 4 of the contracts, word for word. */
const example = `
version: 1.2.0
attributes:
  email:         { type: email, recommended: true }
  push_opt_in:   { type: boolean, required: true, appliesTo: app-users }   # all | known | app-users | customers
  country:       { type: country }            # ISO 3166-1 alpha-2
  customer_tier: { type: string, enum: [bronze, silver, gold] }
  last_purchase_at: { type: timestamp }       # Unix seconds
events:
  cart_updated:
    intent: cart                # product | cart | checkout | purchase | engagement | lifecycle | noise
    critical: true
    dedupeKey: event_id
    aliases: []                 # former names
    properties:
      cart_id:    { type: string, required: true }
      cart_value: { type: number, required: true, min: 0 }
      currency:   { type: currency, required: true }
      items:
        type: array
        required: true
        items:
          product_id: { type: string, required: true }
          price:      { type: number, required: true }
          quantity:   { type: integer }
`

const types =
  'string, boolean, integer, number, timestamp, date, email, phone, url, country, locale, currency, json, array or object'

describe('a plan that is fine', () => {
  test('is read with every value', async () => {
    const plain = { required: false, recommended: false }
    expect(await load(example)).toEqual({
      version: '1.2.0',
      origin: 'tracking-plan.yaml',
      byIntent: [],
      attributes: {
        email: { type: 'email', required: false, recommended: true, appliesTo: 'known' },
        push_opt_in: { type: 'boolean', required: true, recommended: false, appliesTo: 'app-users' },
        country: { type: 'country', ...plain, appliesTo: 'known' },
        customer_tier: { type: 'string', ...plain, appliesTo: 'known', enum: ['bronze', 'silver', 'gold'] },
        last_purchase_at: { type: 'timestamp', ...plain, appliesTo: 'known' },
      },
      events: {
        cart_updated: {
          intent: 'cart',
          critical: true,
          dedupeKey: 'event_id',
          aliases: [],
          properties: {
            cart_id: { type: 'string', required: true, recommended: false },
            cart_value: { type: 'number', required: true, recommended: false, min: 0 },
            currency: { type: 'currency', required: true, recommended: false },
            items: {
              type: 'array',
              required: true,
              recommended: false,
              items: {
                product_id: { type: 'string', required: true, recommended: false },
                price: { type: 'number', required: true, recommended: false },
                quantity: { type: 'integer', required: false, recommended: false },
              },
            },
          },
        },
      },
    })
  })

  test('may name an event and nothing else', async () => {
    expect((await load('events:\n  scroll:\n')).events['scroll']).toEqual({
      intent: null,
      critical: false,
      dedupeKey: null,
      aliases: [],
      properties: {},
    })
  })

  test.each([
    ['1.0', '1.0'],
    ['"1.0"', '1.0'],
    ['2', '2'],
    ['v3.1.0-rc.1', 'v3.1.0-rc.1'],
    ['2026-11-01', '2026-11-01'],
  ])('keeps version %s as it was written', async (written, version) => {
    expect((await load(`version: ${written}\nevents: { a: }`)).version).toBe(version)
  })

  test('nests objects and arrays', async () => {
    const plan = await load(
      'events: { a: { properties: { o: { type: object, properties: { l: { type: array, items: { x: { type: json } } } } } } } }',
    )
    expect(plan.events['a']?.properties['o']?.properties?.['l']?.items?.['x']?.type).toBe('json')
  })

  test('takes every type, and the built-in plan when there is no file', async () => {
    const lines = types.split(/, | or /).map((type, index) => `  a${index}: { type: ${type} }`)
    expect(Object.keys((await load(`attributes:\n${lines.join('\n')}`)).attributes)).toHaveLength(15)
    expect((await inFolder({}, (folder) => loadPlan(undefined, folder))).origin).toBe('built-in')
  })
})

describe('what is wrong is told with line, column and path', () => {
  test.each([
    ['', '1:1: the tracking plan is empty'],
    ['# later\n', '1:1: the tracking plan is empty'],
    ['null', '1:1: the tracking plan is empty'],
    ['version: 1.0.0\n', '1:1: the tracking plan plans nothing: it has neither attributes nor events'],
    ['events:\n', '1:1: the tracking plan plans nothing: it has neither attributes nor events'],
    ['[]', '1:1: found an empty list, allowed is a mapping'],
    ['version: beta\nevents: { a: }', '1:10: version: found "beta", allowed is a version such as 1.2.0'],
    ['version: [1]\nevents: { a: }', '1:10: version: found a list, allowed is a version such as 1.2.0'],
    [
      'event: { a: }',
      '1:1: event: unknown key, allowed is version, attributes or events; did you mean events?',
    ],
    ['attributes: { a: }', `1:15: attributes.a.type: is missing, allowed is ${types}`],
    [
      'attributes: { a: { type: strng } }',
      `1:26: attributes.a.type: found "strng", allowed is ${types}; did you mean string?`,
    ],
    [
      'attributes: { a: { type: string, required: "yes" } }',
      '1:44: attributes.a.required: found "yes", allowed is true or false',
    ],
    [
      'attributes: { a: { type: string, appliesTo: appusers } }',
      '1:45: attributes.a.appliesTo: found "appusers", allowed is all, known, app-users or customers; did you mean app-users?',
    ],
    [
      'attributes: { a: { type: string, alternatives: [b] } }',
      '1:34: attributes.a.alternatives: unknown key, allowed is type, required, recommended, enum, min, max, pattern, appliesTo or derivedFrom',
    ],
    [
      'attributes: { a: { type: string, min: 1 } }',
      '1:39: attributes.a.min: belongs to integer, number, timestamp; the type here is string',
    ],
    [
      'attributes: { a: { type: string, max: 1 } }',
      '1:39: attributes.a.max: belongs to integer, number, timestamp; the type here is string',
    ],
    [
      'attributes: { a: { type: number, min: 2, max: 1 } }',
      '1:47: attributes.a.max: is below min, which is 2',
    ],
    [
      'attributes: { a: { type: number, pattern: x } }',
      '1:43: attributes.a.pattern: belongs to texts; the type here is number',
    ],
    [
      "attributes: { a: { type: string, pattern: '[' } }",
      '1:43: attributes.a.pattern: this is no regular expression (unterminated character class)',
    ],
    [
      "attributes: { a: { type: string, pattern: '(?<!x)y' } }",
      '1:43: attributes.a.pattern: a pattern must not look around or ahead (?<!): the engine (RE2) does not know it',
    ],
    [
      'attributes: { a: { type: string, enum: [] } }',
      '1:40: attributes.a.enum: found an empty list, allowed is a list of at least one value',
    ],
    [
      'attributes: { a: { type: string, enum: [1] } }',
      '1:40: attributes.a.enum: 1 is no string (quotes make it a text)',
    ],
    [
      'attributes: { a: { type: integer, enum: [1, 1.5] } }',
      '1:41: attributes.a.enum: 1.5 is no integer (quotes make it a text)',
    ],
    ['attributes: { a: { type: number, enum: ["x"] } }', '1:40: attributes.a.enum: "x" is no number'],
    [
      'events: { a: { intent: carts } }',
      '1:24: events.a.intent: found "carts", allowed is product, cart, checkout, purchase, engagement, lifecycle or noise; did you mean cart?',
    ],
    ['events: { a: { critical: 1 } }', '1:26: events.a.critical: found 1, allowed is true or false'],
    [
      'events: { a: { dedupeKey: "" } }',
      '1:27: events.a.dedupeKey: found "", allowed is a text that is not empty',
    ],
    ['events: { a: { aliases: b } }', '1:25: events.a.aliases: found "b", allowed is a list of texts'],
    [
      'events: { a: { properties: { p: { type: string, items: {} } } } }',
      '1:56: events.a.properties.p.items: belongs to array; the type here is string',
    ],
    [
      'events: { a: { properties: { p: { type: array, properties: {} } } } }',
      '1:60: events.a.properties.p.properties: belongs to object; the type here is array',
    ],
    [
      'events:\n  a:\n    properties:\n      l:\n        type: array\n        items:\n          k: { type: nope }',
      `7:22: events.a.properties.l.items.k.type: found "nope", allowed is ${types}`,
    ],
    [
      'events: { "cart [x]": { critical: 1 } }',
      '1:35: events."cart [x]".critical: found 1, allowed is true or false',
    ],
    ['events: { a: { aliases: [b] }, b: }', '1:26: events.a.aliases[0]: "b" is itself a planned event'],
    [
      'events: { a: { aliases: [c] }, b: { aliases: [x, c] } }',
      '1:50: events.b.aliases[1]: "c" is already a former name of a',
    ],
  ])('%s', async (yaml, message) => {
    const error = await usageError(() => load(yaml))
    expect(error.message).toBe(`tracking-plan.yaml:${message}`)
    expect(error.code).toBe('CONFIG_PLAN')
  })

  test('a plan that was named and is not there', async () => {
    const error = await inFolder({}, (folder) => usageError(() => loadPlan('plan.yaml', folder)))
    expect(error.message).toBe('The tracking plan plan.yaml does not exist.')
  })
})

describe('names that mean something to JavaScript', () => {
  const hostile = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'valueOf']

  test('are names of events, properties and attributes like any other', async () => {
    const entries = (value: string) => hostile.map((name) => `${name}: ${value}`).join(', ')
    const plan = await load(
      `attributes: { ${entries('{ type: string }')} }\nevents: { ${entries(`{ properties: { ${entries('{ type: json }')} } }`)} }`,
    )
    expect(Object.keys(plan.attributes)).toEqual(hostile)
    expect(Object.keys(plan.events)).toEqual(hostile)
    expect(Object.keys(plan.events['__proto__']?.properties ?? {})).toEqual(hostile)
    expect(plan.attributes['__proto__']).toEqual({
      type: 'string',
      required: false,
      recommended: false,
      appliesTo: 'known',
    })
    expect(({} as Record<string, unknown>)['type']).toBeUndefined()
  })

  test('are not found where nobody wrote them', async () => {
    const plan = await load('events: { a: }')
    for (const name of hostile) {
      expect(plan.events[name]).toBeUndefined()
      expect(plan.attributes[name]).toBeUndefined()
      expect(plan.events['a']?.properties[name]).toBeUndefined()
    }
  })

  test('are told under their own name', async () => {
    expect(await messageOf('events: { __proto__: { intent: x } }')).toMatch(
      /^tracking-plan\.yaml:1:32: events\.__proto__\.intent: found "x"/,
    )
    expect(await messageOf('events: { a: }\n__proto__: 1')).toMatch(
      /^tracking-plan\.yaml:2:1: __proto__: unknown key/,
    )
  })
})
