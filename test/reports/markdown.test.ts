import { fc } from '../support/properties.ts'
import { expect, test } from 'vitest'
import { markdownCell, markdownText, terminalText } from '../../src/reports/escape.ts'
import { mostSummaryBytes, renderMarkdown } from '../../src/reports/index.ts'
import { htmlOf } from '../support/formats.ts'
import { generatedAudit, hundredThousand } from '../support/generated-audit.ts'
import { hostileValues, withText } from '../support/hostile-audit.ts'
import { fixedAudit } from '../support/report-fixture.ts'

const { report } = fixedAudit()

/** Markdown's own signs, mixed with anything. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(...'`*_{}[]()#+-.!|~<>&:@$\\/=0aA '.split('')),
      fc.constantFrom(
        'http://',
        'www.a.b',
        '](',
        '![',
        '1. ',
        '- ',
        '<!--',
        '-->',
        '&lt;',
        '``',
        '\\|',
        'a@b.co',
        '\n',
      ),
      fc.constantFrom(...hostileValues.filter(({ length }) => length < 1000)),
      fc.string({ unit: 'binary' }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))

/** The text that a reader sees; fails where there is anything but text and code. */
function textOf(html: string, ...around: string[]): string {
  let text = html
  for (const tag of [...around, 'code']) text = text.replaceAll(`<${tag}>`, '').replaceAll(`</${tag}>`, '')
  expect(text).not.toMatch(/[<>]/)
  return text.replace(
    /&(amp|lt|gt|quot);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name] ?? '',
  )
}

/** Backticks that set something as code are not seen, and white space is one space. */
const bare = (text: string): string => text.replace(/[`\s]/g, '')

test('a value in Markdown is text and code, nothing else, and reads as it is', () => {
  fc.assert(
    fc.property(hostile, (value) => {
      const html = htmlOf(`- before ${markdownText(value)}`)
      expect(bare(textOf(html, 'ul', 'li'))).toBe(`before${bare(terminalText(value))}`)
      expect(bare(textOf(htmlOf(`- ${markdownText(value)}`), 'ul', 'li'))).toBe(bare(terminalText(value)))
    }),
    { numRuns: 2000 },
  )
})

test('a value in a table stays in its cell', () => {
  fc.assert(
    fc.property(hostile, (value) => {
      const html = htmlOf(`| a | b |\n| --- | --- |\n| ${markdownCell(markdownText(value))} | end |\n`)
      const cells = [...html.matchAll(/<td>(.*?)<\/td>/gs)].map(([, cell = '']) => textOf(cell))
      expect(cells.map(bare)).toEqual([
        // Behind a backslash a bar cannot be written, and is shown by its code.
        bare(terminalText(value).replace(/(?<=\\)\|/g, '\\u007c')),
        'end',
      ])
    }),
    { numRuns: 2000 },
  )
})

test('prose stays prose', () => {
  const prose = 'Merge the profiles, call `identify` (at 12:00) with 1.4 % of them: "e-mail" 谢谢 🛒 isn’t'
  expect(markdownText(prose)).toBe(prose)
  expect(markdownText('ana@example.com, items[].price')).toBe('`ana@example.com`, `items[].price`')
})

test('the verdict is the first line, and then what to do', () => {
  expect(renderMarkdown(report).split('\n').slice(0, 5)).toEqual([
    '# ✖ NO-GO: 2 blocking rules failed.',
    '',
    '**Blocking:** `attributes/wrong-type`, `identity/duplicate-email`.',
    '',
    '1. Mend `identity/duplicate-email` first (7 of 1,000 profiles, in the way of 1 running journey); `cio-audit rules explain identity/duplicate-email` says how.',
  ])
})

test('a verdict about one journey says so, and what it left out', () => {
  const scoped = { ...report, scope: { journeys: [5] }, elsewhere: { failing: 3, findings: 41 } }
  expect(renderMarkdown(scoped).split('\n')[0]).toBe(
    '# ✖ NO-GO for Cart recovery (elsewhere 41 findings, not counted): 2 blocking rules failed.',
  )
})

test('100,000 findings and 20,000 journeys stay under the limit, and what was cut is counted', () => {
  const { report: large } = generatedAudit(hundredThousand, 20_000)
  const text = renderMarkdown(large)
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(mostSummaryBytes)
  const [, left = '0'] = /And ([\d,]+) more journeys, which did not fit here/.exec(text) ?? []
  const shown = text.match(/^\| [✖✔] \| Journey /gm)?.length ?? 0
  expect(shown + Number(left.replaceAll(',', ''))).toBe(20_000)
  // The long part pushes out nothing else.
  const others = [
    '- and 39,990 more, all of them in findings.csv',
    '## What fails (3 rules)',
    '| app-api | people |',
  ]
  expect(others.filter((other) => !text.includes(other))).toEqual([])
  expect(text.match(/did not fit here/g)).toHaveLength(1)
})

test('whatever the room, it is kept, and the verdict is never what is cut', () => {
  const { report: large } = generatedAudit(hundredThousand, 500)
  for (const room of [16_384, 20_000, 40_000, 100_000]) {
    const text = renderMarkdown(large, room)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(room)
    expect(text).toMatch(/^# ✖ NO-GO/)
  }
})

test.each(['n', ')', '`', '|', '谢', '"a'])(
  'a megabyte of %s in every place leaves a page that can be read, at once',
  (unit) => {
    const scoped = { ...report, scope: { journeys: [5] }, elsewhere: { failing: 3, findings: 41 } }
    const text = renderMarkdown(withText(scoped, unit.repeat(1_000_000 / unit.length)))
    expect(Buffer.byteLength(text)).toBeLessThan(60_000)
  },
  5000,
)
