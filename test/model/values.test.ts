import { beforeAll, describe, expect, test } from 'vitest'
import { propertyTypes, type PropertyType } from '../../src/core/plan.ts'
import { openDatabase, type Database } from '../../src/engine/database.ts'
import { raw, sql } from '../../src/engine/sql.ts'
import { modelOver, snapshotRows } from '../support/workspace.ts'
import { looksAllowed } from '../../src/model/values.ts'
import { planWith } from './attribute-plan.ts'

/** For each type: texts that read as it, and texts that do not. */
const readings: Record<PropertyType, { reads: string[]; not: string[] }> = {
  string: { reads: ['x', '1', '{}'], not: [] },
  boolean: { reads: ['true', 'False', '1', '0'], not: ['yes', 'no', 'truee', '2'] },
  integer: { reads: ['1', '-7', '+3', '2.0'], not: ['2.5', '1,000', 'one', '1e3'] },
  number: { reads: ['1', '-1.5', '.5', '1e3', '3.'], not: ['1,299.00 €', '1,5', 'NaN', '1e', '.'] },
  timestamp: {
    reads: ['1763800000', '0', '-5', '1763800000.5', '12345678901'],
    not: ['1763800000000', '2026-11-22', 'now', '123456789012'],
  },
  date: {
    reads: ['2026-11-22'],
    not: ['22.11.2026', '2026-13-01', '2026-11-32', '1763800000', '2026-11-22T10:00:00Z'],
  },
  email: { reads: ['ana@shop.test'], not: ['ana', 'ana@shop', 'a b@shop.test'] },
  phone: {
    reads: ['+14155552671', '(415) 555-2671', '+(49) 30 123456', '0415 555 2671'],
    not: ['phone', '12', '(12)', '((415) 555-2671', '+1-800-FLOWERS'],
  },
  url: { reads: ['https://shop.test/a', 'shop://cart'], not: ['shop.test', 'https://a b'] },
  country: { reads: ['DE', 'us', 'XK'], not: ['UK', 'Germany', 'D'] },
  locale: {
    reads: [
      'de',
      'de-DE',
      'zh-Hant-TW',
      'es_419',
      'ca-ES-valencia',
      'de-1996',
      'en-US-u-mu-celsius',
      'en_US@rg=gbzzzz',
    ],
    not: ['German', 'de-', 'd', 'en-US-u', 'en-US-u-', 'en-US-x1y', 'en_US@', 'en_US@rg', 'de-DE, en'],
  },
  currency: { reads: ['EUR', 'usd'], not: ['€', 'EURO', 'XXX'] },
  json: { reads: ['{"a":1}', '[]', '1'], not: ['{a:1}', '{'] },
  array: { reads: ['[1]', '[]'], not: ['{}', '1', '[', 'x'] },
  object: { reads: ['{"a":1}'], not: ['[]', '"x"', '{'] },
}

describe('types by what the text means', () => {
  let db: Database
  const values = propertyTypes.flatMap((type) => {
    const { reads, not } = readings[type]
    return [
      ...reads.map((text) => ({ type, text, fits: true })),
      ...not.map((text) => ({ type, text, fits: false })),
    ]
  })
  beforeAll(async () => {
    const profiles = values.map(({ type, text }, index) => ({
      cio_id: String(index),
      id: `u${index}`,
      attributes: { [type]: text },
    }))
    db = await modelOver(
      snapshotRows({ profiles }),
      planWith(Object.fromEntries(propertyTypes.map((type) => [type, { type }]))),
    )
    return () => db.close()
  })

  test.each(values.map((value, index) => ({ ...value, index })))(
    '$text as $type: $fits',
    async ({ index, fits }) => {
      const count = await db.scalar(
        sql`select count(*) from attribute_defect where cio_id = ${String(index)} and defect = 'wrong-type'`,
      )
      expect(count).toBe(fits ? 0 : 1)
    },
  )

  test('the number of values of each attribute', async () => {
    const row = await db.rows(sql`select held, applies from attribute_plan where attribute = 'country'`)
    expect(row).toEqual([{ held: 6, applies: values.length }])
  })
})

test('enum, limits and pattern', async () => {
  const profiles = ['a', 'b.c', 'bxc', 'A'].map((kind, i) => ({
    cio_id: `k${i}`,
    id: `k${i}`,
    attributes: { kind },
  }))
  const levels = ['1', '0.5', '10', '10.5'].map((level, i) => ({
    cio_id: `l${i}`,
    id: `l${i}`,
    attributes: { level },
  }))
  const codes = ['ab', 'abc', 'xab'].map((code, i) => ({
    cio_id: `c${i}`,
    id: `c${i}`,
    attributes: { code },
  }))
  const db = await modelOver(
    snapshotRows({ profiles: [...profiles, ...levels, ...codes] }),
    planWith({
      kind: { enum: ['a', 'b.c'] },
      level: { type: 'number', min: 1, max: 10 },
      code: { pattern: 'ab' },
    }),
  )
  const rows = await db.rows(raw('select cio_id from attribute_defect order by cio_id'))
  expect(rows.map((row) => row['cio_id'])).toEqual(['c1', 'c2', 'k2', 'k3', 'l1', 'l3'])
  db.close()
})

test('a number that is named is the same with zeros behind its point', async () => {
  const values = {
    step: ['1', '1.0', '20.00', '2', '10', '1.01'],
    rate: ['1.5', '1.50', '2.0', '1.05', '15'],
  }
  const profiles = Object.entries(values).flatMap(([name, each]) =>
    each.map((value) => ({
      cio_id: `${name} ${value}`,
      id: `${name}-${value}`,
      attributes: { [name]: value },
    })),
  )
  const step = { type: 'integer', enum: [1, 20] } as const
  const db = await modelOver(
    snapshotRows({ profiles }),
    planWith({ step, rate: { type: 'number', enum: [1.5, 2] } }),
  )
  const rows = await db.rows(raw('select cio_id from attribute_defect order by cio_id'))
  db.close()
  expect(rows.map((row) => row['cio_id'])).toEqual(['rate 1.05', 'rate 15', 'step 1.01', 'step 10', 'step 2'])
})

test('looks of values that do not fit', async () => {
  const looks = [
    ['1763800000000', 'milliseconds'],
    ['2026-11-22T10:00:00Z', 'ISO date'],
    ['yes', 'yes/no'],
    ['12.5', 'number as text'],
    ['1,299.00 €', 'formatted number'],
    ['true', 'boolean as text'],
    ['{"a":1}', 'JSON text'],
    ['soon', 'other text'],
  ]
  const profiles = looks.map(([value], i) => ({
    cio_id: String(i),
    id: `u${i}`,
    attributes: { land: value as string },
  }))
  const db = await modelOver(snapshotRows({ profiles }), planWith({ land: { type: 'country' } }))
  const rows = await db.rows(raw('select found from attribute_defect order by cio_id'))
  expect(rows.map((row) => row['found'])).toEqual(looks.map(([, look]) => look))
  db.close()
})

describe('what is letter by letter a value of the plan', () => {
  const planned = { required: true, recommended: false } as const
  const asked = async (leaf: string, value: { type: PropertyType; enum?: string[]; pattern?: string }) => {
    const query = looksAllowed(sql`${leaf}::varchar`, { ...planned, ...value })
    if (query === null) return null
    const db = await openDatabase({ path: ':memory:', access: 'write' })
    const answer = await db.scalar(sql`select ${query}`)
    db.close()
    return answer
  }
  const gold = ['gold', 'say "hi"', ' spaced ']

  test.each<[string, Parameters<typeof asked>[1], boolean | null]>([
    ['"DE"', { type: 'country' }, true],
    ['"de"', { type: 'country' }, true],
    ['"De"', { type: 'country' }, false],
    ['DE', { type: 'country' }, false],
    ['"EUR"', { type: 'currency' }, true],
    // The plan's own words decide, and these are compared in full.
    ['"DE"', { type: 'country', enum: ['DE'] }, null],
    ['"DE"', { type: 'country', pattern: 'D.' }, null],
    ['"gold"', { type: 'string', enum: gold }, true],
    [String.raw`"say \"hi\""`, { type: 'string', enum: gold }, true],
    ['"silver"', { type: 'string', enum: gold }, false],
    // Values are compared without the space around them.
    ['" spaced "', { type: 'string', enum: gold }, false],
    ['"gold"', { type: 'string', enum: gold, pattern: 'g.*' }, null],
    ['"gold"', { type: 'string' }, null],
    ['"gold"', { type: 'json', enum: gold }, null],
  ])('%s of %j: %j', async (leaf, value, answer) => {
    expect(await asked(leaf, value)).toBe(answer)
  })
})
