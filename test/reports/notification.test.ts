import { expect, test } from 'vitest'
import { trendPoint } from '../../src/core/trend.ts'
import type { AuditReport } from '../../src/core/report.ts'
import { renderNotification } from '../../src/reports/notification.ts'
import { fixedAudit } from '../support/report-fixture.ts'

const { report } = fixedAudit()
const failing = report.rules.filter(({ status }) => status === 'fail').map(({ rule }) => rule)

/** The run before: the same report, but for what is changed. */
function before(change: (report: AuditReport) => void) {
  const copy = structuredClone(report)
  copy.run.asOf = '2026-11-20T12:00:00Z'
  change(copy)
  return [trendPoint(copy)]
}
const statusOf = (copy: AuditReport, rule: string) => copy.rules.find((one) => one.rule === rule)!

test('a first run says what fails, is no change, and leads to the report', () => {
  const { text, isChange } = renderNotification(report, [], 'https://ci.example/1?a=<b>|c')
  expect(failing.length).toBeGreaterThan(0)
  expect(text).toMatch(/^\*❌ NO-GO\* .*: \d+ blocking rules? failed\.\nFailing:\n• /)
  for (const rule of failing.slice(0, 8)) expect(text).toContain(`• ${rule} (`)
  expect(text).toMatch(/\n<https:\/\/ci\.example\/1\?a=%3Cb%3E%7Cc\|The report>$/)
  expect(isChange).toBe(false)
})

test('the same as in the run before is no change, and is said in a line', () => {
  const { text, isChange } = renderNotification(
    report,
    before(() => undefined),
    null,
  )
  expect(text).toMatch(/\nThe same \d+ rules? failing as on 2026-11-20\.$/)
  expect(isChange).toBe(false)
})

test('a rule that fails now, one that was mended, and another verdict are a change', () => {
  const [first = ''] = failing
  const passing = report.rules.find(({ status }) => status === 'pass')!.rule
  const trend = before((copy) => {
    statusOf(copy, first).status = 'pass'
    statusOf(copy, passing).status = 'fail'
    statusOf(copy, passing).findings.total += 1
    copy.verdict.decision = 'go'
  })
  const { text, isChange } = renderNotification(report, trend, null)
  expect(text).toContain('Before (2026-11-20): ✅ GO.')
  expect(text).toMatch(new RegExp(`New since 2026-11-20:\n• ${first} `))
  expect(text).toMatch(new RegExp(`Mended:\n• ${passing} `))
  expect(isChange).toBe(true)
  // A rule that can no longer be judged was not mended.
  const unknown = before((copy) => {
    statusOf(copy, report.rules.find(({ status }) => status === 'inconclusive')!.rule).status = 'fail'
  })
  expect(renderNotification(report, unknown, null).text).not.toContain('Mended')
})

test('a rule that was skipped or unknown before is a change, and not called new', () => {
  const [first = '', second = ''] = failing
  const trend = before((copy) => {
    statusOf(copy, first).status = 'skipped'
    copy.rules = copy.rules.filter(({ rule }) => rule !== second)
  })
  const { text, isChange } = renderNotification(report, trend, null)
  expect(text).toMatch(/\nFailing, and skipped on 2026-11-20:\n• /)
  for (const rule of [first, second]) expect(text).toContain(`• ${rule} (`)
  expect(text).not.toMatch(/New since|The same/)
  expect(isChange).toBe(true)
})

test('a rule that passes because its findings were accepted was not mended', () => {
  const [first = ''] = failing
  const total = 5
  const told = (findings: Partial<AuditReport['rules'][number]['findings']>) => {
    const now = structuredClone(report)
    const rule = statusOf(now, first)
    rule.status = 'pass'
    rule.findings = { ...rule.findings, total, new: total, known: 0, waived: 0, ...findings }
    const trend = before((copy) => {
      statusOf(copy, first).findings = { ...rule.findings, total, new: total, known: 0, waived: 0 }
    })
    return renderNotification(now, trend, null)
  }
  const known = told({ new: 0, known: total })
  expect(known.text).toContain('Accepted (as known, waived or within the limits):\n• ')
  expect(known.text).toContain(`• ${first} (error; ${total} findings (${total} known))`)
  expect(known.text).not.toContain('Mended')
  expect(known.isChange).toBe(true)
  // One is gone, and the others were waived.
  expect(told({ total: total - 1, new: 0, waived: total - 1 }).text).toContain(
    `• ${first} (error; ${total - 1}`,
  )
  expect(told({ total: total - 1, new: 0, waived: total - 1 }).text).not.toContain('Mended')
  // Another limit.
  expect(told({}).text).not.toContain('Mended')
  expect(told({ total: total - 1, new: total - 1 }).text).toContain(`Mended:\n• ${first} `)
  expect(told({ total: 0, new: 0 }).text).toContain(`Mended:\n• ${first} `)
})

test('a verdict about journeys names them, and says what fails elsewhere', () => {
  const one = structuredClone(report)
  one.scope = { journeys: [one.journeys[0]!.id, 77] }
  one.elsewhere = { failing: 3, findings: 41 }
  one.journeys[0]!.name = '<!here> Cart'
  const { text } = renderNotification(one, [], null)
  expect(text).toMatch(
    /^\*❌ NO-GO\* for &lt;!here&gt; Cart, 77 in Shop production 🛒: 2 blocking rules failed\.\n/,
  )
  expect(text).toContain(
    '\nElsewhere: 3 rules fail, 41 findings; the verdict does not count them.\nFailing:\n',
  )
})

test('a hundred failing rules are eight and a number', () => {
  const many = structuredClone(report)
  const [rule] = many.rules
  many.rules = Array.from({ length: 100 }, (_, n) => ({ ...rule!, rule: `custom/rule-${n}`, status: 'fail' }))
  const { text } = renderNotification(many, [], null)
  expect(text.match(/^• /gm)).toHaveLength(9)
  expect(text).toMatch(/• and 92 more$/)
})

test('names of the workspace call nobody, link nowhere and steer nothing', () => {
  const hostile = structuredClone(report)
  hostile.sources[0]!.workspace.name = '<!channel> <https://evil.example|click> @all \u001b[31m &amp;'
  const { text } = renderNotification(hostile, [], null)
  expect(text).not.toMatch(/<|>|@a|\u001b/)
  expect(text).toContain('&lt;!channel&gt; &lt;https://evil.example|click&gt; @\u2060all')
})
