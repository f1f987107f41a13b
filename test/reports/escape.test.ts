import { parse } from 'csv-parse/sync'
import { fc } from '../support/properties.ts'
import { expect, test } from 'vitest'
import { csvText } from '../../src/reports/csv.ts'
import {
  csvCell,
  markdownText,
  plainCsvCell,
  safeJson,
  terminalText,
  workflowProperty,
  workflowText,
  xmlText,
} from '../../src/reports/escape.ts'
import { xmlOf } from '../support/formats.ts'

/** Text made of what does harm somewhere, mixed with anything. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '=',
        '+',
        '-',
        '@',
        "'",
        '"',
        ',',
        '\\',
        '\\u001b',
        'u001b',
        '\t',
        '\r',
        '\n',
        '\u001b[31m',
        '\u0000',
      ),
      fc.constantFrom(
        '\u009b',
        '\u007f',
        '\u202e',
        '\u2066',
        '\u2028',
        '\ufeff',
        '\u200b',
        '\ud800',
        '👩‍👩‍👧',
        '谢',
        ' ',
      ),
      fc.string({ unit: 'binary' }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))

const steering = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

test('a cell is no formula, holds no control code, and gives its value back', () => {
  fc.assert(
    fc.property(hostile, (value) => {
      const cell = csvCell(value)
      expect(cell).not.toMatch(/^\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/)
      expect(cell).not.toMatch(steering)
      expect(plainCsvCell(cell)).toBe(value.toWellFormed())
    }),
    { numRuns: 2000 },
  )
})

test('a csv file gives every value back, whatever is in it', () => {
  const row = fc.tuple(fc.string({ minLength: 1, maxLength: 5 }), hostile, hostile)
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (rows) => {
      const read = parse(csvText(rows), {
        relax_column_count: true,
        skip_empty_lines: false,
        record_delimiter: '\n',
      })
      expect(read.map((cells: string[]) => cells.map(plainCsvCell))).toEqual(
        rows.map((cells) => cells.map((cell) => cell.toWellFormed())),
      )
    }),
  )
})

test('numbers stay numbers, also negative ones, while text that looks like one is text', () => {
  expect(csvText([['f', -5, 0.25, '-5', '+14155550100', null, true]])).toBe(
    "f,-5,0.25,'-5,'+14155550100,,true\n",
  )
})

test.each([
  ['=1+1', "'=1+1"],
  ["'=1+1", "''=1+1"],
  ["it's", "it's"],
  [' =cmd', "' =cmd"],
  ['a=b', 'a=b'],
  ['\u001b[2J', '\\u001b[2J'],
  ['\\u001b', '\\\\u001b'],
  ['\\\u001b', '\\\\\\u001b'],
  ['C:\\users', 'C:\\users'],
])('%j is written as %j', (value, cell) => {
  expect(csvCell(value)).toBe(cell)
  expect(plainCsvCell(cell)).toBe(value)
})

test('on a terminal a value is one line that steers nothing', () => {
  fc.assert(
    fc.property(hostile, (value) => {
      expect(terminalText(value)).not.toMatch(
        /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\ufeff]/u,
      )
    }),
    { numRuns: 2000 },
  )
})

test('what is harmless stays as it is: letters of any script, and emoji of several parts', () => {
  const fine = 'Zoë 谢谢 مرحبا हिन्दी 👩‍👩‍👧‍👦 ❤️ 🇩🇪 Cart "recovery" | 10 %'
  expect(terminalText(fine)).toBe(fine)
})

test('printed JSON steers nothing and means the same', () => {
  fc.assert(
    fc.property(hostile, (value) => {
      const text = safeJson(JSON.stringify({ value }))
      expect(text).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u)
      expect(JSON.parse(text)).toEqual({ value })
    }),
    { numRuns: 2000 },
  )
})

test('XML is well-formed whatever the value, and gives back what a terminal would show', () => {
  fc.assert(
    fc.property(hostile, (value) => {
      const { text, attributes } = xmlOf(`<a b="${xmlText(value)}">${xmlText(value)}</a>`)
      expect(text).toBe(terminalText(value))
      expect(attributes['b']).toBe(terminalText(value))
    }),
    { numRuns: 2000 },
  )
})

test('a workflow command stays one line and one property, and the runner reads what a terminal would show', () => {
  const read = (text: string): string =>
    text.replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%')
  fc.assert(
    fc.property(hostile, (value) => {
      expect(workflowText(value)).not.toMatch(/[\r\n]/)
      expect(workflowProperty(value)).not.toMatch(/[\r\n:,]/)
      expect(read(workflowText(value))).toBe(terminalText(value))
      expect(read(workflowProperty(value))).toBe(terminalText(value))
    }),
    { numRuns: 2000 },
  )
})

test('a megabyte of what makes patterns slow is no harm', () => {
  for (const unit of ['\\', "'", ' ', 'u001b', '\\u001b', '\u001b', 'a']) {
    const value = unit.repeat(1_000_000 / unit.length)
    expect(plainCsvCell(csvCell(value))).toBe(value)
    expect(terminalText(value.slice(0, 2000))).toBeTypeOf('string')
    expect(markdownText(value.slice(0, 2000)).length).toBeLessThan(30_000)
  }
})
