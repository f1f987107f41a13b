import { stripVTControlCharacters } from 'node:util'
import { fc } from '../support/properties.ts'
import { expect, test } from 'vitest'
import type { AuditReport } from '../../src/core/report.ts'
import { renderTable, renderVerdict } from '../../src/reports/index.ts'
import { displayWidth } from '../../src/reports/width.ts'
import { withText } from '../support/hostile-audit.ts'
import { fixedAudit } from '../support/report-fixture.ts'

const { report } = fixedAudit()
const plain = { width: 80, colour: false }

test('no line is wider than the terminal, and no value steers it', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.integer({ min: 40, max: 200 }),
      (text, width) => {
        const lines = renderTable(withText(report, text), { width, colour: false }).split('\n')
        for (const line of lines) {
          expect(displayWidth(line)).toBeLessThanOrEqual(width)
          expect(line).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('at every width from 40 to 200 columns each line fits', () => {
  for (let width = 40; width <= 200; width += 1) {
    const lines = renderTable(report, { width, colour: false }).split('\n')
    expect(Math.max(...lines.map(displayWidth)), `at ${width} columns`).toBeLessThanOrEqual(width)
  }
})

test('what is red, yellow or green says the same by a sign or a word', () => {
  const signs: Readonly<Record<string, RegExp>> = {
    31: /^(?:✖|FAIL {2}|NO-GO: |─)/,
    32: /^✔|^◆/,
    33: /^(?:!|WARN {2})/,
    36: /^(?:[?○]|INCONCLUSIVE {2})/,
  }
  const painted = [
    ...renderTable(report, { width: 200, colour: true }).matchAll(/\u001b\[(3\d)m(.*?)\u001b\[39m/g),
  ]
  expect(painted.length).toBeGreaterThan(20)
  for (const [, code = '', text = ''] of painted) expect(text).toMatch(signs[code] ?? /$^/)
})

test('the steps at the end come from the report: what blocks most, whom to pause, and no more than three', () => {
  const text = renderVerdict(report, { width: 200, colour: false })
  // It is the second blocking rule, and a running journey depends on it.
  expect(text).toContain(
    'Next: mend identity/duplicate-email first (7 of 1,000 profiles, in the way of 1 running journey); `cio-audit rules explain identity/duplicate-email` says how.',
  )
  expect(text).toContain('Then: pause until the audit says GO: Cart recovery.')
  expect(text.match(/^ *(?:Next|Then): /gm)).toHaveLength(3)
  const calm = renderVerdict({ ...report, journeys: [] }, { width: 200, colour: false })
  expect(calm).toContain('Next: mend attributes/wrong-type first (14 of 1,000 values);')
  expect(calm).not.toContain('pause until')
  // Of several the one that was asked about.
  const [cart] = report.journeys
  const two = {
    ...report,
    journeys: report.journeys.flatMap((one) => [one, { ...one, id: 99, name: 'Other' }]),
  }
  const scope = { journeys: [cart?.id ?? 0] }
  expect(renderVerdict(two, { width: 200, colour: false })).toContain('GO: Cart recovery, Other.')
  expect(renderVerdict({ ...two, scope }, { width: 200, colour: false })).toContain('GO: Cart recovery.')
})

test('colour only adds colour', () => {
  const coloured = renderTable(report, { width: 80, colour: true })
  expect(coloured).toContain('\u001b[31m')
  expect(stripVTControlCharacters(coloured)).toBe(renderTable(report, plain))
})

test('the verdict is the last thing on the page', () => {
  const text = renderTable(report, plain)
  expect(text.endsWith(renderVerdict(report, plain))).toBe(true)
  expect(text.lastIndexOf('NO-GO: 2 blocking rules failed.')).toBeGreaterThan(
    text.indexOf('Launch checklist'),
  )
})

test('what fails comes before what warns, and that before what could not be judged', () => {
  const text = renderTable(report, plain)
  const places = ['✖ FAIL', '! WARN', '? INCONCLUSIVE', 'Fine:'].map((mark) => text.indexOf(mark))
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  expect(places[0]).toBeGreaterThan(0)
})

test('a GO says what to do next, and an attested item who vouches for it', () => {
  const go: AuditReport = {
    ...report,
    verdict: {
      decision: 'go',
      reason: 'no blocking rule failed, 1 item attested',
      blocking: [],
      inconclusive: [],
    },
  }
  const text = renderTable(go, plain)
  expect(text).toMatch(/✔ GO: no blocking rule failed, 1 item attested\./)
  expect(text).toMatch(/Next: launch\./)
  expect(text).toMatch(/◆ .*Attested by\s+crm@shop\.example on 2026-11-02,\s+until\s+2027-02-01/s)
})

test('INCONCLUSIVE names the open items, and not the rules among them', () => {
  const open: AuditReport = {
    ...report,
    verdict: {
      ...report.verdict,
      decision: 'inconclusive',
      reason: '1 rule could not be judged',
      blocking: [],
    },
  }
  const text = renderVerdict(open, { width: 200, colour: false })
  expect(text).toContain('Not judged: devices/orphaned-token.')
  expect(text).toContain('Next: get activities/* (max-activities bound) read to the end, and run again.')
  expect(text).not.toContain('settle')
  const whole = open.sources.map((source) => ({
    ...source,
    streams: source.streams.filter(({ complete }) => complete),
  }))
  expect(renderVerdict({ ...open, sources: whole }, { width: 200, colour: false })).toMatch(
    /Next: settle devices\/orphaned-token, which could not be judged \(.+\); `cio-audit doctor` says what a run can read\./,
  )
  expect(text).toContain(
    'for what nothing in the data can show: anonymous-merge, push-permission, event-taxonomy, spot-check.',
  )
  const drawn = { ...open, run: { ...open.run, sample: { people: 20, of: 400, seed: 1 } } }
  expect(renderVerdict(drawn, { width: 200, colour: false })).toContain(
    'Then: run the audit without --sample',
  )
})

test('a megabyte of one value is cut', () => {
  expect(renderTable(withText(report, 'x'.repeat(1_000_000)), plain).length).toBeLessThan(100_000)
})
