import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { checklist } from '../../src/core/checklist.ts'
import { trendPoint } from '../../src/core/trend.ts'
import type { ListedFinding } from '../../src/core/finding.ts'
import { terminalText } from '../../src/reports/escape.ts'
import { createMasker, maskInput, type ReportInput } from '../../src/reports/index.ts'
import { addressOf, fingerprintOf, manyFindings } from '../support/many-findings.ts'
import { dataOf, pageOf } from '../support/page.ts'
import { fixedAudit } from '../support/report-fixture.ts'

const plain = await pageOf(fixedAudit())
/** What a reader without a script sees. */
const textOf = (page: string): string =>
  page
    .replaceAll(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')

test('the verdict and why, the checklist, the journeys and what was read come first', () => {
  const first = textOf(plain.slice(0, plain.indexOf('<section id="rules"')))
  expect(first).toContain('NO-GO')
  expect(first).toContain('2 blocking rules failed.')
  const steps = textOf(/<ol class="steps">.*?<\/ol>/s.exec(plain)?.[0] ?? '')
  expect(steps).toMatch(
    /^ Mend identity\/duplicate-email first \(.*\)\. Pause until the audit says GO: Cart recovery/,
  )
  expect(plain).toContain(
    '<li>Mend <a href="#rule-identity/duplicate-email">identity/duplicate-email</a> first (',
  )
  expect(plain).toContain('<details class="rule" id="rule-identity/duplicate-email">')
  for (const question of Object.values(checklist)) expect(first).toContain(question)
  expect(first).toContain(
    "Attested by crm@shop.example on 2026-11-02, until 2027-02-01: every cart journey waits for 'not received in 12 h'",
  )
  expect(first).toMatch(/Cart recovery NO-GO: 2 defects, 41 people/)
  expect(first).toContain('4 of 5 streams read to the end')
  expect(first).toContain('activities/* is incomplete 10,000 read, max-activities bound')
  expect(first).toContain('attributes 2, activities/* 1')
})

test('each rule shows its rate against its threshold, why it matters, how to mend it, and examples', () => {
  // Light or dark, the mark has another colour than the bar.
  expect(textOf(plain)).toContain('The upright mark is what is allowed.')
  const text = textOf(plain)
  expect(plain).toContain('aria-label="0.7 %, allowed 0.5 %"')
  expect(text).toContain('Some profiles share an e-mail address')
  expect(text).toContain('Why it matters One customer on two profiles gets the cart push twice, or never.')
  expect(text).toContain('How to mend it Merge the profiles into the one with the canonical id')
  expect(text).toContain('3 profiles share the e-mail ana@example.com in 2 spellings')
  // A rule without a page, as one of somebody's own may be, is called by its id.
  expect(text).toContain('attributes/wrong-type')
})

test('the push ledger, the events and the course of the runs are drawn and told in words', async () => {
  expect(plain).toMatch(
    /aria-label="All 1,000 profiles: can be reached 41 %, [^"]*opted in, cannot be reached 12 %/,
  )
  expect(textOf(plain)).toContain('Their carts are worth 120.50 EUR, 9,310.50 USD.')
  expect(plain).toContain('aria-label="purchase: 400 events, at most 180 in a day, 0 onsets"')
  expect(textOf(plain)).toContain('No run before this one is kept that looked at the same things')
  const input = fixedAudit()
  const earlier = { ...trendPoint(input.report), asOf: '2026-11-16T12:00:00Z', decision: 'go' as const }
  const page = await pageOf({ ...input, trend: [earlier] })
  expect(page).toContain('aria-label="Findings of the last 2 runs; the last one has 7"')
  expect(textOf(page)).toMatch(/2026-11-23 12:00 UTC NO-GO 2 7 6 2026-11-16 12:00 UTC GO 2 7 6/)
})

test('a finding that began within the window is marked where it began', async () => {
  const input = fixedAudit()
  const rules = input.report.rules.map((rule) => ({
    ...rule,
    findings: {
      ...rule.findings,
      listed: rule.findings.listed.map((finding) => ({ ...finding, firstSeen: '2026-11-23T08:00:00Z' })),
    },
  }))
  const page = await pageOf({ ...input, report: { ...input.report, rules } })
  expect(page).toContain('aria-label="purchase: 400 events, at most 180 in a day, 1 onset"')
  expect(page).toMatch(
    /<path class="onset" d="M500\.0 0V44"><title>2026-11-23: 38 of 400 purchase events lack items/,
  )
  expect(textOf(page)).toContain(
    'What began in this window, the latest first 2026-11-23 38 of 400 purchase events',
  )
})

test('only our own script and style run, and nothing is asked for', () => {
  const [, policy = ''] = /<meta http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(plain) ?? []
  const hash = (text: string | undefined): string =>
    `'sha256-${createHash('sha256')
      .update(text ?? '')
      .digest('base64')}'`
  const run = [...plain.matchAll(/<script type="module">([\s\S]*?)<\/script>/g)]
  const styles = [...plain.matchAll(/<style>([\s\S]*?)<\/style>/g)]
  expect([run.length, styles.length]).toEqual([1, 1])
  const told = policy.replaceAll('&#39;', "'")
  expect(told).toContain("default-src 'none'")
  expect(told).toContain(`script-src ${hash(run[0]?.[1])};`)
  expect(told).toContain(`style-src ${hash(styles[0]?.[1])};`)
  // Every other script element holds data; no attribute is code or style, and none names an address.
  const opened = [...plain.matchAll(/<script[^>]*>/g)].map(([tag]) => tag)
  expect(opened.filter((tag) => !tag.includes('application/json'))).toEqual(['<script type="module">'])
  const markup = plain.replaceAll(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, '')
  expect(markup).not.toMatch(/<[^>]+ (?:on\w+|style|src|srcset|action)=/)
  expect(
    [...markup.matchAll(/ href="([^"]*)"/g)].filter(([, to]) => !/^(?:#|data:image\/svg)/.test(to ?? '')),
  ).toEqual([])
})

const hostile = `</script><script>alert(1)</script><img src=x onerror="alert(2)"><!--\u2028\u202e\u001b[31m`
const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

test('whatever a value holds, it is text', async () => {
  const input = fixedAudit()
  const turn = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turn)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) =>
        [
          'name',
          'message',
          'label',
          'remediation',
          'reason',
          'owner',
          'ended',
          'unit',
          'origin',
          'value',
          'email',
        ].includes(key) && typeof inner === 'string'
          ? [key, hostile]
          : [key, turn(inner)],
      ),
    )
  }
  const finding = (one: ListedFinding): ListedFinding => ({
    ...(turn(one) as ListedFinding),
    subject: { kind: 'profile-cluster', key: hostile, label: hostile },
    link: 'javascript:alert(3)',
  })
  const many = manyFindings(3, finding)
  const page = await pageOf({
    ...many,
    report: { ...(turn(many.report) as ReportInput['report']), notices: [hostile] },
    timeline: { ...input.timeline, events: [{ name: hostile, trigger: true, counts: [1, 2, 3] }] },
    texts: new Map([
      [
        'identity/duplicate-email',
        {
          title: hostile,
          failureTitle: hostile,
          why: hostile,
          decides: hostile,
          blind: hostile,
          mend: hostile,
        },
      ],
    ]),
  })
  expect(page).not.toMatch(control)
  expect(page).not.toContain('<img')
  expect(page).not.toContain('<!--')
  expect(
    [...page.matchAll(/<script[^>]*>/g)].filter(([tag]) => !tag.includes('application/json')),
  ).toHaveLength(1)
  expect([...page.matchAll(/<script/g)]).toHaveLength([...page.matchAll(/<\/script>/g)].length)
  const row = dataOf(page).rows.find(([fingerprint]) => fingerprint === fingerprintOf(2))
  expect([row?.[5], row?.[7], row?.[14]]).toEqual([terminalText(hostile), terminalText(hostile), 0])
})

test('every finding is in the data, whole', async () => {
  const { facts, rows, words, rest } = dataOf(plain)
  const findings: ListedFinding[] = []
  for await (const chunk of fixedAudit().findings()) findings.push(...chunk)
  expect(rows.map((row) => row[0])).toEqual(findings.map(({ fingerprint }) => fingerprint))
  expect(rest).toEqual({ written: findings.length, leftOut: 0 })
  for (const [at, finding] of findings.entries()) {
    const [, rule, severity, state, kind, key, label, message, affected, unit, first, last, , remediation] =
      rows[at] ?? []
    expect(facts.rules[rule ?? -1]?.id).toBe(finding.rule)
    expect([facts.severities[severity ?? -1], facts.states[state ?? -1], facts.kinds[kind ?? -1]]).toEqual([
      finding.severity,
      finding.state,
      finding.subject.kind,
    ])
    expect([key, label || key, message]).toEqual(
      [finding.subject.key, finding.subject.label, finding.message].map(terminalText),
    )
    expect([affected, words[unit ?? -1], words[remediation ?? -1]]).toEqual([
      finding.affected,
      finding.unit,
      terminalText(finding.remediation),
    ])
    expect(
      [first, last].map((time) => new Date((time ?? 0) * 1000).toISOString().replace('.000', '')),
    ).toEqual([finding.firstSeen, finding.lastSeen])
  }
})

test('the same audit gives the same bytes, however its findings come in', async () => {
  expect(await pageOf(fixedAudit())).toBe(plain)
  const input = fixedAudit()
  async function* whole() {
    const all: ListedFinding[] = []
    for await (const chunk of input.findings()) all.push(...chunk)
    yield all
  }
  expect(await pageOf({ ...input, findings: whole })).toBe(plain)
})

test('what is masked stays masked', async () => {
  const page = (await pageOf(maskInput(fixedAudit(), createMasker('key')))).toLowerCase()
  expect(page).not.toContain('@example.com')
  expect(page).not.toContain('a3a3a3a3a3')
  expect(page).toContain('a…@e….com#')
})

test('more findings than there is room for are counted, and no rule loses its few to the many of another', async () => {
  const page = await pageOf(manyFindings(150_000))
  const { facts, rows, rest } = dataOf(page)
  expect(rest).toEqual({ written: 100_000, leftOut: 50_007 })
  expect(rows).toHaveLength(100_000)
  expect(textOf(page)).toContain('100,000 findings stand here, and 50,007 were left out')
  const own = new Map(
    [...Map.groupBy(rows, (row) => facts.rules[row[1]]?.id)].map(([rule, list]) => [rule, list.length]),
  )
  expect(own.get('attributes/wrong-type')).toBe(1)
  expect(own.get('events/missing-property')).toBe(1)
  expect(rows.at(-1)?.[0]).toBe(fingerprintOf(99_992))
  // Where texts are short, none is cut, whatever stands before it.
  expect(rows.every((row) => !row[7].endsWith('…'))).toBe(true)
})

test('a hundred thousand findings with long names in any script stay under 40 MB', async () => {
  const long = '例え'.repeat(5_000)
  const page = await pageOf(
    manyFindings(99_000, (finding) => ({
      ...finding,
      message: long,
      remediation: `${finding.remediation} ${finding.fingerprint}`,
      subject: { ...finding.subject, label: '"\u001b'.repeat(500) },
    })),
  )
  expect(Buffer.byteLength(page)).toBeLessThan(40_000_000)
  const { rows, rest } = dataOf(page)
  expect(rest).toEqual({ written: 99_007, leftOut: 0 })
  expect(rows.find((row) => row[0] === fingerprintOf(98_999))?.[5]).toContain(addressOf(98_999).slice(0, 20))
}, 120_000)

test('a report without findings, journeys, devices or events is a page too', async () => {
  const input = fixedAudit()
  const rules = input.report.rules.map((rule) => ({
    ...rule,
    status: 'pass' as const,
    affected: 0,
    findings: { total: 0, new: 0, known: 0, waived: 0, listed: [] },
  }))
  const report = {
    ...input.report,
    rules,
    verdict: { decision: 'go' as const, reason: 'no blocking rule failed', blocking: [], inconclusive: [] },
    journeys: [],
    ledger: { all: [], intent: [], journeys: [] },
    notices: [],
  }
  async function* none() {}
  const page = await pageOf({
    ...input,
    report,
    timeline: { starts: [], stepDays: 1, events: [], unlisted: 0 },
    findings: none,
  })
  expect(textOf(page)).toMatch(/GO Ready to launch\. No blocking rule failed\. Launch\./)
  expect(textOf(page)).toContain('All findings There are none.')
  expect(page.replaceAll(/<script[^>]*>[\s\S]*?<\/script>/g, '')).not.toMatch(/NaN|undefined|Infinity/)
})

test.each([
  ['campaigns', true, 'No journey runs, so none is at risk.'],
  ['campaigns', false, 'Which journeys run could not be read.'],
  ['tracks', true, 'Files do not say which journeys run: add --source api to see those at risk.'],
])('without journeys: %s, complete: %s', async (name, complete, said) => {
  const input = fixedAudit()
  const [source] = input.report.sources
  if (source === undefined) throw new Error('The fixture has no source.')
  const stream = { name, read: 0, expected: null, rejected: 0, complete, ended: 'end of cursor' }
  const sources = [{ ...source, streams: [stream] }]
  expect(textOf(await pageOf({ ...input, report: { ...input.report, journeys: [], sources } }))).toContain(
    said,
  )
})

test('with --journey the verdict says whom it is about', async () => {
  const input = fixedAudit()
  const page = await pageOf({
    ...input,
    report: { ...input.report, scope: { journeys: [5] }, elsewhere: { failing: 1, findings: 2 } },
  })
  expect(textOf(page)).toContain('Do not launch yet for Cart recovery.')
  expect(textOf(page)).toContain('Elsewhere: 1 rule fails, 2 findings; the verdict does not count them.')
  expect(dataOf(page).rows).toHaveLength(dataOf(plain).rows.length)
  // What the report does not count, being elsewhere, is there to be found all the same.
  const many = manyFindings(3_000)
  const outside = { ...many, report: { ...input.report, scope: { journeys: [5] } } }
  expect(dataOf(await pageOf(outside)).rest).toEqual({ written: 3_007, leftOut: 0 })
})
