import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { plainCsvCell } from '../../src/reports/escape.ts'
import { filesOf, formats, htmlOf, xmlAll, xmlOf } from '../support/formats.ts'
import { hostileAudit, hostileValues } from '../support/hostile-audit.ts'

/** What a terminal, a log or the direction of a text would obey. */
const steering = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/
/** What breaks a line where there should be one; a cell of CSV may hold several, between quotes. */
const breaking = /[\r\u2028\u2029]/

/** What may not come about in a file of that kind, whichever format wrote it. */
const sinks: Readonly<Record<string, (text: string) => void>> = {
  csv: (text) => {
    for (const row of parse(text))
      for (const cell of row) if (!/^-?\d+(?:\.\d+)?$/.test(cell)) expect(cell).not.toMatch(/^\s*[=+\-@\t\r]/)
  },
  json: (text) => void JSON.parse(text),
  sarif: (text) => void JSON.parse(text),
  xml: (text) => {
    const names = new Set(
      xmlAll(xmlOf(text), 'testcase').flatMap(({ children }) => children.map(({ name }) => name)),
    )
    for (const name of names)
      expect(['properties', 'system-out', 'failure', 'error', 'skipped']).toContain(name)
    // One for each failing rule and question of the fixture, and none that a value forged.
    expect(xmlAll(xmlOf(text), 'failure')).toHaveLength(4)
  },
  md: (text) => {
    const html = htmlOf(text)
    const tags = new Set([...html.matchAll(/<\/?([a-z0-9]+)/g)].map(([, name]) => name))
    const allowed = [
      'h1',
      'h2',
      'h3',
      'p',
      'ol',
      'ul',
      'li',
      'table',
      'thead',
      'tbody',
      'tr',
      'th',
      'td',
      'code',
      'strong',
    ]
    expect([...tags].filter((name) => !allowed.includes(name ?? ''))).toEqual([])
    expect(html).not.toMatch(/<[^>]*(?:href|src|onerror)=/)
    expect(html.match(/<h1>/g)).toHaveLength(1)
  },
  html: (text) => {
    expect(text).not.toContain('<script>alert(1)')
    expect(text).not.toContain('<img src=x')
  },
  txt: (text) => expect(text).not.toContain('\t'),
}

describe.each(formats)('%s', (format) => {
  test.each(hostileValues.map((value) => [value.length > 80 ? `${value.slice(0, 40)}…` : value, value]))(
    'takes %j for what it is: text',
    async (_, value) => {
      for (const [path, text] of await filesOf(format, hostileAudit(value))) {
        const ending = path.split('.').at(-1) ?? ''
        expect(steering.test(text) ? path : 'clean').toBe('clean')
        expect(ending !== 'csv' && breaking.test(text) ? path : 'whole').toBe('whole')
        const sink = sinks[ending]
        if (sink === undefined) throw new Error(`Nothing is known about files that end in .${ending}.`)
        sink(text)
      }
    },
  )
})

test('programs get the values back, 64-bit numbers and emoji with them', async () => {
  for (const value of hostileValues) {
    const input = hostileAudit(value)
    const json = await filesOf('json', input)
    expect(JSON.parse(json.get('report.json') ?? '')).toMatchObject({ notices: [value] })
    const evidence = (await filesOf('csv', input)).get('evidence/identity.duplicate-email.csv') ?? ''
    const [row] = parse<Record<string, string>>(evidence, { columns: true })
    expect(plainCsvCell(row?.['value'] ?? '')).toBe(value.toWellFormed())
  }
})
