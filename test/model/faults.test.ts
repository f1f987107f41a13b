import { fc } from '../support/properties.ts'
import { expect, test } from 'vitest'
import { type PlannedProperty, propertyTypes } from '../../src/core/plan.ts'
import { raw } from '../../src/engine/sql.ts'
import { payloadDefects } from '../support/payload-oracle.ts'
import { wrongValues } from '../support/value-oracle.ts'
import { modelOver, planOf, snapshotRows } from '../support/workspace.ts'
import { event } from './order-plan.ts'

type Properties = Record<string, PlannedProperty>

/** Names that differ only in case, and such as mean something to JSON, JSON paths, SQL, the engine, or JavaScript. */
const names = fc.constantFrom(
  ...'a,A,b,a.b,a b,a"b,a\'b,$a,$1,a[],[*],*,/,~1,a\\b,\n,\0,日本,é,É,0,platform,leaf1,layer1,seq'.split(','),
  '__proto__',
  'constructor',
)
const others = fc.constantFrom('other', 'Other', "oth'er")

const scalar = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<unknown>('x', 'y', 1, 2, 7, true) },
  fc.constantFrom<unknown>(
    null,
    false,
    0,
    -1,
    2.5,
    12345678901234,
    '',
    ' ',
    '\n',
    '\u00A0 \v',
    ' x',
    'x ',
    '5',
    '-1',
  ),
  fc.constantFrom<unknown>(
    '2.5',
    '[]',
    '{}',
    'null',
    'a"b',
    'a\\b',
    "a'b",
    'ä',
    '\uFEFF',
    '~',
    '\0',
    '$1',
    'X',
  ),
  fc.string({ unit: 'grapheme', maxLength: 3 }),
)
const value = fc.letrec<{ json: unknown; record: Record<string, unknown> }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    tie('record'),
    fc.array(fc.oneof({ weight: 3, arbitrary: tie('record') }, { weight: 1, arbitrary: tie('json') }), {
      maxLength: 4,
    }),
  ),
  record: fc
    .array(
      fc.tuple(
        fc.oneof(
          { weight: 5, arbitrary: names },
          { weight: 1, arbitrary: fc.oneof(others, fc.constant('')) },
        ),
        tie('json'),
      ),
      { maxLength: 6 },
    )
    .map((entries) => Object.fromEntries(entries)),
}))

const basics = fc.record({
  type: fc.constantFrom(...propertyTypes),
  required: fc.boolean(),
  recommended: fc.constant(false),
})
const leaf: fc.Arbitrary<PlannedProperty> = basics.chain((basic): fc.Arbitrary<PlannedProperty> => {
  if (basic.type === 'string')
    return fc
      .option(fc.constantFrom(['x'], ['a"b', ' x'], ['a\\b', 'ä', 'X']))
      .map((named) => (named ? { ...basic, enum: named } : basic))
  if (basic.type === 'integer' || basic.type === 'number')
    return fc.option(fc.constantFrom(0, 2, [1, 2.5, 7])).map((limit) => {
      if (limit === null) return basic
      return typeof limit === 'number'
        ? { ...basic, min: limit, max: limit + 5 }
        : { ...basic, enum: limit.filter((n) => basic.type === 'number' || Number.isInteger(n)) }
    })
  // What dates and codes look like is not the matter here.
  if (basic.type === 'boolean' || basic.type === 'json' || basic.type === 'array') return fc.constant(basic)
  return fc.constant({ ...basic, type: 'string' })
})

const planned = (depth: number): fc.Arbitrary<Properties> => {
  const property: fc.Arbitrary<PlannedProperty> =
    depth === 0
      ? leaf
      : fc.oneof(
          { weight: 3, arbitrary: leaf },
          {
            weight: 2,
            arbitrary: fc
              .tuple(fc.boolean(), planned(depth - 1))
              .map(([required, items]) => ({ type: 'array' as const, required, recommended: false, items })),
          },
          {
            weight: 1,
            arbitrary: fc.tuple(fc.boolean(), planned(depth - 1)).map(([required, properties]) => ({
              type: 'object' as const,
              required,
              recommended: false,
              properties,
            })),
          },
        )
  return fc
    .array(fc.tuple(names, property), { minLength: 1, maxLength: 5 })
    .map((entries) => Object.fromEntries(entries))
}

/** At the top one property may go by other names as well, as in the built-in plan. */
const plan = fc.tuple(planned(2), fc.uniqueArray(others)).map(([properties, alternatives]): Properties => {
  const [first] = Object.keys(properties)
  const entries = Object.entries(properties).map(
    ([name, property]) =>
      [name, name === first && alternatives.length > 0 ? { ...property, alternatives } : property] as const,
  )
  return Object.fromEntries(entries)
})

// Fewer models with more events in each: most of the time goes into making a model.
test('the model finds what a reading of each payload finds', { timeout: 240_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      plan,
      plan,
      fc.array(fc.tuple(fc.boolean(), value.json), { minLength: 40, maxLength: 80 }),
      async (one, two, payloads) => {
        const events = payloads.map(([first, data], n) =>
          event(String(n), data as Record<string, unknown>, { name: first ? 'one' : 'two' }),
        )
        const expected = payloads.flatMap(([first, data], n) => {
          const properties = first ? one : two
          const read: unknown = JSON.parse(JSON.stringify(data ?? {}))
          return [
            ...payloadDefects(read, properties).map((d) =>
              [n, d.path, d.defect, d.found === 'text' ? 'text' : d.found].map(String),
            ),
            ...wrongValues(read, properties).map((path) => [n, path, 'wrong-value', 'value'].map(String)),
          ]
        })
        const db = await modelOver(
          snapshotRows({ events }),
          planOf({ plan: { one: { properties: one }, two: { properties: two } } }),
        )
        const rows = await db.rows(raw('select id, path, defect, found from property_defect'))
        db.close()
        const kinds = new Set(['null', 'empty list', 'number', 'boolean', 'array', 'object'])
        const found = rows.map((row) =>
          [
            row['id'],
            row['path'],
            row['defect'],
            row['defect'] === 'wrong-value'
              ? 'value'
              : kinds.has(String(row['found']))
                ? row['found']
                : 'text',
          ].map(String),
        )
        expect(found.map((row) => row.join(' | ')).toSorted()).toEqual(
          expected.map((row) => row.join(' | ')).toSorted(),
        )
      },
    ),
    { numRuns: 20 },
  )
})
