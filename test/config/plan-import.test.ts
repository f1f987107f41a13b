import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { expect, onTestFinished, test } from 'vitest'
import { planAsJsonSchema } from '../../src/config/plan-export.ts'
import { importPlan, type ImportKind } from '../../src/config/plan-import/index.ts'
import { parsePlan } from '../../src/config/plan.ts'
import { renderPlan } from '../../src/config/plan-text.ts'
import type { Plan } from '../../src/core/plan.ts'
import { shopPlan } from '../../src/simulator/index.ts'
import { tempFolder } from '../support/cli.ts'

async function take(kind: ImportKind, content: unknown) {
  const cwd = await tempFolder(onTestFinished)
  await writeFile(join(cwd, 'file'), typeof content === 'string' ? content : JSON.stringify(content))
  const { plan, losses } = await importPlan('file', kind, cwd)
  return { plan: throughText(plan), losses }
}

/** As it is written and read again: what an import gives must be a valid file. */
const throughText = (plan: Plan): Plan =>
  parsePlan({ origin: plan.origin, text: renderPlan(plan, ['head']) }).plan
const plan = (text: string): Plan => parsePlan({ origin: 'file', text }).plan

const hard = `version: "2.0"
attributes:
  email: { type: email, required: true, appliesTo: all }
  push: { type: boolean, required: true, appliesTo: app-users }
  tier: { type: string, recommended: true, enum: [gold, "no", "1"] }
  seen_at: { type: timestamp, derivedFrom: order placed }
  country: { type: country, pattern: "D." }
  __proto__: { type: json }
  "äö: #\\u0000\\u202e": { type: locale }
events:
  order placed:
    intent: purchase
    critical: true
    dedupeKey: order id
    aliases: [Order Completed, "null"]
    properties:
      order id: { type: string, required: true, pattern: "(?:a|b)|ORD-[0-9]+" }
      constructor: { type: integer, min: -1, max: 1e21, enum: [1, 2] }
      flag: { type: boolean, enum: [true] }
      when: { type: date, recommended: true }
      currency: { type: currency, required: true }
      address: { type: object, properties: { city: { type: string, required: true }, geo: { type: object } } }
      items:
        type: array
        required: true
        items: { product_id: { type: string, required: true }, options: { type: array, items: { size: { type: number } } } }
  empty: {}
`

test.each([
  ['of the shop', shopPlan()],
  ['with everything that is hard', hard],
])('a plan %s is the same after its own text', (_, text) => {
  expect(throughText(plan(text))).toEqual(plan(text))
})

test.each([
  ['of the shop', shopPlan()],
  ['with everything that is hard', hard],
])('a plan %s is the same after export and import as JSON Schema', async (_, text) => {
  const { plan: back, losses } = await take('json-schema', planAsJsonSchema(plan(text)))
  expect(back).toEqual(plan(text))
  expect(losses).toEqual([])
})

test('the exported schema takes what the plan takes, and refuses what it refuses', () => {
  const check = new Ajv({ strict: false, formats: { date: true, email: true, uri: true } }).compile(
    planAsJsonSchema(plan(shopPlan())),
  )
  const purchase = {
    event_id: 'e1',
    order_id: 'ORD-00000001',
    revenue: 12.5,
    currency: 'EUR',
    items: [{ product_id: 'P1', price: 12.5, quantity: 1 }],
  }
  const payload = (changed: object) => ({ events: { purchase: { ...purchase, ...changed } } })
  expect(check(payload({}))).toBe(true)
  expect(check(payload({ revenue: '12.50' }))).toBe(false)
  expect(check(payload({ order_id: '#1' }))).toBe(false)
  expect(check(payload({ items: [{ price: 1 }] }))).toBe(false)
  expect(check({ attributes: { country: 'DE' } })).toBe(true)
  // Who has no app need not have what is required of app users.
  expect(check({ attributes: {} })).toBe(false)
})

const payload = {
  type: 'object',
  properties: {
    order_id: { type: 'string', pattern: '^ORD-\\d+$' },
    total: { type: ['number', 'null'], minimum: 0 },
    placed: { type: 'string', format: 'date-time' },
    mail: { type: 'string', format: 'email', minLength: 3 },
    state: { type: 'string', enum: ['open', 'paid'] },
    either: { type: ['string', 'number'] },
    tags: { type: 'array', items: { type: 'string' } },
    products: {
      type: 'array',
      items: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
    },
    look: { type: 'string', pattern: '(?=x)' },
    ip: { type: 'string', format: 'ipv4' },
  },
  required: ['order_id', 'total', 'coupon'],
}
const properties = {
  order_id: { type: 'string', required: true, pattern: 'ORD-\\d+' },
  total: { type: 'number', required: false, min: 0 },
  placed: { type: 'string' },
  mail: { type: 'email' },
  state: { type: 'string', enum: ['open', 'paid'] },
  either: { type: 'json' },
  tags: { type: 'array' },
  products: { type: 'array', items: { id: { type: 'string', required: true } } },
  look: { type: 'string' },
  ip: { type: 'string' },
  coupon: { type: 'json', required: true },
}
const lost = (at: string) => [
  `${at}.total: that it is required: it may be null, which reads as absent here`,
  `${at}.placed: the format "date-time"; any text is taken`,
  `${at}.mail: minLength has no place in a plan`,
  `${at}.either: several types (string, number); any is taken`,
  `${at}.tags: the type of the elements: a plan knows lists of objects alone`,
  expect.stringMatching(/look: pattern "\(\?=x\)": a pattern must not look around/) as string,
  `${at}.ip: the format "ipv4"; any text is taken`,
]

test('rules of Segment, as its API lists them', async () => {
  const call = (part: string, schema: object) => ({ type: 'object', properties: { [part]: schema } })
  const { plan: taken, losses } = await take('segment', {
    data: {
      rules: [
        { type: 'TRACK', key: 'Order Completed', version: 2, jsonSchema: call('properties', payload) },
        { type: 'TRACK', key: 'Order Completed', version: 1, jsonSchema: call('properties', {}) },
        {
          type: 'IDENTIFY',
          key: '',
          version: 1,
          jsonSchema: call('traits', {
            properties: {
              plan: { type: 'string' },
              address: { type: 'object', properties: { city: { type: 'string' } } },
            },
            required: ['plan'],
          }),
        },
        {
          type: 'IDENTIFY',
          key: '',
          version: 0.5,
          jsonSchema: call('traits', { properties: { gone: {} }, required: ['gone'] }),
        },
        { type: 'PAGE', key: 'Home', version: 1, jsonSchema: {} },
      ],
      pagination: { current: 'MA==' },
    },
  })
  expect(taken.events).toMatchObject({ 'Order Completed': { properties } })
  expect(taken.attributes).toMatchObject({
    plan: { type: 'string', required: true, appliesTo: 'known' },
    address: { type: 'object' },
  })
  expect(Object.keys(taken.attributes)).toEqual(['plan', 'address'])
  expect(losses).toEqual([
    'events.Order Completed: version 1 of it; the newest is taken',
    'attributes: version 0.5 of it; the newest is taken',
    ...lost('events.Order Completed.properties'),
    'attributes.address: the keys inside it: an attribute is one value',
    'the rule PAGE Home: a plan knows track and identify calls',
  ])
  expect((await take('json-schema', planAsJsonSchema(taken))).plan).toEqual(taken)
})

test('rules on further pages, and other parts of the call, are told', async () => {
  const jsonSchema = {
    properties: {
      context: { properties: { device: { type: 'object' } }, required: ['device'] },
      traits: { type: 'object', properties: {} },
      properties: payload,
    },
  }
  const { losses } = await take('segment', {
    data: {
      rules: [{ type: 'TRACK', key: 'Order Completed', version: 1, jsonSchema }],
      pagination: { current: 'MA==', next: 'MjAw' },
    },
  })
  expect(losses).toEqual([
    'the rules of further pages (pagination.next): the file holds one page',
    'events.Order Completed: what is planned under context',
    ...lost('events.Order Completed.properties'),
  ])
})

test('the older file of Segment', async () => {
  const { plan: taken, losses } = await take('segment', {
    name: 'workspaces/x/tracking-plans/y',
    rules: {
      events: [
        { name: 'Order Completed', version: 1, rules: { properties: { properties: payload, traits: {} } } },
      ],
      identify: { properties: { traits: { properties: { vip: { type: 'boolean' } } } } },
      global: { properties: { context: { properties: { ip: {} } } } },
    },
  })
  expect(taken.events).toMatchObject({ 'Order Completed': { properties } })
  expect(taken.attributes).toMatchObject({ vip: { type: 'boolean' } })
  expect(losses).toEqual([
    ...lost('events.Order Completed.properties'),
    'the rule GLOBAL: a plan knows track and identify calls',
  ])
})

test('a plain JSON Schema: one event by its title, or one for each definition', async () => {
  const one = await take('json-schema', { title: 'Order Completed', ...payload })
  expect(one.plan.events).toMatchObject({ 'Order Completed': { properties } })
  expect(one.losses).toEqual(lost('events.Order Completed.properties'))
  const two = await take('json-schema', {
    $defs: {
      a: { properties: { money: { $ref: '#/$defs/b' } } },
      b: { type: 'object', properties: { amount: { type: 'number' } } },
    },
  })
  expect(two.plan.events).toMatchObject({
    a: { properties: { money: { type: 'object', properties: { amount: { type: 'number' } } } } },
    b: { properties: { amount: { type: 'number' } } },
  })
  expect(two.losses).toEqual([])
})

test('what a schema says beside types is told, and a list of values tells the type where nothing else does', async () => {
  const { plan: taken, losses } = await take('json-schema', {
    $defs: {
      cart: {
        allOf: [{ required: ['sku'] }],
        oneOf: [{ required: ['step'] }],
        additionalProperties: false,
        properties: {
          tier: { enum: ['gold', 'silver', null] },
          step: { enum: [1, 2] },
          share: { enum: [0.5, 1] },
          gift: { const: true },
          mixed: { enum: ['a', 1] },
          code: { pattern: '^a+$', minimum: 3 },
          low: { type: 'number', exclusiveMinimum: true, minimum: 0 },
          pair: { type: 'array', items: [{ properties: { a: {} } }], uniqueItems: true },
          lines: { type: 'array', items: { properties: { p: {} }, minProperties: 1 }, uniqueItems: false },
          old: { type: 'string', required: true },
          named: { $ref: '#item' },
          free: { type: 'object', additionalProperties: true },
          never: false,
          any: true,
          itself: { $dynamicRef: '#node' },
        },
        dependentRequired: { step: ['tier'] },
      },
    },
  })
  expect(taken.events['cart']?.properties).toMatchObject({
    tier: { type: 'string', enum: ['gold', 'silver'] },
    step: { type: 'integer', enum: [1, 2] },
    share: { type: 'number', enum: [0.5, 1] },
    gift: { type: 'boolean', enum: [true] },
    mixed: { type: 'json' },
    code: { type: 'json' },
    pair: { type: 'array' },
    old: { type: 'string', required: true },
    named: { type: 'json' },
    sku: { type: 'json', required: true },
  })
  const at = 'events.cart.properties'
  expect(losses).toEqual([
    `${at}: oneOf has no place in a plan`,
    `${at}: additionalProperties has no place in a plan`,
    `${at}: dependentRequired has no place in a plan`,
    `${at}.mixed: enum: a value of type json has none`,
    `${at}.code: minimum: belongs to numbers; the type here is json`,
    `${at}.code: pattern: belongs to texts; the type here is json`,
    `${at}.low: exclusiveMinimum has no place in a plan`,
    `${at}.pair: uniqueItems has no place in a plan`,
    `${at}.pair: what each place of the list holds`,
    `${at}.lines: minProperties has no place in a plan`,
    `${at}.named: #item leads to nothing`,
    `${at}.never: that it must not be there`,
    `${at}.itself: $dynamicRef has no place in a plan`,
  ])
})

test('a reference may be written as an address, and what stands beside it is told', async () => {
  const { plan: taken, losses } = await take('json-schema', {
    $defs: {
      'Order Completed': {
        properties: {
          total: { $ref: '#/$defs/Sum%20of%20money', description: 'gross', minimum: 5, 'x-owner': 'crm' },
          share: { $ref: '#/$defs/50%' },
        },
      },
      'Sum of money': { properties: { amount: { type: 'number' } } },
      '50%': { properties: { of: { type: 'string' } } },
    },
  })
  expect(taken.events['Order Completed']?.properties).toMatchObject({
    total: { type: 'object', properties: { amount: { type: 'number' } } },
    share: { type: 'object', properties: { of: { type: 'string' } } },
  })
  expect(losses).toEqual([
    'events.Order Completed.properties.total: minimum: beside #/$defs/Sum%20of%20money',
  ])
})

test.each([
  ['^ab$', 'ab', 'ab'],
  ['b', String.raw`[\s\S]*(?:b)[\s\S]*`, 'a\nb'],
  ['^a|b', String.raw`[\s\S]*(?:^a|b)[\s\S]*`, 'xb\n'],
  ['^a|b$', String.raw`[\s\S]*(?:^a|b$)[\s\S]*`, 'ax'],
  ['^(?:a|b)$', 'a|b', 'b'],
  ['^(a|b)$', '(a|b)', 'b'],
  [String.raw`^[|(]\|\($`, String.raw`[|(]\|\(`, '||('],
  ['b$', String.raw`[\s\S]*(?:b)`, '\u{1f600}b'],
])(
  'the pattern %s matches wherever it did, and is one for older engines too',
  async (given, pattern, text) => {
    const { plan: taken } = await take('json-schema', {
      title: 'cart',
      properties: { code: { type: 'string', pattern: given } },
    })
    expect(taken.events['cart']?.properties['code']?.pattern).toBe(pattern)
    expect(text).toMatch(new RegExp(`^(?:${pattern})$`, 'u'))
  },
)

test('what may be null is not required, however the schema says it', async () => {
  const forms = {
    listed: { type: ['string', 'null'] },
    alone: { type: 'null' },
    allowed: { enum: ['gold', null] },
    constant: { const: null },
    openApi: { type: 'string', nullable: true },
    any: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    one: { oneOf: [{ enum: ['gold', null] }, { type: 'string' }] },
    never: { anyOf: [{ type: 'string' }, { type: 'number' }, true] },
  }
  const { plan: taken, losses } = await take('json-schema', {
    title: 'cart',
    properties: forms,
    required: Object.keys(forms),
  })
  const required = Object.entries(taken.events['cart']?.properties ?? {}).filter(
    ([, value]) => value.required,
  )
  expect(required.map(([name]) => name)).toEqual(['never'])
  expect(losses.filter((loss) => loss.includes('it may be null'))).toHaveLength(7)
})

test('the parts of allOf are one schema, whether the event is made of them or a property', async () => {
  const { plan: taken, losses } = await take('json-schema', {
    title: 'Order Completed',
    allOf: [
      { $ref: '#/definitions/base' },
      {
        properties: { order_id: { type: 'string' }, platform: { type: 'integer' } },
        required: ['order_id'],
        minProperties: 1,
      },
    ],
    definitions: {
      base: { properties: { platform: { type: 'string' } }, required: ['platform'], minProperties: 2 },
      money: { properties: { amount: { type: 'number' } } },
    },
    properties: { total: { description: 'gross', allOf: [{ $ref: '#/definitions/money' }] } },
  })
  expect(taken.events).toEqual({
    'Order Completed': expect.objectContaining({
      properties: {
        total: {
          type: 'object',
          required: false,
          recommended: false,
          properties: { amount: { type: 'number', required: false, recommended: false } },
        },
        platform: { type: 'string', required: true, recommended: false },
        order_id: { type: 'string', required: true, recommended: false },
      },
    }) as object,
  })
  expect(losses).toEqual([
    'platform: one of the two that allOf says of it',
    'one minProperties of the two in allOf',
    'events.Order Completed.properties: minProperties has no place in a plan',
  ])
})

test('an allOf that leads back to itself, or unfolds without end, is told and ends', async () => {
  const { plan: taken, losses } = await take('json-schema', {
    definitions: {
      round: { properties: { x: { type: 'string' } }, allOf: [{ $ref: '#/definitions/back' }] },
      back: { properties: { y: { type: 'string' } }, allOf: [{ $ref: '#/definitions/round' }] },
    },
  })
  expect(taken.events).toMatchObject({
    round: { properties: { x: { type: 'string' }, y: { type: 'string' } } },
    back: { properties: { x: { type: 'string' }, y: { type: 'string' } } },
  })
  expect(losses).toContain('events.round: #/definitions/back refers to itself')
  const bomb = Object.fromEntries(
    Array.from({ length: 30 }, (_, at) => {
      const part = { $ref: `#/definitions/d${at + 1}` }
      return [`d${at}`, { properties: { x: {} }, allOf: [part, part] }]
    }),
  )
  const unfolded = await take('json-schema', { definitions: bomb })
  expect(unfolded.losses).toContain('events.d0: allOf, which is nested too deeply')
})

test('an event that is one of several is planned under its name, and that is told', async () => {
  const { plan: taken, losses } = await take('json-schema', {
    title: 'checkout',
    oneOf: [{ required: ['card'] }, { required: ['invoice'] }],
    definitions: { helper: { properties: { x: { type: 'string' } } } },
  })
  expect(Object.keys(taken.events)).toEqual(['checkout'])
  expect(losses).toEqual(['events.checkout.properties: oneOf has no place in a plan'])
})

test('attributes may stand behind a reference, are texts where they may be anything, and have no keys inside', async () => {
  const { plan: taken, losses } = await take('json-schema', {
    $ref: '#/definitions/whole',
    definitions: {
      whole: {
        properties: {
          attributes: { $ref: '#/definitions/person' },
          events: { $ref: '#/definitions/events' },
        },
      },
      person: {
        properties: {
          email: { type: 'string', format: 'email' },
          contact: { format: 'email' },
          odd: { format: 'roman' },
          nickname: {},
          score: { type: ['string', 'number'] },
          address: { type: 'object', properties: { city: { type: 'string' } } },
        },
        required: ['email', 'seen'],
      },
      events: { properties: { cart: { properties: { p: {} } } } },
    },
  })
  expect(taken.events['cart']?.properties).toMatchObject({ p: { type: 'json' } })
  expect(taken.attributes).toMatchObject({
    email: { type: 'email', required: true },
    contact: { type: 'email' },
    odd: { type: 'string' },
    nickname: { type: 'string' },
    score: { type: 'string' },
    address: { type: 'object' },
    seen: { type: 'string', required: true },
  })
  expect(losses).toEqual([
    'attributes.odd: the format "roman"; any text is taken',
    'attributes.score: several types (string, number); any is taken',
    'attributes.address: the keys inside it: an attribute is one value',
  ])
})

test('of Segment a trait may be any text, a property anything, and what is deprecated is told', async () => {
  const of = (part: string) => ({ properties: { [part]: { properties: { nickname: {} } } } })
  const { plan: taken, losses } = await take('segment', {
    rules: [
      { type: 'IDENTIFY', jsonSchema: of('traits') },
      { type: 'TRACK', key: 'Signed Up', jsonSchema: of('properties'), deprecatedAt: '2026-01-01T00:00:00Z' },
      { type: 'TRACK', key: 'Logged In', jsonSchema: of('properties'), deprecatedAt: '' },
    ],
  })
  expect(taken.attributes['nickname']?.type).toBe('string')
  expect(taken.events['Signed Up']?.properties['nickname']?.type).toBe('json')
  expect(losses).toEqual(['events.Signed Up: that it is deprecated'])
})

test('a CSV: what an attribute may be where no type stands there, and lists whose values have commas', async () => {
  const { plan: taken, losses } = await take(
    'csv',
    [
      'event,property,type,values,aliases',
      ',nickname,any,,',
      ',tier,,,',
      ',blob,json,,',
      'cart,free,any,,',
      'cart,size,string,"Men; Women, Kids",',
      'cart,share,number,"0,5;1,5",',
      'cart,step,integer,"1, 2",',
      'cart,lines,string,"one,\ntwo",',
      'cart,,,,old cart',
      'basket,,,,old cart',
      'bag,,,,old cart',
      'sack,,,,cart',
    ].join('\n'),
  )
  expect(taken.attributes).toMatchObject({
    nickname: { type: 'string' },
    tier: { type: 'string' },
    blob: { type: 'json' },
  })
  expect(taken.events['cart']?.properties).toEqual({
    free: { type: 'json', required: false, recommended: false },
    size: { type: 'string', required: false, recommended: false, enum: ['Men', 'Women, Kids'] },
    share: { type: 'number', required: false, recommended: false },
    step: { type: 'integer', required: false, recommended: false, enum: [1, 2] },
    lines: { type: 'string', required: false, recommended: false, enum: ['one', 'two'] },
  })
  expect(losses).toEqual([
    'row 7: the values of a number',
    'events.cart: the former name "old cart", which "basket" has too',
    'events.basket: the former name "old cart", which "cart" has too',
    'events.bag: the former name "old cart", which "cart" has too',
    'events.sack: the former name "cart", which is itself a planned event',
  ])
})

test.each([
  ['ORD-[0-9]+', '^(?:ORD-[0-9]+)$'],
  ['(?i)gold', undefined],
  ['(?i:gold)', undefined],
  ['(?P<year>[0-9]+)', undefined],
  [String.raw`\A[[:alpha:]]+\z`, undefined],
])('the pattern %s is exported as %s, and comes back', (pattern, exported) => {
  const given = plan(
    `events: { a: { properties: { p: { type: string, pattern: ${JSON.stringify(pattern)} } } } }`,
  )
  const schema = planAsJsonSchema(given)
  new Ajv({ strict: false }).compile(schema)
  const { pattern: found } = Object(schema).properties.events.properties.a.properties.p as {
    pattern?: string
  }
  expect(found).toBe(exported)
  return expect(take('json-schema', schema)).resolves.toMatchObject({
    plan: { events: given.events },
    losses: [],
  })
})

test.each([';', '\t'])('a CSV with %j between its cells', async (separator) => {
  const rows = [
    ['event', 'property', 'type', 'required', 'min'],
    ['Cart Updated', 'total', 'number', 'yes', '0'],
  ]
  const { plan: taken, losses } = await take('csv', rows.map((row) => row.join(separator)).join('\r\n'))
  expect(taken.events).toMatchObject({
    'Cart Updated': { properties: { total: { type: 'number', required: true, min: 0 } } },
  })
  expect(losses).toEqual([])
})

test('what the rows of a CSV contradict, or say in other words, is told', async () => {
  const { plan: taken, losses } = await take(
    'csv',
    `event,property,type,required,min,max,aliases,applies to,derived from
Cart,total,number,ja,10,5,,,

Cart,items[].price,number,mandatory,,,,,
Cart,items,string,optional,,,,,
Cart,to[].zip,string,,,,,,
Cart,to.city,string,,,,,,
Cart,total,string,no,1,,,,
Cart,,,,,,Order|Basket,,
Order,id,string,,,,Basket,customers,Cart
,push,boolean,yes,,,,App Users,
,push,boolean,yes,,,,clients,
`,
  )
  expect(taken.events).toMatchObject({
    Cart: {
      aliases: [],
      properties: {
        total: { type: 'string', required: false },
        items: { type: 'array', required: false, items: { price: { required: true } } },
      },
    },
    Order: { aliases: [] },
  })
  expect(taken.attributes).toMatchObject({ push: { appliesTo: 'known' } })
  expect(losses).toEqual([
    'row 2: required "ja": it is neither yes nor no, and no is taken',
    'row 2: min and max, which exclude each other',
    'row 8: min and max: they belong to numbers; the type here is string',
    'row 8: total: it stands there more than once; its last row is taken',
    'row 10: appliesTo: only an attribute has it',
    'row 10: derivedFrom: only an attribute has it',
    'row 12: applies to "clients"; known people are taken',
    'push: it stands there more than once; its last row is taken',
    'events.Cart: the former name "Order", which is itself a planned event',
    'events.Cart: the former name "Basket", which "Order" has too',
    'events.Cart.properties.items: the type string: it has keys, so it is of type array',
    'events.Cart.properties.to: city: a list has keys in its elements alone',
    'events.Order: the former name "Basket", which "Cart" has too',
  ])
})

test('a list of texts is a list, and a path that names one element is none', async () => {
  const { plan: taken, losses } = await take(
    'csv',
    `event,property,type,required,enum,pattern,min
Cart,tags[],string,yes,a|b,,
Cart,codes[],string,,,[A-Z]+,
Cart,sizes[],number,,,,3
Cart,lines[],object,yes,,,
Cart,at,DateTime,,,,
Cart,items[0].price,number,yes,,,
Cart,items[][].price,number,yes,,,
Cart,a..b,string,,,,
`,
  )
  expect(taken.events['Cart']?.properties).toEqual({
    tags: { type: 'array', required: true, recommended: false },
    codes: { type: 'array', required: false, recommended: false },
    sizes: { type: 'array', required: false, recommended: false },
    lines: { type: 'array', required: true, recommended: false },
    at: { type: 'string', required: false, recommended: false },
  })
  const elements = 'of the elements: a plan knows lists of objects alone'
  expect(losses).toEqual([
    `row 2: type, enum ${elements}`,
    `row 3: type, pattern ${elements}`,
    `row 4: type, min ${elements}`,
    'row 6: the type "DateTime"; any text is taken',
    'row 7: the path "items[0].price"',
    'row 8: the path "items[][].price"',
    'row 9: the path "a..b"',
  ])
})

test('cells that say something of another kind of thing, and second columns of one meaning, are told', async () => {
  const { losses } = await take(
    'csv',
    `event,property,attribute,type,required,critical,intent
Cart,,,track,yes,yes,cart
Cart,total,sum,number,,,
,tier,,string,,yes,cart
,,vip,boolean,,no,
`,
  )
  expect(losses).toEqual([
    'the column "attribute" where "property" says something',
    'row 2: type: only a property has it',
    'row 2: required: only a property has it',
    'row 4: intent: only an event has it',
    'row 4: critical: only an event has it',
  ])
})

test('a CSV with one row for each property', async () => {
  const { plan: taken, losses } = await take(
    'csv',
    `\uFEFFEvent Name,Property Name,Data Type,Required,Values,Min,Pattern,Intent,Critical,Dedupe Key,Aliases,Owner
,email,email,yes,,,,,,,,me
,tier,Text,,gold|silver,,,,,,,
Order Completed,order_id,string,TRUE,,,ORD-[0-9]+,purchase,yes,order_id,Order Paid|Paid,
Order Completed,total,float,true,,0,,,,,,
Order Completed,items[].price,number,x,,,,,,,,
Order Completed,items[].sizes[].name,string,,,,,,,,,
Order Completed,items,array,true,,,,,,,,
Order Completed,address.city,string,,,,,,,,,
Order Completed,level,int,,"1,2",,,,,,,
Login,,,,,,,lifecycle,,,,
Login,odd,colour,,,zero,(?=x),,,,,
,,string,,,,,,,,,
`,
  )
  expect(taken).toMatchObject({
    attributes: {
      email: { type: 'email', required: true },
      tier: { type: 'string', required: false, enum: ['gold', 'silver'] },
    },
    events: {
      'Order Completed': {
        intent: 'purchase',
        critical: true,
        dedupeKey: 'order_id',
        aliases: ['Order Paid', 'Paid'],
        properties: {
          order_id: { type: 'string', required: true, pattern: 'ORD-[0-9]+' },
          total: { type: 'number', required: true, min: 0 },
          items: {
            type: 'array',
            required: true,
            items: {
              price: { type: 'number', required: true },
              sizes: { type: 'array', items: { name: { type: 'string' } } },
            },
          },
          address: { type: 'object', properties: { city: { type: 'string' } } },
          level: { type: 'integer', enum: [1, 2] },
        },
      },
      Login: { intent: 'lifecycle', properties: { odd: { type: 'json' } } },
    },
  })
  expect(losses).toEqual([
    'the column "Owner"',
    'row 12: the type "colour"; any is taken',
    'row 12: min and max: they belong to numbers; the type here is json',
    'row 12: the pattern: belongs to texts; the type here is json',
    'row 13: it names neither an event nor a property',
  ])
  expect((await take('json-schema', planAsJsonSchema(taken))).plan).toEqual(taken)
})

test.each<[string, ImportKind, string, RegExp]>([
  ['no JSON', 'segment', '{', /^file is no JSON that can be read/],
  ['another JSON', 'segment', '[1]', /^file plans nothing that could be read as segment/],
  [
    'a schema of nothing',
    'json-schema',
    '{"type":"object"}',
    /^file plans nothing that could be read as json-schema/,
  ],
  ['codes of a terminal', 'json-schema', '{"a": \u001b[31mX}', /^file is no JSON [^\u001b]*$/],
  ['no CSV', 'csv', 'event,property\n"a,b', /^file is no CSV that can be read/],
  ['a CSV of something else', 'csv', 'a,b\n1,2\n', /^file plans nothing that could be read as csv/],
  ['nothing', 'csv', '', /^file plans nothing/],
  ['deep nesting', 'json-schema', '['.repeat(200_000), /^file is no JSON|plans nothing/],
])('%s ends with a sentence', async (_, kind, text, sentence) => {
  await expect(take(kind, text)).rejects.toMatchObject({
    message: expect.stringMatching(sentence) as string,
    oclif: { exit: 2 },
  })
})

test(
  'references that go round, and those that unfold without end, are told and end',
  { timeout: 10_000 },
  async () => {
    const round = await take('json-schema', {
      $defs: {
        a: { properties: { x: { $ref: '#/$defs/x' }, y: { $ref: 'other.json' }, z: { $ref: '#/$defs/no' } } },
        x: { $ref: '#/$defs/x' },
      },
    })
    expect(round.losses).toEqual([
      'events.a.properties.x: #/$defs/x refers to itself',
      'events.a.properties.y: other.json stands in another file',
      'events.a.properties.z: #/$defs/no leads to nothing',
      'events.x: #/$defs/x refers to itself',
    ])
    const bomb = Object.fromEntries(
      Array.from({ length: 30 }, (_, at) => [
        `d${at}`,
        {
          type: 'object',
          properties: Object.fromEntries(
            ['a', 'b', 'c'].map((key) => [key, { $ref: `#/definitions/d${at + 1}` }]),
          ),
        },
      ]),
    )
    // 3^20 values: what can be read is more than a plan may hold, and that is the sentence.
    await expect(take('json-schema', { definitions: bomb })).rejects.toThrow(/allowed are 500/)
  },
)
